"""Fields that several JSON answers share, each with a description and, where it helps, an example."""

from dataclasses import dataclass, field
from typing import Annotated, Any, TypedDict

from scs_kg.model.claims import Finding
from scs_kg.model.matrix import Mark
from scs_kg.model.verdicts import OpenReason, Outcome


@dataclass(frozen=True, slots=True)
class FieldDoc:
    """The description of a field, with an example if there is one."""

    text: str
    example: Any = field(default=None, hash=False)


SystemId = Annotated[str, FieldDoc("The system, by id.", "shanghai")]
PrincipleId = Annotated[str, FieldDoc("The principle, by id.", "china-2019/fairness-justice")]
GuidelineId = Annotated[str, FieldDoc("The guideline, by id.", "china-2019")]
ReadingId = Annotated[str, FieldDoc("The reading of the guideline, by id.", "china-2019-full-text")]
AsOf = Annotated[str | None, FieldDoc("Only claims about a time up to this date count; null if all count.", "2018")]
OutcomeName = Annotated[
    Outcome, FieldDoc("The outcome in the words of EARL 1.0: cantTell is open, inapplicable is out of scope.", "passed")
]
Reason = Annotated[OpenReason | None, FieldDoc("Why the outcome is cantTell; null for other outcomes.")]
Decided = Annotated[int, FieldDoc("The number of deciding criteria that are met or not met.", 1)]
MarkName = Annotated[
    Mark, FieldDoc("The mark of the cell: the result that the evidence and the text support.", "partlyMet")
]
Of = Annotated[int, FieldDoc("The number of deciding criteria that apply: met, notMet and open.", 6)]
RoleName = Annotated[str, FieldDoc("Whether the criterion counts or is only shown: deciding, supporting.", "deciding")]
CriterionIri = Annotated[str, FieldDoc("The criterion, by IRI.", "https://w3id.org/scs-kg/criterion/appeal")]
ClaimIri = Annotated[str, FieldDoc("The claim, by IRI.", "https://w3id.org/scs-kg/claim/shanghai-appeal")]
ClaimIris = Annotated[list[str], FieldDoc("Claims that decide the verdict or leave it open, by IRI.")]
FeatureIri = Annotated[str, FieldDoc("The feature, by IRI.", "https://w3id.org/scs-kg/feature/appeal")]
FindingName = Annotated[Finding, FieldDoc("Whether the source reports the feature as present.", "Present")]
Label = Annotated[str, FieldDoc("The name in English.", "Right to appeal")]


class EntityJson(TypedDict):
    """A thing with an IRI and a label; its id is the last part of the IRI."""

    id: Annotated[str, FieldDoc("The id.", "shanghai")]
    iri: Annotated[str, FieldDoc("The IRI.", "https://w3id.org/scs-kg/system/shanghai")]
    label: Annotated[str, FieldDoc("The name in English.", "Shanghai")]
