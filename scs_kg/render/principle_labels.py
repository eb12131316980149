"""The labels of principles: a short label for a column, and the place of a principle in its guideline."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from scs_kg.judging.principle_numbers import numbers_or_positions
from scs_kg.model.entity import Entity
from scs_kg.model.matrix import Matrix
from scs_kg.render.language import gettext as _

if TYPE_CHECKING:  # import only for annotations
    from scs_kg.analysis.explanation import Explanation


def principle_numbers(matrix: Matrix) -> Mapping[str, str]:
    """Return the number of each principle in its text, keyed by IRI.

    If no principle has a number, the result has positions. If only some principles have no number, the result has the
    ids of these principles.
    """
    numbers = numbers_or_positions(matrix.numbers, len(matrix.principles))
    return {principle.iri: number or principle.id for principle, number in zip(matrix.principles, numbers, strict=True)}


def is_hard_law(matrix: Matrix) -> bool:
    """Return whether the guideline of a matrix is a law, or of unknown nature."""
    return matrix.applicability is None or matrix.applicability.nature.id == "HardLaw"


def short_labels(matrix: Matrix) -> Mapping[str, str]:
    """Return a short label of each principle, keyed by IRI: ``Art. 22`` in a law, only the number in other texts."""
    return {iri: _article(matrix, iri) or number for iri, number in principle_numbers(matrix).items()}


def row_label(matrix: Matrix, principle: Entity) -> str:
    """Return the label of a principle; in a law, its article comes first: ``Art. 22: automated decisions``."""
    article = _article(matrix, principle.iri)
    return f"{article}{_(': ')}{principle.label}" if article else principle.label


def principle_place(found: "Explanation") -> str:
    """Return the place of a principle: ``GDPR, Art. 22, read full text``, or ``Principle 4 of …``."""
    matrix, principle = found.matrix, found.principle.iri
    names = {"guideline": matrix.guideline.label, "reading": matrix.reading.label}
    unnumbered = any(matrix.numbers) and principle not in _own_numbers(matrix)
    if article := found.principle.label if unnumbered else _article(matrix, principle):
        return _("{guideline}, {article}, read {reading}", article=article, **names)
    return _("Principle {number} of {guideline}, read {reading}", number=principle_numbers(matrix)[principle], **names)


def _article(matrix: Matrix, principle: str) -> str:
    """Return the number of an article as lawyers write it; empty if the text is not a law with articles."""
    number = _own_numbers(matrix).get(principle, "")
    return _("Art. {number}", number=number) if number[:1].isdigit() and is_hard_law(matrix) else ""


def _own_numbers(matrix: Matrix) -> Mapping[str, str]:
    """Return the number in the text, keyed by the IRI of the principle; principles without a number are left out."""
    return {one.iri: number for one, number in zip(matrix.principles, matrix.numbers, strict=False) if number}
