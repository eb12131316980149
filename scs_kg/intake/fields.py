"""Which fields a claim and a source have: the terms of the published context that the rules of the data allow.

The context (``ontology/context.jsonld``, JSON-LD 1.1) names the terms; the shapes in ``ontology/integrity/`` say which
of them a claim or a source may and must have, and with which values; the ontology says what they mean.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from scs_kg import store
from scs_kg.errors import BadFileError
from scs_kg.intake.draft import CLAIM, SOURCE
from scs_kg.namespaces import PREFIXES, RDF, SCS, SH, expand
from scs_kg.store import Dataset, Literal, NamedNode, Term

CONTEXT: Final = "ontology/context.jsonld"
PAGE: Final = PREFIXES["scs"].removesuffix("ontology#") + "context.jsonld"
DATES: Final = frozenset({SCS + "asOf", PREFIXES["dcterms"] + "issued"})
NUMBERS: Final = frozenset({SCS + "minimum", SCS + "maximum"})


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name, its property, what it means, and which values it takes.

    ``values`` is the class of the things that it names, empty for a text; ``space`` is where their IRIs stand.
    """

    name: str
    predicate: str
    meaning: str
    values: str
    space: str
    many: bool
    required: bool
    language: str


def read_context(root: Path) -> dict[str, Any]:
    """Return the published context of a project folder; raise BadFileError if it cannot be read."""
    path = root / CONTEXT
    try:
        context = json.loads(path.read_text("utf-8"))["@context"]
    except (OSError, ValueError, KeyError) as error:
        raise BadFileError(path, None, f"is no JSON-LD context: {error}") from error
    return dict(context)


def fields(dataset: Dataset, kind: str) -> tuple[Field, ...]:
    """Return the fields of a ``Claim`` or a ``Source`` in the order of the context."""
    shapes = _property_shapes(dataset, kind)
    context = read_context(dataset.root)
    found = (_field(dataset, name, said, shapes) for name, said in context.items())
    return tuple(field for field in found if field)


def all_fields(dataset: Dataset) -> Mapping[str, tuple[Field, ...]]:
    """Return the fields of both kinds of record."""
    return {kind: fields(dataset, kind) for kind in (CLAIM, SOURCE)}


def _property_shapes(dataset: Dataset, kind: str) -> dict[str, list[Term]]:
    """Return the property shapes of the closed shape that aims at a class, by the predicate of their path."""
    found: dict[str, list[Term]] = {}
    for shape in store.subjects(dataset, SH + "targetClass", SCS + kind):
        if store.objects(dataset, shape, SH + "closed"):
            for part in store.objects(dataset, shape, SH + "property"):
                for path in store.objects(dataset, part, SH + "path"):
                    found.setdefault(store.text(path), []).append(part)
    return found


def _field(dataset: Dataset, name: str, said: Any, shapes: Mapping[str, list[Term]]) -> Field | None:
    told = said if isinstance(said, dict) else {"@id": said}
    predicate = expand(str(told.get("@id", ""))) or ""
    if name.startswith("@") or predicate not in shapes:
        return None
    named = told.get("@type") == "@vocab"
    return Field(
        name,
        predicate,
        _meaning(dataset, predicate),
        _class(dataset, shapes[predicate]) if named else "",
        told.get("@context", {}).get("@vocab", SCS) if named else "",
        told.get("@container") == "@set",
        any(store.objects(dataset, shape, SH + "minCount") for shape in shapes[predicate]),
        str(told.get("@language", "")),
    )


def _class(dataset: Dataset, shapes: list[Term]) -> str:
    """Return the class of the values: that which the shape names, or that of the first value which it lists."""
    for shape in shapes:
        for kind in store.objects(dataset, shape, SH + "class"):
            return SCS + "Claim" if store.text(kind) == SCS + "SourcedStatement" else store.text(kind)
        for listed in store.objects(dataset, shape, SH + "in"):
            for first in store.objects(dataset, listed, RDF + "first"):
                for kind in store.objects(dataset, first, RDF + "type"):
                    return store.text(kind)
    return ""


def _meaning(dataset: Dataset, predicate: str) -> str:
    said = store.objects(dataset, NamedNode(predicate), PREFIXES["skos"] + "definition")
    return next((store.text(term) for term in said if isinstance(term, Literal)), "")
