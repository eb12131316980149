"""References to sources have the fields that BibTeX requires, and addresses as they are."""

import json
import subprocess
from pathlib import Path
from typing import Final

import pytest
import uv

from scs_kg.explorer.citation import CONTAINERS, KINDS, source_reference
from scs_kg.model.namespaces import BASE
from scs_kg.store import Dataset, query_library
from scs_kg.store.query_library import row_text
from tests.support.foreign_tools import VERSIONS

READ: Final = (
    "import bibtexparser, json, sys\n"
    "library = bibtexparser.parse_string(sys.stdin.read())\n"
    "assert not library.failed_blocks, library.failed_blocks\n"
    "print(json.dumps({entry.key: [entry.entry_type, {field.key: field.value for field in entry.fields}]"
    " for entry in library.entries}))\n"
)
"""A program that prints the entries of a BibTeX file as JSON."""


def read_bibtex(text: str, folder: Path) -> dict[str, tuple[str, dict[str, str]]]:
    """Return type and fields of each entry, keyed by citation key, as bibtexparser reads them."""
    command = [uv.find_uv_bin(), "run", "-q", "--no-project", f"--with=bibtexparser=={VERSIONS['bibtexparser']}"]
    script = folder / "read.py"
    script.write_text(READ, "utf-8")
    done = subprocess.run([*command, "python", str(script)], input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {key: (kind, fields) for key, (kind, fields) in json.loads(done.stdout).items()}


@pytest.mark.slow(seconds=20)
def test_bibtexparser_reads_every_source(field: Dataset, tmp_path: Path) -> None:
    rows = {row_text(row, "source").removeprefix(f"{BASE}source/"): row for row in query_library.rows(field, "sources")}
    pages = {key: [row_text(row, "page")] if row_text(row, "page") else [] for key, row in rows.items()}
    found = read_bibtex("".join(source_reference(row, pages[key]).bibtex for key, row in rows.items()), tmp_path)
    assert set(found) == set(rows)
    for key, (kind, fields) in found.items():
        row = rows[key]
        assert kind == KINDS.get(row_text(row, "kind").rpartition("#")[2], ("misc", ""))[0]
        assert fields.get("url", "") == "".join(pages[key])
        assert fields.get("date", "") == row_text(row, "issued")
        published = row_text(row, "publishedIn") or row_text(row, "publisher")
        assert bool(fields.get(CONTAINERS.get(kind, "howpublished"))) is bool(published)
