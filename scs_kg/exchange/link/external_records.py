"""Reads external data: tables with a row of headings, GeoNames dumps, and RDF.

Only the names, their languages, and the codes of a row or resource are kept.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final
from urllib.parse import urlsplit

from scs_kg import store
from scs_kg.exchange.link.schemes import NAMED, SAME, SCHEMES, of_iri
from scs_kg.model.errors import BadFileError, WrongUseError
from scs_kg.model.namespaces import BASE
from scs_kg.store import Literal, NamedNode
from scs_kg.store.parse import is_iri

RDF_FORMS: Final = {".ttl": "turtle", ".nt": "ntriples", ".jsonld": "jsonld", ".json": "jsonld"}
TABLES: Final = (".csv", ".tsv", ".txt")
GEONAMES: Final = 19
CODES: Final = frozenset({"code", "id", "identifier", "代码", "编码", "区划代码", "行政区划代码"})
"""If a column has one of these normalized headings, it contains the codes of the data set that the user names."""
_NAMES: Final = frozenset({"place", "english", "chinese", "名称", "地名", "单位名称", "行政区划名称", "区划名称"})
HAN: Final = re.compile(r"[\u3400-\u9fff]")

_NAME: Final = re.compile("(name|label)(?P<language>en|zhhans|zhcn|zh|cn)?$")


@dataclass(frozen=True, slots=True)
class ExternalRecord:
    """A record of an external data set: its target and data set, its line if it has one, its names and codes.

    ``names`` are pairs of language (``en`` or ``zh``) and text; ``codes`` are pairs of data set and target, and include
    the target of the record. ``within`` marks a place inside an administrative division. ``first_level`` says whether
    the record is a division of the first level, such as a province. It is None if the data set does not give the level.
    """

    target: str
    source: str
    line: int | None
    names: tuple[tuple[str, str], ...]
    codes: tuple[tuple[str, str], ...]
    within: bool = False
    first_level: bool | None = None


def external_records(file: str, ending: str, content: bytes, dataset: str | None) -> Iterator[ExternalRecord]:
    """Yield the records of a file in the order of the file; the records of an RDF file are sorted by IRI.

    Raises:
        BadFileError: the file does not have the format of its extension, or lacks a column.
    """
    if ending in RDF_FORMS:
        yield from _things(store.parse_triples(content, RDF_FORMS[ending], file))
        return
    try:
        text = content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadFileError(file, line, "is not UTF-8; save it as UTF-8") from error
    first = text.split("\n", 1)[0]
    if first.count("\t") == GEONAMES - 1 and first.split("\t", 1)[0].isdecimal():
        yield from _features(file, text)
    else:
        yield from _rows(file, text, first, dataset)


def _features(file: str, text: str) -> Iterator[ExternalRecord]:
    """Yield the features of a GeoNames dump, whose columns its readme.txt lists."""
    for number, line in enumerate(text.split("\n"), 1):
        cells = line.rstrip("\r").split("\t")
        if cells == [""]:
            continue
        target = SCHEMES["GeoNames"].target(cells[0])
        if len(cells) != GEONAMES or target is None:
            raise BadFileError(
                file,
                number,
                f"is not a line of a GeoNames dump: the number of columns is {len(cells)}, not {GEONAMES}",
            )
        names = (cells[1], cells[2], *cells[3].split(","))
        codes = [("GeoNames", target)]
        if cells[8] == "CN" and cells[7] == "ADM2" and (code := SCHEMES["GB/T 2260"].target(cells[11])):
            codes.append(("GB/T 2260", code))  # the first four digits, see data/links/geonames.ttl
        if cells[7] == "PCLI" and (code := SCHEMES["ISO 3166"].target(cells[8])):
            codes.append(("ISO 3166", code))
        within = cells[6] != "A"
        first_level = not within and cells[7].startswith("ADM1")
        yield ExternalRecord(target, "GeoNames", number, _named(names), tuple(codes), within, first_level)


def _named(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return names with their languages, which are determined by their scripts."""
    return tuple(("zh" if HAN.search(name) else "en", name) for name in dict.fromkeys(names) if name.strip())


def _rows(file: str, text: str, first: str, dataset: str | None) -> Iterator[ExternalRecord]:
    separator = max("\t,;", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        heads = [re.sub(r"[\W_]", "", head.casefold()) for head in next(reader, [])]
        coded = {at: name for at, head in enumerate(heads) for name, s in SCHEMES.items() if head in s.columns}
        if dataset and dataset not in coded.values():
            coded |= {at: dataset for at, head in enumerate(heads) if head in CODES}
        named = {at: _language(head) for at, head in enumerate(heads) if _is_name(head)}
        own = [name for name in coded.values() if dataset in {None, name}]
        iri = next((at for at, head in enumerate(heads) if head in {"iri", "uri"}), None)
        if iri is None and not own:
            wanted = (
                (*SCHEMES[dataset].columns, "code") if dataset else [c for s in SCHEMES.values() for c in s.columns[:1]]
            )
            raise BadFileError(file, 1, f"has no column of identifiers; name a column iri, {', '.join(wanted)}")
        for row in reader:
            cells = dict(enumerate(row))
            codes = [(name, SCHEMES[name].target(cells.get(at, ""))) for at, name in coded.items()]
            names = [((lang,), cells[at]) for at, lang in named.items() if cells.get(at, "").strip()]
            labels = [((lang[0], text),) if lang[0] else _named((text,)) for lang, text in names]
            found = tuple((name, code) for name, code in codes if code)
            target = _own(cells.get(iri, "") if iri is not None else "", found, own)
            if target:
                yield ExternalRecord(
                    target[1], target[0], reader.line_num, tuple(chain(*labels)), tuple(sorted({*found, target}))
                )
    except csv.Error as error:
        raise BadFileError(file, reader.line_num, f"is not CSV: {error}") from error


def _own(iri: str, codes: tuple[tuple[str, str], ...], own: list[str]) -> tuple[str, str] | None:
    if iri:
        return _of(iri)
    return next(((name, code) for name in own for has, code in codes if has == name), None)


def _of(iri: str) -> tuple[str, str] | None:
    """Return the data set and the IRI; for an unknown data set, the host of the IRI is the name of the data set."""
    host = urlsplit(iri).netloc if is_iri(iri) else ""
    return of_iri(iri) or ((host, iri) if host else None)


def _is_name(head: str) -> bool:
    return head in _NAMES or bool(_NAME.search(head))


def _language(head: str) -> str:
    """Return the language that a heading names; empty if the language must be determined by the script of the text."""
    found = _NAME.search(head)
    language = {"english": "en", "chinese": "zh"}.get(head) or (found["language"] if found else None) or ""
    return language[:2].replace("cn", "zh")


def _things(triples: list[store.Triple]) -> Iterator[ExternalRecord]:
    names: dict[str, list[tuple[str, str]]] = defaultdict(list)
    codes: dict[str, set[tuple[str, str]]] = defaultdict(set)
    scheme_of = {p: name for name, scheme in SCHEMES.items() for p in scheme.properties}
    for triple in triples:
        if not isinstance(triple.subject, NamedNode) or triple.subject.value.startswith(BASE):
            continue
        subject, predicate, value = triple.subject.value, triple.predicate.value, triple.object
        if predicate in NAMED and isinstance(value, Literal):
            language = (value.language or "").split("-")[0]
            names[subject] += [(language, value.value)] if language in {"en", "zh"} else []
            names[subject] += _named((value.value,)) if not language else []
        elif predicate in scheme_of and (code := SCHEMES[scheme_of[predicate]].target(store.text(value))):
            codes[subject].add((scheme_of[predicate], code))
        elif predicate in SAME and isinstance(value, NamedNode) and (same := of_iri(value.value)):
            codes[subject].add(same)
    for subject in sorted(names.keys() | codes.keys()):
        if target := _of(subject):
            yield ExternalRecord(
                target[1], target[0], None, tuple(sorted(names[subject])), tuple(sorted({*codes[subject], target}))
            )


def refuse_unknown_form(file: str, ending: str) -> None:
    """Raise WrongUseError if no reader supports the extension of a file."""
    if ending not in {*RDF_FORMS, *TABLES}:
        known = ", ".join((*TABLES, *RDF_FORMS))
        raise WrongUseError(f"{file}: files with this extension cannot be read; use one of {known}")
