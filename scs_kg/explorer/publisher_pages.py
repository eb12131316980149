"""The pages of publishers: a list by kind, and for each kind a page with the sources and what they support."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.entity_pages import decided_cells, distinct_claims
from scs_kg.explorer.index_pages import claim_counts, source_rows
from scs_kg.explorer.linked import ExternalTarget, external_targets
from scs_kg.explorer.page import Page, publisher_group
from scs_kg.model.errors import UnknownNameError
from scs_kg.store.query_library import Row, row_text


@dataclass(frozen=True, slots=True)
class Publisher:
    """A publisher: its name, its record (an IRI, or empty), its sources, and what they support.

    ``claims`` is the number of claims from the sources. ``systems`` has the number of these claims about each system,
    keyed by IRI. ``cells`` is the number of decided cells that depend on any of them.
    """

    name: str
    record: str
    sources: tuple[Row, ...]
    linked: Mapping[str, tuple[ExternalTarget, ...]]
    claims: int
    systems: Mapping[str, int]
    cells: int


def publishers(content: SiteContent, group: str) -> Page:
    """Build the list of publishers by kind, or the page of one kind, given by its id.

    Raises:
        UnknownNameError: there is no publisher of such a kind.
    """
    by_group = publishers_by_group(content)
    kinds = {name: _kind(content, next(iter(found))) for name, found in by_group.items()}
    if not group:
        return Page("publishers", "publishers", "publishers", {"by_group": by_group, "kinds": kinds})
    if group not in by_group:
        raise UnknownNameError("page", f"publishers/{group}", by_group)
    data = {
        "kind": kinds[group],
        "publishers": [_publisher(content, name, rows) for name, rows in by_group[group].items()],
        "claim_counts": claim_counts(content),
    }
    return Page(f"publishers/{group}", "publishers_of_kind", "publishers", data)


def addresses(content: SiteContent) -> Iterator[str]:
    """Yield the addresses of the pages of publishers of one kind."""
    yield from (f"publishers/{group}" for group in publishers_by_group(content))


def publishers_by_group(content: SiteContent) -> Mapping[str, Mapping[str, tuple[Row, ...]]]:
    """Map the id of each kind of publisher to publishers and their sources; the one with the most sources is first.

    The kind with the most publishers is first, and publishers without a record are last.
    """
    by_name: dict[str, list[Row]] = {}
    for row in source_rows(content):
        if name := row_text(row, "publisher"):
            by_name.setdefault(name, []).append(row)
    found: dict[str, dict[str, tuple[Row, ...]]] = {}
    for name, rows in sorted(by_name.items(), key=lambda item: (-len(item[1]), item[0])):
        found.setdefault(publisher_group(content, name), {})[name] = tuple(rows)
    return dict(sorted(found.items(), key=lambda item: (item[0] == "other", -len(item[1]), item[0])))


def _record(content: SiteContent, name: str) -> Row | None:
    return next(iter(content.grouped("publishers", "name").get(name, ())), None)


def _kind(content: SiteContent, name: str) -> str:
    """Return the kind (an IRI) of a publisher; empty without a record."""
    record = _record(content, name)
    return row_text(record, "kind") if record else ""


def _publisher(content: SiteContent, name: str, sources: tuple[Row, ...]) -> Publisher:
    by_source = content.grouped("claims", "source")
    rows = [row for source in sources for row in by_source.get(row_text(source, "source"), ())]
    claims, record = distinct_claims(rows), _record(content, name)
    iri = row_text(record, "publisher") if record else ""
    supported = decided_cells(content, [row_text(row, "claim") for row in claims])
    return Publisher(
        name=name,
        record=iri,
        sources=sources,
        linked=external_targets(content, iri),
        claims=len(claims),
        systems=dict(Counter(row_text(row, "system") for row in claims).most_common()),
        cells=sum(len(one.cells) for one in supported),
    )
