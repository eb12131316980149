"""Every command writes the same bytes each time, in every format, in terminals, pipes and other folders."""

import csv
import io
import json
import os
import pty
import re
import shlex
import subprocess
import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

import pytest
from click.testing import CliRunner
from pyoxigraph import RdfFormat, parse
from rdflib import Variable
from rdflib.query import Result as RdflibResult

from scs_kg import __version__
from scs_kg.cli import COMMANDS, cli
from scs_kg.judging.matrix import compare
from scs_kg.model.matrix import Mark, Scope
from scs_kg.model.namespaces import PREFIXES, SH, local_id
from scs_kg.model.verdicts import OpenReason
from scs_kg.render.documents import Terminal, as_text
from scs_kg.render.labels import localized
from scs_kg.render.table import matrix_table
from scs_kg.rules.engines import Engine, run_fast, run_reference
from scs_kg.store import Dataset, canonical_ntriples
from scs_kg.store.transaction import fingerprint
from tests.cli.test_bad_input import PLACES, PRINCIPLES, alters
from tests.conftest import PAPER, ROOT
from tests.support.answer_digests import digests
from tests.support.commands import run, start
from tests.support.every import every

OF_THEIR_USER: Final = (
    "add",
    "check",
    "decide",
    "judge",
    "link",
    "publish",
    "release",
    "retract",
    "site",
    "supersede",
    "template",
)
SLOW: Final = ("diff", "validate")
UNTIL_STOPPED: Final = ("serve",)  # other tests start and stop them
CELL: Final = ("explain", "gamma", "kindness")
ANSWERS: Final = (
    *[("compare", "--format", form) for form in ("text", "csv", "json", "html", "latex", "markdown")],
    *[("compare", "--published", "--format", form) for form in ("text", "csv", "json", "html", "latex", "markdown")],
    *[(*CELL, "--format", form) for form in ("text", "json", "markdown")],
    *[("whatif", "--without", "book-2001", "--format", form) for form in ("text", "json", "markdown")],
    *[(ranking, "--format", form) for ranking in ("robustness", "settle") for form in ("text", "csv", "json")],
    *[("query", "claims", "--format", form) for form in ("text", "csv", "json", "xml")],
    *[("query", "known", "--format", form) for form in ("text", "turtle")],
    ("query", "--list"),
    *[("export", "--format", form) for form in ("trig", "nquads", "turtle", "jsonld")],
    *[("export", "--inferred", "--format", form) for form in ("trig", "nquads", "turtle", "jsonld")],
)
ESCAPE: Final = re.compile(r"\x1b\[[0-9;]*m")
MARKS: Final = "√×?–"


@cache
def answer(*args: str) -> bytes:
    """Return the output of a command that must succeed."""
    ran = run(*args, seed="1")
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout
    return ran.stdout


def of(world: Path, *args: str) -> str:
    """Return the output of a command on the project folder ``world``."""
    return answer(*args, "--root", str(world)).decode()


def in_terminal(*args: str, **environment: str) -> str:
    """Return the output of a command on a terminal."""
    master, slave = pty.openpty()
    variables = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    command = [sys.executable, "-m", "scs_kg", *args]
    with subprocess.Popen(command, stdout=slave, env={**variables, "COLUMNS": "100", **environment}):
        os.close(slave)
        written = b""
        while piece := _read(master):
            written += piece
    os.close(master)
    return written.decode()


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # reading fails after the other end of the terminal is closed
        return b""


# Help and names


def shown_help(*args: str) -> str:
    """Return what a command prints in this process, where the help is the same as in a process of its own."""
    ran = CliRunner().invoke(cli, args, prog_name="scs-kg")
    assert (ran.exit_code, ran.stderr) == (0, "")
    return ran.stdout


@every("command", COMMANDS)
def test_help_describes_a_command_and_shows_an_example(command: str) -> None:
    text, same = (shown_help(command, option) for option in ("--help", "-h"))
    assert same == text
    assert text.startswith(f"Usage: scs-kg {command} ") or text.startswith(f"Usage: python -m scs_kg {command} ")
    assert re.search(rf"^  Example: scs-kg {command}\b", text, re.MULTILINE)


@pytest.mark.slow
@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in {*OF_THEIR_USER, *UNTIL_STOPPED}])
def test_the_example_of_a_command_works(command: str, shared_world: Path) -> None:
    example = re.search(r"Example: scs-kg (.+)", answer(command, "--help").decode())
    assert example
    small = command in SLOW  # other tests run them on the whole project
    ran = start(*shlex.split(example[1].split(" > ")[0]), cwd=shared_world if small else ROOT)
    assert ran.returncode == 0, ran.stderr.decode()


def test_help_lists_every_command() -> None:
    listed = re.findall(r"^  ([a-z]\w*) {2,}\S", answer("--help").decode(), re.MULTILINE)
    assert tuple(sorted(listed)) == COMMANDS


def test_the_version_is_that_of_the_package() -> None:
    code, ontology, data = answer("--version").decode().splitlines()
    assert (code, ontology) == (f"scs-kg, version {__version__}", f"ontology, version {__version__}")
    assert data == f"data, digest {fingerprint(ROOT)[:12]}"


@pytest.mark.slow
@pytest.mark.parametrize("args", [("compare",), ("explain", "xiamen", "respect-for-privacy"), ("compair",)])
def test_the_script_and_the_module_give_the_same_output_in_any_folder(args: tuple[str, ...], tmp_path: Path) -> None:
    script, module = Path(sys.executable).with_name("scs-kg"), start(*args, cwd=tmp_path)
    environment = {**os.environ, "COLUMNS": "100"}
    ran = subprocess.run([script, *args], capture_output=True, check=False, cwd=tmp_path, env=environment)
    assert (ran.returncode, ran.stdout, ran.stderr) == (module.returncode, module.stdout, module.stderr)
    assert (ran.stdout, ran.stderr).count(b"") == 1


def test_a_root_can_be_given_from_its_own_folder(shared_world: Path) -> None:
    here = run("compare", "--root", ".", cwd=shared_world)
    assert here.stdout.decode() == of(shared_world, "compare")


# The same bytes


REAL_ANSWERS: Final = (
    ("compare", "--format", "json"),
    ("explain", "shenzhen", "respect-for-privacy", "--format", "json"),
    ("whatif", "--without", "schmitz-2017", "--format", "json"),
    ("robustness", "--format", "csv"),
    ("settle", "--format", "json"),
    ("query", "claims", "--format", "xml"),
    ("query", "known", "--format", "turtle"),
    ("export", "--inferred", "--format", "trig"),
)
"""Answers on the real data, each in one format; the other formats have the same rows in the same order."""


@pytest.mark.slow(seconds=15)
def test_two_runs_on_the_real_data_give_the_same_bytes() -> None:
    first, second = (dict(zip(REAL_ANSWERS, digests(REAL_ANSWERS, seed), strict=True)) for seed in ("1", "2"))
    assert [args for args in REAL_ANSWERS if first[args] != second[args]] == []
    assert len(set(first.values())) == len(REAL_ANSWERS)


@pytest.mark.slow
@pytest.mark.parametrize("args", ANSWERS, ids=" ".join)
def test_two_runs_give_the_same_bytes(args: tuple[str, ...], shared_world: Path) -> None:
    root = ("--root", str(shared_world))
    assert run(*args, *root, seed="2").stdout == answer(*args, *root)


# Compare


def test_the_json_of_the_comparison_has_the_documented_keys(shared_world: Path) -> None:
    found = json.loads(of(shared_world, "compare", "--format", "json"))
    assert list(found) == ["guideline", "reading", "asOf", "selection", "systems", "principles", "cells"]
    assert (found["guideline"], found["reading"], found["asOf"]) == ("example-2000", "plain", None)
    assert found["systems"] == [
        {"id": name, "iri": PREFIXES["sys"] + name, "label": name.title()} for name in ("gamma", "alpha", "beta")
    ]
    for thing in found["principles"]:
        assert list(thing) == ["id", "iri", "label"]
        assert thing["iri"].endswith(f"/guideline/example-2000/{thing['id']}")
    across, down = ([thing["id"] for thing in found[axis]] for axis in ("systems", "principles"))
    assert [(cell["principle"], cell["system"]) for cell in found["cells"]] == [(p, s) for p in down for s in across]


KEYS = [
    *("system", "principle", "outcome", "mark", "met", "notMet", "open", "of", "decided", "inapplicable", "why"),
    *("scope", "modes", "onPaper", "criteria", "conditions"),
]


def test_the_cells_of_the_json_have_the_documented_keys(shared_world: Path) -> None:
    found: list[dict[str, Any]] = json.loads(of(shared_world, "compare", "--format", "json"))["cells"]
    for cell in found:
        assert list(cell) == KEYS
        assert cell["outcome"] in {"passed", "failed", "cantTell", "inapplicable"}
        assert cell["mark"] in set(Mark)
        assert cell["why"] in {None, *OpenReason}
        assert cell["met"] + cell["notMet"] == cell["decided"]
        assert cell["decided"] + cell["open"] == cell["of"]
        assert set(cell["scope"]) <= set(Scope)
        assert cell["scope"]
        deciding = [verdict for verdict in cell["criteria"] if verdict["role"] == "deciding"]
        if "outside" not in cell["scope"]:
            assert cell["of"] + cell["inapplicable"] == len(deciding)
        for verdict in cell["criteria"]:
            assert list(verdict) == ["criterion", "role", "outcome", "claims"]
            assert verdict["criterion"].startswith(PREFIXES["crit"])
            assert all(claim.startswith(PREFIXES["claim"]) for claim in verdict["claims"])
    assert any(verdict["claims"] for cell in found for verdict in cell["criteria"])


def test_the_csv_of_the_comparison_agrees_with_the_json(shared_world: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(of(shared_world, "compare", "--format", "csv"), newline="")))
    cells = json.loads(of(shared_world, "compare", "--format", "json"))["cells"]
    assert len(rows) == 9
    for row, cell in zip(rows, cells, strict=True):
        assert {row["guideline"], row["reading"], row["asOf"]} == {"example-2000", "plain", ""}
        for key in ("system", "principle", "outcome", "mark", "met", "notMet", "open", "of", "decided", "onPaper"):
            assert row[key] == str(cell[key])
        assert row["why"] == (cell["why"] or "")
        assert (row["scope"].split(), row["modes"].split()) == (cell["scope"], cell["modes"])
        assert row["claims"].split() == sorted({claim for v in cell["criteria"] for claim in v["claims"]})


def test_the_options_of_the_comparison_select_claims(shared_world: Path) -> None:
    options = ("--guideline", "example-2000", "--reading", "plain", "--as-of", "2002-03-04", "--without", "law-2003")
    found = json.loads(of(shared_world, "compare", "--format", "json", *options))
    assert found["asOf"] == "2002-03-04"
    everything = json.loads(of(shared_world, "compare", "--format", "json"))
    claims = {
        json.dumps(one): {claim for cell in one["cells"] for v in cell["criteria"] for claim in v["claims"]}
        for one in (found, everything)
    }
    assert {claim for claim in claims[json.dumps(found)] if "law-2003" in claim} == set()
    assert found["cells"] != everything["cells"]


class Reader(HTMLParser):
    """Collects the cells of tables, the text, and the open elements."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.rows: list[list[str]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Record the start of an element that is not void."""
        if tag not in {"meta", "link", "br"}:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
            assert tag == "td" or dict(attrs)["scope"] in {"row", "col"}

    def handle_endtag(self, tag: str) -> None:
        """Close the element that was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Store the text, in its cell if it is in a cell."""
        self.text.append(data)
        if self.open and self.open[-1] in {"td", "th"}:
            self.rows[-1][-1] += data


@pytest.mark.parametrize("options", [(), ("--published",)], ids=["derived", "published"])
def test_the_html_of_the_comparison_is_a_page_with_a_table(options: tuple[str, ...], shared_world: Path) -> None:
    page = of(shared_world, "compare", *options, "--format", "html")
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert page.startswith("<!DOCTYPE html>\n<html lang=")
    assert reader.open == []
    assert [row[0] for row in reader.rows] == ["principle", "kindness", "freedom", "beauty"]
    assert len({len(row) for row in reader.rows}) == 1


ODD: Final = r"A<script>alert(1)</script> & 50% $x_1$ #2 {y} ~z ^ \\w |v*"


@pytest.fixture
def odd_world(world: Path) -> Path:
    """Return an invented world in which a system and a principle have labels with many special characters."""
    alters(PLACES, '"Alpha"@en', f'"{ODD}"@en')(world)
    alters(PRINCIPLES, '"kindness"@en', f'"{ODD}"@en')(world)
    return world


@pytest.mark.parametrize("options", [(), ("--published",)], ids=["derived", "published"])
def test_html_escapes_what_labels_contain(options: tuple[str, ...], odd_world: Path) -> None:
    page = of(odd_world, "compare", *options, "--format", "html")
    reader = Reader()
    reader.feed(page)
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; 50%" in page
    assert ODD.replace("\\\\", "\\") in [cell for row in reader.rows for cell in row]


@pytest.mark.parametrize("options", [(), ("--published",)], ids=["derived", "published"])
def test_latex_escapes_what_labels_contain(options: tuple[str, ...], odd_world: Path) -> None:
    text = of(odd_world, "compare", *options, "--format", "latex")
    assert (
        r"A<script>alert(1)</script> \& 50\% \$x\_1\$ \#2 \{y\} \textasciitilde{}z \textasciicircum{} \textbackslash{}w"
    ) in text
    body = text.split(r"\midrule")[1].split(r"\bottomrule")[0]
    rows = [line for line in body.splitlines() if line.strip()]
    assert len(rows) == 3
    columns = len(re.findall(r"(?<!\\)&", text.split(r"\toprule")[1].split(r"\midrule")[0]))
    assert all(len(re.findall(r"(?<!\\)&", row)) == columns and row.endswith(r"\\") for row in rows)
    assert text.count(r"\begin{") == text.count(r"\end{") == 2


@pytest.mark.parametrize("options", [(), ("--published",)], ids=["derived", "published"])
def test_markdown_escapes_what_labels_contain(options: tuple[str, ...], odd_world: Path) -> None:
    text = of(odd_world, "compare", *options, "--format", "markdown")
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) == 5
    assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) == 1
    assert r"A\<script\>alert(1)\</script\> & 50% $x\_1$ \#2 \{y\} ~z ^ \\w \|v\*" in text


@pytest.mark.parametrize("form", ["text", "csv", "markdown", "latex"])
def test_a_line_break_in_a_label_does_not_split_a_row(form: str, world: Path) -> None:
    alters(PRINCIPLES, '"kindness"@en', '"kind\\n\\nness"@en')(world)
    ran = run("compare", "--root", str(world), "--format", form)
    assert b"Traceback" not in ran.stderr
    assert ran.returncode == 1 or b"kind\n" not in ran.stdout.replace(b"\r\n", b"\n")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_no_cell_of_a_csv_is_a_formula(sign: str, world: Path) -> None:
    alters(PRINCIPLES, '"kindness"@en', f'"{sign}1+1"@en')(world)
    text = of(world, "compare", "--published", "--format", "csv")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[1][0] == f"'{sign}1+1"


def test_the_published_table_has_a_row_for_each_principle_in_every_format(shared_world: Path) -> None:
    found = json.loads(of(shared_world, "compare", "--published", "--format", "json"))
    assert list(found) == ["source", "locator", "reading", "selection", "systems", "rows"]
    assert [row["principle"] for row in found["rows"]] == ["kindness", "freedom", "beauty"]
    rows = list(csv.DictReader(io.StringIO(of(shared_world, "compare", "--published", "--format", "csv"), newline="")))
    assert [row["agreement"] for row in rows] == [row["agreement"] for row in found["rows"]]


@pytest.mark.parametrize(
    "root", [pytest.param(ROOT, id="project", marks=pytest.mark.crosscheck), pytest.param(None, id="world")]
)
def test_both_engines_give_the_same_matrix(root: Path | None, shared_world: Path) -> None:
    args = ("compare", "--format", "json", "--root", str(root or shared_world))
    assert answer(*args, "--engine", "pyshacl") == answer(*args, "--engine", "fast") == answer(*args)


def test_both_engines_find_criteria_in_any_file_of_the_ontology(world: Path) -> None:
    before = of(world, "compare")
    (world / "ontology" / "criteria.ttl").rename(world / "ontology" / "demands.ttl")
    for engine in ("fast", "pyshacl"):
        assert run("compare", "--root", str(world), "--engine", engine).stdout.decode() == before


@pytest.mark.parametrize("engine", [run_fast, run_reference])
def test_any_engine_reproduces_the_report_from_facts_and_shapes(
    engine: Engine, shared_world: Path, tmp_path: Path
) -> None:
    ran = run("compare", "--root", str(shared_world), "--shacl-report", str(tmp_path / "report"))
    names = ("facts.ttl", "shapes.ttl", "report.ttl")
    assert ran.stdout.decode() == of(shared_world, "compare")
    assert ran.stderr.decode().splitlines() == [f"wrote {tmp_path / 'report' / name}" for name in names]
    facts, shapes, report = ((tmp_path / "report" / name).read_bytes() for name in names)
    said: dict[str, dict[str, str]] = {}
    for quad in parse(report, format=RdfFormat.TURTLE):
        if quad.predicate.value.startswith(SH):
            said.setdefault(str(quad.subject), {})[local_id(quad.predicate.value)] = getattr(quad.object, "value", "")
    reported = {
        (one["focusNode"], one["sourceShape"], local_id(one["resultSeverity"]))
        for one in said.values()
        if one.get("focusNode", "").startswith(PREFIXES["sys"]) and one.get("sourceShape", "").startswith("http")
    }
    assert len(reported) > 5
    found = engine(canonical_ntriples(facts.decode()), canonical_ntriples(shapes.decode()))
    assert {(one.focus, one.rule, one.severity) for one in found} == reported


# Explain


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
@pytest.mark.parametrize("system", ["alpha", "beta", "gamma"])
def test_an_explanation_cites_each_claim_behind_the_cell(system: str, form: str, shared_world: Path) -> None:
    cells = json.loads(of(shared_world, "compare", "--format", "json"))["cells"]
    (cell,) = [one for one in cells if (one["system"], one["principle"]) == (system, "kindness")]
    claims = {claim for verdict in cell["criteria"] for claim in verdict["claims"]}
    text = of(shared_world, "explain", system, "kindness", "--format", form)
    cited = json.loads(of(shared_world, "explain", system, "kindness", "--format", "json"))["criteria"]
    shown = {claim["claim"]: claim for step in cited for claim in step["claims"]}
    assert set(shown) == claims != set()
    for claim in shown.values():
        for part in (claim["statement"], claim["locator"]):
            assert part in text or part.replace(".", r"\.") in text


def test_an_explanation_names_provisions_and_the_findings_that_would_decide_the_cell(shared_world: Path) -> None:
    found = json.loads(of(shared_world, *CELL, "--format", "json"))
    assert (found["outcome"], found["why"], found["of"]) == ("cantTell", "contested", 2)
    assert {provision["locator"] for step in found["criteria"] for provision in step["provisions"]} == {"rule 1"}
    assert [step["wouldSettle"] for step in found["criteria"] if step["wouldSettle"]]


# Query


def test_a_question_has_the_same_rows_in_every_format(shared_world: Path) -> None:
    forms = {form: of(shared_world, "query", "claims", "--format", form) for form in ("csv", "json", "xml", "text")}
    found = json.loads(forms["json"])
    names = found["head"]["vars"]
    bindings = [[row.get(name, {}).get("value", "") for name in names] for row in found["results"]["bindings"]]
    assert len(bindings) > 10
    assert list(csv.reader(io.StringIO(forms["csv"], newline=""))) == [names, *bindings]
    parsed = RdflibResult.parse(io.BytesIO(forms["xml"].encode()), format="xml")
    assert [[str(row.get(name, "")) for name in map(Variable, names)] for row in parsed.bindings] == bindings
    assert forms["text"].startswith("Claims\n")


def test_a_graph_is_turtle_unless_text_is_requested(shared_world: Path) -> None:
    graph = of(shared_world, "query", "known")
    assert graph == of(shared_world, "query", "known", "--format", "turtle")
    triples = list(parse(graph.encode(), format=RdfFormat.TURTLE))
    assert len(triples) > 10
    table = of(shared_world, "query", "known", "--format", "text")
    assert table.count("scs:hasFeature") == sum(local_id(t.predicate.value) == "hasFeature" for t in triples)


def test_a_parameter_restricts_the_answer(shared_world: Path) -> None:
    rows = [
        of(shared_world, "query", "claims", "--format", "csv", "--param", f"system={value}").splitlines()
        for value in ("gamma", "sys:gamma", f"{PREFIXES['sys']}gamma", f"<{PREFIXES['sys']}gamma>")
    ]
    assert len(rows[0]) == 9
    assert all("/gamma-" in row for row in rows[0][1:])
    assert rows.count(rows[0]) == 4


def test_every_question_is_listed_with_its_parameters(shared_world: Path) -> None:
    text = run("query", "--list", "--format", "text", "--root", str(shared_world), COLUMNS="200").stdout.decode()
    names = [path.stem for path in (ROOT / "queries").glob("*.rq")]
    assert names
    assert all(re.search(rf"^ {name}\b", text, re.MULTILINE) for name in names)
    assert "system (sys:), source (src:)" in text


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("ASK { ?a ?b ?c }", "true\n"),
        ("ASK { <urn:a> <urn:b> <urn:c> }", "false\n"),
        ("SELECT (1 AS ?x) {}", "asked.rq\n\n x\n ─\n 1\n"),
        ("SELECT * { <urn:a> <urn:b> <urn:c> }", "asked.rq\n"),
        ("CONSTRUCT { <urn:a> <urn:b> 1 } {}", "1 .\n"),
        ('SELECT ("\\u001b[31mred" AS ?x) {}', "red\n"),
    ],
    ids=["yes", "no", "one-column", "no-column", "graph", "control-sign"],
)
def test_a_query_from_a_file_is_answered(asked: str, expected: str, shared_world: Path, tmp_path: Path) -> None:
    path = tmp_path / "asked.rq"
    path.write_text(asked, "utf-8")
    text = of(shared_world, "query", str(path))
    assert text.startswith(expected) or text.rstrip("\n").endswith(expected.rstrip("\n"))
    assert "\x1b" not in text


# Export


@pytest.mark.parametrize("inferred", [False, True])
def test_every_format_of_the_export_contains_the_same_graph(inferred: bool, shared_world: Path) -> None:
    options = ("--inferred",) if inferred else ()
    read = {"trig": RdfFormat.TRIG, "nquads": RdfFormat.N_QUADS, "jsonld": RdfFormat.JSON_LD}
    texts = {form: of(shared_world, "export", "--format", form, *options) for form in (*read, "turtle")}
    quads = {form: {str(quad) for quad in parse(texts[form].encode(), format=read[form])} for form in read}
    assert len(quads["nquads"]) > 1000
    assert quads["trig"] == quads["nquads"]
    assert len(quads["jsonld"]) == len(quads["nquads"])
    assert any("ns/earl#Assertion> <" in quad for quad in quads["nquads"]) is inferred
    union = {str(quad.triple) for quad in parse(texts["nquads"].encode(), format=RdfFormat.N_QUADS)}
    assert {str(quad.triple) for quad in parse(texts["turtle"].encode(), format=RdfFormat.TURTLE)} == union


# Terminals, pipes and environments


def test_a_terminal_gets_colour_that_repeats_the_marks(shared_world: Path) -> None:
    shown = in_terminal("compare", "--root", str(shared_world)).replace("\r\n", "\n")
    assert "\x1b[32m√ 2/2" in shown
    assert "\x1b[31m× 2/2" in shown
    plain = "\n".join(line.rstrip() for line in ESCAPE.sub("", shown).splitlines())
    assert plain == of(shared_world, "compare").rstrip("\n")


@pytest.mark.parametrize("args", [("compare",), CELL, ("query", "claims")], ids=" ".join)
def test_output_has_no_colour_in_a_pipe_or_with_no_color(args: tuple[str, ...], shared_world: Path) -> None:
    assert "\x1b" not in of(shared_world, *args)
    assert "\x1b" not in in_terminal(*args, "--root", str(shared_world), NO_COLOR="1")


def marks(table: str) -> list[int]:
    """Return how often each mark occurs in a table; the legend below the table is not counted."""
    return [re.split(r"\n√ passed", table.split("─\n", 1)[1])[0].count(mark) for mark in MARKS]


def test_a_narrow_terminal_loses_no_mark() -> None:
    ran = run("compare", "--root", str(ROOT), COLUMNS="20")
    assert ran.returncode == 0
    text = ran.stdout.decode()
    assert marks(text) == marks(answer("compare", "--root", str(ROOT)).decode())
    assert max(len(line) for line in text.splitlines()) <= 40


@pytest.mark.parametrize("columns", [40, 41, 60, 200])
def test_a_narrow_table_loses_no_mark(columns: int, opened: Dataset) -> None:
    table = matrix_table(localized(opened, compare(opened, selection=PAPER)))
    text = as_text(table, Terminal(columns))
    assert marks(text) == marks(as_text(table, Terminal()))
    assert max(len(line) for line in text.splitlines()) <= columns


@pytest.mark.parametrize("columns", ["0", "1", "many"])
def test_an_invalid_terminal_width_is_ignored(columns: str, shared_world: Path) -> None:
    for args in (("compare",), CELL):
        ran = run(*args, "--root", str(shared_world), COLUMNS=columns)
        assert (ran.returncode, ran.stderr) == (0, b"")
        assert ran.stdout


def test_the_encoding_of_the_environment_does_not_matter(shared_world: Path) -> None:
    for args in (("compare",), CELL, ("query", "--list")):
        ran = start(*args, "--root", str(shared_world), PYTHONIOENCODING="ascii", LC_ALL="C", PYTHONUTF8="0")
        assert ran.stdout.decode() == of(shared_world, *args)
    help_text = start("compare", "--help", PYTHONIOENCODING="ascii", LC_ALL="C", PYTHONUTF8="0")
    assert (help_text.returncode, help_text.stderr) == (0, b"")


@pytest.mark.parametrize(
    "args",
    [
        ("compare",),
        ("compare", "--help"),
        CELL,
        ("query", "claims", "--format", "csv"),
        ("query", "--list"),
        ("export", "--format", "nquads"),
    ],
    ids=" ".join,
)
def test_a_closed_pipe_is_not_an_error(args: tuple[str, ...], shared_world: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    root = () if "--help" in args else ("--root", str(shared_world))
    ran = subprocess.run(
        [sys.executable, "-m", "scs_kg", *args, *root], stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert ran.stderr == b""


@pytest.mark.parametrize("where", [">/dev/full", ">&-"])
def test_output_that_cannot_be_written_is_reported_in_one_line(where: str, shared_world: Path) -> None:
    script = f'exec "$0" -m scs_kg compare --root "$1" {where}'
    ran = subprocess.run(["sh", "-c", script, sys.executable, shared_world], stderr=subprocess.PIPE, check=False)
    assert ran.returncode == 1
    assert ran.stderr.startswith(b"scs-kg: ")
    assert len(ran.stderr.splitlines()) == 1
