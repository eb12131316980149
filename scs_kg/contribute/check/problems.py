"""Turns SHACL results into messages for the author of a draft, with positions and suggestions."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

from scs_kg import store
from scs_kg.contribute.check.field_words import field_names, in_field_words
from scs_kg.contribute.read import Draft, Field, ReadingContext, SourcePosition
from scs_kg.contribute.read.fields import TESTED
from scs_kg.contribute.read.kinds import PRINCIPLE, SYSTEM, class_iri
from scs_kg.contribute.read.own_records import property_shape
from scs_kg.model.hidden_characters import hidden_characters
from scs_kg.model.namespaces import BASE, PREFIXES, RDF, SCS, SH, curie, local_id
from scs_kg.model.problem import Problem
from scs_kg.rules.engines import Violation, without_numbers
from scs_kg.store.labels import close_matches
from scs_kg.store.line_split import split_lines
from scs_kg.store.name_search import QUESTIONS, NamedThing, named_things, search

DRAFT: Final = BASE + "draft"
MOST_SYSTEMS: Final = 3
_MOST_SUGGESTIONS: Final = 1000
_LONGEST_NAME: Final = 210
"""The number of characters of a name that are shown; the rules do not allow longer names."""
_HIDDEN_RULE: Final = PREFIXES["integrity"] + "DraftHiddenShape"
_OUR_IRI: Final = re.compile(re.escape(BASE) + r"[\w#/-]+")


class ProblemBuilder:
    """Turns the results of an engine into problems; caches suggestions, which are slow to find."""

    def __init__(self, reading: ReadingContext, drafts: list[Draft]) -> None:
        """Take the drafts and the context in which they were read."""
        self.reading, self.drafts = reading, drafts
        fields = [field for kind in reading.fields for field in reading.fields[kind]]
        self.fields: Mapping[str, Field] = {field.predicate: field for field in fields}
        self.names = field_names(reading.fields)
        self._suggestions: dict[tuple[str, str], tuple[str, ...]] = {}
        self._things: dict[str, tuple[NamedThing, ...]] = {}

    def problem(self, violation: Violation, node: str) -> Problem:
        """Return a result as a problem with its position."""
        value = "" if violation.focus == DRAFT or violation.value == node else violation.value
        path = violation.path if not violation.path.startswith("_:") else ""
        test, shape = self._test(node, value) if value and not path else ("", "")
        draft, position = self.position(shape or node, path)
        found = " ".join(_shortened(term) for term in (path, value) if term) if value else ""
        if found and draft.of_fields:
            found = f"{test} {_shortened(local_id(value))}" if test else self._as_field(path, value)
        if violation.rule == _HIDDEN_RULE:
            found = self._hidden_characters(node, path)
        found = without_numbers(violation.rule, found)
        message = _OUR_IRI.sub(lambda iri: curie(iri[0]), violation.message)
        if draft.of_fields:
            message = in_field_words(message, self.names)
        return Problem(
            draft.file,
            position.line,
            _shortened(node, _LONGEST_NAME),
            f"{message} (found: {found})" if found else message,
            curie(violation.rule),
            violation.severity,
            position.column,
            position.cell,
            self.suggestions(SH + "property" if test else path, value),
            draft.of_fields,
            self._listing(SH + "property" if test else path, value),
        )

    def _test(self, node: str, value: str) -> tuple[str, str]:
        """Return the field in which a criterion or a condition tests a feature, and the IRI of the property shape."""
        shapes = {field.name: property_shape(node, field.name, value) for field in TESTED}
        written = (item for item in shapes.items() if any((item[1], "") in draft.positions for draft in self.drafts))
        return next(written, ("", ""))

    def _as_field(self, predicate: str, value: str) -> str:
        """Return the name of a field and a value as the author of a file of fields wrote them."""
        field = self.fields.get(predicate)
        name = field.name if field else predicate and self.names.get(curie(predicate), curie(predicate))
        own = bool(field and field.value_namespace and value.startswith(field.value_namespace))
        return " ".join(filter(None, (name, unquote(local_id(value))[:80] if own else _shortened(value))))

    def _hidden_characters(self, node: str, predicate: str) -> str:
        """Return the code points and names of the invisible characters in the values of a predicate, in order."""
        start = f"<{node}> <{predicate}> "
        lines = (line for draft in self.drafts for line in split_lines(draft.ntriples) if line.startswith(start))
        return ", ".join(hidden_characters("".join(line[:-1] for line in lines)))

    def position(self, node: str, predicate: str) -> tuple[Draft, SourcePosition]:
        """Return the draft and the position of a predicate of a node, or of the node if the predicate has none."""
        for draft in self.drafts:
            if (node, predicate) in draft.positions:
                return draft, draft.positions[node, predicate]
        for draft in self.drafts:
            if (node, "") in draft.positions or f"<{node}>" in draft.ntriples:
                return draft, draft.position(node)
        return self.drafts[0], SourcePosition()

    def suggestions(self, predicate: str, value: str) -> tuple[str, ...]:
        """Return the known ids most similar to an unknown value, or the known fields similar to an unknown predicate.

        If a file has very many mistakes, only the first ones get suggestions.
        """
        field = self.fields.get(predicate)
        unknown_value = field and field.value_class and value.startswith("http")
        if not predicate or (field and not unknown_value) or len(self._suggestions) > _MOST_SUGGESTIONS:
            return ()
        key = (predicate, value if field else "")
        if key not in self._suggestions:
            text = unquote(local_id(value if field else predicate))
            self._suggestions[key] = (
                self._systems_in(text) or self._similar_in_drafts(field, text) or self._search(field.value_class, text)
                if field
                else tuple(close_matches(text, sorted({local_id(known) for known in self.fields})))
            )
        return self._suggestions[key]

    def _listing(self, predicate: str, value: str) -> str:
        """Return the name of the query that lists the values of a field; empty if the value is known."""
        field = self.fields.get(predicate)
        if not field or not field.value_class or value in {"", *self.reading.names.iris(field.value_class)}:
            return ""
        kind = local_id(field.value_class)
        return QUESTIONS.get("system" if kind == SYSTEM else kind.lower(), "")

    def _search(self, value_class: str, text: str) -> tuple[str, ...]:
        """Return the ids of the instances of a class whose names or definitions contain a text."""
        if value_class not in self._things:
            self._things[value_class] = named_things(self.reading.dataset, self.reading.names.iris(value_class))
        return tuple(map(local_id, search(self._things[value_class], text)))

    def _similar_in_drafts(self, field: Field, text: str) -> tuple[str, ...]:
        """Return the ids of the principles of the drafts that are similar to a text, if the field names a principle."""
        if field.value_class != class_iri(PRINCIPLE):
            return ()
        principles = f"<{RDF}type> <{field.value_class}> ."
        lines = (line for draft in self.drafts for line in split_lines(draft.ntriples) if principles in line)
        return tuple(close_matches(text, sorted({local_id(line[1:].partition(">")[0]) for line in lines})))

    def _systems_in(self, region: str) -> tuple[str, ...]:
        """Return the ids of the systems that operate in the region of this name; no ids if no region has the name."""
        regions = self.reading.names.find(SCS + "Region", region)
        dataset = self.reading.dataset
        systems = {store.text(s) for iri in regions for s in store.subjects(dataset, SCS + "operatesIn", iri)}
        return tuple(sorted(map(local_id, systems)))[:MOST_SYSTEMS]


def _shortened(term: str, length: int = 80) -> str:
    """Return a shortened term as its author wrote it, without the percent-encoding that the reader added."""
    return (unquote(curie(term)) if term.startswith("http") else term)[:length]
