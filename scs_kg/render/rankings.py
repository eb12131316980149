"""The robustness of cells and the research agenda: as tables, as CSV and as JSON."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from scs_kg.analysis.research_agenda import OpenQuestion, Settled
from scs_kg.analysis.robustness import CellRobustness
from scs_kg.judging.principles import PrincipleCriteria
from scs_kg.model.claims import Finding
from scs_kg.model.entity import Entity
from scs_kg.model.namespaces import local_id
from scs_kg.model.selection import Selection
from scs_kg.model.verdicts import Outcome
from scs_kg.render.data import as_csv, as_json, cell_data
from scs_kg.render.language import gettext as _
from scs_kg.render.language import listed, ngettext
from scs_kg.render.sentences import readings_sentence
from scs_kg.render.table import WORDS, Table, marked

if TYPE_CHECKING:  # import only for annotations
    from scs_kg.render.json_change_shapes import CellPlaceJson

EVERYTHING: Final = Selection()
LOSSES: Final = (
    "Sources and claims: the smallest number whose withdrawal changes the outcome. Withdrawing a source also withdraws "
    "each claim that was read in it or that cites it; sources with the same text count once."
)
SETTLED: Final = (
    "If present, if absent: the number of open cells that a claim with this finding would decide, in all readings, and "
    "how. Questions are ranked by the smaller of the two numbers, then by their sum."
)
"""The note below the table of questions."""


def cell_place(asked: PrincipleCriteria, system: Entity) -> "CellPlaceJson":
    """Return the ids of the guideline, reading, principle and system of a cell."""
    return {
        "guideline": asked.choice.guideline.id,
        "reading": asked.choice.reading.id,
        "principle": asked.principle.id,
        "system": system.id,
    }


def robustness_table(
    found: Sequence[CellRobustness], top: int | None = None, selection: Selection = EVERYTHING
) -> Table:
    """Return the robustness of the first ``top`` cells (default: all) as a table; a note counts the other cells."""
    shown = found[:top]
    rows = tuple(
        (
            marked(one.cell),
            *(number or "?" for number in _numbers(one)),
            one.system.label,
            one.principle_criteria.principle.label,
            one.principle_criteria.choice.reading.id,
            listed(map(local_id, one.only)),
        )
        for one in shown
    )
    alone = [one for one in found if one.sources == 1]
    often = Counter(local_id(source) for one in alone for source in one.only)
    ranked = sorted(often.items(), key=lambda pair: (-pair[1], pair[0]))[:5]
    most = listed(_("{name} ({number})", name=name, number=count) for name, count in ranked)
    notes = [
        _(
            "{alone} of {all} decided cells change if one source is withdrawn",
            alone=f"{len(alone):,}",
            all=f"{len(found):,}",
        )
        + (_(", most often {sources}.", sources=most) if ranked else _(".")),
        _(LOSSES),
        readings_sentence(selection),
        *_more(len(found) - len(shown)),
    ]
    columns = ("mark", "sources", "claims", "system", "principle", "reading", "depends on")
    return Table(_("Robustness of the decided cells"), tuple(map(_, columns)), rows, tuple(notes))


def _more(count: int) -> list[str]:
    """Return the note on the rows that a table leaves out."""
    if count <= 0:
        return []
    return [ngettext("{number} more row; --top all prints it.", "{number} more rows; --top all prints them.", count)]


def robustness_csv(found: Sequence[CellRobustness]) -> str:
    """Return the robustness of cells as CSV, a row for each cell; an unknown number is empty."""
    place, counts = ("guideline", "reading", "principle", "system"), ("outcome", "mark", "met", "notMet", "of")
    header = (*place, *counts, "sources", "claims", "only", "dataset")
    rows = [
        (
            *map(str, cell_place(one.principle_criteria, one.system).values()),
            one.cell.outcome,
            one.cell.mark,
            str(one.cell.counts.met),
            str(one.cell.counts.not_met),
            str(one.cell.counts.of),
            *_numbers(one),
            " ".join(map(local_id, one.only)),
            _dataset(one.principle_criteria),
        )
        for one in found
    ]
    return as_csv((header, *rows))


def _numbers(one: CellRobustness) -> tuple[str, str]:
    return ("" if one.sources is None else str(one.sources)), ("" if one.claims is None else str(one.claims))


def robustness_json(found: Sequence[CellRobustness]) -> str:
    """Return the robustness of cells as JSON, the least robust first; an unknown number is null."""
    return as_json(
        [
            {
                **cell_place(one.principle_criteria, one.system),
                **cell_data(one.cell),
                "sources": one.sources,
                "claims": one.claims,
                "only": list(one.only),
                "dataset": _dataset(one.principle_criteria),
            }
            for one in found
        ]
    )


def agenda_table(found: Sequence[OpenQuestion], top: int | None = None, selection: Selection = EVERYTHING) -> Table:
    """Return the first ``top`` questions (default: all) of the research agenda as a table."""
    shown = found[:top]
    rows = tuple(
        (one.system.label, one.feature.label, _answers(one.if_present), _answers(one.if_absent)) for one in shown
    )
    notes = (_(SETTLED), readings_sentence(selection), *_more(len(found) - len(shown)))
    columns = ("system", "feature in question", "if present", "if absent")
    return Table(_("Questions whose answers would decide the most open cells"), tuple(map(_, columns)), rows, notes)


def _answers(settled: Settled) -> str:
    """Return how many cells an answer decides, and with which outcomes."""
    outcomes = listed(
        _counted(outcome, count) for outcome in Outcome if (count := sum(then is outcome for _, then in settled))
    )
    return _("{name} ({number})", name=len(settled), number=outcomes) if settled else "0"


def _counted(outcome: Outcome, count: int) -> str:
    if outcome is Outcome.INAPPLICABLE:
        return ngettext("{number} does not apply", "{number} do not apply", count)
    return _("{number} {outcome}", number=count, outcome=_(WORDS[outcome]))


def agenda_csv(found: Sequence[OpenQuestion]) -> str:
    """Return the research agenda as CSV, with one row for each question, answer and cell."""
    header = ("system", "feature", "worth", "finding", "guideline", "reading", "principle", "outcome", "dataset")
    rows = [
        (one.system.id, one.feature.id, str(one.worth[0]), finding, *_of(asked), outcome, _dataset(asked))
        for one in found
        for finding, settled in ((Finding.PRESENT, one.if_present), (Finding.ABSENT, one.if_absent))
        for asked, outcome in settled
    ]
    return as_csv((header, *rows))


def _dataset(asked: PrincipleCriteria) -> str:
    """Return the dataset whose claims count for a reading, or ``all``."""
    return asked.choice.written_for or "all"


def _of(asked: PrincipleCriteria) -> tuple[str, str, str]:
    return asked.choice.guideline.id, asked.choice.reading.id, asked.principle.id


def agenda_json(found: Sequence[OpenQuestion]) -> str:
    """Return the research agenda as JSON; the questions with the most decided cells come first."""
    return as_json(
        [
            {
                "system": one.system.id,
                "feature": one.feature.iri,
                "worth": one.worth[0],
                "ifPresent": _settled(one, one.if_present),
                "ifAbsent": _settled(one, one.if_absent),
            }
            for one in found
        ]
    )


def _settled(one: OpenQuestion, settled: Settled) -> list[dict[str, Any]]:
    return [{**cell_place(asked, one.system), "outcome": then, "dataset": _dataset(asked)} for asked, then in settled]
