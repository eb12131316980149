"""The addresses of claims and provisions, which have no page and are shown on the page of another thing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from scs_kg.model.namespaces import local_id
from scs_kg.store.query_library import Row, row_text


def anchors(claims: Iterable[Row], provisions: Iterable[Row]) -> Mapping[str, str]:
    """Return the address of each claim (on the page of its source) and provision (on the page of its reading)."""
    found = {
        (iri := row_text(row, "provision")): f"reading/{local_id(row_text(row, 'reading'))}#{local_id(iri)}"
        for row in provisions
    }
    by_source: dict[str, list[Row]] = defaultdict(list)
    for row in claims:
        by_source[local_id(row_text(row, "source"))].append(row)
    for source, own in by_source.items():
        found |= {iri: f"source/{source}#{part}" for iri, part in _fragments(own, source).items()}
    return MappingProxyType(found)


def _fragments(claims: Iterable[Row], source: str) -> Mapping[str, str]:
    """Return the fragment of each claim of a source: its id without the ids of the source and of the system.

    Most claims have the id of their feature as fragment. Claims that would have the same fragment keep the id of the
    system.
    """
    whole = {(iri := row_text(row, "claim")): local_id(iri).removesuffix(f"-{source}") for row in claims}
    systems = {row_text(row, "claim"): f"{local_id(row_text(row, 'system'))}-" for row in claims}
    short = {iri: part.removeprefix(systems[iri]).replace(f"-{source}-", "-") for iri, part in whole.items()}
    counts = Counter(short.values())
    return {iri: part if counts[part] == 1 else whole[iri] for iri, part in short.items()}
