"""The files of a release, and their description as an RO-Crate. All dates come from the data."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from scs_kg.judging.earl import SOFTWARE
from scs_kg.model.namespaces import BASE
from scs_kg.model.selection import Selection
from scs_kg.model.version import __version__
from scs_kg.render.data import as_json
from scs_kg.render.sentences import selection_sentence
from scs_kg.store.ontology_header import OntologyHeader

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
CONTRIBUTORS: Final = BASE + "contributors"
KEYWORDS: Final = ("social credit system", "AI ethics", "knowledge graph", "China", "personal data", "SHACL", "SPARQL")
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


def crate(head: OntologyHeader, items: Iterable[Item]) -> str:
    """Return the metadata of the release as an RO-Crate 1.1; judging is the action that created the files."""
    found = sorted(items, key=lambda item: item.path)
    parts = [{"@id": item.path} for item in found]
    licence, creator = {"@id": head.licence}, {"@id": CONTRIBUTORS}
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
        "keywords": list(KEYWORDS),
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
        {"@id": CONTRIBUTORS, "@type": "Organization", "name": head.creator, "url": BASE},
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
