"""Writes mapping sets as SSSOM 1.0 tables: tab-separated values below a commented YAML header."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from scs_kg.model.namespaces import BASE, PREFIXES, curie
from scs_kg.store import Dataset, query_library
from scs_kg.store.query_library import row_text

LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
SLOTS: Final = ("subject_id", "subject_label", "predicate_id", "object_id", "mapping_justification", "object_source")
"""The slots of a mapping (SSSOM 1.0, class Mapping) that every table begins with."""
COLUMNS: Final = (*SLOTS, "object_source_version", "comment")
ENTITIES: Final = ("subject", "predicate", "object", "justification")


def mappings_table(dataset: Dataset) -> str:
    """Return all mappings of a dataset to other vocabularies and data sets, in a stable order."""
    rows, used = [], set()
    for row in query_library.rows(dataset, "mappings"):
        subject, predicate, target, justification = (entity_id(row_text(row, name)) for name in ENTITIES)
        used |= {entity.split(":", 1)[0] for entity in (subject, predicate, target, justification)}
        rest = [row_text(row, name) for name in ("in", "version", "comment")]
        rows.append((subject, row_text(row, "label"), predicate, target, justification, *rest))
    return mapping_set("mappings", used & PREFIXES.keys(), COLUMNS, rows)


def mapping_set(
    name: str, prefixes: Iterable[str], columns: Sequence[str], rows: Iterable[Sequence[str]], comment: str = ""
) -> str:
    """Return a mapping set as a table; ``prefixes`` are the prefixes of its CURIEs; ``comment`` is about the whole set.

    The name of the set is the last part of its IRI.
    """
    header = [f"#mapping_set_id: {BASE}{name}", f"#license: {LICENCE}"]
    header += [f"#comment: {comment}"] if comment else []
    header += ["#curie_map:", *(f"#  {prefix}: {PREFIXES[prefix]}" for prefix in sorted(prefixes))]
    table = io.StringIO()
    writer = csv.writer(table, delimiter="\t", lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return "".join(f"{line}\n" for line in header) + table.getvalue()


def entity_id(iri: str) -> str:
    """Return the CURIE of an IRI, or the IRI itself if none of our prefixes fits."""
    return curie(iri).removeprefix("<").removesuffix(">")
