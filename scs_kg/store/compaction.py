"""Compacts JSON-LD with the published context, so that exports have the field names of claim files.

The input is what the serializer writes: expanded JSON-LD without nested nodes. The result is JSON-LD 1.1 that contains
its context. The terms of the context are applied as in JSON-LD 1.1 Processing Algorithms, section 5.6. If the coercion
of a term does not fit a value, the value is written under the prefixed name of its property.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from scs_kg.model.errors import BadFileError
from scs_kg.model.namespaces import RDF
from scs_kg.store.dataset import Dataset

CONTEXT: Final = "ontology/context.jsonld"
_RELATIVE: Final = re.compile(r"[A-Za-z0-9][\w./-]*")
"""Matches a short name, which is relative to the vocabulary that the context sets for a field."""


def compacted(expanded: bytes, dataset: Dataset) -> bytes:
    """Return expanded JSON-LD as compacted JSON-LD, in the order of the input.

    Raises:
        BadFileError: the context of the project folder cannot be read.
    """
    path = dataset.library / CONTEXT
    try:
        context = json.loads(path.read_text("utf-8"))["@context"]
    except (OSError, ValueError, KeyError) as error:
        raise BadFileError(path, None, f"is not a JSON-LD context: {error}; restore the file") from error
    document = {"@context": context, "@graph": Compaction(context).nodes(json.loads(expanded))}
    return (json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


class Compaction:
    """The terms and prefixes of one context."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        """Read a context whose terms are defined by prefixed names."""
        simple = {name: value for name, value in context.items() if isinstance(value, str) and name[0] != "@"}
        namespaces = {name: value for name, value in simple.items() if value.endswith(("/", "#"))}
        self.vocabulary: str = context["@vocab"]
        self.names = frozenset(context)
        self.prefixes = sorted(((value, name) for name, value in namespaces.items()), reverse=True)
        defined = {name: value if isinstance(value, dict) else {"@id": value} for name, value in context.items()}
        self.terms: dict[str, tuple[str, Mapping[str, Any]]] = {}
        for name, term in defined.items():
            prefix, _, local = str(term.get("@id", "")).partition(":")
            if name not in namespaces and prefix in namespaces:
                self.terms[namespaces[prefix] + local] = name, term

    def nodes(self, nodes: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return compacted node objects and graph objects."""
        return [self._node(node) for node in nodes]

    def _node(self, node: Mapping[str, Any]) -> dict[str, Any]:
        written: dict[str, Any] = {}
        for key, values in node.items():
            if key == "@id":
                written["id"] = self._iri(values)
            elif key == "@graph":
                written[key] = self.nodes(values)
            elif key == "@type" or (key == RDF + "type" and all("@id" in value for value in values)):
                types = [self._iri(value if isinstance(value, str) else value["@id"]) for value in values]
                written["type"] = types[0] if len(types) == 1 else types
            else:
                written |= self._property(key, values)
        return written

    def _property(self, predicate: str, values: list[Mapping[str, Any]]) -> dict[str, Any]:
        """Return the values of a property under its term; values that its coercion does not fit are under its IRI."""
        name, term = self.terms.get(predicate, ("", {}))
        if not name:
            return {self._iri(predicate): [self._value(value) for value in values]}
        if term.get("@container") == "@language":
            return self._by_language(name, predicate, values)
        fitting = {index: self._coerced(value, term) for index, value in enumerate(values)}
        own = [value for value in fitting.values() if value is not None]
        rest = [self._value(values[index]) for index, value in fitting.items() if value is None]
        is_list = len(own) != 1 or term.get("@container") == "@set"
        return ({name: own if is_list else own[0]} if own else {}) | ({self._iri(predicate): rest} if rest else {})

    def _by_language(self, name: str, predicate: str, values: list[Mapping[str, Any]]) -> dict[str, Any]:
        tagged: dict[str, Any] = {}
        rest = []
        for value in values:
            if set(value) == {"@language", "@value"}:
                tagged.setdefault(value["@language"], []).append(value["@value"])
            else:
                rest.append(self._value(value))
        texts = {tag: found[0] if len(found) == 1 else found for tag, found in tagged.items()}
        return ({name: texts} if texts else {}) | ({self._iri(predicate): rest} if rest else {})

    def _coerced(self, value: Mapping[str, Any], term: Mapping[str, Any]) -> Any:
        """Return a value in the form that the coercion of a term allows; None if the value does not fit."""
        coercion = term.get("@type")
        if "@list" in value:
            return None
        if coercion in ("@id", "@vocab"):
            return self._reference(value, term, coercion) if "@id" in value else None
        if coercion or "@language" in term:
            key, wanted = ("@type", self._full(coercion)) if coercion else ("@language", term["@language"])
            return value["@value"] if value.get(key) == wanted and "@direction" not in value else None
        return self._value(value)

    def _reference(self, value: Mapping[str, Any], term: Mapping[str, Any], coercion: str) -> Any:
        iri = value["@id"]
        vocabulary = term.get("@context", {}).get("@vocab", self.vocabulary)
        local = iri.removeprefix(vocabulary)
        if coercion == "@vocab" and local != iri and _RELATIVE.fullmatch(local) and local not in self.names:
            return local
        return {"@id": self._iri(iri)}

    def _value(self, value: Mapping[str, Any]) -> Any:
        """Return a value for a property without coercion."""
        if "@list" in value:
            return {"@list": [self._value(item) for item in value["@list"]]}
        if set(value) == {"@value"}:
            return value["@value"]
        return {key: self._iri(part) if key in ("@id", "@type") else part for key, part in value.items()}

    def _iri(self, iri: str) -> str:
        """Return an IRI as a prefixed name if the context has a prefix for it."""
        for namespace, prefix in self.prefixes:
            local = iri.removeprefix(namespace)
            if local and local != iri and not local.startswith("//"):
                return f"{prefix}:{local}"
        return iri

    def _full(self, name: str) -> str:
        prefix, _, local = name.partition(":")
        return next(namespace for namespace, known in self.prefixes if known == prefix) + local
