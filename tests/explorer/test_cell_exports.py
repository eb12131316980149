"""Citations and exports of cells: the formats agree, and the static site has all of them."""

import json
import re
import tarfile
from io import BytesIO
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from scs_kg.analysis.explanation import Explanation
from scs_kg.exchange.nanopub import nanopublication
from scs_kg.explorer.build import build
from scs_kg.explorer.cell_exports import ARCHIVE_FORMS, EXPORT_FORMS, cell_files, tar_archive
from scs_kg.explorer.citation import compact_cell, compact_selection
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.editions import JudgedEdition
from scs_kg.explorer.router import addresses, page
from scs_kg.model.matrix import Mark
from scs_kg.render.citation import cell_result
from scs_kg.render.sentences import selection_sentence


@pytest.fixture(scope="session")
def cells(content: SiteContent) -> dict[str, tuple[JudgedEdition, Explanation]]:
    """Return the explanation of every cell of the invented world, keyed by reading, system and principle."""
    shown = [page(content, address) for address in addresses(content) if re.fullmatch("reading/[^/]+/[^/]+", address)]
    return {
        f"{found.data['folder']}/{explained.principle.id}": (found.data["view"].edition, explained)
        for found in shown
        for explained in (cell.explanation for cell in found.data["cells"])
    }


def unpacked(packed: bytes) -> dict[str, str]:
    """Return the texts of an archive, keyed by path."""
    with tarfile.open(fileobj=BytesIO(packed), mode="r:xz") as files:
        held = {path: files.extractfile(path) for path in files.getnames()}
        return {path: found.read().decode() for path, found in held.items() if found}


def test_a_cell_has_every_format(cells: dict[str, tuple[JudgedEdition, Explanation]]) -> None:
    assert len(cells) > 5
    for name, (edition, explained) in cells.items():
        written = cell_files(edition.publisher, explained)
        assert set(written) == {ending for _, ending in EXPORT_FORMS}
        key = f"scs-kg-{name.replace('/', '-')}"
        assert written["bib"].startswith(f"@misc{{{key},\n")
        csl = json.loads(written["csl.json"])
        assert csl["id"] == key
        cell = explained.cell
        assert csl["custom"]["selection"] == compact_selection(explained.matrix.selection)
        assert csl["custom"]["cell"] == compact_cell(cell)
        assert compact_cell(cell)["of"] == cell.counts.of
        assert csl["title"].endswith(f": {cell_result(explained.matrix, cell)}")
        assert csl["note"] == selection_sentence(explained.matrix.selection)
        assert f"  note = {{{csl['note']}}}" in written["bib"]
        (iri,) = re.findall(r"^@prefix this: <(.*)#> \.$", written["trig"], re.MULTILINE)
        assert written["trig"] == nanopublication(edition.dataset, iri)


def test_turtle_has_the_triples_of_the_nanopublication(
    cells: dict[str, tuple[JudgedEdition, Explanation]],
) -> None:
    for edition, explained in cells.values():
        written = cell_files(edition.publisher, explained)
        quads = parse(written["trig"].encode(), format=RdfFormat.TRIG)
        triples = parse(written["ttl"].encode(), format=RdfFormat.TURTLE)
        assert {quad.triple for quad in quads} == {quad.triple for quad in triples}


def test_an_archive_is_complete_and_reproducible(
    cells: dict[str, tuple[JudgedEdition, Explanation]],
) -> None:
    written = {
        f"{name}.{ending}": text
        for name, (edition, explained) in cells.items()
        for ending, text in cell_files(edition.publisher, explained).items()
    }
    packed = tar_archive(written)
    assert packed == tar_archive(dict(reversed(written.items())))
    assert unpacked(packed) == written


def test_the_site_has_an_archive_of_cells_and_a_file_with_the_citations_of_the_marks_of_each_page(
    cells: dict[str, tuple[JudgedEdition, Explanation]], content: SiteContent, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    build(content, site)
    written = {
        path.relative_to(site / "cell").as_posix(): path.read_text("utf-8") for path in site.glob("cell/*/*.bib")
    }
    built = [page(content, address) for address in addresses(content) if re.fullmatch("reading/[^/]+/[^/]+", address)]
    affected = [
        f"{found.data['folder']}/{cell.explanation.principle.id}"
        for found in built
        for cell in found.data["cells"]
        if not cell.is_silent
    ]
    assert {name for name, (_, found) in cells.items() if any(step.claims for step in found.steps)} <= set(affected)
    assert 0 < len(affected) < len(cells)
    packed = set(unpacked((site / "cell.tar.xz").read_bytes()))
    assert packed == {f"{name}.{ending}" for name in affected for _, ending in ARCHIVE_FORMS}
    expected: dict[str, str] = {}
    for name in affected:
        edition, explained = cells[name]
        if explained.cell.mark is not Mark.NOT_KNOWN:
            page_file = f"{name.rpartition('/')[0]}.bib"
            expected[page_file] = expected.get(page_file, "") + cell_files(edition.publisher, explained)["bib"]
    assert written == expected
    assert sum(text.count("@misc{") for text in written.values()) < len(affected)
