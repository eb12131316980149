"""Reads the places of another data set: a table with a header, a dump of GeoNames, or RDF.

A table has a column ``iri``, and of the others those that it has: ``name`` (English), ``name_zh``, ``gbt2260``,
``iso3166``, ``geonames``, ``wikidata``; several values in a cell stand apart by ``|``. A dump of GeoNames is a ``.txt``
with the columns of its readme and no header. In RDF, names and codes are told by the properties usual for them.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from scs_kg import store
from scs_kg.errors import BadFileError, EmptyInputError
from scs_kg.namespaces import PREFIXES, SCS
from scs_kg.store import Literal, NamedNode

TABLES: Final = MappingProxyType({".csv": ",", ".tsv": "\t"})
SYNTAXES: Final = MappingProxyType(
    {".jsonld": "jsonld", ".nq": "nquads", ".nt": "ntriples", ".trig": "trig", ".ttl": "turtle"}
)
DUMP: Final = ".txt"
ENDINGS: Final = (*TABLES, *SYNTAXES, DUMP)
LARGEST: Final = 64 << 20
"""The most bytes of a file of RDF, which is read as a whole; tables are read line by line and may be larger."""
SITES: Final = MappingProxyType(
    {"GeoNames": "https://sws.geonames.org/{}/", "Wikidata": "http://www.wikidata.org/entity/{}"}
)
_WDT: Final = "http://www.wikidata.org/prop/direct/"
_GN: Final = "http://www.geonames.org/ontology#"
_NAMES: Final = frozenset(
    {
        *(PREFIXES["skos"] + name for name in ("prefLabel", "altLabel")),
        PREFIXES["rdfs"] + "label",
        "https://schema.org/name",
        "http://schema.org/name",
        *(_GN + name for name in ("name", "alternateName", "officialName")),
    }
)
_CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        SCS + "gbt2260Code": "GB/T 2260",
        SCS + "iso3166Code": "ISO 3166",
        _WDT + "P442": "GB/T 2260",
        _WDT + "P297": "ISO 3166",
        _WDT + "P300": "ISO 3166",
        _WDT + "P1566": "GeoNames",
    }
)
_COLUMNS: Final[Mapping[str, str]] = MappingProxyType(
    {"gbt2260": "GB/T 2260", "iso3166": "ISO 3166", "geonames": "GeoNames", "wikidata": "Wikidata"}
)
_HAN: Final = re.compile(r"[\u3400-\u9fff]+(?:·[\u3400-\u9fff]+)*")
_IRI: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


@dataclass(frozen=True, slots=True)
class Outside:
    """A place of another data set: its IRI, its names in English and in Chinese, and its codes by their scheme."""

    iri: str
    english: frozenset[str]
    chinese: frozenset[str]
    codes: frozenset[tuple[str, str]]


def read_outside(path: Path) -> Iterator[Outside]:
    """Yield the places of a file, in its order.

    Raises:
        BadFileError: the file cannot be read, or is of no format that is known here; with the line.
        EmptyInputError: no place is in it.
    """
    found = False
    try:
        for place in _places(path):
            found = True
            yield place
    except (OSError, UnicodeDecodeError) as error:
        raise BadFileError(path, None, f"cannot be read: {error}") from error
    if not found:
        raise EmptyInputError(f"{path}: no place is in it; see 'scs-kg link suggest --help' for what it may hold")


def _places(path: Path) -> Iterator[Outside]:
    if path.suffix in SYNTAXES:
        return _from_rdf(path)
    if path.suffix in TABLES:
        return _from_table(path, TABLES[path.suffix])
    if path.suffix == DUMP:
        return _from_dump(path)
    raise BadFileError(path, None, f"is of no format that places are read from; they end in {', '.join(ENDINGS)}")


def _from_table(path: Path, separator: str) -> Iterator[Outside]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file, delimiter=separator, strict=True)
        try:
            if "iri" not in (rows.fieldnames or ()):
                raise BadFileError(
                    path, 1, f"has no column 'iri'; name columns iri, name, name_zh, {', '.join(_COLUMNS)}"
                )
            for row in rows:
                yield _from_row(path, rows.line_num, row)
        except csv.Error as error:
            raise BadFileError(path, rows.line_num + 1, f"is not well-formed: {error}") from error


def _from_row(path: Path, line: int, row: Mapping[str | None, str | list[str] | None]) -> Outside:
    def cells(name: str) -> list[str]:
        value = row.get(name)
        return [part.strip() for part in value.split("|") if part.strip()] if isinstance(value, str) else []

    iri = (cells("iri") or [""])[0]
    if not _IRI.fullmatch(iri):
        raise BadFileError(path, line, f"has '{iri}' as iri; write a whole address that begins with http")
    codes = {(scheme, _code(scheme, value)) for column, scheme in _COLUMNS.items() for value in cells(column)}
    return Outside(iri, frozenset(cells("name")), frozenset(cells("name_zh")), frozenset(codes))


def _from_dump(path: Path) -> Iterator[Outside]:
    """Read a dump of GeoNames: 19 columns apart by tabs, of which the first four are number and names."""
    with path.open(encoding="utf-8", newline="\n") as file:
        for number, line in enumerate(file, start=1):
            columns = line.rstrip("\n").split("\t")
            if len(columns) != 19 or not columns[0].isdecimal():
                raise BadFileError(path, number, "is no line of a dump of GeoNames: 19 columns, and a number first")
            names = {columns[1], columns[2], *columns[3].split(",")} - {""}
            chinese = frozenset(name for name in names if _HAN.fullmatch(name))
            iri = SITES["GeoNames"].format(columns[0])
            yield Outside(iri, frozenset(names - chinese), chinese, frozenset({("GeoNames", iri)}))


def _from_rdf(path: Path) -> Iterator[Outside]:
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise BadFileError(path, None, f"is larger than {LARGEST >> 20} MiB; split it into several files")
    names: dict[str, set[tuple[str, str]]] = defaultdict(set)
    codes: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for triple in store.parse_triples(content, SYNTAXES[path.suffix], str(path)):
        subject, predicate, value = triple.subject, triple.predicate.value, triple.object
        if not isinstance(subject, NamedNode) or not isinstance(value, Literal):
            continue
        if predicate in _NAMES:
            names[subject.value].add((value.language or "", value.value))
        elif predicate in _CODES:
            codes[subject.value].add((_CODES[predicate], _code(_CODES[predicate], value.value)))
    for iri in sorted(names.keys() | codes.keys()):
        chinese = {name for tag, name in names[iri] if tag.startswith("zh") or (not tag and _HAN.fullmatch(name))}
        english = {name for tag, name in names[iri] if tag.startswith("en") or not tag} - chinese
        yield Outside(iri, frozenset(english), frozenset(chinese), frozenset(codes[iri]))


def _code(scheme: str, value: str) -> str:
    """Return a code as we write it: GB/T 2260 with six digits, and what names a page of a site as its IRI."""
    bare = "".join(value.split())
    if scheme in SITES:
        return bare if _IRI.fullmatch(bare) else SITES[scheme].format(bare)
    return bare.ljust(6, "0") if scheme == "GB/T 2260" else bare
