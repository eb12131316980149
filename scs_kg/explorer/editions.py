"""Editions, in a cache keyed by name. An edition is the data judged with one selection of claims."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Final

from scs_kg.analysis.explain import ExplanationContext, read_explanation_context
from scs_kg.exchange.cell_nanopub import CellPublisher
from scs_kg.judging.judged import JudgedSelection, judge_selection
from scs_kg.judging.matrix import compare_judged
from scs_kg.judging.project import judged_graph
from scs_kg.judging.readings import ReadingChoice
from scs_kg.judging.timeline import VerdictPeriod, verdict_periods
from scs_kg.model.matrix import Cell, Matrix
from scs_kg.model.selection import MODES, Selection, is_date
from scs_kg.model.verdicts import Outcome
from scs_kg.store import Dataset
from scs_kg.store.locate import definition_lines

ALL_CLAIMS: Final = "all"
MAX_EDITIONS: Final = 24


class JudgedEdition:
    """The data judged with one selection of claims; caches a matrix for each reading and the explanation context."""

    def __init__(self, name: str, judged: JudgedSelection) -> None:
        self.id: Final = name
        self.judged: Final = judged
        self.selection: Final = judged.selected.selection
        self._matrices: Final[dict[str, Matrix]] = {}
        self._decided: Final[dict[str, Mapping[str, tuple[Cell, ...]]]] = {}

    @cached_property
    def dataset(self) -> Dataset:
        """Return the data with verdicts."""
        return judged_graph(self.judged, lambda _, choice: self.matrix(choice).cells)

    @cached_property
    def publisher(self) -> CellPublisher:
        """Return the publisher of cells of this edition, which reads the verdicts in the data, but no cells."""
        return CellPublisher(self.dataset if self.id == ALL_CLAIMS else judged_graph(self.judged, lambda *_: ()))

    @cached_property
    def explanation_context(self) -> ExplanationContext:
        """Return the data that all explanations of this edition need."""
        return read_explanation_context(self.judged)

    def matrix(self, choice: ReadingChoice) -> Matrix:
        """Return the matrix of a reading, which is computed on first use."""
        iri = choice.reading.iri
        if iri not in self._matrices:
            self._matrices[iri] = compare_judged(self.judged, choice)
        return self._matrices[iri]

    def decided_cells(self, choice: ReadingChoice) -> Mapping[str, tuple[Cell, ...]]:
        """Return the decided cells of a reading, keyed by the IRI of each claim that decides one of their criteria."""
        iri = choice.reading.iri
        if iri not in self._decided:
            found: dict[str, dict[Cell, None]] = {}
            for cell in self.matrix(choice).cells:
                for verdict in cell.verdicts if cell.outcome is not Outcome.CANT_TELL or cell.counts.met else ():
                    if verdict.outcome is not Outcome.CANT_TELL and verdict.criterion not in cell.supporting:
                        for claim in verdict.claims:
                            found.setdefault(claim, {})[cell] = None
            self._decided[iri] = MappingProxyType({claim: tuple(cells) for claim, cells in found.items()})
        return self._decided[iri]


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """The data that is the same in each edition: how verdicts changed, and the file and line of each thing.

    The data can be sent from one process to another.
    """

    verdict_periods: tuple[VerdictPeriod, ...]
    locations: dict[str, str]


class EditionCache:
    """A cache of at most ``MAX_EDITIONS`` judged editions, keyed by name, and of the facts of the source.

    When the cache is full, the oldest edition is dropped, but never the edition of all claims. ``source_facts`` are
    read on first use; a caller that has read them in another process can set them.
    """

    def __init__(self, source: Dataset) -> None:
        self._source: Final = source
        self._editions: Final[dict[str, JudgedEdition]] = {}

    def __len__(self) -> int:
        return len(self._editions)

    def __contains__(self, name: str) -> bool:
        return name in self._editions

    def edition(self, name: str) -> JudgedEdition:
        """Return an edition, which is judged on first use. Raises the errors of ``SiteContent.edition``."""
        if name not in self._editions:
            if len(self._editions) >= MAX_EDITIONS:
                del self._editions[next(cached for cached in self._editions if cached != ALL_CLAIMS)]
            self._editions[name] = _judge_edition(self._source, name)
        return self._editions[name]

    @cached_property
    def source_facts(self) -> SourceFacts:
        """Return the facts of the source."""
        return read_source_facts(self._source)


def read_source_facts(source: Dataset) -> SourceFacts:
    """Return the facts of data without verdicts."""
    return SourceFacts(tuple(verdict_periods(source)), definition_lines(source))


def default_edition(choice: ReadingChoice) -> str:
    """Return the name of the edition in which a reading is shown by default."""
    return choice.written_for or ALL_CLAIMS


def _judge_edition(source: Dataset, name: str) -> JudgedEdition:
    if name == ALL_CLAIMS:
        selection = Selection()
    elif name.startswith("as-of-") and is_date(name.removeprefix("as-of-")):
        selection = Selection(as_of=name.removeprefix("as-of-"))
    elif name in MODES:
        selection = Selection(mode=name)
    else:
        selection = Selection(datasets=(name,))
    return JudgedEdition(name, judge_selection(source, selection))
