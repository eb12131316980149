"""Writes mapping sets as SSSOM 1.0 tables: tab-separated values below a commented YAML header.

Every entity is a CURIE whose prefix is in ``curie_map``. The source of an object is the namespace of its IRI, because
SSSOM requires an entity as source. A comment on the set gives the name of each source.
"""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from scs_kg.model.namespaces import BASE, PREFIXES
from scs_kg.store import Dataset, query_library
from scs_kg.store.query_library import row_text

LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
SLOTS: Final = ("subject_id", "subject_label", "predicate_id", "object_id", "mapping_justification", "object_source")
"""The first columns of every table: slots of a mapping (SSSOM 1.0, class Mapping)."""
EVIDENCE: Final = ("author_label", "mapping_date", "confidence", "reviewer_label", "see_also")
"""The slots that say who read the target of a link, when and where, and how certain the link is."""
COLUMNS: Final = (*SLOTS, "object_label", "object_source_version", *EVIDENCE, "comment")
ENTITIES: Final = ("subject_id", "predicate_id", "object_id", "mapping_justification")
"""The slots whose values are entities."""
EXTERNAL: Final[Mapping[str, str]] = {
    "dbr": "http://dbpedia.org/resource/",
    "doi": "https://doi.org/",
    "dpvloc": "https://w3id.org/dpv/loc#",
    "eli": "http://data.europa.eu/eli/",
    "eurlex": "https://eur-lex.europa.eu/eli/",
    "eurovoc": "http://eurovoc.europa.eu/",
    "geonames": "https://sws.geonames.org/",
    "isbn": "urn:isbn:",
    "osm": "https://www.openstreetmap.org/relation/",
    "wd": "http://www.wikidata.org/entity/",
    "wof": "https://spelunker.whosonfirst.org/id/",
}
"""The usual prefixes of data sets that links point to."""


def mappings_table(dataset: Dataset) -> str:
    """Return all mappings of a dataset to other vocabularies and data sets, in a stable order."""
    names = (
        *("subject", "label", "predicate", "object", "justification", "in", "objectLabel", "version"),
        *("author", "date", "confidence", "reviewer", "place", "comment"),
    )
    rows = [tuple(row_text(row, name) for name in names) for row in query_library.rows(dataset, "mappings")]
    return mapping_set("mappings", COLUMNS, rows)


def mapping_set(name: str, columns: Sequence[str], rows: Iterable[Sequence[str]], comment: str = "") -> str:
    """Return a mapping set as a table.

    ``name`` is the last part of the IRI of the set. A row has a value for each column; entities are IRIs, and the
    source of the object is a name. ``comment`` is about the whole set.
    """
    mappings = [dict(zip(columns, row, strict=True)) for row in rows]
    prefixes = _prefixes({_namespace(mapping[slot]) for mapping in mappings for slot in ENTITIES})
    comments = [comment] if comment else []
    comments += [f"Object sources: {named}." for named in [_named_sources(mappings, prefixes)] if named]
    header = [f"mapping_set_id: {BASE}{name}", f"license: {LICENCE}"]
    header += [f"comment: {json.dumps('. '.join(comments), ensure_ascii=False)}"] if comments else []
    used = sorted((prefix, namespace) for namespace, prefix in prefixes.items())
    header += ["curie_map:", *(f"  {prefix}: {_scalar(namespace)}" for prefix, namespace in used)]
    table = io.StringIO()
    writer = csv.DictWriter(table, columns, delimiter="\t", lineterminator="\n")
    writer.writeheader()
    writer.writerows(_contracted(mapping, prefixes) for mapping in mappings)
    return "".join(f"#{line}\n" for line in header) + table.getvalue()


def _scalar(namespace: str) -> str:
    """Return a namespace as a scalar of YAML, in quotation marks if it ends like the key of a mapping."""
    return json.dumps(namespace) if namespace.endswith(":") else namespace


def _contracted(mapping: Mapping[str, str], prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return a mapping with CURIEs instead of IRIs; ``object_source`` is the CURIE of a namespace."""
    curies = {slot: _curie(mapping[slot], prefixes) for slot in ENTITIES}
    return {**mapping, **curies, "object_source": prefixes[_namespace(mapping["object_id"])] + ":"}


def _curie(iri: str, prefixes: Mapping[str, str]) -> str:
    namespace = _namespace(iri)
    return f"{prefixes[namespace]}:{iri.removeprefix(namespace)}"


def _namespace(iri: str) -> str:
    """Return the longest known namespace of an IRI, or else its part up to the last ``#`` or inner ``/``."""
    known = [space for space in (*PREFIXES.values(), *EXTERNAL.values()) if iri.startswith(space) and iri != space]
    if known:
        return max(known, key=len)
    body = iri.rstrip("/")
    return iri[: max(body.rfind("#"), body.rfind("/")) + 1]


def _prefixes(namespaces: Iterable[str]) -> Mapping[str, str]:
    """Return the prefix of each namespace; a namespace without a usual prefix gets ``ns1``, ``ns2`` and so on."""
    usual = {space: prefix for prefix, space in (*PREFIXES.items(), *EXTERNAL.items())}
    other = sorted(set(namespaces) - usual.keys())
    return {space: usual[space] for space in namespaces if space in usual} | {
        space: f"ns{number}" for number, space in enumerate(other, 1)
    }


def _named_sources(mappings: Iterable[Mapping[str, str]], prefixes: Mapping[str, str]) -> str:
    """Return the names of the sources of objects by prefix: ``dpv is DPV, wd is Wikidata``."""
    names: dict[str, set[str]] = defaultdict(set)
    for mapping in mappings:
        names[prefixes[_namespace(mapping["object_id"])]].add(mapping["object_source"])
    return ", ".join(f"{prefix} is {' or '.join(sorted(found))}" for prefix, found in sorted(names.items()))
