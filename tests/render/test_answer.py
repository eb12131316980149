"""Tests answers to questions of the library and of files, in every format, within limits, and the list of questions."""

import csv
import json
import re
import time
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse
from rdflib.query import Result

from scs_kg import store
from scs_kg.judging.project import open_judged
from scs_kg.judging.timeline import publish_verdict_periods
from scs_kg.model.errors import (
    BadFileError,
    EmptyInputError,
    EngineError,
    RefusedError,
    ScsError,
    UnknownNameError,
    WrongUseError,
)
from scs_kg.model.namespaces import curie, expand
from scs_kg.render import answer as answers
from scs_kg.render.answer import QueryRequest, answer, listing
from scs_kg.render.documents import Terminal
from scs_kg.store import Dataset, query_library
from tests.conftest import FIXTURE_FOLDER, ROOT, TESTS

GOLDEN = FIXTURE_FOLDER / "questions"
SHOWN = TESTS / "golden" / "questions" / "shown"
ENDLESS = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?s{n} ?p{n} ?o{n} ." for n in range(6)) + " }"

Ask = Callable[..., str]


@pytest.fixture(autouse=True)
def _opened_once(monkeypatch: pytest.MonkeyPatch, judged_world: Dataset) -> None:
    """Open the invented world once for all tests; a query that adds to the data gets a copy."""

    def opened(root: Path) -> Dataset:
        return replace(judged_world) if root == judged_world.root else open_judged(root)

    def published(dataset: Dataset) -> None:
        copy = Store()
        copy.bulk_extend(dataset.quads)
        object.__setattr__(dataset, "quads", copy)
        publish_verdict_periods(dataset)

    monkeypatch.setattr(answers, "open_judged", opened)
    monkeypatch.setattr(answers, "publish_verdict_periods", published)


@pytest.fixture
def ask(shared_world: Path) -> Ask:
    """Return a function that asks a question of the invented world."""

    def asked(name: str, form: str | None = None, **params: str) -> str:
        return answer(shared_world, QueryRequest(name, params, form)).decode()

    return asked


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], str]:
    """Return a function that writes a query file outside of the library."""

    def written(sparql: str) -> str:
        path = tmp_path / "mine.rq"
        path.write_text(sparql, "utf-8")
        return str(path)

    return written


def golden(name: str) -> list[list[str]]:
    """Return the golden answer of a SELECT, header and rows."""
    rows = list(csv.reader((GOLDEN / f"{name}.csv").read_text("utf-8").splitlines()))
    assert len(rows) > 1
    return rows


def long(cell: str) -> str:
    """Return a cell of a golden answer with its full IRI."""
    return expand(cell) or cell


# Formats


@pytest.mark.parametrize("form", [None, "text"])
def test_rows_are_shown_as_a_table(ask: Ask, form: str | None) -> None:
    assert ask("order", form) == (SHOWN / "order.txt").read_text("utf-8")


def test_a_question_without_an_answer_shows_its_header(ask: Ask) -> None:
    assert ask("claims", None, system="alpha", source="law-2003") == (SHOWN / "no-claims.txt").read_text("utf-8")


@pytest.mark.parametrize("width", [40, 200])
def test_a_table_fits_its_terminal(shared_world: Path, width: int) -> None:
    shown = answer(shared_world, QueryRequest("claims", {}, terminal=Terminal(width))).decode()
    assert 0 < max(len(line) for line in shown.splitlines()) <= width


@pytest.mark.parametrize("name", ["systems", "matrix", "evidence", "sources"])
def test_csv_contains_the_rows(ask: Ask, name: str) -> None:
    header, *rows = csv.reader(ask(name, "csv").splitlines())
    assert [header, *rows] == [[long(cell) for cell in row] for row in golden(name)]


def test_a_query_is_evaluated_on_the_graphs_that_it_names(ask: Ask, file: Callable[[str], str]) -> None:
    count = "SELECT (COUNT(*) AS ?n) {} {{ ?s ?p ?o }}"
    graph = "<https://w3id.org/scs-kg/graph/data/sources>"
    inside = ask(file(f"SELECT (COUNT(*) AS ?n) {{ GRAPH {graph} {{ ?s ?p ?o }} }}"), "csv")
    assert ask(file(count.format(f"FROM {graph}")), "csv") == inside
    assert ask(file(count.format("")), "csv") != inside
    with pytest.raises(RefusedError, match="no graph here is called 'file:///etc/passwd'"):
        ask(file(count.format("FROM <file:///etc/passwd>")))


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize("name", ["systems", "matrix", "evidence", "sources"])
def test_standard_formats_contain_the_rows(ask: Ask, name: str, form: str) -> None:
    found = Result.parse(BytesIO(ask(name, form).encode()), format=form)
    assert found.vars is not None
    header, *rows = golden(name)
    assert [str(variable) for variable in found.vars] == header
    said = [[str(row.get(variable, "")) for variable in found.vars] for row in found.bindings]
    assert said == [[long(cell) for cell in row] for row in rows]


@pytest.mark.parametrize("form", [None, "turtle"])
@pytest.mark.parametrize("name", ["known", "bearing", "contradictions"])
def test_a_graph_is_written_as_turtle(ask: Ask, name: str, form: str | None) -> None:
    written = ask(name, form)
    said = sorted(f"{quad.triple} ." for quad in parse(written.encode(), format=RdfFormat.TURTLE))
    assert said == (GOLDEN / f"{name}.nt").read_text("utf-8").splitlines()
    assert "scs:" in written


def test_a_graph_is_shown_as_a_table_of_triples(ask: Ask) -> None:
    assert ask("contradictions", "text") == (SHOWN / "contradictions.txt").read_text("utf-8")


@pytest.mark.parametrize("form", ["csv", "json", "xml"])
def test_a_graph_is_not_written_as_rows(ask: Ask, form: str) -> None:
    with pytest.raises(EngineError, match=f"cannot be written as {form}; use --format turtle"):
        ask("known", form)


def test_rows_are_not_written_as_a_graph(ask: Ask) -> None:
    with pytest.raises(EngineError, match="cannot be written as turtle; use one of csv, json, tsv, xml"):
        ask("systems", "turtle")


@pytest.mark.parametrize(("sparql", "expected"), [("ASK {}", True), ("ASK { FILTER (false) }", False)])
def test_a_boolean_is_written_in_every_format_except_turtle(
    ask: Ask, file: Callable[[str], str], sparql: str, expected: bool
) -> None:
    name, word = file(sparql), str(expected).lower()
    assert ask(name) == ask(name, "text") == word + "\n"
    assert ask(name, "csv").strip() == word
    assert json.loads(ask(name, "json"))["boolean"] is expected
    assert f"<boolean>{word}</boolean>" in ask(name, "xml")
    with pytest.raises(EngineError, match="cannot be written as turtle"):
        ask(name, "turtle")


def test_the_answer_is_the_same_every_time(ask: Ask) -> None:
    assert ask("known", "turtle") == ask("known", "turtle")
    assert ask("evidence", "json") == ask("evidence", "json")


# Questions from files


def test_a_file_needs_no_header_and_no_library(ask: Ask, file: Callable[[str], str]) -> None:
    shown = ask(file("SELECT ?x ?y { BIND (<https://w3id.org/scs-kg/system/alpha> AS ?x) }"))
    assert shown.splitlines()[0] == "mine.rq"
    assert re.findall(r"\S+", "".join(shown.splitlines()[1:]))[:2] == ["x", "y"]
    assert "sys:alpha" in shown


def test_a_file_with_a_header_has_its_title_and_parameters(ask: Ask, file: Callable[[str], str]) -> None:
    name = file(
        "# title: My claims\n# question: Which?\n# param: system (sys:) the system\n"
        "SELECT ?claim { VALUES ?system { UNDEF }\n ?claim <https://w3id.org/scs-kg/ontology#about> ?system ;"
        " <https://w3id.org/scs-kg/ontology#finding> ?finding }\n"
    )
    assert ask(name).splitlines()[0] == "My claims"
    claims = {(row[0], row[1]) for row in golden("claims")[1:]}
    assert len(ask(name, "csv").splitlines()) == 1 + len(claims)
    assert len(ask(name, "csv", system="gamma").splitlines()) == 1 + sum(row[1] == "sys:gamma" for row in claims)


def test_a_file_in_the_folder_is_found_by_its_name(
    ask: Ask, file: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(file("ASK {}")).parent)
    assert ask("mine.rq") == "true\n"


def test_a_query_file_can_use_verdicts(ask: Ask, file: Callable[[str], str], judged_world: Dataset) -> None:
    earl = "http://www.w3.org/ns/earl#"
    shown = ask(file(f"SELECT (COUNT(*) AS ?n) {{ ?verdict a <{earl}Assertion> }}"), "csv")
    verdicts = list(store.subjects(judged_world, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", earl + "Assertion"))
    assert shown.split() == ["n", str(len(verdicts))]
    assert len(verdicts) == 3 * (6 + 2)


@pytest.mark.parametrize("as_file", [True, False])
def test_an_own_query_sees_what_the_service_serves(
    as_file: bool, shared_world: Path, ask: Ask, file: Callable[[str], str]
) -> None:
    text = "SELECT (COUNT(*) AS ?n) { ?thing ?property ?value }"
    served = open_judged(shared_world)
    publish_verdict_periods(served)
    count = len({quad.triple for quad in served.quads})
    if as_file:
        assert ask(file(text), "csv").split() == ["n", str(count)]
    else:
        assert answer(shared_world, QueryRequest("the query", {}, "csv", text=text)).split() == [
            b"n",
            str(count).encode(),
        ]


def test_a_query_file_can_be_a_describe(ask: Ask, file: Callable[[str], str]) -> None:
    assert "sys:alpha" in ask(file("DESCRIBE <https://w3id.org/scs-kg/system/alpha>"))


@pytest.mark.parametrize(
    ("sparql", "rows"), [("SELECT * {}", 1), ("SELECT * { FILTER (false) }", 0), ("SELECT * { <x:a> <x:b> <x:c> }", 0)]
)
def test_rows_without_columns_are_a_valid_answer(ask: Ask, file: Callable[[str], str], sparql: str, rows: int) -> None:
    name = file(sparql)
    assert len(json.loads(ask(name, "json"))["results"]["bindings"]) == rows
    assert ask(name, "xml").count("<result>") + ask(name, "xml").count("<result/>") == rows
    assert ask(name, "text").strip()


@pytest.mark.slow
@pytest.mark.parametrize(
    "sparql",
    [
        "",
        "SELECT",
        "SELECT ?x {\n ?x ?y\n}",
        "SELECT ?x { ?x ex:y ?z }",
        "DELETE WHERE { ?s ?p ?o }",
        "INSERT DATA { <x:a> <x:b> <x:c> }",
        "CLEAR ALL",
        "SELECT (<https://example.org/f>(1) AS ?x) {}",
    ],
)
def test_an_invalid_query_is_refused_in_one_line(ask: Ask, file: Callable[[str], str], sparql: str) -> None:
    with pytest.raises(EngineError, match=r"^the query cannot be answered: ") as caught:
        ask(file(sparql))
    assert "\n" not in str(caught.value)


def test_a_file_that_calls_another_host_is_refused(ask: Ask, file: Callable[[str], str]) -> None:
    with pytest.raises(EngineError, match=r"calls example\.org with SERVICE; allow it with --allow-service HOST"):
        ask(file("SELECT * { SERVICE <https://example.org/> { ?s ?p ?o } }"))


def test_a_parameter_value_can_contain_service(ask: Ask, file: Callable[[str], str]) -> None:
    name = file("# param: word (xsd:string) a word\nSELECT ?word { VALUES ?word { UNDEF } }")
    assert ask(name, "csv", word="SERVICE").split() == ["word", "SERVICE"]


def test_a_query_that_takes_too_long_is_stopped(shared_world: Path, file: Callable[[str], str]) -> None:
    started = time.monotonic()
    with pytest.raises(EngineError, match=r"exceeded its time limit of 0\.3 s"):
        answer(shared_world, QueryRequest(file(ENDLESS), {}, timeout=0.3))
    assert time.monotonic() - started < 2


# Names and parameters


def test_parameters_restrict_the_answer(ask: Ask) -> None:
    rows = list(csv.DictReader(ask("evidence", "csv", system="gamma", reading="reading:plain").splitlines()))
    assert {curie(row["system"]) for row in rows} == {"sys:gamma"}
    assert len(rows) == sum(row[0] == "reading:plain" and row[2] == "sys:gamma" for row in golden("evidence"))


@pytest.mark.parametrize("name", ["clams", "../queries/claims", "queries", ""])
def test_a_wrong_name_is_refused(ask: Ask, name: str) -> None:
    with pytest.raises(UnknownNameError, match="no query is called"):
        ask(name)


def test_a_name_too_long_for_a_file_is_refused_and_shortened_in_the_message(ask: Ask) -> None:
    with pytest.raises(UnknownNameError) as caught:
        ask("x" * 100_000)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("name", ["出版者", "出版"])
def test_the_chinese_titles_of_queries_are_searched(name: str, ask: Ask) -> None:
    with pytest.raises(UnknownNameError, match="did you mean publishers"):
        ask(name)


def test_a_wrong_parameter_is_refused(ask: Ask, file: Callable[[str], str]) -> None:
    with pytest.raises(UnknownNameError, match="no parameter of claims is called 'sistem'; did you mean system"):
        ask("claims", None, sistem="alpha")
    with pytest.raises(UnknownNameError, match="no parameter of mine is called 'system'; known: none"):
        ask(file("ASK {}"), None, system="alpha")


def test_a_wrong_value_is_refused(ask: Ask) -> None:
    with pytest.raises(UnknownNameError, match="no system is called 'al pha'; did you mean alpha"):
        ask("claims", None, system="al pha")
    with pytest.raises(WrongUseError, match=r"^system='.udcff' cannot be used: it is not UTF-8$"):
        ask("claims", None, system="\udcff")


@pytest.mark.parametrize("value", ["gama", "sys:gama", "ex:gamma", "Gam ma", "<https://w3id.org/scs-kg/system/gama>"])
def test_an_unknown_value_is_refused_with_a_suggestion(ask: Ask, value: str) -> None:
    with pytest.raises(UnknownNameError, match=r"no system is called .*gamma"):
        ask("claims", None, system=value)


def test_a_value_without_a_name_is_refused(ask: Ask) -> None:
    with pytest.raises(ScsError):
        ask("claims", None, system="")


def test_a_missing_file_is_refused(ask: Ask, tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="cannot be read"):
        ask(str(tmp_path / "nothing.rq"))


def test_a_folder_named_like_a_query_file_is_refused(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "folder.rq").mkdir()
    with pytest.raises(BadFileError, match="cannot be read"):
        ask(str(tmp_path / "folder.rq"))


def test_a_file_that_is_not_text_is_refused(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "bad.rq").write_bytes(b"ASK {} # \xff")
    with pytest.raises(BadFileError, match="cannot be read"):
        ask(str(tmp_path / "bad.rq"))


# The list


def test_the_list_names_every_question_with_its_parameters() -> None:
    table = listing(ROOT)
    assert table.columns == ("name", "question", "parameters", "other hosts")
    assert [row[0] for row in table.rows] == [
        *query_library.read_all(ROOT),
        *query_library.read_all(ROOT, federated=True),
    ]
    assert {host for row in table.rows for host in row[3].split(", ")} == {
        "",
        "incidentdatabase.ai",
        "publications.europa.eu",
        "query.wikidata.org",
        "sws.geonames.org",
        "w3id.org",
    }
    rows = {name: (asked, params) for name, asked, params, _ in table.rows}
    question = "What do the sources say about the features of a system, and does the claim still count?"
    assert rows["claims"] == (question, "system (sys:), source (src:)")
    assert rows["systems"] == (
        "Which social credit systems are compared, what kind is each, and where does it operate?",
        "",
    )


def test_an_empty_library_has_no_list(tmp_path: Path) -> None:
    with pytest.raises(EmptyInputError, match="contains no query"):
        listing(tmp_path)
