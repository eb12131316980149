"""Writes our mappings as a table in the form of SSSOM 1.0: tab-separated, with the set's own data in comments above."""

import csv
import io
from typing import Final

from scs_kg.model.namespaces import BASE, PREFIXES, curie
from scs_kg.store import Dataset, query_library
from scs_kg.store.query_library import row_text

LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
MATCH: Final = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "mapping_justification",
    "object_source",
)
"""The columns of a match, which every table of mappings begins with."""
COLUMNS: Final = (*MATCH, "object_source_version", "comment")
NAMES: Final = ("subject", "predicate", "object", "justification")


def table(dataset: Dataset) -> str:
    """Return all mappings of a dataset to other vocabularies and data sets, in a stable order."""
    rows = query_library.rows(dataset, "mappings")
    short = [{name: _entity(row_text(row, name)) for name in NAMES} for row in rows]
    used = {entity.split(":", 1)[0] for entities in short for entity in entities.values()} & PREFIXES.keys()
    head = [f"#mapping_set_id: {BASE}mappings", f"#license: {LICENCE}", "#curie_map:"]
    head += [f"#  {prefix}: {PREFIXES[prefix]}" for prefix in sorted(used)]
    written = io.StringIO()
    writer = csv.writer(written, delimiter="\t", lineterminator="\n")
    writer.writerow(COLUMNS)
    for row, entity in zip(rows, short, strict=True):
        subject, predicate, target, justification = (entity[name] for name in NAMES)
        rest = [row_text(row, name) for name in ("in", "version", "comment")]
        writer.writerow([subject, row_text(row, "label"), predicate, target, justification, *rest])
    return "".join(f"{line}\n" for line in head) + written.getvalue()


def _entity(iri: str) -> str:
    """Return a CURIE, or the IRI where no prefix of ours fits."""
    return curie(iri).removeprefix("<").removesuffix(">")
