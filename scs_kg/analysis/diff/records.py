"""Compares the records of two editions: added, removed, changed, superseded or retracted, and restored."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from scs_kg import store
from scs_kg.judging.read_claims import read_supersession_graph
from scs_kg.model.namespaces import PREFIXES, RDF, SCS, SH, curie
from scs_kg.store import BlankNode, Dataset, NamedNode, Term
from scs_kg.store.dataset import asserted_triples

KINDS: Final = (
    *("Claim", "LevelClaim", "StudyClaim", "Source", "SocialCreditSystem", "Region"),
    *("Criterion", "Guideline", "Principle", "Reading", "Provision"),
    *("Retraction", "Supersession", "Objection", "Decision"),
)
STATEMENTS: Final = frozenset({"Claim", "LevelClaim", "StudyClaim"})


@dataclass(frozen=True, slots=True)
class PropertyEdit:
    """A property of a record, with the values that only the old or only the new edition has."""

    property: str
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A record that differs, given by its prefixed name; ``kind`` is the local name of its class.

    ``how`` is ``added``, ``removed``, ``changed``, ``no longer counts`` (now superseded or retracted) or ``counts
    again`` (not superseded or retracted any more). ``edits`` are the changed properties. ``by`` has the claims and acts
    that supersede or retract the record. If the record counts again, ``by`` has the claims and acts that superseded or
    retracted it in the old edition. An added record can have ``by`` too.
    """

    kind: str
    record: str
    how: str
    edits: tuple[PropertyEdit, ...] = ()
    by: tuple[str, ...] = ()


def record_changes(old: Dataset, new: Dataset) -> Iterator[RecordChange]:
    """Yield the records that differ between two editions, sorted by kind and IRI."""
    then_by, now_by = (read_supersession_graph(dataset).excluding for dataset in (old, new))
    for kind, classes in _classes(new).items():
        before, after = _descriptions(old, classes), _descriptions(new, classes)
        for iri in sorted(before.keys() | after.keys()):
            name = curie(iri)
            if iri not in before or iri not in after:
                yield RecordChange(kind, name, "removed" if iri in before else "added", by=_names(now_by(iri)))
                continue
            edits = tuple(_edits(before[iri], after[iri]))
            if edits:
                yield RecordChange(kind, name, "changed", edits)
            then, now = _names(then_by(iri)), _names(now_by(iri))
            if kind in STATEMENTS and bool(then) != bool(now):
                yield RecordChange(kind, name, "no longer counts" if now else "counts again", by=now or then)


def _classes(dataset: Dataset) -> dict[str, list[str]]:
    """Return the classes of each kind of record; features have several classes."""
    of_features = store.subjects(dataset, PREFIXES["rdfs"] + "subClassOf", SCS + "Feature")
    return {**{kind: [SCS + kind] for kind in KINDS}, "Feature": sorted(store.text(term) for term in of_features)}


def _names(iris: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(map(curie, iris)))


def _descriptions(dataset: Dataset, classes: list[str]) -> dict[str, Mapping[str, frozenset[str]]]:
    found = {store.text(subject) for kind in classes for subject in store.subjects(dataset, RDF + "type", kind)}
    return {iri: _description(dataset, iri) for iri in found}


def _description(dataset: Dataset, iri: str) -> Mapping[str, frozenset[str]]:
    """Return the values of each property of a record as text."""
    values: dict[str, set[str]] = {}
    for triple in asserted_triples(dataset, iri):
        values.setdefault(triple.predicate.value, set()).add(_as_text(dataset, triple.object, frozenset({iri})))
    return {predicate: frozenset(texts) for predicate, texts in values.items()}


def _as_text(dataset: Dataset, term: Term, seen: frozenset[str]) -> str:
    """Return a term as text; a blank node, or a shape other than a criterion, is written with all its properties."""
    key = store.text(term)
    if isinstance(term, BlankNode) or (isinstance(term, NamedNode) and _is_part(dataset, key)):
        if key in seen:
            return "…"
        statements = asserted_triples(dataset, term if isinstance(term, BlankNode) else key)
        parts = (f"{curie(t.predicate.value)} {_as_text(dataset, t.object, seen | {key})}" for t in statements)
        return f"[ {' ; '.join(sorted(parts))} ]"
    return curie(key) if isinstance(term, NamedNode) else key


def _is_part(dataset: Dataset, iri: str) -> bool:
    """Return whether a node is a node shape other than a criterion."""
    types = {store.text(kind) for kind in store.objects(dataset, NamedNode(iri), RDF + "type")}
    return SH + "NodeShape" in types and SCS + "Criterion" not in types


def _edits(old: Mapping[str, frozenset[str]], new: Mapping[str, frozenset[str]]) -> Iterator[PropertyEdit]:
    nothing: frozenset[str] = frozenset()
    for predicate in sorted(old.keys() | new.keys()):
        before, after = old.get(predicate, nothing), new.get(predicate, nothing)
        if before != after:
            yield PropertyEdit(curie(predicate), tuple(sorted(before - after)), tuple(sorted(after - before)))
