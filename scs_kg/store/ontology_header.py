"""Reads the header of the ontology: version, date, licence, creator, titles and description."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scs_kg.model.errors import BadFileError
from scs_kg.model.namespaces import BASE, PREFIXES, curie
from scs_kg.store import terms
from scs_kg.store.dataset import Dataset, objects
from scs_kg.store.locate import locate
from scs_kg.store.parse import parse_triples
from scs_kg.store.terms import Literal, NamedNode

ONTOLOGY: Final = BASE + "ontology"


@dataclass(frozen=True, slots=True)
class OntologyHeader:
    """The ontology header: ``modified`` is a date (``2026-11-23``), ``licence`` is an IRI, ``creator`` is a name."""

    version: str
    modified: str
    licence: str
    creator: str
    title: str
    chinese: str
    description: str


def ontology_header(dataset: Dataset) -> OntologyHeader:
    """Read the header; raise BadFileError if version, date, licence, creator, title or description is missing."""
    titles = {lang: _value(dataset, "dcterms", "title", lang) for lang in ("en", "zh-hans")}
    return OntologyHeader(
        version=_value(dataset, "owl", "versionInfo"),
        modified=_value(dataset, "dcterms", "modified"),
        licence=_value(dataset, "dcterms", "license"),
        creator=_value(dataset, "dcterms", "creator"),
        title=titles["en"],
        chinese=titles["zh-hans"],
        description=_value(dataset, "dcterms", "description", "en"),
    )


def release_date(dataset: Dataset) -> str:
    """Return the date of this version of the ontology and the data, as 2026-11-23; empty if there is no date."""
    dates = objects(dataset, NamedNode(ONTOLOGY), PREFIXES["dcterms"] + "modified")
    return terms.text(dates[0]) if dates else ""


def ontology_version(root: Path) -> str:
    """Return the version in the ontology header of a project folder; raise BadFileError if there is no version."""
    path = root / "ontology" / "scs.ttl"
    try:
        triples = parse_triples(path.read_bytes(), "turtle", str(path))
    except OSError as error:
        raise BadFileError(path, None, f"cannot be read: {error.strerror}") from error
    version = NamedNode(PREFIXES["owl"] + "versionInfo")
    for triple in triples:
        if triple.predicate == version:
            return terms.text(triple.object)
    raise BadFileError(path, None, "the ontology header has no owl:versionInfo; add one")


def _value(dataset: Dataset, prefix: str, name: str, language: str | None = None) -> str:
    """Return the first value of a property of the header, in a language if one is given."""
    for term in objects(dataset, NamedNode(ONTOLOGY), PREFIXES[prefix] + name):
        if language is None or (isinstance(term, Literal) and (term.language or "").lower() == language):
            return terms.text(term)
    file, line = locate(dataset, ONTOLOGY)
    suffix = f" in {language}" if language else ""
    message = (
        f"{curie(ONTOLOGY)}: the ontology header has no {prefix}:{name}{suffix}, which a release requires; add one"
    )
    raise BadFileError(file or dataset.root, line, message)
