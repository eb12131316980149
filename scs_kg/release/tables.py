"""The data as tidy tables: systems, features, sources and verdicts, with one record per row."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from scs_kg import store
from scs_kg.model.namespaces import EARL, PREFIXES, SCS, local_id
from scs_kg.model.selection import Selection
from scs_kg.store import Dataset, NamedNode, query_library
from scs_kg.store.query_library import Row, row_text

SKOS: Final = PREFIXES["skos"]
DCTERMS: Final = PREFIXES["dcterms"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    ``term`` is the property of its values, or the class of the subjects in the first column. ``values`` is a URI
    template (RFC 6570) over the headings, empty for literals. ``kind`` is a CSVW datatype. ``many`` means that a cell
    has several values, separated by spaces. ``note`` describes a column without ``term``.
    """

    heading: str
    term: str
    values: str = ""
    kind: str = "string"
    many: bool = False
    required: bool = True
    language: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tabular:
    """A table of text.

    ``about`` is the URI template of the subject of a row, ``key`` the primary key. ``refers`` maps a column to the
    table of its foreign key. A ``wide`` table repeats data of other tables and produces no triples. ``selection`` is
    the selection of claims for its verdicts or cells. ``selection`` is None if the table has no verdicts and no cells,
    or has a column for the selection.
    """

    name: str
    title: str
    about: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    refers: Mapping[str, str] = field(default_factory=dict)
    wide: bool = False
    selection: Selection | None = None

    def records(self) -> Iterator[dict[str, str]]:
        """Yield each row as a dictionary, keyed by heading."""
        headings = [column.heading for column in self.columns]
        return (dict(zip(headings, row, strict=True)) for row in self.rows)


def variable(heading: str) -> str:
    """Return a heading as the name of a variable in URI templates, without hyphens (RFC 6570, section 2.3)."""
    return heading.replace("-", "_")


def ids(heading: str, prefix: str, term: str, *, many: bool = False, required: bool = True) -> Column:
    """Return a column of ids; their IRIs have the namespace of ``prefix``."""
    return Column(heading, term, PREFIXES[prefix] + f"{{{heading}}}", many=many, required=required)


def _label(heading: str, language: str, *, required: bool = True) -> Column:
    name = {"en": "English", "zh-Hans": "Simplified Chinese"}[language]
    note = f"The name in {name}."
    return Column(heading, SKOS + "prefLabel", required=required, language=language, note=note)


def _grouped(rows: Iterable[Row], by: str) -> Mapping[str, list[Row]]:
    """Group rows by the value of a variable, in the order of the rows."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row_text(row, by)].append(row)
    return groups


def _joined_ids(rows: Iterable[Row], name: str) -> str:
    """Return the distinct ids in a variable of the rows, sorted and separated by spaces."""
    return " ".join(sorted({local_id(row_text(row, name)) for row in rows} - {""}))


SOURCE_DETAILS: Final = (
    Column("doi", PREFIXES["bibo"] + "doi", required=False),
    Column("language", DCTERMS + "language", many=True, required=False),
    Column("partRead", SCS + "partRead", required=False, language="en"),
    Column("repostOf", SCS + "repostOf", required=False, language="en"),
    ids("sameTextAs", "src", SCS + "sameTextAs", many=True, required=False),
    Column("citedAs", SCS + "citedAs", required=False),
    Column("note", SKOS + "editorialNote", required=False, language="en"),
)
"""The columns of a source that describe how it was read and found."""


def stated(dataset: Dataset, iri: str, column: Column) -> set[str]:
    """Return the values of the property of a column for a thing; ids if the values are IRIs."""
    values = (store.text(value) for value in store.objects(dataset, NamedNode(iri), column.term))
    return {local_id(value) if column.values else value for value in values}


def entity_tables(dataset: Dataset) -> tuple[Tabular, ...]:
    """Return the tables of systems, features, sources and verdicts of a judged dataset."""
    return _systems(dataset), _features(dataset), _sources(dataset), _verdicts(dataset)


def _systems(dataset: Dataset) -> Tabular:
    columns = (
        ids("system", "sys", SCS + "SocialCreditSystem"),
        _label("label", "en"),
        _label("chinese", "zh-Hans", required=False),
        ids("kind", "scs", SCS + "kind"),
        ids("region", "region", SCS + "operatesIn", many=True),
    )
    found = _grouped(query_library.rows(dataset, "systems"), "system")
    rows = tuple(
        (
            local_id(iri),
            row_text(g[0], "label"),
            row_text(g[0], "chinese"),
            local_id(row_text(g[0], "kind")),
            _joined_ids(g, "region"),
        )
        for iri, g in found.items()
    )
    return Tabular("systems", "The systems compared", PREFIXES["sys"] + "{system}", ("system",), columns, rows)


def _features(dataset: Dataset) -> Tabular:
    columns = (
        ids("feature", "feat", SCS + "Feature"),
        _label("label", "en"),
        _label("chinese", "zh-Hans", required=False),
        ids("kind", "scs", PREFIXES["rdf"] + "type"),
        Column("definition", SKOS + "definition", language="en"),
        ids("broader", "feat", SKOS + "broader", many=True, required=False),
    )
    found = _grouped(query_library.rows(dataset, "features"), "feature")
    rows = tuple(
        (
            local_id(iri),
            row_text(g[0], "label"),
            row_text(g[0], "chinese"),
            local_id(row_text(g[0], "kind")),
            row_text(g[0], "definition"),
            _joined_ids(g, "broader"),
        )
        for iri, g in found.items()
    )
    about = PREFIXES["feat"] + "{feature}"
    return Tabular("features", "The features that claims are about", about, ("feature",), columns, rows)


def _sources(dataset: Dataset) -> Tabular:
    literal = ("creator", "issued", "title", "publisher")
    columns = (
        ids("source", "src", SCS + "Source"),
        *(Column(name, DCTERMS + name, required=name == "creator") for name in literal),
        Column("publishedIn", SCS + "publishedIn", required=False),
        Column("page", PREFIXES["foaf"] + "page", "{+page}", required=False),
        ids("kind", "scs", SCS + "kind"),
        ids("verification", "scs", SCS + "verification"),
        *SOURCE_DETAILS,
    )
    rows = tuple(
        (
            local_id(iri),
            *(row_text(group[0], name) for name in (*literal, "publishedIn", "page")),
            *(local_id(row_text(group[0], name)) for name in ("kind", "verification")),
            *(" ".join(sorted(stated(dataset, iri, column))) for column in SOURCE_DETAILS),
        )
        for iri, group in _grouped(query_library.rows(dataset, "sources"), "source").items()
    )
    return Tabular("sources", "The documents that were read", PREFIXES["src"] + "{source}", ("source",), columns, rows)


def _verdicts(dataset: Dataset) -> Tabular:
    columns = (
        ids("verdict", "verdict", EARL + "Assertion"),
        ids("system", "sys", EARL + "subject"),
        ids("criterion", "crit", EARL + "test"),
        ids("outcome", "earl", EARL + "outcome"),
        ids("why", "scs", SCS + "openBecause", required=False),
        ids("claims", "claim", SCS + "restsOn", many=True, required=False),
    )
    rows = tuple(
        (
            *(local_id(row_text(group[0], name)) for name in ("verdict", "system", "criterion", "outcome", "why")),
            _joined_ids(group, "claim"),
        )
        for group in _grouped(query_library.rows(dataset, "verdicts"), "verdict").values()
    )
    about, title = PREFIXES["verdict"] + "{verdict}", "The verdict on each system by each criterion, on all claims"
    refers = {"system": "systems"}
    return Tabular("verdicts", title, about, ("verdict",), columns, rows, refers, selection=Selection())
