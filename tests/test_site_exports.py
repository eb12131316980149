"""Cells as they are cited and exported: each form says the same, and the pack of a static site gives each as it was."""

import base64
import gzip
import json
import re

import pytest
from pyoxigraph import RdfFormat, parse

from scs_kg.explain import Explanation
from scs_kg.nanopub import nanopublication
from scs_kg.site.book import open_book
from scs_kg.site.exports import FORMS, Pack, forms
from scs_kg.site.pages import addresses, page
from scs_kg.store import Dataset
from tests.conftest import build_world


@pytest.fixture(scope="session")
def cells(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Dataset, Explanation]]:
    """Return every cell of the invented world that the pages explain, by reading, system and principle."""
    book = open_book(build_world(tmp_path_factory.mktemp("world")))
    shown = [page(book, address) for address in addresses(book) if re.fullmatch("reading/[^/]+/[^/]+", address)]
    return {
        f"{found.data['folder']}/{explained.principle.id}": (found.data["view"].edition.dataset, explained)
        for found in shown
        for explained, _, _ in found.data["explained"]
    }


def test_a_cell_is_written_in_every_form(cells: dict[str, tuple[Dataset, Explanation]]) -> None:
    assert len(cells) > 5
    for name, (dataset, explained) in cells.items():
        written = forms(dataset, explained)
        assert set(written) == {ending for _, ending in FORMS}
        key = f"scs-kg-{name.replace('/', '-')}"
        assert written["bib"].startswith(f"@misc{{{key},\n")
        assert json.loads(written["csl.json"])["id"] == key
        (iri,) = re.findall(r"^@prefix this: <(.*)#> \.$", written["trig"], re.MULTILINE)
        assert written["trig"] == nanopublication(dataset, iri)


def test_turtle_says_what_the_graphs_of_the_nanopublication_say(
    cells: dict[str, tuple[Dataset, Explanation]],
) -> None:
    for dataset, explained in cells.values():
        written = forms(dataset, explained)
        quads = parse(written["trig"].encode(), format=RdfFormat.TRIG)
        triples = parse(written["ttl"].encode(), format=RdfFormat.TURTLE)
        assert {quad.triple for quad in quads} == {quad.triple for quad in triples}


def test_a_pack_gives_each_form_as_it_was_and_is_twice_the_same(
    cells: dict[str, tuple[Dataset, Explanation]],
) -> None:
    packs = [Pack(), Pack()]
    for name, (dataset, explained) in cells.items():
        for pack in packs:
            pack.add(name, forms(dataset, explained))
    assert packs[0].script() == packs[1].script()
    (packed,) = re.findall(r'^const CELLS = "([A-Za-z0-9+/=]+)";\n$', packs[0].script())
    content = json.loads(gzip.decompress(base64.b64decode(packed)))
    assert content["cells"].keys() == cells.keys()
    for name, (dataset, explained) in cells.items():
        written = {ending: text for ending, text in forms(dataset, explained).items() if ending != "ttl"}
        given = {e: "".join(content["blocks"][n] for n in numbers) for e, numbers in content["cells"][name].items()}
        assert given == written
