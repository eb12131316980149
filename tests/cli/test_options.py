"""Tests options: lists, input and output formats, rows, and options of earlier versions."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click import Context, Option
from click.testing import CliRunner

from scs_kg.cli import COMMANDS, SECTIONS, cli
from scs_kg.render.answer import library
from scs_kg.render.query_list import query_list_json
from scs_kg.store import Dataset
from tests.cli.test_bad_input import alters, refusal
from tests.cli.test_cli import in_terminal, of
from tests.contribute.test_actions import HEAD, SOURCE, claim
from tests.support.commands import run
from tests.support.opened_once import printed

PRESENT = '  scs:finding scs:Present ;\n  scs:statement "Alpha gives cake'


def test_help_groups_every_command_once() -> None:
    names = [name for names in SECTIONS.values() for name in names]
    assert sorted(names) == sorted(set(names)) == list(COMMANDS)


@pytest.mark.parametrize(
    ("command", "option"),
    [
        ("compare", "systems"),
        ("compare", "kind"),
        ("compare", "without"),
        ("compare", "dataset"),
        ("whatif", "without"),
    ],
)
def test_a_list_can_be_given_with_commas_or_by_repeating_the_option(
    command: str, option: str, shared_world: Path
) -> None:
    values = {"systems": ("alpha", "beta"), "kind": ("local", "national"), "dataset": ("tales", "tales")}
    one, other = values.get(option, ("law-2003", "news-2002"))
    found = {
        run(command, f"--{option}", *more, "--format", "json", "--root", str(shared_world)).stdout
        for more in ((f"{one},{other}",), (one, f"--{option}", other), (f" {one} , {other},",))
    }
    assert len(found) == 1
    assert b'"cells"' in found.pop()


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("settle", "alpha"), "unexpected: alpha; to choose systems, write --systems alpha"),
        (("compare", "alpha", "beta"), "unexpected: alpha beta; to choose systems, write --systems alpha,beta"),
        (("explain", "alpha", "kindness", "to", "all"), "unexpected: to all; put a name of several words in quotation"),
        (
            ("query", "claims", "system=alpha"),
            "unexpected: system=alpha; to set a parameter, write --param system=alpha",
        ),
        (("query", "claims", "suining"), "unexpected: suining; to set a parameter, write --param system=suining"),
        (("query", "flips", "from=2019", "until=2020"), "to set a parameter, write --param from=2019,until=2020"),
        (("query", "a", "b", "c=d"), "unexpected: b c=d; put a name of several words in quotation marks"),
        (("query", "systems", "alpha"), "unexpected: alpha; put a name of several words in quotation marks"),
        (("query", "cakes", "alpha"), "unexpected: alpha; put a name of several words in quotation marks"),
        (("template", "claim"), "the command takes options only; 'scs-kg template --help' lists them"),
    ],
)
def test_the_error_for_too_many_arguments_says_what_to_write(args: tuple[str, ...], says: str) -> None:
    assert says in refusal(*args, status=2)


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (
            ("compare", "--format", "xlsx"),
            "'xlsx' is not an output format of this command; write csv, which a spreadsheet",
        ),
        (("query", "claims", "--format", "excel"), "or write a workbook with 'scs-kg release'"),
        (("template", "--format", "excel"), "'excel' is not a format; write xlsx"),
        (("check", "-", "--from", "excel"), "'excel' is not a format; write xlsx"),
        (("nanopub", "alpha"), "name a claim, or a system and a principle: scs-kg nanopub alpha PRINCIPLE"),
        (
            ("query", "contest a score"),
            "no query is called 'contest a score'; did you mean challenge? 'scs-kg query --list'",
        ),
        (("query", "clams"), "did you mean claims? 'scs-kg query --list' lists all"),
    ],
)
def test_a_wrong_word_has_an_error_that_says_what_to_write(
    args: tuple[str, ...], says: str, shared_world: Path
) -> None:
    assert says in refusal(*args, "--root", str(shared_world), status=2)


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("link", "places.csv"), "no command of link is called 'places.csv'; known: suggest"),
        (("serve", "--port", "http"), "'http' is not a whole number."),
        (("serve", "--timeout", "soon"), "'soon' is not a number."),
    ],
)
def test_the_error_for_a_wrong_command_or_number_is_plain(args: tuple[str, ...], says: str) -> None:
    assert says in refusal(*args, status=2)


@pytest.mark.parametrize("command", ["settle", "robustness"])
def test_rankings_can_be_limited_to_systems(command: str, shared_world: Path) -> None:
    args = (command, "--format", "json", "--root", str(shared_world))
    every, some = (json.loads(of(shared_world, *args, *more)) for more in ((), ("--systems", "beta")))
    assert {row["system"] for row in some} == {"beta"} < {row["system"] for row in every}


@pytest.mark.parametrize("option", ["guideline", "reading", "systems", "without"])
def test_the_help_of_an_option_names_the_command_that_lists_its_values(option: str, shared_world: Path) -> None:
    command = cli.get_command(Context(cli), "compare")
    assert command is not None
    text = next(str(param.help) for param in command.params if isinstance(param, Option) and param.name == option)
    question = re.search(r"'scs-kg query (\w+)' lists all", text)
    assert question
    assert of(shared_world, "query", question[1], "--format", "csv").count("\n") > 1


def test_parameters_are_separated_by_commas_and_a_value_can_have_a_comma(shared_world: Path) -> None:
    pairs = of(shared_world, "query", "claims", "--format", "csv", "--param", "system=alpha,source=book-2001")
    apart = ("--param", "system=alpha", "--param", "source=book-2001")
    assert pairs == of(shared_world, "query", "claims", "--format", "csv", *apart)
    twice = refusal("query", "claims", "--param", "system=alpha,system=beta", "--root", str(shared_world), status=2)
    assert "--param: 'system' has two values; give one value for each parameter" in twice
    message = refusal("query", "claims", "--param", "system=a,b", "--root", str(shared_world), status=2)
    assert "no system is called 'a,b'" in message


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("check", "-", "--report", "json"), "--report is now --format"),
        (("judge", "x", "--out", "y"), "--out is now --output"),
        (("object", "x", "--ground", "y"), "--ground is now --reason"),
        (("check", "-", "--format", "csv"), "'csv' is an input format; give it with --from csv"),
        (("add", "-", "--format", "turtle"), "'turtle' is an input format; give it with --from turtle"),
        (("query", "claims", "--format", "table"), "'table' is now text"),
        (("compare", "--engine", "formula"), "'formula' is now fast"),
        (("compare", "--root", "nowhere"), "nowhere: there is no such folder"),
        (("decide", "x", "perhaps"), "'perhaps' is not one of 'upheld', 'dismissed'"),
        (("settle", "--top", "few"), "'few' is not a number of rows; give a number, 0 or all"),
        (("query", "--list", "--format", "xml"), "a list cannot be written as xml; use one of text, csv, tsv, json"),
        (("compare", "--lang", "de"), "'de' is not one of 'en', 'zh'"),
        (("serve", "--url", "here"), "'here' is not a web address"),
        (("nanopub", "a", "b", "c"), "name one claim, or one system and one principle"),
        (
            ("compare", "--reading", "nowhere.yaml"),
            "nowhere.yaml: cannot be read: No such file",
        ),
        (("agreement", "--first", "a", "--second", "nowhere.yaml"), "nowhere.yaml: cannot be read: No such file"),
        (("query", "nowhere.rq"), "nowhere.rq: cannot be read: No such file or directory; check the name"),
        (("query", "-"), "standard input is empty; write a query to it, or name a query of the library"),
        (("link", "suggest", "nowhere.csv"), "nowhere.csv: cannot be read: No such file or directory; check the name"),
        (("whatif",), "name a file of claims, or what to leave out"),
    ],
    ids=" ".join,
)
def test_wrong_use_is_reported_with_the_correction(args: tuple[str, ...], says: str) -> None:
    assert says in refusal(*args, status=2)


@pytest.mark.parametrize("command", ["settle", "robustness"])
def test_a_ranking_shows_twenty_rows_and_says_how_many_more_there_are(
    command: str, shared_world: Path, opened: Dataset
) -> None:
    def rows(*options: str) -> tuple[int, int]:
        return counted(run(command, *options).stdout.decode())

    def counted(shown: str) -> tuple[int, int]:
        listed = shown.split("─\n")[1].split("\n\n", maxsplit=1)[0].splitlines()
        more = re.search(r"([\d,]+) more rows; --top all prints them\.", shown)
        return len(listed), int(more[1].replace(",", "")) if more else 0

    small = ("--root", str(shared_world))
    (few, rest), every, zero = rows(*small, "--top", "3"), rows(*small, "--top", "all"), rows(*small, "--top", "0")
    assert 0 < few < every[0]
    assert rest > 0
    assert zero == every == (every[0], 0)
    guideline = ("--guideline", "china-2019")
    whole = json.loads(printed(opened, command, *guideline, "--top", "all", "--format", "json"))
    assert counted(printed(opened, command, *guideline))[1] == len(whole) - 20


# Output formats


@pytest.mark.parametrize("form", ["text", "json", "sarif", "junit", "github"])
def test_validate_writes_problems_as_check_does(form: str, world: Path) -> None:
    alters("data/tales/alpha.ttl", "a scs:Claim", "is a scs:Claim")(world)
    ran = run("validate", "--format", form, "--root", str(world))
    assert (ran.returncode, ran.stderr) == (1, b"")
    assert b"alpha.ttl" in ran.stdout
    if form in {"json", "sarif"}:
        assert json.loads(ran.stdout)


def test_a_change_is_reported_as_json(world: Path, tmp_path: Path) -> None:
    path = tmp_path / "claims.ttl"
    path.write_text(HEAD + claim("beta-door-poem-2004", system="beta", finding="Present") + SOURCE, "utf-8")
    command = ("add", str(path), "--root", str(world), "--dataset", "tales", "--format", "json")
    planned, written, again = (json.loads(run(*command, *more).stdout) for more in (("--dry-run",), (), ()))
    assert planned["dryRun"]
    assert planned["diff"].startswith("--- ")
    assert planned["written"] == written["written"] == again["known"]
    assert again["written"] == []


def test_verdicts_are_counted_as_json(shared_world: Path, world_nquads: Path, tmp_path: Path) -> None:
    command = ("judge", str(world_nquads), "--output", str(tmp_path / "out"), "--root", str(shared_world))
    found = json.loads(run(*command, "--format", "json").stdout)
    assert found["upToDate"] is False
    assert sum(found["verdicts"].values()) > 0
    assert json.loads(run(*command, "--format", "json").stdout) == {**found, "upToDate": True}


# Queries


def test_a_query_can_be_an_argument_or_standard_input(shared_world: Path) -> None:
    text = "SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/scs-kg/ontology#SocialCreditSystem> }"
    assert of(shared_world, "query", text, "--format", "csv").split() == ["n", "3"]
    command = [sys.executable, "-m", "scs_kg", "query", "-", "--format", "csv", "--root", str(shared_world)]
    ran = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
    assert ran.stdout.split() == [b"n", b"3"]
    assert "line 1: " in refusal("query", "SELECT * {", "--root", str(shared_world))


def test_the_list_of_questions_has_a_line_for_each_in_a_pipe_and_a_table_on_a_terminal(shared_world: Path) -> None:
    lines = of(shared_world, "query", "--list").splitlines()
    assert all(line.count("\t") == 1 for line in lines)
    records = json.loads(of(shared_world, "query", "--list", "--format", "json"))
    assert records == query_list_json(library(shared_world))
    assert [line.split("\t") for line in lines] == [[record["name"], record["question"]] for record in records]
    assert "Queries of the library" in in_terminal("query", "--list", "--root", str(shared_world))


# Completion


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("com", "compare"),
        ("compare --guideline example", "example-2000"),
        ("compare --reading sev", "severe"),
        ("compare --dataset tal", "tales"),
        ("compare --systems alpha,ga", "alpha,gamma"),
        ("explain ga", "gamma"),
        ("explain gamma kind", "kindness"),
        ("query matr", "matrix"),
        ("judge --criteria no-st", "no-stocks"),
        ("retract beta-door", "beta-door-book-2001"),
        ("compare --format mark", "markdown"),
    ],
)
def test_the_shell_completes_names(words: str, expected: str, shared_world: Path) -> None:
    root = f" --root {shared_world}" if " " in words else ""
    command, _, rest = words.partition(" ")
    line = f"scs-kg {command}{root}{' ' + rest if rest else ''}"
    variables = {"_SCS_KG_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": str(len(line.split()) - 1)}
    ran = CliRunner().invoke(cli, prog_name="scs-kg", env=variables, complete_var="_SCS_KG_COMPLETE")
    assert f"plain,{expected}" in ran.output.splitlines()


def test_completing_an_unknown_command_is_not_an_error() -> None:
    variables = {"_SCS_KG_COMPLETE": "bash_complete", "COMP_WORDS": "scs-kg compair --", "COMP_CWORD": "2"}
    ran = CliRunner().invoke(cli, prog_name="scs-kg", env=variables, complete_var="_SCS_KG_COMPLETE")
    assert (ran.exit_code, ran.exception) == (0, None)
    assert "plain,compare" not in ran.output


def test_the_group_imports_no_command() -> None:
    code = "import sys, scs_kg.cli; print([name for name in sys.modules if name.startswith('scs_kg.cli.')])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert ran.stdout.decode().strip() == "['scs_kg.cli.command']"
