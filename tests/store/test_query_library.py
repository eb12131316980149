"""The query library: reading files, and binding parameter values without injection."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scs_kg import store
from scs_kg.model.errors import BadFileError, EmptyInputError, EngineError, ScsError, UnknownNameError
from scs_kg.model.namespaces import PREFIXES
from scs_kg.store import Dataset, Literal, NamedNode, QuerySolutions, query_library
from scs_kg.store.dataset import empty_dataset
from scs_kg.store.query_library import Parameter, Query
from tests.conftest import ROOT

HEAD = "# title: Titles\n# question: What is asked?\n"
XIAMEN = PREFIXES["sys"] + "xiamen"
ONE = Query(
    "one",
    "",
    "",
    (Parameter("system", "sys:", "the system"),),
    'SELECT ?system ?kept { VALUES ?system { UNDEF } BIND ("kept" AS ?kept) }',
)
TWO = Query(
    "two",
    "",
    "",
    (Parameter("first", "xsd:string", "a text"), Parameter("second", "xsd:string", "a text")),
    'SELECT ?first ?second ?kept { VALUES ?first { UNDEF } VALUES ?second { UNDEF } BIND ("kept" AS ?kept) }',
)
HOSTILE = (
    "VALUES ?first { UNDEF }",
    "VALUES ?second { UNDEF }",
    "VALUES ?system { UNDEF }",
    "UNDEF",
    " } ",
    "{ ",
    '"',
    "'",
    '"""',
    "\\",
    "\\u0022",
    "\\u007D",
    "\n",
    "\r",
    "#",
    ">",
    "<",
    "\\1",
    "\\g<1>",
    "SERVICE <https://example.org/>",
    "?s ?p ?o",
)
attempts = st.lists(st.one_of(st.text(), st.sampled_from(HOSTILE)), max_size=5).map("".join)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return the path for a query file."""
    return tmp_path / "asked.rq"


def written(path: Path, text: str) -> Path:
    """Write a query file."""
    path.write_text(text, "utf-8")
    return path


def answers(sparql: str) -> list[tuple[store.Term | None, ...]]:
    """Answer a SELECT on an empty dataset."""
    found = store.run_query(empty_dataset(), sparql)
    assert isinstance(found, QuerySolutions)
    return [tuple(row) for row in found]


# Reading


def test_a_file_is_read_with_its_header(file: Path) -> None:
    text = HEAD + "# param: system (sys:) the system\n# A remark: no field.\nSELECT * { VALUES ?system { UNDEF } }\n"
    expected = Query("asked", "Titles", "What is asked?", (Parameter("system", "sys:", "the system"),), text)
    assert query_library.read(written(file, text)) == expected


def test_line_ends_of_every_operating_system_are_accepted(file: Path) -> None:
    file.write_bytes(
        (HEAD + "# param: day (xsd:date) a day\nASK { VALUES ?day { UNDEF } }\n").replace("\n", "\r\n").encode()
    )
    found = query_library.read(file)
    assert (found.title, found.question) == ("Titles", "What is asked?")
    assert found.params == (Parameter("day", "xsd:date", "a day"),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# question: What?\nASK {}\n", "has no '# title:' line"),
        ("# title: Titles\nASK {}\n", "has no '# question:' line"),
        ("ASK {}\n", "start the file with '# title:' and '# question:' lines"),
        ("", "start the file with '# title:' and '# question:' lines"),
        ("# title:\n# question: What?\nASK {}\n", "has no '# title:' line"),
        (
            HEAD + "# param: system\nASK { VALUES ?system { UNDEF } }\n",
            "a malformed parameter 'system'; write '# param:",
        ),
        (HEAD + "# param: system (sys:)\nASK { VALUES ?system { UNDEF } }\n", "a malformed parameter 'system (sys:)'"),
        (HEAD + "# param: system the system\nASK {}\n", "a malformed parameter 'system the system'"),
        (HEAD + "# param: system (sys:) it\nASK {}\n", "declares the parameter system and has no 'VALUES ?system {"),
        (HEAD + "# param: sys (sys:) it\nASK { VALUES ?system { UNDEF } }\n", "declares the parameter sys and has no"),
        (HEAD + "# param: system (sys:) it\nASK { VALUES ?system {} }\n", "declares the parameter system and has no"),
    ],
)
def test_a_wrong_header_is_refused_with_file_and_line(file: Path, text: str, said: str) -> None:
    with pytest.raises(BadFileError, match=re.escape(said)) as caught:
        query_library.read(written(file, text))
    assert str(caught.value).startswith(f"{file}:1: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("bad", [b"\xff\xfe", b"# title: \xe9\n"])
def test_a_file_that_is_not_utf_8_is_refused(file: Path, bad: bytes) -> None:
    file.write_bytes(bad)
    with pytest.raises(BadFileError, match="cannot be read"):
        query_library.read(file, bare=True)


def test_a_missing_file_is_refused(file: Path) -> None:
    with pytest.raises(BadFileError, match="cannot be read"):
        query_library.read(file)


def test_a_bare_file_needs_no_header(file: Path) -> None:
    found = query_library.read(written(file, "ASK {}\n"), bare=True)
    assert found == Query("asked", "asked.rq", "", (), "ASK {}\n")


def test_a_bare_file_with_a_header_keeps_it(file: Path) -> None:
    found = query_library.read(
        written(file, HEAD + "# param: day (xsd:date) a day\nASK { VALUES ?day { UNDEF } }\n"), bare=True
    )
    assert found.title == "Titles"
    assert [param.name for param in found.params] == ["day"]
    with pytest.raises(BadFileError, match="declares the parameter day"):
        query_library.read(written(file, "# param: day (xsd:date) a day\nASK {}\n"), bare=True)


def test_a_parameter_of_an_unknown_prefix_is_refused(file: Path) -> None:
    text = HEAD + "# param: it (nowhere:) it\nASK { VALUES ?it { UNDEF } }\n"
    with pytest.raises(ScsError, match="nowhere"):
        query_library.bind(query_library.read(written(file, text)), {"it": "x"})


# The library


def test_the_library_has_every_file_by_its_name() -> None:
    files = sorted(path.stem for path in (ROOT / "queries").iterdir() if path.is_file())
    assert files
    assert list(query_library.read_all(ROOT)) == files
    assert all(found.name == name for name, found in query_library.read_all(ROOT).items())


def test_an_empty_library_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EmptyInputError, match="contains no query; give the project folder with --root"):
        query_library.read_all(tmp_path)
    with pytest.raises(EmptyInputError):
        query_library.find(tmp_path, "claims")


def test_a_bad_file_in_the_library_is_named(world: Path) -> None:
    bad = written(world / "queries" / "bad.rq", "ASK {}\n")
    with pytest.raises(BadFileError, match=re.escape(str(bad))):
        query_library.read_all(world)


def test_a_question_is_found_by_its_name() -> None:
    assert query_library.find(ROOT, "claims").name == "claims"


@pytest.mark.parametrize(
    ("name", "offer"),
    [
        ("clams", "did you mean claims"),
        ("../queries/claims", "did you mean claims"),
        ("claims.rq", "did you mean claims"),
        ("", "; 'scs-kg query --list' lists all"),
        ("zzz", "; 'scs-kg query --list' lists all"),
        (".", "; 'scs-kg query --list' lists all"),
        ("a\0b", "; 'scs-kg query --list' lists all"),
    ],
)
def test_a_wrong_name_is_refused_with_a_suggestion(name: str, offer: str) -> None:
    with pytest.raises(UnknownNameError, match=re.escape(offer)):
        query_library.find(ROOT, name)


def test_a_name_too_long_for_a_file_is_a_wrong_name() -> None:
    with pytest.raises(UnknownNameError):
        query_library.find(ROOT, "x" * 5000)


# Binding


@pytest.mark.parametrize("given_as", ["xiamen", "sys:xiamen", XIAMEN, f"<{XIAMEN}>"])
def test_an_iri_can_be_given_in_four_ways(given_as: str) -> None:
    assert answers(query_library.bind(ONE, {"system": given_as})) == [(NamedNode(XIAMEN), Literal("kept"))]


@pytest.mark.parametrize(
    ("given_as", "iri"),
    [
        ("feat:opt-out", PREFIXES["feat"] + "opt-out"),
        ("https://example.org/a?b#c", "https://example.org/a?b#c"),
        ("<urn:example:a>", "urn:example:a"),
        ("厦门", PREFIXES["sys"] + "厦门"),
    ],
)
def test_any_iri_can_be_given(given_as: str, iri: str) -> None:
    assert answers(query_library.bind(ONE, {"system": given_as})) == [(NamedNode(iri), Literal("kept"))]


@pytest.mark.parametrize(
    "value", ["a b", "a>b", "a}b", "a\nb", 'a"b', "a\\b", "a\0b", "<a>", "<>", "<x:y> . ?s ?p <x:z>", "\ud800"]
)
def test_an_invalid_iri_is_refused(value: str) -> None:
    with pytest.raises(EngineError, match=r"system=.* cannot be used"):
        query_library.bind(ONE, {"system": value})


@pytest.mark.parametrize("value", ["2019-06-30", "2019-06-30Z"])
def test_a_literal_gets_the_type_of_its_parameter(file: Path, value: str) -> None:
    text = HEAD + "# param: day (xsd:date) a day\nSELECT ?day { VALUES ?day { UNDEF } }\n"
    (row,) = answers(query_library.bind(query_library.read(written(file, text)), {"day": value}))
    assert row == (Literal(value, datatype=NamedNode(PREFIXES["xsd"] + "date")),)


@pytest.mark.parametrize(("type_", "value"), [("xsd:date", "yesterday"), ("xsd:integer", "1 or 2"), ("xsd:date", "")])
def test_a_literal_that_is_invalid_for_its_type_is_refused(file: Path, type_: str, value: str) -> None:
    text = HEAD + f"# param: it ({type_}) it\nSELECT ?it {{ VALUES ?it {{ UNDEF }} }}\n"
    with pytest.raises(EngineError, match=r"it=.* cannot be used"):
        query_library.bind(query_library.read(written(file, text)), {"it": value})


def test_a_parameter_without_a_value_stays_unbound() -> None:
    assert query_library.bind(ONE, {}) == ONE.sparql
    assert answers(query_library.bind(TWO, {"second": "x"})) == [(None, Literal("x"), Literal("kept"))]


def test_the_value_of_a_parameter_is_replaced_everywhere(file: Path) -> None:
    head = HEAD + "# param: a (sys:) a\n# param: ab (sys:) ab\nPREFIX sys: <x:>\n"
    body = (
        "SELECT ?a ?ab {\n  { VALUES ?a { sys:b\n sys:c } } UNION { VALUES ?a { UNDEF } }\n  VALUES ?ab { UNDEF }\n}\n"
    )
    found = query_library.read(written(file, head + body))
    one = NamedNode(PREFIXES["sys"] + "one")
    assert answers(query_library.bind(found, {"a": "one"})) == [(one, None), (one, None)]


def test_an_unknown_parameter_is_refused_with_a_suggestion() -> None:
    with pytest.raises(UnknownNameError, match="no parameter of one is called 'sistem'; did you mean system"):
        query_library.bind(ONE, {"sistem": "xiamen"})


@given(attempts)
@example(f"<{XIAMEN}> UNDEF")
@example("<x:y> } ?s ?p ?o . VALUES ?system { <x:y>")
@example("x:y> } #")
def test_no_value_of_an_iri_parameter_changes_the_rest_of_the_query(value: str) -> None:
    try:
        bound = query_library.bind(ONE, {"system": value})
    except ScsError:
        return
    ((system, kept),) = answers(bound)
    assert isinstance(system, NamedNode)
    assert bound == ONE.sparql.replace("UNDEF", str(system))
    assert kept == Literal("kept")


@given(attempts, attempts)
@example("VALUES ?second { UNDEF }", "z")
@example("z", "VALUES ?first { UNDEF }")
@example("VALUES ?second { UNDEF }", " } LIMIT 0 #")
@example('\\1 " } { \n\r\t', "'''")
def test_no_value_of_a_text_parameter_changes_the_rest_of_the_query(first: str, second: str) -> None:
    bound = query_library.bind(TWO, {"first": first, "second": second})
    assert answers(bound) == [(Literal(first), Literal(second), Literal("kept"))]


# Asking


def test_rows_have_every_variable_and_none_for_unbound_ones(judged_world: Dataset) -> None:
    rows = query_library.rows(judged_world, "levels")
    assert [list(row) for row in rows] == [
        ["region", "label", "level", "source", "claim", "corrected", "correctedLevel"]
    ]
    (sources,) = [
        row for row in query_library.rows(judged_world, "sources") if str(row["source"]).endswith("news-2002>")
    ]
    assert sources["title"] is None
    assert sources["creator"] == Literal("Reporter, R.")


def test_rows_take_parameters(judged_world: Dataset) -> None:
    rows = query_library.rows(judged_world, "claims", system="gamma", source="src:law-2003")
    assert [store.text(row["claim"] or Literal("")) for row in rows] == [
        PREFIXES["claim"] + "gamma-cake-law-2003",
        PREFIXES["claim"] + "gamma-gossip-law-2003",
        PREFIXES["claim"] + "gamma-ledger-law-2003",
    ]


def test_triples_answer_a_construct(judged_world: Dataset) -> None:
    assert len(query_library.triples(judged_world, "contradictions")) == 2


def test_the_wrong_kind_of_question_is_refused(judged_world: Dataset) -> None:
    with pytest.raises(EngineError, match=r"queries/known\.rq: must be a SELECT"):
        query_library.rows(judged_world, "known")
    with pytest.raises(EngineError, match=r"queries/claims\.rq: must be a CONSTRUCT"):
        query_library.triples(judged_world, "claims")
