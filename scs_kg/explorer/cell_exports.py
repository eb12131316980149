"""Cells in the forms in which they are cited and exported, one by one, and many in an archive."""

import gzip
import json
import tarfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final

from scs_kg.analysis.explain import Explanation
from scs_kg.exchange import nanopub
from scs_kg.explorer.citation import of_cell
from scs_kg.store import Dataset

FORMS: Final = (("bib", "bib"), ("csl", "csl.json"), ("trig", "trig"), ("ttl", "ttl"))
"""Each form by its name among the words of the pages, with the ending of its files."""
CITED: Final = FORMS[:2]
"""Those in which a cell is cited: small enough for the static site to hold them one by one."""


def compact(value: Any) -> str:
    """Return JSON as short as it can be."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def forms(dataset: Dataset, found: Explanation) -> Mapping[str, str]:
    """Return a cell of a judged dataset in each of the forms, by the ending of its file."""
    reference, trig = of_cell(found), nanopub.of_cell(dataset, found.matrix, found.cell)
    return {
        "bib": reference.bibtex,
        "csl.json": compact(reference.csl),
        "trig": trig,
        "ttl": nanopub.in_one_graph(trig),
    }


def archive(written: Mapping[str, str]) -> bytes:
    """Return files, by path, as a tar.gz (POSIX.1-2001 pax; RFC 1952) that is the same for the same files.

    Files of one name stand together, whatever their folder: the cells of a principle share most of their text, and
    gzip looks back no further than 32 KiB.
    """
    packed = BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as files:
        for path in sorted(written, key=lambda path: (path.rpartition("/")[2], path)):
            content, entry = written[path].encode(), tarfile.TarInfo(path)
            entry.size = len(content)
            files.addfile(entry, BytesIO(content))
    return gzip.compress(packed.getvalue(), mtime=0)
