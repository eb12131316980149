"""The fields of records: the terms of the published context that the integrity rules allow.

The context (``ontology/context.jsonld``, JSON-LD 1.1) names the terms. The shapes in ``ontology/integrity/`` define
which terms are allowed and required, and with which values. The ontology defines the terms.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from scs_kg import store
from scs_kg.contribute.read.kinds import CLAIM, CONDITION, CRITERION, FEATURE, KINDS, SOURCE
from scs_kg.model.errors import BadFileError
from scs_kg.model.namespaces import BASE, PREFIXES, RDF, SCS, SH, expand, local_id
from scs_kg.store import Dataset, Literal, NamedNode, Term

CONTEXT: Final = "ontology/context.jsonld"
PAGE: Final = BASE + "context.jsonld"
OWN_LANGUAGE: Final = "*"


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its name, its property, its definition, and its values.

    ``value_class`` is the class of the resources that a value names, empty for a literal. ``value_namespace`` is the
    namespace of their IRIs. ``datatypes`` are the local names of the XSD datatypes of a literal. ``is_address`` marks a
    field whose values are IRIs. ``language`` is the language tag of its texts, or ``*`` if each text has its own
    language.
    """

    name: str
    predicate: str
    definition: str = ""
    value_class: str = ""
    value_namespace: str = ""
    datatypes: tuple[str, ...] = ()
    is_address: bool = False
    many: bool = False
    required: bool = False
    language: str = ""


_NAMED: Final = {SCS + "SourcedStatement": SCS + CLAIM, SH + "NodeShape": SCS + "Condition"}
"""Maps a class of values in a shape to the class of the records that a file names instead."""
_AT_LEAST: Final = ("minCount", "qualifiedMinCount")


def _features(name: str, predicate: str, definition: str) -> Field:
    return Field(name, SH + predicate, definition, SCS + FEATURE, PREFIXES["feat"], many=True)


TESTED: Final = (
    _features("present", "property", "To match, a system must have all of these features."),
    _features("absent", "property", "To match, a system must lack all of these features."),
    _features("anyPresent", "or", "To match, a system must have at least one of these features."),
    _features("anyAbsent", "or", "To match, a system must lack at least one of these features."),
)
"""The tests of a criterion or a condition. A system matches if all tests that are given are true."""
_OWN: Final[Mapping[str, tuple[Field, ...]]] = MappingProxyType(
    {
        FEATURE: (
            Field("kind", RDF + "type", "The class of a feature, for example Safeguard or Penalty.", required=True),
        ),
        CRITERION: TESTED,
        CONDITION: TESTED,
    }
)
"""Fields that are not terms of the context: ``records_to_rdf`` translates them."""


def read_context(root: Path) -> dict[str, Any]:
    """Return the published context of a project folder; raise BadFileError if it cannot be read."""
    path = root / CONTEXT
    try:
        context = json.loads(path.read_text("utf-8"))["@context"]
    except (OSError, ValueError, KeyError) as error:
        raise BadFileError(path, None, f"is not a JSON-LD context: {error}; restore the file") from error
    return dict(context)


def context_text(root: Path) -> str:
    """Return the document that is served under the IRI of the context (JSON-LD 1.1, section 6.1)."""
    return json.dumps({"@context": read_context(root)}, ensure_ascii=False, indent=2) + "\n"


def all_fields(dataset: Dataset) -> Mapping[str, tuple[Field, ...]]:
    """Return the fields of each kind of record, in the order of the context."""
    context = read_context(dataset.library)
    return MappingProxyType(
        {kind.name: (*_fields(dataset, context, kind.name), *_OWN.get(kind.name, ())) for kind in KINDS}
    )


def _fields(dataset: Dataset, context: Mapping[str, Any], kind: str) -> Iterator[Field]:
    shapes = _property_shapes(dataset, kind)
    for name, value in context.items():
        term = value if isinstance(value, dict) else {"@id": value}
        predicate = expand(str(term.get("@id", ""))) or ""
        if predicate in shapes and not name.startswith("@"):
            yield _field(dataset, name, term, predicate, shapes[predicate])


def _property_shapes(dataset: Dataset, kind: str) -> dict[str, list[Term]]:
    """Return the property shapes of a class, grouped by the predicate of their path.

    For a claim or a source, only the closed shape counts, which lists all of its properties.
    """
    found: dict[str, list[Term]] = {}
    for shape in store.subjects(dataset, SH + "targetClass", SCS + kind):
        if kind not in {CLAIM, SOURCE} or store.objects(dataset, shape, SH + "closed"):
            for part in store.objects(dataset, shape, SH + "property"):
                for path in store.objects(dataset, part, SH + "path"):
                    found.setdefault(store.text(path), []).append(part)
    return found


def _field(dataset: Dataset, name: str, term: Mapping[str, Any], predicate: str, shapes: list[Term]) -> Field:
    """Return a field from the definition of a term of the context (JSON-LD 1.1, section 9.15.1) and its shapes."""
    named = term.get("@type") == "@vocab"
    return Field(
        name,
        predicate,
        _definition(dataset, predicate),
        _value_class(dataset, shapes) if named else "",
        str(term.get("@context", {}).get("@vocab", SCS)) if named else "",
        tuple(sorted({kind for shape in shapes for kind in _datatypes(dataset, shape)})),
        term.get("@type") == "@id",
        term.get("@container") == "@set",
        any(store.objects(dataset, shape, SH + count) for shape in shapes for count in _AT_LEAST),
        OWN_LANGUAGE if term.get("@container") == "@language" else str(term.get("@language", "")),
    )


def _value_class(dataset: Dataset, shapes: list[Term]) -> str:
    """Return the class of the values: the class in a shape, or else the class of the first value of ``sh:in``."""
    for shape in shapes:
        for kind in store.objects(dataset, shape, SH + "class"):
            return _NAMED.get(store.text(kind), store.text(kind))
        for listed in _members(dataset, shape, SH + "in"):
            for kind in store.objects(dataset, listed, RDF + "type"):
                return store.text(kind)
    return ""


def _datatypes(dataset: Dataset, shape: Term) -> Iterator[str]:
    """Yield the local names of the XSD datatypes that a shape allows, with ``sh:datatype`` or ``sh:or``."""
    for part in (shape, *_members(dataset, shape, SH + "or")):
        for datatype in store.objects(dataset, part, SH + "datatype"):
            if store.text(datatype).startswith(PREFIXES["xsd"]):
                yield local_id(store.text(datatype))


def _members(dataset: Dataset, subject: Term, predicate: str) -> Iterator[Term]:
    """Yield the members of the RDF collections that are values of a predicate (SHACL, section 1.3)."""
    waiting = store.objects(dataset, subject, predicate)
    while waiting:
        node = waiting.pop()
        yield from store.objects(dataset, node, RDF + "first")
        waiting += store.objects(dataset, node, RDF + "rest")


def _definition(dataset: Dataset, predicate: str) -> str:
    found = store.objects(dataset, NamedNode(predicate), PREFIXES["skos"] + "definition")
    return next((term.value for term in found if isinstance(term, Literal) and term.language in {None, "en"}), "")
