"""The context for reading drafts: the data, its names, and the fields of records."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from scs_kg.contribute.read.draft import Fault, FileDemand, WrittenValue
from scs_kg.contribute.read.fields import Field, all_fields, read_context
from scs_kg.contribute.read.kinds import namespace, word_for
from scs_kg.store import Dataset
from scs_kg.store.labels import NameIndex, close_matches, name_index, normalize_name

ID: Final = "id"


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """A dataset, prepared once for any number of drafts.

    ``context_json`` is the published JSON-LD context. ``fields`` has the fields of each kind of record
    (``kinds.KINDS``). ``by_name`` has the same fields and the id, keyed by normalized name. ``taken`` has the IRIs of
    the records in the other files that are read together with this file.
    """

    dataset: Dataset
    names: NameIndex
    context_json: str
    fields: Mapping[str, tuple[Field, ...]]
    by_name: Mapping[str, Mapping[str, Field]]
    taken: frozenset[str] = frozenset()

    def jsonld_context(self) -> dict[str, Any]:
        """Return a new copy of the published JSON-LD context."""
        return dict(json.loads(self.context_json))


def reading_context(dataset: Dataset) -> ReadingContext:
    """Prepare a dataset for drafts; raise BadFileError if the published context cannot be read."""
    fields = all_fields(dataset)
    by_name = {
        kind: MappingProxyType({ID: _id_field(kind), **{normalize_name(f.name): f for f in found}})
        for kind, found in fields.items()
    }
    context = json.dumps(read_context(dataset.library))
    return ReadingContext(dataset, name_index(dataset), context, fields, MappingProxyType(by_name))


def _id_field(kind: str) -> Field:
    meaning = "The last part of its IRI, in lower-case letters, digits and hyphens."
    return Field(ID, "", meaning, value_namespace=namespace(kind))


def unknown_field(context: ReadingContext, kinds: tuple[str, ...], key: WrittenValue) -> Fault:
    """Return the fault of a field that records of these kinds do not have."""
    known = list(dict.fromkeys(field.name for kind in kinds for field in context.by_name[kind].values()))
    near = close_matches(key.text, known)
    suggestion = f"did you mean {' or '.join(near)}?" if near else f"known fields: {', '.join(known)}"
    message = f"is not a field of a {' or '.join(map(word_for, kinds))}; {suggestion}"
    return Fault(FileDemand.FIELDS, key.position, f"field {key.text[:60]!r}", message)
