"""The kinds of records that a file can describe: their class, their list or sheet, and the prefix of their IRIs."""

from dataclasses import dataclass
from typing import Final

from scs_kg.model.namespaces import PREFIXES, SCS

CLAIM: Final = "Claim"
SOURCE: Final = "Source"
GUIDELINE: Final = "Guideline"
PRINCIPLE: Final = "Principle"
READING: Final = "Reading"
PROVISION: Final = "Provision"
SYSTEM: Final = "SocialCreditSystem"
REGION: Final = "Region"
FEATURE: Final = "Feature"
CRITERION: Final = "Criterion"
CONDITION: Final = "Condition"


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A kind of record: its class, the list of its records in YAML (a sheet in XLSX), and the prefix of its IRIs."""

    name: str
    plural: str
    prefix: str

    @property
    def word(self) -> str:
        """The word for a record in messages."""
        return "system" if self.name == SYSTEM else self.name.lower()

    @property
    def namespace(self) -> str:
        """The namespace of the IRIs of the records."""
        return PREFIXES[self.prefix]


KINDS: Final = tuple(
    RecordKind(*parts)
    for parts in (
        (CLAIM, "claims", "claim"),
        (SOURCE, "sources", "src"),
        (GUIDELINE, "guidelines", "gl"),
        (PRINCIPLE, "principles", "gl"),
        (READING, "readings", "reading"),
        (PROVISION, "provisions", "provision"),
        (SYSTEM, "systems", "sys"),
        (REGION, "regions", "region"),
        (FEATURE, "features", "feat"),
        (CRITERION, "criteria", "crit"),
        (CONDITION, "conditions", "cond"),
    )
)
_BY_NAME: Final = {kind.name: kind for kind in KINDS}
_BY_PLURAL: Final = {kind.plural: kind.name for kind in KINDS}
TEMPLATES: Final = {
    "claim": (CLAIM, SOURCE),
    "system": (SYSTEM, REGION, CLAIM, SOURCE),
    "region": (REGION,),
    "feature": (FEATURE,),
    "criterion": (CRITERION, CONDITION),
    "guideline": (GUIDELINE, PRINCIPLE, READING, PROVISION, SOURCE),
    "reading": (READING, PROVISION, SOURCE),
}
"""The kinds of records in the template of each kind of file."""
FEATURE_KINDS: Final = ("CollectionMode", "DataInput", "Penalty", "Practice", "Reward", "Safeguard", "ScoredBehaviour")
"""The classes of features; a feature has one of them."""


def kind_in_list(plural: str) -> str | None:
    """Return the class of the records of a list or sheet (``claims``); None for another name."""
    return _BY_PLURAL.get(plural)


def list_of(kind: str) -> str:
    """Return the name of the list of the records of a class."""
    return _BY_NAME[kind].plural


def word_for(kind: str) -> str:
    """Return the word for a record of a class in messages (``system``)."""
    return _BY_NAME[kind].word


def namespace(kind: str) -> str:
    """Return the namespace of the IRIs of the records of a class."""
    return _BY_NAME[kind].namespace


def is_evidence(iri: str) -> bool:
    """Return whether an IRI names a claim or a source, which are evidence; other records interpret evidence."""
    return iri.startswith((namespace(CLAIM), namespace(SOURCE)))


def class_iri(kind: str) -> str:
    """Return the IRI of a class of records."""
    return SCS + kind
