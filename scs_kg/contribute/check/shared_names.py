"""Finds records that two files describe in different ways: their triples would be mixed."""

from collections.abc import Iterator, Sequence

from scs_kg.contribute.read import Draft
from scs_kg.contribute.read.draft import FileDemand
from scs_kg.model.namespaces import curie
from scs_kg.model.problem import Problem
from scs_kg.store.line_split import split_lines


def shared_names(drafts: Sequence[Draft]) -> list[Problem]:
    """Return a violation for each record that has other content in a later file, with its positions in both files."""
    return list(_shared(drafts)) if len(drafts) > 1 else []


def _shared(drafts: Sequence[Draft]) -> Iterator[Problem]:
    first: dict[str, tuple[Draft, frozenset[str]]] = {}
    for draft in drafts:
        for name, lines in _by_subject(draft).items():
            other, known = first.setdefault(name, (draft, lines))
            if known != lines:
                here, there = draft.position(name), other.position(name)
                message = (
                    f"is described in another way in {other.file} ({there}); "
                    "give each record its own id, or keep one of the two"
                )
                rule = FileDemand.NAMES.rule
                yield Problem(
                    draft.file, here.line, curie(name)[:80], message, rule, column=here.column, cell=here.cell
                )


def _by_subject(draft: Draft) -> dict[str, frozenset[str]]:
    """Return the lines of N-Triples by the IRI of their subject."""
    found: dict[str, set[str]] = {}
    for line in split_lines(draft.ntriples):
        found.setdefault(line[1:].split(">", 1)[0], set()).add(line)
    return {name: frozenset(lines) for name, lines in found.items()}
