"""The shapes of searches and objections as JSON: what the functions return, and what OpenAPI describes."""

from typing import Annotated, TypedDict

from scs_kg.render.json_fields import FieldDoc


class SearchOutcomeJson(TypedDict):
    """How many searches had an outcome; the outcome is that of a whole search, which can be for several criteria."""

    outcome: Annotated[str, FieldDoc("The outcome: Found, NothingNew or NotFound.", "NotFound")]
    searches: Annotated[int, FieldDoc("The number of searches.", 2)]


class SearchesJson(TypedDict):
    """The searches for evidence on an open criterion, from the log of searches."""

    number: Annotated[int, FieldDoc("The number of searches; 0 if none is recorded.", 2)]
    documentsRead: Annotated[int, FieldDoc("The number of documents that were read, in whole or in part.", 5)]
    last: Annotated[str | None, FieldDoc("The day of the last search; null if there is no search.", "2026-11-30")]
    outcomes: Annotated[list[SearchOutcomeJson], FieldDoc("How many searches had each outcome.")]


class DecisionJson(TypedDict):
    """A decision on an objection."""

    iri: Annotated[str, FieldDoc("The decision, by IRI.")]
    ruling: Annotated[str, FieldDoc("The ruling: upheld or dismissed.", "upheld")]
    reason: Annotated[str, FieldDoc("The reason, in English.")]
    by: Annotated[str, FieldDoc("Who decided.")]
    date: Annotated[str, FieldDoc("The day of the decision.", "2026-03-01")]


class ObjectionJson(TypedDict):
    """An objection to a claim, a criterion or a provision."""

    iri: Annotated[str, FieldDoc("The objection, by IRI.")]
    object: Annotated[str, FieldDoc("The claim, criterion or provision, by IRI.")]
    kind: Annotated[str, FieldDoc("The kind of the object: claim, criterion or provision.", "claim")]
    ground: Annotated[str, FieldDoc("The reason for the objection, in English.")]
    by: Annotated[str, FieldDoc("Who objects.")]
    date: Annotated[str, FieldDoc("The day of the objection.", "2026-03-01")]
    decisions: Annotated[list[DecisionJson], FieldDoc("The decisions on the objection; empty if undecided.")]
