"""The shapes of a matrix and of an explanation as JSON: what the functions return, and what OpenAPI describes.

Every field is present; a value that is unknown or does not apply is null.
"""

from typing import Annotated, TypedDict

from scs_kg.model.matrix import Scope
from scs_kg.render.json_fields import (
    AsOf,
    ClaimIri,
    ClaimIris,
    CriterionIri,
    Decided,
    EntityJson,
    FeatureIri,
    FieldDoc,
    FindingName,
    GuidelineId,
    Label,
    MarkName,
    Of,
    OutcomeName,
    PrincipleId,
    ReadingId,
    Reason,
    RoleName,
    SystemId,
)
from scs_kg.render.json_record_shapes import ObjectionJson, SearchesJson


class SelectionJson(TypedDict):
    """Which claims count and which systems are compared; an empty list or null sets no limit."""

    datasets: Annotated[list[str], FieldDoc("Only claims of these datasets count, by id.", ["agrawal-2022"])]
    systems: Annotated[list[str], FieldDoc("Only these systems are compared, by id.", ["shanghai"])]
    kind: Annotated[list[str], FieldDoc("Only systems of these kinds are compared.", ["local"])]
    mode: Annotated[str | None, FieldDoc("Only claims of this mode count: de-jure or de-facto.", "de-jure")]
    minConfidence: Annotated[str | None, FieldDoc("Only claims with at least this confidence count.", "medium")]
    asOf: AsOf
    without: Annotated[list[str], FieldDoc("Claims that have one of these sources do not count, by id.")]
    scope: Annotated[
        list[str],
        FieldDoc("Only cells of this scope are decided: established, current.", ["established"]),
    ]


class VerdictJson(TypedDict):
    """The verdict on one system by one criterion, under the conditions of its provisions."""

    criterion: CriterionIri
    role: RoleName
    outcome: OutcomeName
    claims: ClaimIris


class ConditionJson(TypedDict):
    """Whether a condition of a provision, a principle, a guideline or a reading is true: passed if it is."""

    condition: Annotated[str, FieldDoc("The condition, by IRI.", "https://w3id.org/scs-kg/condition/police")]
    outcome: OutcomeName
    claims: ClaimIris


class CellResultJson(TypedDict):
    """The mark of a cell with its counts and its scope."""

    outcome: OutcomeName
    mark: MarkName
    met: Annotated[int, FieldDoc("The number of deciding criteria that are met.", 1)]
    notMet: Annotated[int, FieldDoc("The number of deciding criteria that are not met.", 0)]
    open: Annotated[int, FieldDoc("The number of deciding criteria that are not decided.", 2)]
    of: Of
    decided: Decided
    inapplicable: Annotated[int, FieldDoc("The number of deciding criteria that do not apply.", 0)]
    why: Reason
    scope: Annotated[list[Scope], FieldDoc("How the text covers the system.", ["assumed", "hindsight"])]
    modes: Annotated[list[str], FieldDoc("The modes of the claims that decide: de-jure, de-facto.", ["de-facto"])]
    onPaper: Annotated[
        int, FieldDoc("Of the criteria that determine the mark, the number that only de jure claims decide.", 0)
    ]


class CellTestsJson(TypedDict):
    """The verdicts and conditions on which a cell is based."""

    criteria: Annotated[list[VerdictJson], FieldDoc("The verdicts on which the cell is based.")]
    conditions: Annotated[list[ConditionJson], FieldDoc("The conditions under which the text applies.")]


class CellJson(CellResultJson, CellTestsJson):
    """The result for one system and one principle."""

    system: SystemId
    principle: PrincipleId


class MatrixJson(TypedDict):
    """The comparison of systems with the principles of a guideline under one reading."""

    guideline: GuidelineId
    reading: ReadingId
    asOf: AsOf
    selection: SelectionJson
    systems: Annotated[list[EntityJson], FieldDoc("The systems compared, in the order of the columns.")]
    principles: Annotated[list[EntityJson], FieldDoc("The principles of the guideline, in its order.")]
    cells: Annotated[list[CellJson], FieldDoc("One cell for each principle and system, by principle.")]


class PrincipleJson(EntityJson):
    """A principle and what it demands."""

    demand: Annotated[str, FieldDoc("What the principle demands, in English.")]


class ProvisionJson(TypedDict):
    """A provision of the reading by which the principle requires the criterion."""

    locator: Annotated[str, FieldDoc("The place in the text of the guideline.", "article 3")]
    rationale: Annotated[str, FieldDoc("Why the text requires the criterion, in English.")]
    basis: Annotated[str, FieldDoc("How directly the text supports the criterion.")]
    force: Annotated[str, FieldDoc("The normative force of the text.")]
    role: RoleName
    conditions: Annotated[list[str], FieldDoc("The conditions under which the provision applies, by IRI.")]


class CitedClaimJson(TypedDict):
    """A claim with its source."""

    claim: ClaimIri
    finding: FindingName
    feature: Annotated[str, FieldDoc("The name of the feature in English.", "Right to appeal")]
    mode: Annotated[str, FieldDoc("Whether the claim is about a rule, about practice or about a plan.", "de-jure")]
    statement: Annotated[str, FieldDoc("What the source says, in English.")]
    source: Annotated[str, FieldDoc("The source, by id.", "schmitz-2017")]
    reference: Annotated[str, FieldDoc("The bibliographic reference of the source.")]
    locator: Annotated[str, FieldDoc("The place in the source.", "p. 9")]
    asOf: Annotated[str | None, FieldDoc("The date that the claim is about; null if unknown.", "2018-05")]
    confidence: Annotated[str | None, FieldDoc("The confidence of the claim; null if not given.", "high")]
    note: Annotated[str | None, FieldDoc("What a coder remarks on the claim, in English; null if nothing.")]
    replaces: Annotated[list[str], FieldDoc("The earlier claims that this claim supersedes, by IRI.")]
    primarySources: Annotated[list[str], FieldDoc("The sources that this source cites for the claim, by id.")]


class MissingFindingJson(TypedDict):
    """A single finding that would decide an open verdict."""

    feature: FeatureIri
    finding: FindingName
    outcome: OutcomeName


class ConditionExplanationJson(TypedDict):
    """A condition or an element of a criterion, and what is known about it: passed if it is true."""

    condition: Annotated[str, FieldDoc("The condition, by IRI.", "https://w3id.org/scs-kg/condition/police")]
    label: Label
    definition: Annotated[str, FieldDoc("What the condition requires, in English.")]
    outcome: OutcomeName
    why: Reason
    claims: Annotated[list[CitedClaimJson], FieldDoc("Claims that decide the condition or leave it open.")]


class UncountedClaimJson(TypedDict):
    """A claim that does not count, because the selection leaves out its dataset."""

    claim: ClaimIri
    dataset: Annotated[str, FieldDoc("The dataset of the claim, by id.", "agrawal-2022")]


class CriterionExplanationJson(TypedDict):
    """The verdict by one criterion of a cell, with the text that requires it and the evidence."""

    criterion: CriterionIri
    label: Label
    demand: Annotated[str, FieldDoc("What the criterion demands, in English.")]
    role: RoleName
    outcome: OutcomeName
    why: Reason
    provisions: Annotated[list[ProvisionJson], FieldDoc("The provisions that require the criterion.")]
    conditions: Annotated[list[ConditionExplanationJson], FieldDoc("The conditions under which the provisions apply.")]
    elements: Annotated[list[ConditionExplanationJson], FieldDoc("The parts that must all be true for the criterion.")]
    claims: Annotated[list[CitedClaimJson], FieldDoc("Claims that decide the verdict or leave it open.")]
    open: Annotated[list[str], FieldDoc("The features on which an open verdict depends, by IRI.")]
    wouldSettle: Annotated[list[MissingFindingJson], FieldDoc("Single findings that would decide an open verdict.")]
    uncounted: Annotated[list[UncountedClaimJson], FieldDoc("Claims of other datasets on the same features.")]
    searches: Annotated[SearchesJson | None, FieldDoc("The searches for evidence; null if the verdict is decided.")]
    objections: Annotated[list[ObjectionJson], FieldDoc("Objections to the criterion, its provisions and its claims.")]


class RetractionJson(TypedDict):
    """A minimal set whose withdrawal changes the cell."""

    lost: Annotated[list[str], FieldDoc("Claims or sources, by IRI.")]
    outcome: OutcomeName
    partlyMet: Annotated[bool, FieldDoc("Whether the cell would be open and partly met.")]


class RetractionsJson(TypedDict):
    """The minimal sets of claims, or of sources, whose withdrawal changes the outcome, or the mark of an open cell."""

    atLeast: Annotated[int | None, FieldDoc("The size of the smallest set; null if no withdrawal changes the cell.", 1)]
    complete: Annotated[bool, FieldDoc("Whether all minimal sets are listed, or only the smallest ones.")]
    sets: Annotated[list[RetractionJson], FieldDoc("The sets, smallest first.")]


class LossesJson(TypedDict):
    """The withdrawals that change the cell."""

    claims: RetractionsJson
    independentSources: RetractionsJson


class ProofJson(TypedDict):
    """Which claims decide the cell, and which withdrawals change it."""

    decidedBy: Annotated[
        list[list[str]] | None, FieldDoc("The minimal sets of claims that decide the cell, by IRI; null if too many.")
    ]
    sources: Annotated[list[str], FieldDoc("The independent sources of the claims that can decide the cell, by IRI.")]
    changedByLossOf: LossesJson


class ExplanationJson(CellResultJson):
    """One cell with its criteria, provisions, claims and sources."""

    guideline: GuidelineId
    reading: ReadingId
    asOf: AsOf
    selection: SelectionJson
    system: EntityJson
    principle: PrincipleJson
    sentence: Annotated[str, FieldDoc("The result in one or two sentences, in English.")]
    premises: Annotated[list[ConditionExplanationJson], FieldDoc("The conditions on which the text covers the system.")]
    criteria: Annotated[list[CriterionExplanationJson], FieldDoc("The criteria of the cell.")]
    proof: Annotated[ProofJson | None, FieldDoc("The proof; null if too many claims affect the cell.")]
    citation: Annotated[str, FieldDoc("How to cite the cell, in English.")]
