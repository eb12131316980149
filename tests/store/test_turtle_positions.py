"""Lines of statements in Turtle texts with any layout."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scs_kg.model.namespaces import RDF
from scs_kg.store.turtle_positions import Position, Statement, positions, statements

TEXT = '''@prefix ex: <http://ex/> .
# ex:not a ex:subject ; ex:p "a comment"
PREFIX other: <http://other/>

ex:one a ex:Thing ;
  ex:says """two
lines ; of . text""" ; ex:has [ ex:inner "x" ; ex:p ex:q ] ,
    ( ex:a ex:b ) ;
  ex:number 1.5 ;
  .
<http://ex/two> ex:p "a # b" ; # a comment ; with a semicolon
  ex:q 2 .
other:three.dots ex:p ex:one.
'''


def test_subjects_and_predicates_have_their_lines() -> None:
    found = [
        (p.subject.removeprefix("http://"), p.subject_line, p.predicate, p.predicate_line) for p in positions(TEXT)
    ]
    assert found[0] == ("ex/one", 5, RDF + "type", 5)
    assert found[1:4] == [
        ("ex/one", 5, "http://ex/says", 6),
        ("ex/one", 5, "http://ex/has", 7),
        ("ex/one", 5, "http://ex/number", 9),
    ]
    assert found[4:] == [
        ("ex/two", 11, "http://ex/p", 11),
        ("ex/two", 11, "http://ex/q", 12),
        ("other/three.dots", 13, "http://ex/p", 13),
    ]


def test_comments_strings_and_nested_shapes_contain_no_subject() -> None:
    text = 'ex:a ex:p "ex:b ex:q ex:c . " , [ ex:r ex:s ] . # ex:d ex:t ex:u .\nex:e ex:p 1 .'
    assert [(p.subject, p.subject_line) for p in positions("PREFIX ex: <urn:>\n" + text)] == [
        ("urn:a", 2),
        ("urn:e", 3),
    ]


def test_blank_node_subjects_have_their_label_if_they_have_one() -> None:
    text = "@prefix ex: <urn:> .\n_:x ex:p 1 .\n[] ex:p 2 .\n[ ex:q 3 ] ex:p 4 ."
    assert [(p.subject, p.subject_line) for p in positions(text)] == [("_:x", 2), ("", 3), ("", 4)]


def test_an_unknown_prefix_stays_as_it_is() -> None:
    assert [p.subject for p in positions("no:such no:thing 1 .")] == ["no:such"]


@given(st.text())
def test_any_text_is_read_to_its_end(text: str) -> None:
    lines = text.count("\n") + 1
    assert all(isinstance(p, Position) and 1 <= p.subject_line <= p.predicate_line <= lines for p in positions(text))


def test_statements_are_returned_with_their_lines() -> None:
    text = (
        "@prefix a: <urn:a/> .\n"
        "# a comment\n"
        "a:b a:c [ a:d ( 1 2 ) ;\n"
        "  a:e '.' ] .\n"
        '<urn:x> a:c """a .\n\n.""" . a:y a:c a:z.\n'
    )
    assert list(statements(text)) == [
        Statement("@prefix a", 1, 1),
        Statement("urn:a/b", 3, 4),
        Statement("urn:x", 5, 7),
        Statement("urn:a/y", 7, 7),
    ]


@pytest.mark.parametrize("text", ["", "# nothing\n", ".", "@prefix", "a:b [ .", "]]] . ."])
def test_invalid_turtle_raises_no_error(text: str) -> None:
    assert all(statement.first <= statement.last for statement in statements(text))
