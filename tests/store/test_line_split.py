"""Lines end only at line feeds, so that no text is cut and no part of a text becomes a triple."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scs_kg import store
from scs_kg.contribute.read.draft import merge_ntriples
from scs_kg.store import Literal, NamedNode, Triple
from scs_kg.store.line_split import split_lines

LINE_ENDS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
"""All characters at which ``str.splitlines`` splits."""
SMUGGLED = "<urn:evil> <urn:p> <urn:o> ."
PIECES = st.lists(st.sampled_from([*LINE_ENDS, SMUGGLED, '"', "\\", "#", "<urn:s> <urn:p> ", "a", " ."]), max_size=12)


def test_lines_end_at_line_feeds_only() -> None:
    assert split_lines("a\u2028b\nc\r\n\nd") == ["a\u2028b\n", "c\r\n", "\n", "d"]
    assert split_lines("a\n") == ["a\n"]
    assert split_lines("") == []


@pytest.mark.parametrize("character", LINE_ENDS)
def test_a_line_end_inside_a_text_keeps_the_text_whole(character: str) -> None:
    triple = Triple(NamedNode("urn:s"), NamedNode("urn:p"), Literal(f"z{character}{SMUGGLED}{character}a"))
    merged = merge_ntriples([f"{triple} .\n", f"{triple} .\n"])
    assert store.parse_triples(merged.encode(), "ntriples") == [triple]


@given(st.lists(PIECES.map("".join), min_size=1, max_size=4))
def test_no_text_becomes_a_triple(texts: list[str]) -> None:
    triples = {Triple(NamedNode("urn:s"), NamedNode("urn:p"), Literal(text)) for text in texts}
    merged = merge_ntriples(f"{triple} .\n" for triple in triples)
    assert set(store.parse_triples(merged.encode(), "ntriples")) == triples
