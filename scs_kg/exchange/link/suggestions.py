"""Reads a file in a process that can open no files, and suggests links for review; the data is not changed."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final

from scs_kg.exchange.link.external_records import ExternalRecord, external_records, refuse_unknown_form
from scs_kg.exchange.link.match import (
    BY_NAME,
    CLOSE,
    PROVINCE,
    SHARED,
    KnownEntity,
    LinkCandidate,
    UnmatchedRecord,
    forms,
    matches,
)
from scs_kg.exchange.link.schemes import SCHEMES
from scs_kg.exchange.link.terms import known_terms, term_matches
from scs_kg.exchange.reconcile import entity_index
from scs_kg.model.errors import BadFileError, EngineError, UnknownNameError, WrongUseError
from scs_kg.store import Dataset, query_library
from scs_kg.store.isolation import Task, run_limited
from scs_kg.store.query_library import is_file, row_text

LARGEST: Final = 256 << 20
SECONDS: Final = 300.0
MEMORY: Final = 6 << 30
MANY: Final = 10_000
REGION: Final = "region"
GB: Final = "GB/T 2260"
Matcher = Callable[[ExternalRecord], Iterator[LinkCandidate | UnmatchedRecord]]
READING: Final = Task("the file", "reduce it to the places in question", ())


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The candidates from a file, and the records that were left out; ``entries`` is the number of records read."""

    file: str
    entries: int
    candidates: tuple[LinkCandidate, ...]
    left_out: tuple[UnmatchedRecord, ...]


def suggest(dataset: Dataset, file: str, name: str | None = None, kind: str = REGION) -> Suggestions:
    """Suggest links between the project's records of a kind and a file.

    ``name`` is the data set of the rows of a table; ``kind`` is ``region`` or one of ``terms.KINDS``.

    Raises:
        BadFileError: the file cannot be read.
        UnknownNameError: the data set is unknown.
        WrongUseError: the extension is unknown, or a data set is given in place of a file.
        EngineError: the file is malformed, exceeds a limit of size, time or memory, or gives too many candidates.
    """
    schemes = {_id(scheme): scheme for scheme in SCHEMES}
    if file in schemes and not is_file(Path(file)):
        download = SCHEMES[schemes[file]].source
        raise WrongUseError(f"{file}: is a data set, not a file; download {download}, and give the name of that file")
    if name is not None and name not in schemes:
        raise UnknownNameError("data set", name, schemes)
    own = None if name is None else schemes[name]
    ending = Path(file).suffix.lower()
    refuse_unknown_form(file, ending)
    content, matcher = _content(file), _matcher(dataset, kind)
    packed = run_limited(
        lambda: _packed(matcher, file, external_records(file, ending, content, own)), SECONDS, MEMORY, READING
    )
    found = json.loads(packed)
    candidates = [{**each, "because": tuple(each["because"]), "against": tuple(each["against"])} for each in found[1]]
    return Suggestions(
        file,
        found[0],
        tuple(LinkCandidate(**each) for each in candidates),
        tuple(UnmatchedRecord(**each) for each in found[2]),
    )


def _id(scheme: str) -> str:
    return re.sub(r"\W+", "-", scheme.casefold().replace("'", ""))


def _content(file: str) -> bytes:
    try:
        with Path(file).open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise BadFileError(file, None, f"cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if len(content) > LARGEST:
        raise BadFileError(file, None, f"is larger than {LARGEST >> 20} MiB; reduce it to the places in question")
    return content


def _matcher(dataset: Dataset, kind: str) -> Matcher:
    """Return the function that yields the matches of an entry with the records of a kind."""
    if kind == REGION:
        return partial(matches, _known(dataset))
    return partial(term_matches, known_terms(dataset, kind))


def _known(dataset: Dataset) -> KnownEntity:
    regions = [entity for entity in entity_index(dataset).entities if entity.type == "Region"]
    named: dict[tuple[str, str], set[str]] = defaultdict(set)
    for region in regions:
        for language, name in region.names:
            for form in forms(language, name):
                named[language, form].add(region.iri)
    linked: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    exact: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in query_library.rows(dataset, "links"):
        source, target, region_iri = row_text(row, "in"), row_text(row, "target"), row_text(row, "region")
        linked[source, target][region_iri] = row_text(row, "match")
        if row_text(row, "match") != CLOSE:
            exact[region_iri, source].add(target)
    return KnownEntity(
        MappingProxyType({region.iri: region.label for region in regions}),
        MappingProxyType({key: frozenset(iris) for key, iris in named.items()}),
        MappingProxyType({key: MappingProxyType(found) for key, found in linked.items()}),
        MappingProxyType({key: frozenset(targets) for key, targets in exact.items()}),
        frozenset(
            iri for (iri, source), codes in exact.items() if source == GB and any(map(PROVINCE.fullmatch, codes))
        ),
    )


def _packed(matcher: Matcher, file: str, entries: Iterable[ExternalRecord]) -> bytes:
    candidates: list[LinkCandidate] = []
    left_out: list[UnmatchedRecord] = []
    number = 0
    for entry in entries:
        number += 1
        for found in matcher(entry):
            if isinstance(found, LinkCandidate):
                candidates.append(found)
            else:
                left_out.append(found)
        if len(candidates) + len(left_out) > MANY:
            raise EngineError(f"{file}: has more than {MANY} matches; reduce it to the places in question")
    if not number:
        raise BadFileError(file, None, "has no record with an identifier; add a column of identifiers")
    shared = Counter((each.region, each.source) for each in candidates if each.justification == BY_NAME)
    kept = [_less_certain(each, shared[each.region, each.source]) for each in candidates]
    order = sorted(kept, key=lambda each: (each.region, each.source, -each.confidence, each.target, each.line or 0))
    out = sorted(left_out, key=lambda each: (each.region, each.target, each.line or 0))
    return json.dumps([number, [asdict(each) for each in order], [asdict(each) for each in out]]).encode()


def _less_certain(found: LinkCandidate, shared: int) -> LinkCandidate:
    """Return a candidate, with less confidence if only names agree and several entries have these names."""
    alone = found.justification == BY_NAME and found.status == "new" and found.confidence > SHARED
    return replace(found, confidence=SHARED) if alone and shared > 1 else found
