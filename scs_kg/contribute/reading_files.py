"""Adds the reading in a file to a copy of an opened dataset, so that commands treat it like a reading of the data."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from scs_kg import store
from scs_kg.contribute.check import check, check_context
from scs_kg.contribute.read import FORMS, read_draft, reading_context
from scs_kg.judging.project import reopen
from scs_kg.model.advice import Advice
from scs_kg.model.errors import BadFileError
from scs_kg.model.namespaces import PREFIXES, RDF, SCS, SH, local_id
from scs_kg.store import Dataset, Literal, NamedNode, Triple
from scs_kg.store.dataset import add_triples, remove_subjects
from scs_kg.store.name_search import unknown_name

GRAPH: Final = PREFIXES["graph"] + "ontology/reading-file"
LABEL: Final = PREFIXES["skos"] + "prefLabel"
CREATOR: Final = PREFIXES["dcterms"] + "creator"


def is_reading_file(name: str) -> bool:
    """Return whether the name of a reading is the name of a file, which has the extension of one of ``FORMS``."""
    return Path(name).suffix.lower() in {extension for extensions in FORMS.values() for extension in extensions}


def with_reading_file(dataset: Dataset, file: str) -> tuple[Dataset, str]:
    """Return a copy of an opened dataset with the records of a file, and the IRI of the reading in the file.

    The file may also have the guideline of the reading. The label of the reading names its author. The
    reading and its provisions are those of the file, also if the data has them already.

    Raises:
        BadFileError: the file cannot be read, breaks a rule, or does not have exactly one reading.
    """
    context = reading_context(dataset)
    draft = read_draft(context, file)
    report = check(check_context(context), [draft], datetime.now(UTC).date().isoformat())
    if report.violations:
        first, more = report.violations[0], len(report.violations) - 1
        rest = (Advice(f"; and {more} more"), Advice(", see {command}", command=f"check {file}")) if more else ()
        advice = (*first.advice, *first.offers, *rest)
        raise BadFileError(file, first.line, f"{first.node}: {first.message}", advice=advice)
    triples = set(store.parse_triples(draft.ntriples.encode(), "ntriples"))
    readings = sorted(store.text(t.subject) for t in triples if _is_reading(t))
    if len(readings) != 1:
        raise BadFileError(file, None, f"has {len(readings) or 'no'} readings; write exactly one under 'readings'")
    copy = reopen(dataset)
    held = (store.text(provision) for provision in store.subjects(copy, SCS + "inReading", readings[0]))
    remove_subjects(copy, {readings[0], *held})
    own = _with_author(triples, readings[0])
    add_triples(copy, (t for t in own if not _has(copy, t)), GRAPH)  # a triple in two graphs would count twice
    return replace(copy, files={**copy.files, GRAPH: Path(file)}), readings[0]


def read_rules(dataset: Dataset, file: str) -> frozenset[Triple]:
    """Return the triples of a file with criteria or conditions.

    Raises:
        BadFileError: the file cannot be read, or a criterion tests something that is not a feature.
    """
    context = reading_context(dataset)
    draft = read_draft(context, file)
    if draft.problems:
        first = draft.problems[0]
        raise BadFileError(file, first.line, f"{first.node}: {first.message}", advice=first.advice)
    triples = frozenset(store.parse_triples(draft.ntriples.encode(), "ntriples"))
    own = {store.text(triple.subject) for triple in triples}
    for triple in sorted(triples, key=str):
        tested = store.text(triple.object) if triple.predicate.value == SH + "hasValue" else ""
        if tested and tested not in own and not context.names.find(SCS + "Feature", tested):
            features = context.names.iris(SCS + "Feature")
            error = unknown_name(dataset, "feature", unquote(local_id(tested)), features)
            line = draft.position(store.text(triple.subject)).line
            raise BadFileError(file, line, error.message, advice=error.advice)
    return triples


def _has(dataset: Dataset, triple: Triple) -> bool:
    found = dataset.quads.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
    return next(found, None) is not None


def _is_reading(triple: Triple) -> bool:
    return triple.predicate.value == RDF + "type" and triple.object == NamedNode(SCS + "Reading")


def _with_author(triples: set[Triple], reading: str) -> set[Triple]:
    """Return the triples with the author in the labels of the reading."""
    own = {triple for triple in triples if triple.subject == NamedNode(reading)}
    author = next((store.text(t.object) for t in own if t.predicate.value == CREATOR), "")
    labels = {t for t in own if t.predicate.value == LABEL}
    signed = {_labelled(t.object, author) for t in labels if isinstance(t.object, Literal)}
    return (triples - labels) | {Triple(NamedNode(reading), NamedNode(LABEL), label) for label in signed}


def _labelled(label: Literal, author: str) -> Literal:
    if (label.language or "").startswith("zh"):
        return Literal(f"{label.value}（{author or '自定'}的解读）", language=label.language)
    return Literal(f"{label.value} ({f'reading by {author}' if author else 'own reading'})", language=label.language)
