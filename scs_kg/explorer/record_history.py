"""The recorded history of a thing: its place in the data, objections, withdrawn statements, changed verdicts."""

from dataclasses import dataclass

from scs_kg.explorer.content import SiteContent
from scs_kg.store.query_library import Row, row_text


@dataclass(frozen=True, slots=True)
class OutcomeChange:
    """The outcome of the verdict on a system by a criterion, and the date from which it is valid."""

    since: str
    system: str
    criterion: str
    outcome: str


@dataclass(frozen=True, slots=True)
class RecordHistory:
    """The history of a thing.

    ``location`` is its file and line. ``objections`` and ``withdrawn`` (retracted or superseded statements) concern the
    thing itself, or a claim or provision that names it. ``readings`` has the ids of the readings of the guideline;
    each has a page with all changes of its verdicts.
    """

    location: str
    objections: tuple[Row, ...]
    withdrawn: tuple[Row, ...]
    changes: tuple[OutcomeChange, ...]
    readings: tuple[str, ...]

    @property
    def has_events(self) -> bool:
        """Return whether there is anything to show besides the location."""
        return bool(self.objections or self.withdrawn or self.changes)


def record_history(content: SiteContent, iri: str) -> RecordHistory:
    """Return the recorded history of a thing."""
    changes = (
        OutcomeChange(period.since, *content.verdict_keys[period.verdict], period.outcome)
        for period in content.verdict_periods()
    )
    return RecordHistory(
        location=content.locations.get(iri, ""),
        objections=tuple(
            row for row in content.rows["objections"] if iri in content.concerned[row_text(row, "object")]
        ),
        withdrawn=tuple(row for row in content.rows["retracted"] if iri in content.concerned[row_text(row, "claim")]),
        changes=tuple(change for change in changes if iri in (change.system, change.criterion)),
        readings=tuple(
            choice.reading.id
            for choice in content.choices.values()
            if iri in (choice.reading.iri, choice.guideline.iri) or iri.startswith(f"{choice.guideline.iri}/")
        ),
    )
