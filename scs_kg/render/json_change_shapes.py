"""The shapes of a validation, of a what-if analysis and of the list of queries as JSON."""

from typing import Annotated, Literal, TypedDict

from scs_kg.render.json_fields import (
    AsOf,
    ClaimIri,
    CriterionIri,
    FieldDoc,
    FindingName,
    GuidelineId,
    Label,
    OutcomeName,
    PrincipleId,
    ReadingId,
    Reason,
    SystemId,
)
from scs_kg.render.json_shapes import CellResultJson, MissingFindingJson, SelectionJson

Severity = Literal["error", "warning", "note"]


class ClaimProblemJson(TypedDict):
    """A violation of a rule, or a remark, with its place in the claims."""

    file: Annotated[str, FieldDoc("The name of the file; 'claims' for a request body.", "claims")]
    line: Annotated[int | None, FieldDoc("The line, from 1; null if unknown.", 3)]
    column: Annotated[int | None, FieldDoc("The column, from 1; null if unknown.", 7)]
    cell: Annotated[str | None, FieldDoc("The cell of a workbook; null in other formats.", "Claims!B2")]
    node: Annotated[str, FieldDoc("The claim or source, by id or prefixed name.", "claim:beta-appeal")]
    severity: Annotated[Severity, FieldDoc("An error makes the claims unusable.")]
    message: Annotated[str, FieldDoc("What is wrong and what to do.")]
    rule: Annotated[str, FieldDoc("The rule, by prefixed name.")]
    page: Annotated[str, FieldDoc("The page of the rule.")]
    nearest: Annotated[list[str], FieldDoc("Known names similar to an unknown one.")]


class CheckJson(TypedDict):
    """The result of the validation of claims."""

    files: Annotated[list[str], FieldDoc("The names of the files.")]
    read: Annotated[dict[str, int], FieldDoc("The number of records of each kind that were read, by class.")]
    problems: Annotated[list[ClaimProblemJson], FieldDoc("The problems, in the order of the file.")]


class ClaimChangeJson(TypedDict):
    """A claim that is added or withdrawn."""

    claim: ClaimIri
    statement: Annotated[str, FieldDoc("What the source says, in English.")]
    system: Annotated[str, FieldDoc("The system, by id or IRI.")]
    feature: Annotated[str, FieldDoc("The feature, by id or IRI.")]
    finding: FindingName
    counts: Annotated[bool, FieldDoc("False if the claim is about a later time than the date chosen.")]
    supersededBy: Annotated[
        str | None, FieldDoc("The IRI of the new claim or act that supersedes or retracts a withdrawn claim.")
    ]


IndependentSources = Annotated[
    int | None,
    FieldDoc(
        "How many independent sources must be withdrawn to change the outcome; null if it is open or not computed.", 2
    ),
]


class CellStateJson(CellResultJson, TypedDict):
    """The state of a cell before or after the change."""

    independentSources: IndependentSources


class VerdictStateJson(TypedDict):
    """The state of a verdict before or after the change."""

    outcome: OutcomeName
    why: Reason


class VerdictChangeJson(TypedDict):
    """A verdict that changes."""

    criterion: CriterionIri
    label: Label
    before: VerdictStateJson
    after: VerdictStateJson
    by: Annotated[list[str], FieldDoc("A minimal set of claims that is sufficient for the change, by IRI.")]


class CellPlaceJson(TypedDict):
    """The place of a cell."""

    guideline: GuidelineId
    reading: ReadingId
    principle: PrincipleId
    system: SystemId


class CellChangeJson(CellPlaceJson):
    """A cell that the claims affect."""

    before: CellStateJson
    after: CellStateJson
    criteria: Annotated[list[VerdictChangeJson], FieldDoc("The verdicts that change.")]
    wouldSettle: Annotated[list[MissingFindingJson], FieldDoc("Single findings that would decide the open cell.")]


class WhatIfSummaryJson(TypedDict):
    """The affected cells, grouped by kind of change; a cell may be in several lists."""

    changed: Annotated[list[CellPlaceJson], FieldDoc("Cells whose mark changes.")]
    contested: Annotated[list[CellPlaceJson], FieldDoc("Cells that become contested.")]
    changedWithin: Annotated[list[CellPlaceJson], FieldDoc("Cells with changed verdicts and the same mark.")]
    secondSource: Annotated[list[CellPlaceJson], FieldDoc("Cells that get a second independent source.")]
    onlySource: Annotated[list[CellPlaceJson], FieldDoc("Cells that would depend on one source.")]
    open: Annotated[list[CellPlaceJson], FieldDoc("Cells that stay open.")]


class WhatIfJson(TypedDict):
    """The changes that adding or withdrawing claims would cause."""

    asOf: AsOf
    selection: SelectionJson
    added: Annotated[list[ClaimChangeJson], FieldDoc("The claims that are added.")]
    withdrawn: Annotated[list[ClaimChangeJson], FieldDoc("The claims that are withdrawn.")]
    restored: Annotated[
        list[ClaimChangeJson],
        FieldDoc("The claims that count again, because the claims that superseded them are withdrawn or retracted."),
    ]
    known: Annotated[list[str], FieldDoc("Claims that are in the data already, by IRI.")]
    cellsInAll: Annotated[int, FieldDoc("The number of cells of the readings compared.", 1560)]
    notCountedIn: Annotated[list[str], FieldDoc("Readings in which the claims do not count, by id.")]
    summary: WhatIfSummaryJson
    cells: Annotated[list[CellChangeJson], FieldDoc("The cells that the claims affect.")]


class QuestionParameterJson(TypedDict):
    """A parameter of a query."""

    name: Annotated[str, FieldDoc("The name.", "system")]
    type: Annotated[str, FieldDoc("A prefix for IRIs, or a datatype.", "sys:")]
    meaning: Annotated[str, FieldDoc("The meaning, in English.")]


class QuestionJson(TypedDict):
    """A query of the library."""

    name: Annotated[str, FieldDoc("The name, which is the last part of its path.", "claims")]
    title: Annotated[str, FieldDoc("The title, in English.")]
    question: Annotated[str, FieldDoc("The question that it answers, in English.")]
    parameters: Annotated[list[QuestionParameterJson], FieldDoc("The parameters, all optional.")]
    hosts: Annotated[list[str], FieldDoc("Hosts in its SERVICE patterns; empty for queries of the service.")]
