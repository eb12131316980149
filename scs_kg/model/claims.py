"""Claims: what one source reports about one feature of one system."""

from dataclasses import dataclass
from enum import StrEnum


class Finding(StrEnum):
    """The finding of a claim on its feature."""

    PRESENT = "Present"
    ABSENT = "Absent"
    NOT_REPORTED = "NotReported"


class Mode(StrEnum):
    """The mode of a claim: it is about a rule in force, actual practice, or a plan, a draft or a forecast."""

    DE_JURE = "DeJure"
    DE_FACTO = "DeFacto"
    PLANNED = "Planned"


@dataclass(frozen=True, slots=True)
class Claim:
    """The properties of a claim that judging needs; systems, features, sources and claims are IRIs.

    ``sources`` are the document that was read and the documents that it cites. ``supersedes`` lists the claims that
    this claim replaces.
    """

    iri: str
    system: str
    feature: str
    finding: Finding
    supersedes: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    as_of: str = ""
    mode: Mode = Mode.DE_FACTO
