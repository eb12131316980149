"""Language tags are written in their usual case, and no text changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scs_kg.store import Literal, NamedNode, Triple, parse_triples
from scs_kg.store.language_tags import usual_tag, with_usual_tags
from scs_kg.store.serialize import GRAPH_FORMATS, serialize_triples

NAME = NamedNode("https://example.org/name")
TRICKY = ('"@zh-hans', '\\"@zh-hans', 'a "@zh-hans\\', ' xml:lang="zh-hans"', '{"@language":"zh-hans"}', "@zh-hans\n")


@pytest.mark.parametrize(
    ("tag", "usual"), [("en", "en"), ("zh-hans", "zh-Hans"), ("zh-hans-cn", "zh-Hans-CN"), ("de-1996", "de-1996")]
)
def test_a_tag_has_its_usual_case(tag: str, usual: str) -> None:
    assert usual_tag(tag.encode()) == usual.encode()


@pytest.mark.parametrize("form", sorted(GRAPH_FORMATS))
def test_every_graph_format_has_the_tag_of_the_data(form: str) -> None:
    written = serialize_triples([Triple(NAME, NAME, Literal("信用", language="zh-Hans"))], form).decode()
    assert "zh-Hans" in written
    assert "zh-hans" not in written


@given(text=st.text() | st.sampled_from(TRICKY) | st.lists(st.sampled_from(TRICKY)).map("".join))
@pytest.mark.parametrize("form", ["turtle", "ntriples", "jsonld"])
def test_texts_are_the_same_before_and_after(form: str, text: str) -> None:
    triples = [Triple(NAME, NAME, Literal(text, language=tag)) for tag in ("en", "zh-Hans")]
    triples.append(Triple(NAME, NAME, Literal(text)))
    assert set(parse_triples(serialize_triples(triples, form), form)) == set(triples)


def test_the_results_of_queries_have_the_tag_too() -> None:
    assert with_usual_tags(b'?a\n"x"@zh-hans\n', turtle=True) == b'?a\n"x"@zh-Hans\n'
    assert with_usual_tags(b'<literal xml:lang="zh-hans">', turtle=False) == b'<literal xml:lang="zh-Hans">'
    assert with_usual_tags(b'{"xml:lang":"zh-hans"}', turtle=False) == b'{"xml:lang":"zh-Hans"}'
