"""The recorded history of a thing: its place in the data, objections, withdrawn statements, changed verdicts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final, TypeVar

from scs_kg.explorer.content import SiteContent
from scs_kg.model.namespaces import BASE
from scs_kg.store.query_library import Row, row_text

ACT: Final = ("date", "reason", "by")
Key = TypeVar("Key")


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

    ``location`` is the file and line of the thing. ``objections`` and ``withdrawn`` (retracted or superseded
    statements) concern the thing itself, or a claim or provision that names it. ``readings`` has the ids of the
    readings of the guideline, or of those that use the criterion. Each reading has a page with all changes of its
    verdicts.
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

    @property
    def withdrawn_by_record(self) -> Mapping[str, tuple[Row, ...]]:
        """Return the withdrawn statements by record (IRI): a record can be retracted and superseded."""
        return _grouped(self.withdrawn, lambda row: row_text(row, "claim"))

    @property
    def withdrawn_by_acts(self) -> tuple[tuple[tuple[str, tuple[Row, ...]], ...], ...]:
        """Return the withdrawn statements with their acts, grouped by the days and kinds of these acts."""
        grouped: dict[tuple[tuple[str, bool], ...], list[tuple[str, tuple[Row, ...]]]] = {}
        for record, rows in self.withdrawn_by_record.items():
            acts = tuple((row_text(row, "date"), bool(row_text(row, "successor"))) for row in rows)
            grouped.setdefault(acts, []).append((record, rows))
        return tuple(map(tuple, grouped.values()))

    @property
    def withdrawn_by_reason(self) -> Mapping[tuple[bool | str, ...], tuple[Row, ...]]:
        """Return the withdrawn statements, grouped by day, kind of act, reason and author."""
        return _grouped(
            self.withdrawn, lambda row: (bool(row_text(row, "successor")), *map(partial(row_text, row), ACT))
        )


def _grouped(rows: Iterable[Row], key: Callable[[Row], Key]) -> Mapping[Key, tuple[Row, ...]]:
    """Group rows by a key, in the order of the rows."""
    found: dict[Key, list[Row]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return {key: tuple(group) for key, group in found.items()}


@lru_cache(maxsize=1)  # a page is rendered in one language after the other
def record_history(content: SiteContent, iri: str) -> RecordHistory:
    """Return the recorded history of a thing."""
    own = content.concerned.get(iri, frozenset())
    using = {row_text(row, "reading") for row in content.grouped("provisions", "criterion").get(iri, ())}

    def concerning(query: str, record: str) -> tuple[Row, ...]:
        groups = content.grouped(query, record).items() if own else ()
        return tuple(row for name, rows in groups if name in own for row in rows)

    return RecordHistory(
        location=content.locations.get(iri, ""),
        objections=concerning("objections", "object"),
        withdrawn=concerning("retracted", "claim"),
        changes=_changes(content, iri),
        readings=tuple(
            choice.reading.id
            for choice in content.choices.values()
            if iri in (choice.reading.iri, choice.guideline.iri)
            or iri.startswith(f"{choice.guideline.iri}/")
            or choice.reading.iri in using
        ),
    )


def _changes(content: SiteContent, iri: str) -> tuple[OutcomeChange, ...]:
    """Return the changes of the verdicts on a system or by a criterion; empty for other things."""
    if not iri.startswith((f"{BASE}system/", f"{BASE}criterion/", f"{BASE}condition/")):
        return ()
    return tuple(
        OutcomeChange(period.since, *content.verdict_keys[period.verdict], period.outcome)
        for period in content.verdict_periods()
        if iri in content.verdict_keys[period.verdict]
    )
