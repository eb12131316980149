"""What is on record of how a thing came to be what it is: where it is kept, who acted on it, how verdicts changed."""

from dataclasses import dataclass

from scs_kg import store
from scs_kg.explorer.content import SiteContent
from scs_kg.model.namespaces import BASE
from scs_kg.store import NamedNode
from scs_kg.store.query_library import Row, text


@dataclass(frozen=True, slots=True)
class OutcomeChange:
    """A verdict that is new from a day on: of which system, by which criterion, with which outcome."""

    since: str
    system: str
    criterion: str
    outcome: str


@dataclass(frozen=True, slots=True)
class RecordHistory:
    """The file and line where a thing is kept, objections to it, statements that no longer stand, and its verdicts.

    What was objected to or no longer stands is the thing itself, or a claim or provision that names it. ``readings``
    are the ids of those whose own page tells how all their verdicts changed.
    """

    place: str
    objections: tuple[Row, ...]
    fallen: tuple[Row, ...]
    turns: tuple[OutcomeChange, ...]
    readings: tuple[str, ...]

    @property
    def told(self) -> bool:
        """Tell whether there is more to say than where the thing is kept."""
        return bool(self.objections or self.fallen or self.turns)


def record_history(book: SiteContent, iri: str) -> RecordHistory:
    """Return what is on record of the past of a thing."""
    turns = (OutcomeChange(state.since, *book.judged[state.verdict], state.outcome) for state in book.states())
    return RecordHistory(
        place=book.places.get(iri, ""),
        objections=tuple(row for row in book.rows["objections"] if _touches(book, text(row, "object"), iri)),
        fallen=tuple(row for row in book.rows["retracted"] if _touches(book, text(row, "claim"), iri)),
        turns=tuple(turn for turn in turns if iri in (turn.system, turn.criterion)),
        readings=tuple(
            choice.reading.id
            for choice in book.choices.values()
            if iri in (choice.reading.iri, choice.guideline.iri) or iri.startswith(f"{choice.guideline.iri}/")
        ),
    )


def _touches(book: SiteContent, record: str, iri: str) -> bool:
    """Tell whether a record is a thing or names it."""
    if record == iri:
        return True
    node = NamedNode(record)
    named = (store.objects(book.source, node, predicate) for predicate in store.predicates(book.source, node))
    return iri.startswith(BASE) and any(store.text(term) == iri for terms in named for term in terms)
