"""A CSV answer has one cell for each variable, regardless of the content of the terms."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from scs_kg.store.csv_result import write_csv
from scs_kg.store.terms import QuerySolutions, Term, text

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"))
IRIS = st.text(st.sampled_from("a1,;'()/é")).map(lambda path: NamedNode("http://example.org/" + path))
TERMS = st.one_of(
    IRIS, TEXTS.map(Literal), TEXTS.map(lambda words: Literal(words, language="zh")), st.integers().map(Literal)
)


def answer_cells(terms: list[Term | None]) -> list[list[str]]:
    """Ask for the terms as one row of a query and parse the CSV of the answer."""
    store, predicate = Store(), NamedNode("http://example.org/is")
    variables = [f"?x{number}" for number in range(len(terms))]
    for number, term in enumerate(terms):
        if term is not None:
            store.add(Quad(NamedNode(f"http://example.org/{number}"), predicate, term))
    patterns = " ".join(f"OPTIONAL {{ <http://example.org/{n}> <{predicate.value}> ?x{n} }}" for n in range(len(terms)))
    return list(
        csv.reader(io.StringIO(written_csv(store, f"SELECT {' '.join(variables)} {{ {patterns} }}"), newline=""))
    )


def written_csv(store: Store, query: str) -> str:
    written, answer = io.BytesIO(), store.query(query)
    assert isinstance(answer, QuerySolutions)
    write_csv(answer, written)
    return written.getvalue().decode()


@given(st.lists(st.one_of(st.none(), TERMS), min_size=1, max_size=5))
def test_each_term_is_one_cell(terms: list[Term | None]) -> None:
    expected = ["" if term is None else text(term) for term in terms]
    assert answer_cells(terms) == [[f"x{number}" for number in range(len(terms))], expected]


def test_a_blank_node_and_a_triple_are_one_cell() -> None:
    header, row = answer_cells([BlankNode("b"), Triple(NamedNode("a:b"), NamedNode("a:c"), Literal("d,e"))])
    assert len(row) == len(header)
    assert row[0].startswith("_:")
    assert row[1] == '<a:b> <a:c> "d,e"'


def test_an_empty_answer_has_a_header() -> None:
    assert written_csv(Store(), "SELECT ?x ?y { ?x ?p ?y }") == "x,y\r\n"
