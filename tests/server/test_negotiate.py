"""Content negotiation: q-values, wildcards, combined and malformed headers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scs_kg.server.negotiate import PAGES, ROWS, TRIPLES, choose, ranges

FORMS = {"pages": PAGES, "rows": ROWS, "triples": TRIPLES}


@pytest.mark.parametrize(
    ("accept", "kind", "chosen"),
    [
        (None, "rows", ("json", "application/sparql-results+json")),
        ("", "rows", ("json", "application/sparql-results+json")),
        ("*/*", "triples", ("turtle", "text/turtle")),
        ("text/csv", "rows", ("csv", "text/csv")),
        ("TEXT/CSV", "rows", ("csv", "text/csv")),
        ("text/csv;q=0.4, application/sparql-results+xml;q=0.5", "rows", ("xml", "application/sparql-results+xml")),
        ("text/csv ; q=1 , text/tab-separated-values", "rows", ("csv", "text/csv")),
        ("text/*", "rows", ("xml", "text/xml")),
        ("text/*;q=0.9, text/csv;q=0.1, */*;q=0.2", "rows", ("xml", "text/xml")),
        ("*/*;q=0.1, application/sparql-results+json;q=0", "rows", ("json", "application/json")),
        ("*/*, text/turtle;q=0, application/x-turtle;q=0", "triples", ("ntriples", "application/n-triples")),
        ("application/json", "rows", ("json", "application/json")),
        ("application/json", "triples", ("jsonld", "application/json")),
        (
            'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"',
            "triples",
            ("jsonld", "application/ld+json"),
        ),
        ("application/sparql-results+json,text/turtle", "rows", ("json", "application/sparql-results+json")),
        ("application/sparql-results+json,text/turtle", "triples", ("turtle", "text/turtle")),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "pages", ("html", "text/html")),
        ("text/turtle, application/rdf+xml;q=0.9, */*;q=0.1", "pages", ("turtle", "text/turtle")),
        ("nonsense, text/csv", "rows", ("csv", "text/csv")),
        ("text/csv;q=high", "rows", ("csv", "text/csv")),
        ("nonsense", "rows", ("json", "application/sparql-results+json")),
        ("image/png", "rows", None),
        ("text/csv;q=0", "rows", None),
        ("text/csv;q=0.000, */*;q=0", "rows", None),
    ],
)
def test_the_format_with_the_highest_quality_is_chosen(
    accept: str | None, kind: str, chosen: tuple[str, str] | None
) -> None:
    assert choose(accept, FORMS[kind]) == chosen


@given(st.text(max_size=200))
def test_no_value_of_the_accept_header_causes_an_exception(accept: str) -> None:
    chosen = choose(accept, ROWS)
    assert chosen is None or chosen[1] in ROWS[chosen[0]]


@given(st.lists(st.sampled_from(sorted(t for types in ROWS.values() for t in types)), min_size=1, unique=True))
def test_the_choice_is_accepted_and_has_the_highest_quality(types: list[str]) -> None:
    qualities = {name: round(1 - place / 20, 2) for place, name in enumerate(types)}
    header = ", ".join(f"{name};q={quality}" for name, quality in reversed(qualities.items()))
    chosen = choose(header, ROWS)
    assert chosen is not None
    assert chosen[1] == types[0]


def test_a_media_range_has_a_specificity() -> None:
    assert [(r.type, r.specific, r.quality) for r in ranges("a/b;q=0.5, a/*, */*;q=0")] == [
        ("a/b", 2, 0.5),
        ("a/*", 1, 1.0),
        ("*/*", 0, 0.0),
    ]
