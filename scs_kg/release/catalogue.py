"""Describes a release as a catalogue in DCAT 3 (application profile DCAT-AP 3), with VoID and PROV.

All dates come from the data.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from scs_kg.judging.earl import SOFTWARE
from scs_kg.model.namespaces import BASE, PREFIXES, curie
from scs_kg.model.version import __version__
from scs_kg.release.linksets import linksets
from scs_kg.release.ro_crate import ABSTRACT, CONTRIBUTORS, KEYWORDS, TITLE, Item
from scs_kg.release.triples import iri, triple, typed
from scs_kg.store import Dataset, Literal, NamedNode, Triple
from scs_kg.store.dataset import asserted_triples, dataset_statistics, subfolders
from scs_kg.store.ontology_header import ONTOLOGY, OntologyHeader
from scs_kg.store.serialize import ntriples_to_turtle

CATALOGUE: Final = BASE + "catalogue"
ENGLISH: Final = "http://publications.europa.eu/resource/authority/language/ENG"
THEME: Final = "http://publications.europa.eu/resource/authority/data-theme/JUST"
"""The theme "justice, legal system and public safety" of the vocabulary that DCAT-AP names."""
MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"


def catalogue(dataset: Dataset, head: OntologyHeader, items: Iterable[Item]) -> str:
    """Return the description of the release as Turtle: DCAT 3 for files, VoID for the graph, PROV for the origin."""
    release = f"{BASE}release/{head.version}"
    triples = [*_catalogue_triples(head), *_dataset_triples(dataset, head, release)]
    triples += [*_counts(dataset, release), *linksets(dataset, release)]
    for found in items:
        triples += _distribution(release, head, found)
        triples += _counted_claims(dataset, release, found)
    return ntriples_to_turtle("".join(sorted(f"{each} .\n" for each in triples)))


def _catalogue_triples(head: OntologyHeader) -> Iterator[Triple]:
    """Yield the catalogue, its publisher and the licence."""
    yield triple(CATALOGUE, "rdf:type", iri("dcat:Catalog"))
    yield triple(CATALOGUE, "dcterms:title", Literal(f"Catalogue: {TITLE}", language="en"))
    yield triple(CATALOGUE, "dcterms:description", Literal(f"The files of one release. {ABSTRACT}", language="en"))
    yield triple(CATALOGUE, "dcat:dataset", NamedNode(BASE))
    for resource in (CATALOGUE, BASE):
        yield triple(resource, "dcterms:publisher", NamedNode(CONTRIBUTORS))
        yield triple(resource, "dcterms:license", NamedNode(head.licence))
        yield triple(resource, "dcterms:language", NamedNode(ENGLISH))
        yield triple(resource, "dcterms:modified", typed(head.modified, "date"))
    yield triple(CONTRIBUTORS, "rdf:type", iri("foaf:Agent"))
    yield triple(CONTRIBUTORS, "foaf:name", Literal(head.creator))
    yield triple(head.licence, "rdf:type", iri("dcterms:LicenseDocument"))
    yield triple(ENGLISH, "rdf:type", iri("dcterms:LinguisticSystem"))
    yield triple(PREFIXES["spdx"] + "checksumAlgorithm_sha256", "rdf:type", iri("spdx:ChecksumAlgorithm"))
    yield triple(THEME, "rdf:type", iri("skos:Concept"))
    yield triple(THEME, "skos:prefLabel", Literal("Justice, legal system and public safety", language="en"))


def _dataset_triples(dataset: Dataset, head: OntologyHeader, release: str) -> Iterator[Triple]:
    for kind in ("dcat:Dataset", "void:Dataset", "prov:Entity"):
        yield triple(BASE, "rdf:type", iri(kind))
    yield triple(BASE, "dcterms:title", Literal(TITLE, language="en"))
    yield triple(BASE, "dcterms:description", Literal(ABSTRACT, language="en"))
    yield triple(BASE, "dcterms:creator", NamedNode(CONTRIBUTORS))
    yield triple(BASE, "dcterms:identifier", Literal(BASE))
    yield triple(BASE, "dcat:theme", NamedNode(THEME))
    yield from (triple(BASE, "dcat:keyword", Literal(word, language="en")) for word in KEYWORDS)
    yield triple(BASE, "dcat:version", Literal(head.version))
    yield triple(BASE, "void:vocabulary", NamedNode(ONTOLOGY + "#"))
    yield triple(BASE, "void:uriSpace", Literal(BASE))
    yield triple(BASE, "prov:wasGeneratedBy", NamedNode(release + "#judging"))
    yield triple(release + "#judging", "rdf:type", iri("prov:Activity"))
    yield triple(release + "#judging", "prov:wasAssociatedWith", NamedNode(SOFTWARE))
    yield triple(SOFTWARE, "rdf:type", iri("prov:SoftwareAgent"))
    yield triple(SOFTWARE, "dcat:version", Literal(__version__))
    for name in subfolders(dataset, "data"):
        part = PREFIXES["dataset"] + name
        yield triple(BASE, "dcterms:hasPart", NamedNode(part))
        yield triple(release + "#judging", "prov:used", NamedNode(part))
        for stated in asserted_triples(dataset, part):
            yield stated
            yield from _dublin_core(stated)


def _dublin_core(stated: Triple) -> Iterator[Triple]:
    """Yield the title or description that DCAT expects for a label or definition of SKOS."""
    for ours, theirs in (("skos:prefLabel", "dcterms:title"), ("skos:definition", "dcterms:description")):
        if stated.predicate == iri(ours):
            yield Triple(stated.subject, iri(theirs), stated.object)


def _counts(dataset: Dataset, release: str) -> Iterator[Triple]:
    sizes = dataset_statistics(dataset)
    yield triple(BASE, "void:triples", typed(str(sizes.triples), "integer"))
    for kind, counted in (("class", sizes.classes), ("property", sizes.properties)):
        for term, count in sorted(counted.items()):
            part = f"{release}#{kind}-" + re.sub(r"\W+", "-", curie(term).strip("<>"))
            yield triple(BASE, f"void:{kind}Partition", NamedNode(part))
            yield triple(part, f"void:{kind}", NamedNode(term))
            yield triple(part, "void:entities" if kind == "class" else "void:triples", typed(str(count), "integer"))


def _distribution(release: str, head: OntologyHeader, found: Item) -> Iterator[Triple]:
    here = f"{release}/{found.path}"
    yield triple(BASE, "dcat:distribution", NamedNode(here))
    yield triple(here, "rdf:type", iri("dcat:Distribution"))
    yield triple(here, "dcterms:title", Literal(found.title, language="en"))
    yield triple(here, "dcterms:license", NamedNode(head.licence))
    yield triple(here, "dcat:accessURL", NamedNode(BASE))
    yield triple(here, "dcat:downloadURL", NamedNode(here))
    yield triple(here, "dcterms:modified", typed(head.modified, "date"))
    yield triple(here, "dcat:mediaType", NamedNode(MEDIA_TYPES + found.media))
    yield triple(MEDIA_TYPES + found.media, "rdf:type", iri("dcterms:MediaType"))
    yield triple(here, "dcat:byteSize", typed(str(found.size), "nonNegativeInteger"))
    yield triple(here, "spdx:checksum", NamedNode(here + "#checksum"))
    yield triple(here + "#checksum", "rdf:type", iri("spdx:Checksum"))
    yield triple(here + "#checksum", "spdx:algorithm", iri("spdx:checksumAlgorithm_sha256"))
    yield triple(here + "#checksum", "spdx:checksumValue", typed(found.digest, "hexBinary"))


def _counted_claims(dataset: Dataset, release: str, found: Item) -> Iterator[Triple]:
    """Yield the description of the claims that counted for a file, and the datasets of these claims."""
    if found.selection is not None:
        here = f"{release}/{found.path}"
        yield triple(here, "dcterms:description", Literal(found.description, language="en"))
        for name in found.selection.datasets or subfolders(dataset, "data"):
            yield triple(here, "dcterms:source", NamedNode(PREFIXES["dataset"] + name))
