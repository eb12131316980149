"""Pages that answer frequent questions from all claims."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.entity_pages import valid_claims
from scs_kg.explorer.guide_pages import guide_files
from scs_kg.explorer.matrix_pages import View, view
from scs_kg.explorer.page import Page
from scs_kg.explorer.searches import whole_flow
from scs_kg.model.errors import UnknownNameError
from scs_kg.model.matrix import Cell, Mark
from scs_kg.model.namespaces import BASE
from scs_kg.model.verdicts import Outcome
from scs_kg.store import query_library
from scs_kg.store.query_library import Row, row_text

MOST_SOURCES: Final = 20
"""The number of sources that an answer names; the list of sources has all."""
DECIDED: Final = (Mark.NOT_MET, Mark.NOT_MET_INTERPRETED, Mark.MET, Mark.PARTLY_MET)


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and the basis of its answer: criteria, a reading, a query of the library, or figures.

    ``columns`` are the variables of the query that the page shows.
    """

    id: str
    criteria: tuple[str, ...] = ()
    reading: str = ""
    query: str = ""
    columns: tuple[str, ...] = ()


QUESTIONS: Final = (
    Question("appeal", criteria=("decisions-can-be-contested", "score-can-be-challenged")),
    Question("shaming", criteria=("no-public-shaming",)),
    Question("relatives", criteria=("no-punishment-of-relatives",)),
    Question(
        "comparators",
        query="local-and-comparators",
        columns=("feature", "localsWith", "localsWithout", "comparatorsWith", "comparatorsWithout"),
    ),
    Question("eu-bans", reading="eu-ai-act-2026-full-text"),
    Question(
        "rule-and-practice",
        query="rule-and-practice",
        columns=("system", "feature", "ruleStatement", "ruleSource", "practiceStatement", "practiceSource"),
    ),
    Question(
        "since-the-paper",
        query="beside-base-paper",
        columns=("system", "relation", "statement", "otherStatement", "otherSource"),
    ),
    Question("who-says-so", query="evidence-figures", columns=("figure", "value", "number")),
    Question("how-sure"),
    Question(
        "missing", query="searched-criteria", columns=("criterion", "systemsSearched", "passed", "failed", "open")
    ),
)


@dataclass(frozen=True, slots=True)
class JudgedSystems:
    """The systems under one criterion, keyed by IRI, with their outcomes.

    Decided systems have the rows of the claims that decide.
    """

    criterion: str
    decided: Mapping[str, Mapping[str, tuple[Row, ...]]]
    open: tuple[str, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Ban:
    """The cells of one ban, grouped by mark.

    The ban covers the systems of the cells in ``covered``, and does not cover those in ``not_covered``. In the cells of
    ``outside``, it does not apply. ``open`` is the number of the other cells.
    """

    principle: str
    covered: tuple[Cell, ...]
    not_covered: tuple[Cell, ...]
    outside: tuple[Cell, ...]
    open: int


@dataclass(frozen=True, slots=True)
class Reliability:
    """Figures on the certainty of the data: numbers of decided cells of all readings.

    ``decided`` counts all decided cells, and ``single`` counts decided cells that depend on one source. ``press``
    counts decided cells that depend only on the press. ``doubtful`` counts decided cells that depend only on claims of
    low confidence.
    """

    decided: int
    single: int
    press: int
    doubtful: int


def judged_systems(content: SiteContent, criterion: str) -> JudgedSystems:
    """Return the systems under a criterion, given by IRI, judged from all claims."""
    judged = content.edition().judged
    decided: dict[str, dict[str, tuple[Row, ...]]] = {}
    unknown: list[str] = []
    verdicts = [verdict for verdict in judged.verdicts if verdict.criterion == criterion]
    for verdict in verdicts:
        if verdict.outcome is Outcome.CANT_TELL:
            unknown.append(verdict.system)
        else:
            claims = tuple(content.grouped("claims", "claim")[iri][0] for iri in verdict.demand)
            decided.setdefault(verdict.outcome.value, {})[verdict.system] = claims
    frozen = {outcome: MappingProxyType(systems) for outcome, systems in sorted(decided.items())}
    return JudgedSystems(criterion, MappingProxyType(frozen), tuple(unknown), len(verdicts))


def bans(shown: View) -> tuple[Ban, ...]:
    """Return the bans of a reading of a law: the systems that do what a ban forbids (×), and those that do not (√)."""

    def ban(principle: str) -> Ban:
        by_mark: dict[Mark, tuple[Cell, ...]] = {}
        for cell in shown.matrix.cells:
            if cell.principle == principle:
                by_mark[cell.mark] = (*by_mark.get(cell.mark, ()), cell)
        covered = by_mark.get(Mark.NOT_MET, ()) + by_mark.get(Mark.NOT_MET_INTERPRETED, ())
        still_open = sum(len(by_mark.get(mark, ())) for mark in (Mark.NOT_KNOWN, Mark.PARTLY_MET))
        return Ban(principle, covered, by_mark.get(Mark.MET, ()), by_mark.get(Mark.INAPPLICABLE, ()), still_open)

    return tuple(ban(principle.iri) for principle in shown.matrix.principles)


def reliability(content: SiteContent) -> Reliability:
    """Return the figures on the certainty of the data."""

    def rows(name: str) -> int:
        return len(
            {(row_text(r, "reading"), row_text(r, "principle"), row_text(r, "system")) for r in _rows(content, name)}
        )

    marks = Counter(cell.mark for choice in content.choices.values() for cell in content.edition().matrix(choice).cells)
    return Reliability(
        decided=sum(marks[mark] for mark in DECIDED),
        single=rows("single-source-cells"),
        press=rows("press-cells"),
        doubtful=rows("low-confidence-cells"),
    )


def sources_by_claims(content: SiteContent) -> list[tuple[str, int]]:
    """Return the IRIs of the sources with the numbers of valid claims from them, the largest number first."""
    counts = Counter(row_text(row, "source") for row in valid_claims(content, content.rows["claims"]))
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def questions(content: SiteContent, _: str) -> Page:
    """Build the list of questions, each with a short answer."""
    return Page("questions", "questions", "questions", {"answers": short_answers(content)})


def question(content: SiteContent, name: str) -> Page:
    """Build the page that answers one question."""
    known = {one.id: one for one in QUESTIONS}
    if name not in known:
        raise UnknownNameError("page", f"question/{name}", [f"question/{one}" for one in known])
    asked = known[name]
    data = {
        "question": asked,
        "criteria": [
            judged_systems(content, f"{BASE}criterion/{one}") for one in asked.criteria if _judges(content, one)
        ],
        "view": (shown := _view(content, asked)),
        "bans": bans(shown) if shown else (),
        "rows": _rows(content, asked.query) if asked.query else (),
        "reliability": reliability(content) if name == "how-sure" else None,
        "codebook": "guide/codebook" if "codebook" in guide_files() else "",
        "sources": sources_by_claims(content)[:MOST_SOURCES] if name == "who-says-so" else (),
        "flow": whole_flow(content),
    }
    return Page(f"question/{name}", "question", name, data)


def short_answers(content: SiteContent) -> list[tuple[Question, tuple[JudgedSystems, ...]]]:
    """Return each question, with the systems under each of its criteria if it is about criteria."""
    return [
        (
            one,
            tuple(judged_systems(content, f"{BASE}criterion/{criterion}") for criterion in one.criteria)
            if _judges(content, *one.criteria)
            else (),
        )
        for one in QUESTIONS
    ]


def _judges(content: SiteContent, *criteria: str) -> bool:
    """Return whether the data has all of these criteria (ids) and at least one is given."""
    known = {criterion.iri for criterion in content.edition().judged.state.rules.criteria}
    return bool(criteria) and {f"{BASE}criterion/{one}" for one in criteria} <= known


def _view(content: SiteContent, asked: Question) -> View | None:
    readings = {choice.reading.id for choice in content.choices.values()}
    return view(content, asked.reading) if asked.reading in readings else None


def _rows(content: SiteContent, query: str) -> tuple[Row, ...]:
    """Return the rows of a query with all claims; the content has the rows of some queries."""
    return content.rows[query] if query in content.rows else tuple(query_library.rows(content.edition().dataset, query))
