"""All that the pages show, read once by the questions of the library; nothing is computed here that they do not say."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scs_kg import store
from scs_kg.analysis.explain import ExplanationContext, read_explanation_context
from scs_kg.judging.matrix import ReadingChoice, choose_reading, compare
from scs_kg.judging.selection import Selection, is_date, judge_selected, open_guarded, reopen
from scs_kg.judging.timeline import VerdictPeriod, verdict_periods
from scs_kg.model.formula import facts
from scs_kg.model.namespaces import EARL, local_id
from scs_kg.model.nouns import Matrix
from scs_kg.rules.criteria import read_criteria
from scs_kg.store import Dataset, Literal, query_library
from scs_kg.store.query_library import Row, text

ALL = "all"
MOST_EDITIONS = 24
DEFINED = {"en": "definition", "zh-hans": "chineseDefinition"}
ASKED = (
    "applicability",
    "claims",
    "coverage",
    "criteria-record",
    "features",
    "guidelines",
    "levels",
    "objections",
    "places",
    "principles",
    "provisions",
    "qualifiers",
    "readings",
    "regions",
    "retracted",
    "sources",
    "systems",
)


@dataclass(frozen=True, slots=True)
class JudgedEdition:
    """The data judged by one selection of claims, and a matrix for each reading by its IRI."""

    id: str
    selection: Selection
    dataset: Dataset
    matrices: dict[str, Matrix] = field(default_factory=dict)
    records: list[ExplanationContext] = field(default_factory=list)

    def explained(self) -> ExplanationContext:
        """Return what explanations draw on, read the first time that it is asked for."""
        if not self.records:
            self.records.append(read_explanation_context(self.dataset))
        return self.records[0]

    def matrix(self, choice: ReadingChoice) -> Matrix:
        """Return the matrix of a reading, made the first time that it is asked for."""
        if choice.reading.iri not in self.matrices:
            self.matrices[choice.reading.iri] = compare(self.dataset, choice, self.selection)
        return self.matrices[choice.reading.iri]


@dataclass(frozen=True, slots=True)
class SiteContent:
    """The data without verdicts, its editions, the answers of the library, and the names of things by language.

    ``tested`` holds the features that each criterion tests, ``judged`` the system and the criterion of each verdict,
    ``anchors`` the address of what stands on the page of something else, with its fragment; ``places`` the
    file and the line of each thing in the data; all by IRI.
    """

    source: Dataset
    editions: dict[str, JudgedEdition]
    rows: Mapping[str, tuple[Row, ...]]
    names: Mapping[str, Mapping[str, str]]
    definitions: Mapping[str, Mapping[str, str]]
    choices: Mapping[str, ReadingChoice]
    tested: Mapping[str, frozenset[str]]
    judged: Mapping[str, tuple[str, str]]
    anchors: Mapping[str, str]
    places: Mapping[str, str]
    changes: list[VerdictPeriod] = field(default_factory=list)
    groups: dict[tuple[str, str], Mapping[str, list[Row]]] = field(default_factory=dict)

    def edition(self, name: str = ALL) -> JudgedEdition:
        """Return an edition: ``all``, the id of a dataset, or ``as-of-2018``; judged the first time.

        Raises:
            UnknownNameError: there is no such dataset.
            EmptyInputError: no claim is in it.
        """
        if name not in self.editions:
            if len(self.editions) >= MOST_EDITIONS:
                del self.editions[next(kept for kept in self.editions if kept != ALL)]
            self.editions[name] = _edition(self.source, name)
        return self.editions[name]

    def states(self) -> tuple[VerdictPeriod, ...]:
        """Return how verdicts changed over time, judged the first time that it is asked for."""
        if not self.changes:
            self.changes.extend(verdict_periods(reopen(self.source)))
        return tuple(self.changes)

    def grouped(self, question: str, name: str) -> Mapping[str, list[Row]]:
        """Return the rows of an answer by the value of one of its variables."""
        if (question, name) not in self.groups:
            found: dict[str, list[Row]] = {}
            for row in self.rows[question]:
                found.setdefault(text(row, name), []).append(row)
            self.groups[question, name] = found
        return self.groups[question, name]


def default_edition(choice: ReadingChoice) -> str:
    """Name the edition that a reading is shown by unless another is asked for."""
    return choice.meant_for or ALL


def load_content(root: Path) -> SiteContent:
    """Read a project folder; raise the errors of loading, guarding and judging."""
    source = open_guarded(root)
    whole = _edition(source, ALL)
    rows = {name: tuple(query_library.rows(whole.dataset, name)) for name in ASKED}
    names: dict[str, dict[str, str]] = defaultdict(dict)
    definitions: dict[str, dict[str, str]] = defaultdict(dict)
    for row in query_library.rows(whole.dataset, "labels"):
        label = row["label"]
        language = label.language if isinstance(label, Literal) else None
        names[text(row, "thing")].setdefault(language or "en", text(row, "label"))
        for spoken, variable in DEFINED.items():
            if definition := text(row, variable):
                definitions[text(row, "thing")][spoken] = definition
    ids = dict.fromkeys(text(row, "reading") for row in rows["readings"])
    choices = {iri: choose_reading(whole.dataset, None, iri) for iri in ids}
    tested = {
        c.iri: frozenset(fact.feature for formula in (c.formula, c.applies_if) if formula for fact in facts(formula))
        for c in read_criteria(source)
    }
    subjects, tests = (dict(store.pairs(whole.dataset, EARL + part)) for part in ("subject", "test"))
    judged = {verdict: (subject, tests[verdict]) for verdict, subject in subjects.items()}
    places = store.places(source)
    return SiteContent(source, {ALL: whole}, rows, names, definitions, choices, tested, judged, _anchors(rows), places)


def _anchors(rows: Mapping[str, tuple[Row, ...]]) -> dict[str, str]:
    """Return where claims stand, on the page of their source, and provisions, on that of their reading."""
    held = (("claims", "claim", "source"), ("provisions", "provision", "reading"))
    return {
        text(row, name): f"{kind}/{local_id(text(row, kind))}#{local_id(text(row, name))}"
        for question, name, kind in held
        for row in rows[question]
    }


def _edition(source: Dataset, name: str) -> JudgedEdition:
    if name == ALL:
        selection = Selection()
    elif name.startswith("as-of-") and is_date(name.removeprefix("as-of-")):
        selection = Selection(as_of=name.removeprefix("as-of-"))
    else:
        selection = Selection(datasets=(name,))
    return JudgedEdition(name, selection, judge_selected(reopen(source), selection))
