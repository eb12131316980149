"""The Python interface: results equal those of the commands and are frozen, and the graph does not change."""

import doctest
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import scs_kg
from scs_kg.library import graph as module
from scs_kg.library.graph import KnowledgeGraph
from scs_kg.library.result import Result
from scs_kg.model.errors import BadFileError, EngineError, RefusedError, ScsError, UnknownNameError, WrongUseError
from tests.conftest import ROOT
from tests.support.commands import run

COMMANDS: list[tuple[Callable[[KnowledgeGraph], Result], tuple[str, ...]]] = [
    (lambda graph: graph.compare(), ("compare",)),
    (
        lambda graph: graph.compare("example-2000", "plain", systems=["alpha"]),
        ("compare", "--guideline", "example-2000", "--reading", "plain", "--systems", "alpha"),
    ),
    (
        lambda graph: graph.compare(without=["book-2001"], as_of="2005"),
        ("compare", "--without", "book-2001", "--as-of", "2005"),
    ),
    (lambda graph: graph.explain("beta", "kindness"), ("explain", "beta", "kindness")),
    (lambda graph: graph.what_if(without=["book-2001"]), ("whatif", "--without", "book-2001")),
    (
        lambda graph: graph.what_if(without=["book-2001"], as_of="2005", datasets=["tales"]),
        ("whatif", "--without", "book-2001", "--as-of", "2005", "--dataset", "tales"),
    ),
    (lambda graph: graph.what_if(drop=["plain-kindness-no-stocks"]), ("whatif", "--drop", "plain-kindness-no-stocks")),
    (
        lambda graph: graph.what_if(without=["book-2001"], changed=["plain-kindness-no-stocks.role=Supporting"]),
        ("whatif", "--without", "book-2001", "--set", "plain-kindness-no-stocks.role=Supporting"),
    ),
    (lambda graph: graph.robustness(), ("robustness", "--top", "0")),
    (lambda graph: graph.sensitivity(), ("sensitivity", "--top", "0")),
    (lambda graph: graph.next_questions(), ("settle", "--top", "0")),
    (lambda graph: graph.validate(), ("validate",)),
]


@pytest.fixture(scope="module")
def graph(shared_world: Path) -> KnowledgeGraph:
    """Return the invented world, loaded."""
    return scs_kg.load(shared_world)


@pytest.mark.parametrize(
    ("method", "command"), COMMANDS, ids=lambda value: value[0] if isinstance(value, tuple) else ""
)
def test_a_result_has_the_data_of_its_command(
    method: Callable[[KnowledgeGraph], Result], command: tuple[str, ...], graph: KnowledgeGraph
) -> None:
    printed = run(*command, "--format", "json", "--root", str(graph.root))
    assert method(graph).to_dict() == json.loads(printed.stdout)


@pytest.mark.parametrize("method", [method for method, _ in COMMANDS])
def test_a_result_converts_to_data_frames_and_html(
    method: Callable[[KnowledgeGraph], Result], graph: KnowledgeGraph
) -> None:
    found = method(graph)
    records = found.records()
    assert found.to_polars().height == len(found.to_pandas()) == len(records)
    assert all(record.keys() == records[0].keys() for record in records)
    shown = found._repr_html_()
    assert shown.startswith("<table>")
    assert found.table().columns[0] in shown
    assert str(found)


def test_the_changed_cells_of_a_what_if_analysis_are_those_whose_mark_changes(graph: KnowledgeGraph) -> None:
    marks = set()
    for source in ("book-2001", "news-2002", "law-2003"):
        found = graph.what_if(without=[source])
        changed = [record for record in found.records() if record["changed"]]
        assert [(r["reading"], r["principle"], r["system"]) for r in changed] == [
            (place["reading"], place["principle"], place["system"]) for place in found.to_dict()["summary"]["changed"]
        ]
        assert found.table().title == f"{len(changed)} of {found.of} marks would change"
        marks |= {(record["before"], record["after"]) for record in changed}
    assert ("notKnown", "partlyMet") in marks


def test_a_comparison_does_not_change_the_graph(graph: KnowledgeGraph) -> None:
    before = graph.compare("example-2000", "plain")
    graph.compare(systems=["alpha"], without=["book-2001"])
    graph.what_if(without=["book-2001"])
    assert graph.compare("example-2000", "plain") == before
    assert len(before.matrix.systems) > 1


def test_results_are_frozen(graph: KnowledgeGraph) -> None:
    found = graph.compare()
    with pytest.raises(FrozenInstanceError):
        found.matrix = found.matrix  # type: ignore[misc]  # this must fail
    assert hash(found.matrix.selection)


def test_a_query_gives_rows(graph: KnowledgeGraph) -> None:
    systems = graph.query("systems")
    assert "system" in systems.columns
    assert len(systems.rows) == len(systems.to_polars())
    scs = "PREFIX scs: <https://w3id.org/scs-kg/ontology#> "
    assert graph.query(scs + "ASK { ?s a scs:SocialCreditSystem }").rows == (("true",),)
    constructed = graph.query(scs + "CONSTRUCT { ?s a scs:Answer } WHERE { ?s a scs:SocialCreditSystem }")
    assert constructed.columns == ("subject", "predicate", "object")
    assert {row[2] for row in constructed.rows} == {"https://w3id.org/scs-kg/ontology#Answer"}
    assert graph.questions()["systems"]


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("no-such-question", UnknownNameError),
        ("SELECT * { ?s ?p", EngineError),
        ("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }", RefusedError),
        ("SELECT * FROM <http://example.org/other> { ?s ?p ?o }", RefusedError),
    ],
)
def test_a_wrong_query_raises_an_error(query: str, error: type[Exception], graph: KnowledgeGraph) -> None:
    with pytest.raises(error):
        graph.query(query)


@pytest.mark.parametrize(
    "call",
    [
        lambda graph: graph.compare(7),
        lambda graph: graph.explain("alpha", "freedom", 7),
        lambda graph: graph.robustness(7),
        lambda graph: graph.sensitivity(7),
        lambda graph: graph.next_questions(7),
        lambda graph: graph.what_if(without=["book-2001"], guideline=7),
        lambda graph: graph.what_if(drop=["plain-freedom-way-out"], guideline=7),
        lambda graph: graph.query(7),
    ],
)
def test_a_number_is_reported_as_an_unknown_name(
    call: Callable[[KnowledgeGraph], object], graph: KnowledgeGraph
) -> None:
    with pytest.raises(UnknownNameError, match="7"):
        call(graph)


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda graph: graph.compare(("a", "b")), "is not a name, a date or a number"),
        (lambda graph: graph.query(None), "None is not a name, a date or a number"),
        (lambda graph: graph.query("claims", timeout="x"), "timeout is a number of seconds above 0, and not 'x'"),
        (lambda graph: graph.query("claims", timeout=-1), "timeout is a number of seconds above 0, and not -1"),
        (lambda graph: graph.query("claims", timeout=float("nan")), "timeout is a number of seconds above 0"),
        (lambda graph: graph.what_if(5), "files is a list of paths"),
        (lambda graph: graph.what_if("claims.csv"), r"files is a list of paths; write files=\['claims.csv'\]"),
        (lambda graph: graph.what_if([5]), "files is the path of a file or a folder, and not 5"),
        (lambda graph: graph.what_if(criterion=5), "criterion is the path of a file or a folder, and not 5"),
        (lambda _: scs_kg.load(5), "root is the path of a file or a folder, and not 5"),  # type: ignore[arg-type]  # this must fail
    ],
)
def test_an_argument_of_another_type_is_an_error_that_names_it(
    call: Callable[[KnowledgeGraph], object], reason: str, graph: KnowledgeGraph
) -> None:
    with pytest.raises(WrongUseError, match=reason):
        call(graph)


def test_wrong_options_raise_an_error(graph: KnowledgeGraph, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError):
        graph.compare("no-such-guideline")
    with pytest.raises(WrongUseError, match=r"systems is a list of names; write systems=\['alpha'\]"):
        graph.compare(systems="alpha")
    with pytest.raises(WrongUseError, match="needs files of claims"):
        graph.what_if()
    with pytest.raises(WrongUseError, match=r"drop is a list of names; write drop=\['one'\]"):
        graph.what_if(drop="one")
    bad = tmp_path / "bad.csv"
    bad.write_text("id,about\nx,nowhere\n", "utf-8")
    with pytest.raises(BadFileError):
        graph.what_if([bad])


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch, graph: KnowledgeGraph) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(WrongUseError, match=r"pandas is not installed; .*\[notebook\]"):
        graph.compare().to_pandas()


@pytest.mark.slow(seconds=15)
def test_the_examples_in_docstrings_and_in_the_documentation_are_correct(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "load", cache(module.load))  # examples do not change the graph
    for example in (module, scs_kg):
        tried = doctest.testmod(example)
        assert tried.attempted > 0
        assert tried.failed == 0
    tried = doctest.testfile(str(ROOT / "docs" / "library.md"), module_relative=False)
    assert tried.attempted > 10
    assert tried.failed == 0


def test_importing_the_package_is_cheap() -> None:
    code = "import sys, scs_kg; assert scs_kg.__version__; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"pyoxigraph", "rdflib", "polars", "jinja2", "scs_kg.library.graph"} & set(loaded)
    assert {"load", "KnowledgeGraph"} <= set(dir(scs_kg))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = scs_kg.nothing


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"as_of": "x"}, "'x' is not a date; write 2019, 2019-06 or 2019-06-30"),
        ({"as_of": 2018.5}, "2018.5 is not a name, a date or a number"),
        ({"systems": 5}, "systems is a list of names, and not 5"),
        ({"systems": [None]}, "None is not a name, a date or a number"),
        ({"min_confidence": "x"}, "no confidence is called 'x'; known: "),
        ({"kinds": ["x"]}, "no kind of system is called 'x'; known: "),
        ({"guideline": "nowhere"}, "no guideline is called 'nowhere'; known: "),
    ],
)
def test_a_wrong_argument_is_an_error_of_the_library(
    options: dict[str, Any], message: str, graph: KnowledgeGraph
) -> None:
    with pytest.raises(ScsError) as error:
        graph.compare(**options)
    assert str(error.value).startswith(message)


def test_a_number_is_accepted_as_a_name_and_as_a_year(graph: KnowledgeGraph) -> None:
    year: Any = 2010
    assert graph.compare(as_of=year).matrix == graph.compare(as_of="2010").matrix


def test_errors_of_the_library_name_its_arguments_and_methods(graph: KnowledgeGraph) -> None:
    with pytest.raises(ScsError, match=r"questions\(\) lists all$"):
        graph.query("zzz")


def test_an_unknown_engine_is_refused(graph: KnowledgeGraph) -> None:
    with pytest.raises(UnknownNameError, match=r"^no engine is called 'x'; known: fast, pyshacl$"):
        graph.validate("x")
