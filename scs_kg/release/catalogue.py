"""Describes a release in two formats: DCAT with VoID and PROV, and RO-Crate. All dates come from the data."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from scs_kg.judging.earl import SOFTWARE
from scs_kg.model.namespaces import BASE, PREFIXES, curie
from scs_kg.model.selection import Selection
from scs_kg.model.version import __version__
from scs_kg.release.linksets import linksets
from scs_kg.release.triples import iri, triple, typed
from scs_kg.render.data import as_json
from scs_kg.render.sentences import selection_sentence
from scs_kg.store import Dataset, Literal, NamedNode, Triple
from scs_kg.store.dataset import asserted_triples, dataset_statistics, subfolders
from scs_kg.store.ontology_header import ONTOLOGY, OntologyHeader
from scs_kg.store.serialize import ntriples_to_turtle

MEDIA: Final[Mapping[str, str]] = {
    "csv": "text/csv",
    "html": "text/html",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "md": "text/markdown",
    "nq": "application/n-quads",
    "owl": "application/rdf+xml",
    "parquet": "application/vnd.apache.parquet",
    "tex": "application/x-tex",
    "trig": "application/trig",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
TITLE: Final = "Social credit systems compared with AI-ethics guidelines"
ABSTRACT: Final = (
    "Claims of sources on social credit systems, the verdicts on them by the criteria of AI-ethics guidelines, and the "
    "comparison matrix of each reading. Each mark can be traced to its clause, claims and sources."
)
CRATE: Final = "https://w3id.org/ro/crate/1.1"
PAPER: Final = "https://doi.org/10.1609/aaai.v36i11.21698"


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the release: its relative path, its title, its size in bytes and its SHA-256 in hexadecimal.

    ``selection`` is the selection of claims, if the file depends on verdicts.
    """

    path: str
    title: str
    size: int
    digest: str
    selection: Selection | None = None

    @property
    def media(self) -> str:
        """Return the media type."""
        return MEDIA[self.path.rsplit(".", 1)[-1]]

    @property
    def description(self) -> str:
        """Return a sentence on the selected claims; empty if the file does not depend on verdicts."""
        return selection_sentence(self.selection) if self.selection else ""


def item(path: str, title: str, content: bytes, selection: Selection | None = None) -> Item:
    """Describe the content of a file."""
    return Item(path, title, len(content), hashlib.sha256(content).hexdigest(), selection)


def catalogue(dataset: Dataset, head: OntologyHeader, items: Iterable[Item]) -> str:
    """Return the description of the release as Turtle: DCAT 3 for the files, VoID for the graph, PROV."""
    release = f"{BASE}release/{head.version}"
    triples = [*_dataset_triples(dataset, head, release), *_counts(dataset, release), *linksets(dataset, release)]
    for found in items:
        triples += _distribution(release, head, found)
        triples += _counted_claims(dataset, release, found)
    return ntriples_to_turtle("".join(sorted(f"{each} .\n" for each in triples)))


def _dataset_triples(dataset: Dataset, head: OntologyHeader, release: str) -> Iterator[Triple]:
    for kind in ("dcat:Dataset", "void:Dataset", "prov:Entity"):
        yield triple(BASE, "rdf:type", iri(kind))
    yield triple(BASE, "dcterms:title", Literal(TITLE, language="en"))
    yield triple(BASE, "dcterms:description", Literal(ABSTRACT, language="en"))
    yield triple(BASE, "dcterms:creator", Literal(head.creator))
    yield triple(BASE, "dcterms:license", NamedNode(head.licence))
    yield triple(BASE, "dcterms:modified", typed(head.modified, "date"))
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
        yield from asserted_triples(dataset, part)


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
    yield triple(here, "dcat:mediaType", NamedNode("https://www.iana.org/assignments/media-types/" + found.media))
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


def crate(head: OntologyHeader, items: Iterable[Item]) -> str:
    """Return the metadata of the release as an RO-Crate 1.1; judging is the action that created the files."""
    found = sorted(items, key=lambda item: item.path)
    parts = [{"@id": item.path} for item in found]
    licence, creator = {"@id": head.licence}, {"@id": BASE + "contributors"}
    descriptor = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": CRATE},
    }
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": TITLE,
        "description": ABSTRACT,
        "identifier": BASE,
        "version": head.version,
        "datePublished": head.modified,
        "license": licence,
        "author": creator,
        "creator": creator,
        "publisher": creator,
        "isBasedOn": {"@id": PAPER},
        "hasPart": parts,
        "mentions": {"@id": "#judging"},
    }
    graph = [descriptor, root, *_context(head, parts), *(_file(item) for item in found)]
    return as_json({"@context": f"{CRATE}/context", "@graph": graph})


def _context(head: OntologyHeader, parts: list[dict[str, str]]) -> list[dict[str, Any]]:
    return [
        {
            "@id": head.licence,
            "@type": "CreativeWork",
            "name": "Creative Commons Attribution 4.0",
            "identifier": head.licence,
        },
        {"@id": BASE + "contributors", "@type": "Organization", "name": head.creator, "url": BASE},
        {"@id": PAPER, "@type": "ScholarlyArticle", "name": "The base paper, Agrawal (2022)"},
        {"@id": SOFTWARE, "@type": "SoftwareApplication", "name": "scs-kg", "version": __version__, "url": BASE},
        {
            "@id": "#judging",
            "@type": "CreateAction",
            "name": "Judging every system by every criterion and writing the release",
            "instrument": {"@id": SOFTWARE},
            "result": parts,
        },
    ]


def _file(found: Item) -> dict[str, Any]:
    described = {"description": found.description} if found.selection else {}
    return {
        "@id": found.path,
        "@type": "File",
        "name": found.title,
        **described,
        "encodingFormat": found.media,
        "contentSize": str(found.size),
        "sha256": found.digest,
    }
