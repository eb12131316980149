"""Which fields a claim and a source have: the terms of the published context that the rules of the data allow.

The context (``ontology/context.jsonld``, JSON-LD 1.1) names the terms; the shapes in ``ontology/integrity/`` say which
of them a claim or a source may and must have, and with which values; the ontology says what they mean.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from scs_kg import store
from scs_kg.contribute.read.draft import CLAIM, SOURCE
from scs_kg.model.errors import BadFileError
from scs_kg.model.namespaces import BASE, PREFIXES, RDF, SCS, SH, expand, local_id
from scs_kg.store import Dataset, Literal, NamedNode, Term

CONTEXT: Final = "ontology/context.jsonld"
PAGE: Final = BASE + "context.jsonld"
OWN_LANGUAGE: Final = "*"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name, its property, what it means, and which values it takes.

    ``values`` is the class of the things that it names, empty for a text; ``space`` is where their IRIs stand.
    ``datatypes`` are the names under ``xsd:`` that its text may have, ``address`` says that it is an IRI. ``language``
    is the tag of its texts, ``*`` if each has its own.
    """

    name: str
    predicate: str
    meaning: str = ""
    values: str = ""
    space: str = ""
    datatypes: tuple[str, ...] = ()
    address: bool = False
    many: bool = False
    required: bool = False
    language: str = ""


def read_context(root: Path) -> dict[str, Any]:
    """Return the published context of a project folder; raise BadFileError if it cannot be read."""
    path = root / CONTEXT
    try:
        context = json.loads(path.read_text("utf-8"))["@context"]
    except (OSError, ValueError, KeyError) as error:
        raise BadFileError(path, None, f"is no JSON-LD context: {error}") from error
    return dict(context)


def context_text(root: Path) -> str:
    """Return the published context as it is given to those who ask for its IRI (JSON-LD 1.1, section 6.1)."""
    return json.dumps({"@context": read_context(root)}, ensure_ascii=False, indent=2) + "\n"


def all_fields(dataset: Dataset) -> Mapping[str, tuple[Field, ...]]:
    """Return the fields of a ``Claim`` and of a ``Source``, each in the order of the context."""
    context = read_context(dataset.root)
    return {kind: tuple(_fields(dataset, context, kind)) for kind in (CLAIM, SOURCE)}


def _fields(dataset: Dataset, context: Mapping[str, Any], kind: str) -> Iterator[Field]:
    shapes = _property_shapes(dataset, kind)
    for name, said in context.items():
        told = said if isinstance(said, dict) else {"@id": said}
        predicate = expand(str(told.get("@id", ""))) or ""
        if predicate in shapes and not name.startswith("@"):
            yield _field(dataset, name, told, predicate, shapes[predicate])


def _property_shapes(dataset: Dataset, kind: str) -> dict[str, list[Term]]:
    """Return the property shapes of the closed shape that aims at a class, by the predicate of their path."""
    found: dict[str, list[Term]] = {}
    for shape in store.subjects(dataset, SH + "targetClass", SCS + kind):
        if store.objects(dataset, shape, SH + "closed"):
            for part in store.objects(dataset, shape, SH + "property"):
                for path in store.objects(dataset, part, SH + "path"):
                    found.setdefault(store.text(path), []).append(part)
    return found


def _field(dataset: Dataset, name: str, told: Mapping[str, Any], predicate: str, shapes: list[Term]) -> Field:
    named = told.get("@type") == "@vocab"
    return Field(
        name,
        predicate,
        _meaning(dataset, predicate),
        _class(dataset, shapes) if named else "",
        str(told.get("@context", {}).get("@vocab", SCS)) if named else "",
        tuple(sorted({kind for shape in shapes for kind in _datatypes(dataset, shape)})),
        told.get("@type") == "@id",
        told.get("@container") == "@set",
        any(store.objects(dataset, shape, SH + "minCount") for shape in shapes),
        OWN_LANGUAGE if told.get("@container") == "@language" else str(told.get("@language", "")),
    )


def _class(dataset: Dataset, shapes: list[Term]) -> str:
    """Return the class of the values: that which the shape names, or that of the first value which it lists."""
    for shape in shapes:
        for kind in store.objects(dataset, shape, SH + "class"):
            return SCS + CLAIM if store.text(kind) == SCS + "SourcedStatement" else store.text(kind)
        for listed in _members(dataset, shape, SH + "in"):
            for kind in store.objects(dataset, listed, RDF + "type"):
                return store.text(kind)
    return ""


def _datatypes(dataset: Dataset, shape: Term) -> Iterator[str]:
    """Yield the datatypes of XML Schema that a shape asks for, or between which it leaves the choice."""
    for part in (shape, *_members(dataset, shape, SH + "or")):
        for datatype in store.objects(dataset, part, SH + "datatype"):
            if store.text(datatype).startswith(PREFIXES["xsd"]):
                yield local_id(store.text(datatype))


def _members(dataset: Dataset, subject: Term, predicate: str) -> Iterator[Term]:
    """Yield the members of the lists (SHACL, section 2.3; RDF collections) that a predicate leads to."""
    waiting = store.objects(dataset, subject, predicate)
    while waiting:
        node = waiting.pop()
        yield from store.objects(dataset, node, RDF + "first")
        waiting += store.objects(dataset, node, RDF + "rest")


def _meaning(dataset: Dataset, predicate: str) -> str:
    said = store.objects(dataset, NamedNode(predicate), PREFIXES["skos"] + "definition")
    return next((term.value for term in said if isinstance(term, Literal) and term.language in {None, "en"}), "")
