"""Cells in the formats for citation and export, one by one and as an archive; tables in a ZIP archive."""

import gzip
import json
import lzma
import tarfile
import zipfile
from base64 import b64encode
from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final

from scs_kg.analysis.explanation import Explanation
from scs_kg.exchange.cell_nanopub import CellPublisher
from scs_kg.exchange.nanopub import in_one_graph
from scs_kg.explorer.citation import cell_reference

EXPORT_FORMS: Final = (("bib", "bib"), ("csl", "csl.json"), ("trig", "trig"), ("ttl", "ttl"))
"""Each format: its key in the words of the pages, and its file extension."""
CITATION_FORMS: Final = EXPORT_FORMS[:2]
"""The formats for citation of a source."""
SINGLE_FORMS: Final = EXPORT_FORMS[:1]
"""The formats for which the static site has a file for each cell; the archive has the other formats."""
ARCHIVE_FORMS: Final = EXPORT_FORMS[:3]
"""The formats in the archive of all cells.

Turtle is the nanopublication without its graphs; only a server provides it.
"""
XZ_FILTERS: Final = [{"id": lzma.FILTER_LZMA2, "preset": 3, "dict_size": 1 << 24, "lc": 4, "pb": 0}]
"""A fast preset for text; its dictionary is large enough for the cells of a system, which have much text in common.

The default preset makes the archives a tenth smaller and takes six times as long.
"""


def compact_json(value: Any) -> str:
    """Return JSON without white space."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def packed_json(value: Any) -> str:
    """Return JSON, compressed with gzip, in Base64: a third of the size, and readable without a server."""
    return b64encode(gzip.compress(compact_json(value).encode(), mtime=0)).decode()


def cell_files(publisher: CellPublisher, found: Explanation) -> Mapping[str, str]:
    """Return a cell in each export format, keyed by file extension; ``publisher`` is that of the cell's dataset."""
    written = archive_files(publisher, found)
    return {**written, "ttl": in_one_graph(written["trig"])}


def archive_files(publisher: CellPublisher, found: Explanation) -> Mapping[str, str]:
    """Return a cell in each format of ``ARCHIVE_FORMS``, as ``cell_files`` does."""
    reference = cell_reference(found)
    trig = publisher.publish(found.matrix, found.cell)
    return {"bib": reference.bibtex, "csl.json": compact_json(reference.csl), "trig": trig}


def zip_archive(name: str, content: str) -> bytes:
    """Return a file as a reproducible ZIP archive, which desktop systems open without further software."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as files:
        files.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _alike(path: str) -> tuple[str, str, str]:
    """Return the sort key of a path ``reading/system/principle.extension``; it keeps cells of a system together."""
    _, system, name = path.split("/")
    return name.partition(".")[2], system, path


def tar_archive(written: Mapping[str, str]) -> bytes:
    """Return cells, keyed by path, as a reproducible tar.xz (POSIX.1-2001 pax), in the order of ``_alike``."""
    packed = BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as files:
        for path in sorted(written, key=_alike):
            content, entry = written[path].encode(), tarfile.TarInfo(path)
            entry.size = len(content)
            files.addfile(entry, BytesIO(content))
    return lzma.compress(packed.getvalue(), filters=XZ_FILTERS)
