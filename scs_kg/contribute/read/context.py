"""What drafts are read against: the data, the names in it, and the fields that a record may have."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from scs_kg.contribute.read.draft import Fault, FileDemand, WrittenValue, space
from scs_kg.contribute.read.fields import Field, all_fields, read_context
from scs_kg.store import Dataset
from scs_kg.store.labels import NameIndex, close_matches, name_index, normalize_name

ID: Final = "id"


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """The data as it stands, made ready once for any number of drafts; ``context`` is the published one.

    ``fields`` holds those of each kind of record, ``Claim`` and ``Source``; ``by_name`` the same by folded name.
    """

    dataset: Dataset
    names: NameIndex
    context: Mapping[str, Any]
    fields: Mapping[str, tuple[Field, ...]]
    by_name: Mapping[str, Mapping[str, Field]]


def reading_context(dataset: Dataset) -> ReadingContext:
    """Make a dataset ready for drafts; raise BadFileError if the published context cannot be read."""
    fields = all_fields(dataset)
    by_name = {
        kind: {ID: _id_field(kind), **{normalize_name(f.name): f for f in found}} for kind, found in fields.items()
    }
    return ReadingContext(dataset, name_index(dataset), read_context(dataset.root), fields, by_name)


def _id_field(kind: str) -> Field:
    return Field(ID, "", "The last part of its IRI, in small letters, digits and hyphens.", space=space(kind))


def unknown_field(ground: ReadingContext, kinds: tuple[str, ...], key: WrittenValue) -> Fault:
    """Return the fault of a field that records of these kinds do not have."""
    known = list(dict.fromkeys(found.name for kind in kinds for found in ground.by_name[kind].values()))
    near = close_matches(key.text, known)
    offer = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(known)}"
    message = f"is no field of a {' or a '.join(kind.lower() for kind in kinds)}: {offer}"
    return Fault(FileDemand.FIELDS, key.place, f"field {key.text[:60]!r}", message)
