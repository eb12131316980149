"""Data that all explorer pages share, loaded once from library queries, and the caches of the pages."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from scs_kg import store
from scs_kg.explorer.anchors import anchors
from scs_kg.explorer.editions import ALL_CLAIMS, EditionCache, JudgedEdition
from scs_kg.explorer.site_settings import SiteSettings, read_site_settings
from scs_kg.judging.project import open_guarded
from scs_kg.judging.readings import ReadingChoice, choose_reading
from scs_kg.judging.timeline import VerdictPeriod
from scs_kg.model.claims import Mode
from scs_kg.model.formula import facts
from scs_kg.model.namespaces import BASE, EARL, local_id
from scs_kg.model.selection import MODES
from scs_kg.render.data import MODE_IDS
from scs_kg.render.translated_texts import read_translations
from scs_kg.rules.criteria import elements, read_conditions, read_criteria
from scs_kg.store import Dataset, Literal, query_library
from scs_kg.store.query_library import Row, row_text

DEFINITION_VARIABLES: Final = {"en": "definition", "zh-hans": "chineseDefinition"}
QUERIES: Final = (
    "applicability",
    "claims",
    "condition-list",
    "conditions",
    "coverage",
    "criteria-record",
    "features",
    "guidelines",
    "levels",
    "mappings",
    "objections",
    "places",
    "principles",
    "provisions",
    "publishers",
    "qualifiers",
    "readings",
    "regions",
    "retracted",
    "rule-and-practice",
    "search-figures",
    "searched-criteria",
    "searches",
    "sources",
    "systems",
)

Translations = Mapping[str, Mapping[str, str]]
"""A text for each IRI and language tag in lower case."""


class QueryAnswers(Mapping[str, tuple[Row, ...]]):
    """The rows of each query of ``QUERIES``, with all claims; caches their groupings."""

    def __init__(self, dataset: Dataset) -> None:
        self._rows: Final = {name: tuple(query_library.rows(dataset, name)) for name in QUERIES}
        self._groups: Final[dict[tuple[str, ...], Mapping[str, tuple[Row, ...]]]] = {}

    def __getitem__(self, query: str) -> tuple[Row, ...]:
        return self._rows[query]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def grouped(self, query: str, *variables: str) -> Mapping[str, tuple[Row, ...]]:
        """Return the rows of a query, grouped by the values of some of its variables, with a space between values."""
        key = query, *variables
        if key not in self._groups:
            groups: dict[str, list[Row]] = defaultdict(list)
            for row in self._rows[query]:
                groups[" ".join(row_text(row, variable) for variable in variables)].append(row)
            self._groups[key] = MappingProxyType({value: tuple(rows) for value, rows in groups.items()})
        return self._groups[key]


@dataclass(frozen=True, slots=True, eq=False)
class SiteContent:
    """Data shared by all explorer pages. The data is immutable, except for the caches ``editions`` and ``rows``.

    ``source`` is the data without verdicts. The keys of all mappings are IRIs. ``modes`` are the modes of the claims,
    without plans.

    ``tested_features`` has the features that a criterion or condition tests. ``elements`` has the conditions of a
    conjunctive criterion. ``verdict_keys`` has the system and criterion of a verdict. ``anchors`` has the address and
    fragment of a claim or provision. ``concerned`` has, for each thing, the records that name it and that were objected
    to or withdrawn. ``chinese`` has the translations of English texts. ``settings`` has the settings that the
    operator of the site gives.
    """

    source: Dataset
    editions: EditionCache
    rows: QueryAnswers
    modes: tuple[str, ...]
    names: Translations
    definitions: Translations
    choices: Mapping[str, ReadingChoice]
    tested_features: Mapping[str, frozenset[str]]
    elements: Mapping[str, tuple[str, ...]]
    verdict_keys: Mapping[str, tuple[str, str]]
    anchors: Mapping[str, str]
    concerned: Mapping[str, frozenset[str]]
    chinese: Mapping[str, str]
    settings: SiteSettings = field(default_factory=SiteSettings)

    def edition(self, name: str = ALL_CLAIMS) -> JudgedEdition:
        """Return an edition, judged on first use: ``all``, the id of a dataset, ``as-of-2018``, or a mode of claims.

        Raises:
            UnknownNameError: there is no such dataset.
            EmptyInputError: the edition has no claims.
        """
        return self.editions.edition(name)

    def is_withdrawn(self, claim: str) -> bool:
        """Return whether a claim (IRI) was superseded or retracted, so it does not count."""
        return bool(self.edition().judged.state.supersessions.excluding(claim))

    @property
    def locations(self) -> Mapping[str, str]:
        """Return the file and line of each thing; read on first use."""
        return MappingProxyType(self.editions.source_facts.locations)

    def verdict_periods(self) -> tuple[VerdictPeriod, ...]:
        """Return how verdicts changed over time, which is computed on first use."""
        return self.editions.source_facts.verdict_periods

    def grouped(self, query: str, *variables: str) -> Mapping[str, tuple[Row, ...]]:
        """Return the rows of a query, grouped by the values of some of its variables, with a space between values."""
        return self.rows.grouped(query, *variables)


def load_content(root: Path) -> SiteContent:
    """Load a project folder and judge it with all claims; raise the errors of loading, validation and judging."""
    return judged_content(open_guarded(root), root)


def judged_content(source: Dataset, root: Path, editions: EditionCache | None = None) -> SiteContent:
    """Judge an opened project folder with all claims, unless ``editions`` has them; raise the errors of judging."""
    editions = EditionCache(source) if editions is None else editions
    dataset = editions.edition(ALL_CLAIMS).dataset
    rows = QueryAnswers(dataset)
    names, definitions = _labels(dataset)
    readings = dict.fromkeys(row_text(row, "reading") for row in rows["readings"])
    return SiteContent(
        source=source,
        editions=editions,
        rows=rows,
        modes=_modes(rows),
        names=names,
        definitions=definitions,
        choices=MappingProxyType({iri: choose_reading(dataset, None, iri) for iri in readings}),
        tested_features=_tested_features(source),
        elements=_elements(source),
        verdict_keys=_verdict_keys(dataset),
        anchors=anchors(rows["claims"], rows["provisions"]),
        concerned=_concerned(source, rows),
        chinese=read_translations(root, "zh-Hans"),
        settings=read_site_settings(root),
    )


def _modes(rows: QueryAnswers) -> tuple[str, ...]:
    """Return the modes to which a selection can be limited and that have claims."""
    found = {MODE_IDS[Mode(local_id(row_text(row, "mode")))] for row in rows["claims"]}
    return tuple(mode for mode in MODES if mode in found)


def _labels(dataset: Dataset) -> tuple[Translations, Translations]:
    """Return the names and the definitions of all things, keyed by language."""
    names: dict[str, dict[str, str]] = defaultdict(dict)
    definitions: dict[str, dict[str, str]] = defaultdict(dict)
    for row in query_library.rows(dataset, "labels"):
        language = label.language if isinstance(label := row["label"], Literal) else None
        names[row_text(row, "thing")].setdefault(language or "en", row_text(row, "label"))
        for tag, variable in DEFINITION_VARIABLES.items():
            if definition := row_text(row, variable):
                definitions[row_text(row, "thing")][tag] = definition
    return _frozen(names), _frozen(definitions)


def _frozen(texts: Translations) -> Translations:
    return MappingProxyType({iri: MappingProxyType(by_language) for iri, by_language in texts.items()})


def _tested_features(source: Dataset) -> Mapping[str, frozenset[str]]:
    return MappingProxyType(
        {
            criterion.iri: frozenset(
                fact.feature
                for formula in (criterion.formula, criterion.applies_if)
                if formula
                for fact in facts(formula)
            )
            for criterion in (*read_criteria(source), *read_conditions(source))
        }
    )


def _elements(source: Dataset) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType(
        {
            criterion.iri: tuple(condition for condition, _ in elements(source, criterion.iri) if condition)
            for criterion in read_criteria(source)
        }
    )


def _verdict_keys(dataset: Dataset) -> Mapping[str, tuple[str, str]]:
    subjects, tests = (dict(store.subject_objects(dataset, EARL + part)) for part in ("subject", "test"))
    return MappingProxyType({verdict: (subjects[verdict], test) for verdict, test in tests.items()})


def _concerned(source: Dataset, rows: QueryAnswers) -> Mapping[str, frozenset[str]]:
    records = {
        row_text(row, name) for query, name in (("objections", "object"), ("retracted", "claim")) for row in rows[query]
    }

    def named(record: str) -> frozenset[str]:
        values = (store.text(triple.object) for triple in store.dataset.statements_of(source, record))
        return frozenset({record, *(value for value in values if value.startswith(BASE))})

    by_thing: dict[str, set[str]] = defaultdict(set)
    for record in records:
        for thing in named(record):
            by_thing[thing].add(record)
    return MappingProxyType({thing: frozenset(found) for thing, found in by_thing.items()})
