"""What drafts are read against: the data, the names in it, and the fields that a record may have."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from scs_kg.intake.draft import Demand, Fault, Written, space
from scs_kg.intake.fields import Field, all_fields, read_context
from scs_kg.names import Names, fold, names, nearest
from scs_kg.store import Dataset

ID: Final = "id"


@dataclass(frozen=True, slots=True)
class Ground:
    """The data as it stands, made ready once for any number of drafts; ``context`` is the published one."""

    dataset: Dataset
    names: Names
    fields: Mapping[str, tuple[Field, ...]]
    context: Mapping[str, Any]

    def fields_of(self, *kinds: str) -> dict[str, Field]:
        """Return the fields that records of these kinds (``Claim``, ``Source``) may have, by their folded names."""
        named = Field(ID, "", "The last part of the IRI: small letters, digits and hyphens.", space=space(kinds[0]))
        return {ID: named, **{fold(found.name): found for kind in kinds for found in self.fields[kind]}}


def ground(dataset: Dataset) -> Ground:
    """Make a dataset ready for drafts; raise BadFileError if the published context cannot be read."""
    return Ground(dataset, names(dataset), all_fields(dataset), read_context(dataset.root))


def unknown_field(ground: Ground, kinds: tuple[str, ...], key: Written) -> Fault:
    """Return the fault of a field that records of these kinds do not have."""
    known = [found.name for found in ground.fields_of(*kinds).values()]
    near = nearest(key.text, known)
    offer = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(known)}"
    message = f"is no field of a {' or a '.join(kind.lower() for kind in kinds)}: {offer}"
    return Fault(Demand.FIELDS, key.place, f"field {key.text[:60]!r}", message)
