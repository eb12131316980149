"""Cells in the formats for citation and export, one by one and as an archive."""

import json
import lzma
import tarfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final

from scs_kg.analysis.explanation import Explanation
from scs_kg.exchange import nanopub
from scs_kg.explorer.citation import cell_reference, release_date
from scs_kg.store import Dataset

EXPORT_FORMS: Final = (("bib", "bib"), ("csl", "csl.json"), ("trig", "trig"), ("ttl", "ttl"))
"""Each format: its key in the words of the pages, and its file extension."""
CITATION_FORMS: Final = EXPORT_FORMS[:2]
"""The formats for citation of a source."""
SINGLE_FORMS: Final = EXPORT_FORMS[:1]
"""The formats for which the static site has a file for each cell; the others are in the archive of the reading."""
XZ_FILTERS: Final = [{"id": lzma.FILTER_LZMA2, "preset": 2, "dict_size": 1 << 23}]
"""A fast preset, with a dictionary that covers most of an archive: the cells of a principle share their text.

The default preset makes the archives a fifth smaller and takes six times as long.
"""


def compact_json(value: Any) -> str:
    """Return JSON without white space."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def cell_files(dataset: Dataset, found: Explanation) -> Mapping[str, str]:
    """Return a cell of a judged dataset in each export format, keyed by file extension."""
    reference = cell_reference(found, release_date(dataset))
    trig = nanopub.of_cell(dataset, found.matrix, found.cell)
    return {
        "bib": reference.bibtex,
        "csl.json": compact_json(reference.csl),
        "trig": trig,
        "ttl": nanopub.in_one_graph(trig),
    }


def tar_archive(written: Mapping[str, str]) -> bytes:
    """Return files, keyed by path, as a reproducible tar.xz (POSIX.1-2001 pax), sorted by name, then by folder."""
    packed = BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as files:
        for path in sorted(written, key=lambda path: (path.rpartition("/")[2], path)):
            content, entry = written[path].encode(), tarfile.TarInfo(path)
            entry.size = len(content)
            files.addfile(entry, BytesIO(content))
    return lzma.compress(packed.getvalue(), filters=XZ_FILTERS)
