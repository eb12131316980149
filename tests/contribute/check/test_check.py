"""Checks of drafts: each problem has its rule and position, with either engine and in every report format."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import fromstring

import pytest

from scs_kg import store
from scs_kg.contribute.check import CheckContext, check, check_context
from scs_kg.contribute.check.neighbourhood import neighbourhood
from scs_kg.contribute.read import Draft, read_draft, reading_context
from scs_kg.contribute.read.kinds import is_evidence
from scs_kg.contribute.report import ValidationReport
from scs_kg.model.errors import EngineError
from scs_kg.model.namespaces import PREFIXES, expand
from scs_kg.model.problem import Problem
from scs_kg.render.language import messages_in
from scs_kg.render.problems import REPORTS, shown
from scs_kg.render.rule_texts import localized_report
from scs_kg.rules import engines
from scs_kg.store import Dataset, parse_triples
from scs_kg.store.serialize import asserted_ntriples
from tests.conftest import FIXTURE_FOLDER, ROOT
from tests.contribute.check.test_field_words import OF_TURTLE
from tests.rules.test_rules import FIXTURES, NAMED, carriers, expected, folder_of, name, reachable

TODAY: Final = "2026-11-25"
FOLDER: Final = FIXTURE_FOLDER / "check"
ENDINGS: Final = {"text": "txt", "json": "json", "sarif": "sarif", "junit": "xml", "github": "github"}
DRAFT: Final = "https://w3id.org/scs-kg/draft"
HEAD: Final = "".join(
    f"@prefix {p}: <{PREFIXES[p]}> .\n" for p in ("claim", "crit", "feat", "scs", "src", "sys", "xsd")
)
CAKE_BY_RULE: Final = """feat:cake ; scs:finding scs:Present ;
  scs:mode scs:DeJure"""
SOUND: Final = f"""claim:new a scs:Claim ; scs:about sys:beta ; scs:feature {CAKE_BY_RULE} ;
  scs:statement "Beta gives cake to singers."@en ;
  scs:source src:law-2003 ; scs:locator "rule 9" ."""


@pytest.fixture(scope="module")
def prepared(shared_world: Path) -> CheckContext:
    """Return the rules of the invented world."""
    return check_context(reading_context(store.load(shared_world)))


def found(prepared: CheckContext, turtle: str, engine: engines.Engine = engines.run_fast) -> tuple[Problem, ...]:
    """Return the problems of a draft in Turtle."""
    draft = read_draft(prepared.reading, "new.ttl", content=(HEAD + turtle).encode())
    return check(prepared, [draft], TODAY, engine).problems


def test_a_sound_claim_has_no_problem(prepared: CheckContext) -> None:
    assert found(prepared, SOUND) == ()


@pytest.mark.parametrize(
    ("old", "new", "rule", "near"),
    [
        ("sys:beta", "sys:betta", "ClaimAbout", ("beta",)),
        ("feat:cake", "feat:cakes", "ClaimFeature", ("cake",)),
        ("src:law-2003", "src:law-2030", "StatementSource", ("law-2003",)),
        ("scs:Present", "scs:Presnt", "ClaimFinding", ("Present",)),
        ('scs:locator "rule 9"', 'scs:locater "rule 9"', "ClaimShape", ("locator",)),
        (' ; scs:locator "rule 9"', "", "StatementLocator", ()),
        ("claim:new", "claim:New", "ClaimShape", ()),
        ("a scs:Claim", "a scs:Claim , scs:Criterion", "ProposalType", ()),
        (
            CAKE_BY_RULE,
            CAKE_BY_RULE.replace("cake", "door").replace("DeJure", "DeFacto"),
            "DraftContradictionShape",
            (),
        ),
        ('"rule 9"', '"rule 9" ; scs:asOf "2027"^^xsd:gYear', "DraftDatesShape", ()),
        ('"rule 9"', '"rule 9" ; scs:asOf "2004"^^xsd:gYear', "StatementAfterSourceShape", ()),
        ('"rule 9"', '"rule\\u202E 9"', "DraftHiddenShape", ()),
        ("gives cake", "g\\u0456ves cake", "DraftLookAlikeShape", ()),
    ],
)
def test_a_mistake_is_reported_by_its_rule_with_similar_names(
    old: str, new: str, rule: str, near: tuple[str, ...], prepared: CheckContext
) -> None:
    assert old in SOUND
    problems = {p.rule.removeprefix("integrity:"): p for p in found(prepared, SOUND.replace(old, new, 1))}
    assert rule in problems
    assert problems[rule].near[:1] == near
    assert problems[rule].line


@pytest.mark.parametrize(
    "turtle",
    [
        '<https://w3id.org/scs-kg/search/alpha> scs:locator "p. 1" .',
        'scs:Claim scs:locator "p. 1" .',
        '<https://w3id.org/scs-kg/dataset/tales> scs:locator "p. 1" .',
        "<https://example.org/x> a scs:Claim .",
        "<https://w3id.org/scs-kg/verdict/alpha-x> a scs:Source .",
        "<https://w3id.org/scs-kg/integrity#ClaimShape> <http://www.w3.org/ns/shacl#deactivated> true .",
    ],
)
def test_a_draft_can_only_describe_records_of_certain_kinds(turtle: str, prepared: CheckContext) -> None:
    problems = found(prepared, turtle)
    assert "integrity:ProposalShape" in {p.rule for p in problems if p.severity == "Violation"}


def test_an_existing_record_can_be_restated_but_not_altered(prepared: CheckContext) -> None:
    whole = (ROOT / "tests/fixtures/world/data/tales/beta.ttl").read_text("utf-8")
    again = read_draft(prepared.reading, "beta.ttl", content=whole.encode())
    problems = check(prepared, [again], TODAY).problems
    restated = [p for p in problems if p.rule == "integrity:Restatement"]
    assert {p.severity for p in restated} == {"Info"}
    assert len(restated) == whole.count(" a scs:Claim")
    assert not [p for p in problems if p.severity == "Violation"]
    other = found(prepared, 'claim:beta-door-book-2001 scs:locator "p. 11" .')
    assert [p.rule for p in other] == ["integrity:Alteration"]


def test_a_claim_can_use_a_source_from_another_file(prepared: CheckContext) -> None:
    claim = read_draft(prepared.reading, "a.ttl", content=(HEAD + SOUND.replace("law-2003", "new-2004")).encode())
    source = b"sources:\n- {id: new-2004, title: New, creator: N., kind: law, verification: verified}\n"
    beside = read_draft(prepared.reading, "b.yaml", content=source)
    assert {p.rule for p in check(prepared, [claim], TODAY).problems} == {"integrity:StatementSource"}
    assert check(prepared, [claim, beside], TODAY).problems == check(prepared, [beside, claim], TODAY).problems == ()


def test_an_unreadable_value_is_reported_once(prepared: CheckContext) -> None:
    table = b"system,feature,finding,mode,statement,source,locator\n"
    table += b"=beta,cake,Present,DeJure,Beta gives much cake.,law-2003,p. 1\n"
    (problem,) = check(prepared, [read_draft(prepared.reading, "x.csv", content=table)], TODAY).problems
    assert (problem.rule, problem.place) == ("integrity:FileTexts", "x.csv:2:1")


@pytest.mark.parametrize("date", ["March 2019", "2004-13", "2001-02-30", "0000", "0000-01", "0", "yesterday"])
@pytest.mark.parametrize("form", ["yaml", "csv"])
def test_an_invalid_date_is_reported_once(date: str, form: str, prepared: CheckContext) -> None:
    said = {"system": "beta", "feature": "cake", "finding": "Present", "mode": "DeJure"}
    values = {**said, "statement": "Beta gives much cake.", "source": "law-2003", "locator": "p. 1", "asOf": date}
    table = f"{','.join(values)}\n{','.join(values.values())}\n"
    written = {"csv": table, "yaml": f"claims: [{json.dumps(values)}]\n"}[form]
    (problem,) = check(prepared, [read_draft(prepared.reading, f"x.{form}", content=written.encode())], TODAY).problems
    assert (problem.rule, problem.severity) == ("integrity:StatementAsOf", "Violation")
    assert "there is no year 0000" in problem.message


@pytest.mark.parametrize("engine", [engines.run_fast, engines.run_reference])
def test_very_long_names_and_numbers_get_short_messages(engine: engines.Engine, prepared: CheckContext) -> None:
    numbers = f'"rule 9" ; scs:minimum {"1" * 5000} ; scs:maximum {"1" * 5000} ; scs:unit "coins"@en'
    long = SOUND.replace('"rule 9"', numbers).replace("claim:new", "claim:" + "n" * 5000)
    problems = found(prepared, long, engine)
    assert {p.rule.removeprefix("integrity:") for p in problems} == {"ClaimShape", "Minimum", "Maximum"}
    assert {p.severity for p in problems} == {"Violation"}
    assert all(len(str(p)) < 700 and p.line for p in problems)
    assert any("a name of at most 200 lower-case letters" in p.message for p in problems)
    assert sum("of at most 18 characters" in p.message for p in problems) == 2


# Engines and the neighbourhood


def as_draft(path: Path) -> Draft | None:
    """Return a fixture of the rules as a draft, without the drafts inside it."""
    lines = expected(path).ntriples.splitlines(keepends=True)
    kept = "".join(line for line in lines if not line.startswith(f"<{DRAFT}>") and "_:" not in line)
    return Draft(path.name, kept) if kept else None


DRAFTS: Final = [p for p in FIXTURES if p.parent.parent.name == "integrity" and as_draft(p) is not None]


def is_of_evidence(draft: Draft) -> bool:
    """Return whether a draft has only claims and sources; other drafts are always checked with all of the data."""
    return all(is_evidence(store.text(triple.subject)) for triple in parse_triples(draft.ntriples.encode(), "ntriples"))


@pytest.mark.slow(seconds=10)
@pytest.mark.crosscheck
@pytest.mark.no_cover
def test_the_neighbourhood_gives_the_problems_of_the_whole_graph(
    prepared: CheckContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts = {path: draft for path in DRAFTS if (draft := as_draft(path)) and is_of_evidence(draft)}
    near = {path: check(prepared, [draft], TODAY).problems for path, draft in drafts.items()}
    whole = asserted_ntriples(prepared.reading.dataset)
    monkeypatch.setattr("scs_kg.contribute.check.neighbourhood", lambda *_: whole)
    for path, draft in drafts.items():
        assert check(prepared, [draft], TODAY).problems == near[path], name(path)
    assert len({problem.rule for problems in near.values() for problem in problems}) > 40


@pytest.mark.no_cover
@pytest.mark.parametrize("turtle", [SOUND, SOUND.replace("feat:cake", "feat:door"), SOUND.replace("sys:beta", "sys:b")])
def test_both_engines_report_the_same_for_a_draft(turtle: str, prepared: CheckContext) -> None:
    assert found(prepared, turtle, engines.run_reference) == found(prepared, turtle)


@pytest.mark.slow
@pytest.mark.parametrize("rule", sorted({path.parent.name for path in DRAFTS}))
def test_both_engines_report_the_same_for_a_failing_draft_of_each_rule(rule: str, prepared: CheckContext) -> None:
    """The engines get only the rule and the shapes that the rule needs, because pySHACL is slow on all rules together.

    The tests in tests/rules check that the engines agree on all rules together.
    """
    path = max(path for path in DRAFTS if path.parent.name == rule)
    shapes = "".join(reachable(carriers(next(shape for shape in NAMED if folder_of(shape) == path.parent))))
    draft = as_draft(path)
    assert draft

    def reported(engine: engines.Engine) -> tuple[Problem, ...]:
        return check(prepared, [draft], TODAY, lambda data, _: engine(data, shapes)).problems

    assert reported(engines.run_fast) == reported(engines.run_reference)


def test_every_claim_of_the_data_counts_as_restated(real: CheckContext) -> None:
    path = ROOT / "data" / "field-2026" / "yiwu.ttl"
    problems = check(real, [read_draft(real.reading, "yiwu.ttl", content=path.read_bytes())], TODAY).problems
    assert {p.rule for p in problems if p.severity == "Info"} >= {"integrity:Restatement"}
    assert not [p for p in problems if p.severity == "Violation"]


def test_the_neighbourhood_of_one_claim_is_a_small_part_of_the_data(real: CheckContext) -> None:
    draft = read_draft(real.reading, "x.csv", content=b"system,feature,finding\nyiwu,blacklisting,Present\n")
    near = neighbourhood(real.reading.dataset, store.parse_triples(draft.ntriples.encode(), "ntriples"))
    assert 0 < len(near) < len(asserted_ntriples(real.reading.dataset)) / 20


def test_a_failure_of_the_engine_is_an_error(prepared: CheckContext) -> None:
    with pytest.raises(EngineError):
        found(replace(prepared, shapes="<urn:a> <urn:b> ."), SOUND, lambda data, shapes: engines.run_fast("x", shapes))


# Reports


@pytest.fixture(scope="module")
def ten(real: CheckContext) -> ValidationReport:
    """Return the report on the spreadsheet with ten mistakes."""
    content = (FOLDER / "ten-mistakes.xlsx").read_bytes()
    draft = read_draft(real.reading, "ten-mistakes.xlsx", content=content)
    return check(real, [draft], TODAY)


@pytest.mark.parametrize("kind", REPORTS)
def test_ten_mistakes_are_reported_in_each_format(kind: str, ten: ValidationReport) -> None:
    assert REPORTS[kind](ten) == (FOLDER / f"ten-mistakes.{ENDINGS[kind]}").read_text("utf-8")


def test_ten_mistakes_break_ten_rules_in_ten_rows(ten: ValidationReport) -> None:
    assert not ten.conforms
    assert len({problem.rule for problem in ten.problems}) == len(ten.problems) == 10
    assert [int(problem.cell.split("!")[1].strip("ABCDEFGHIJ")) for problem in ten.problems] == list(range(2, 12))


def test_every_rule_has_a_page_and_a_description(ten: ValidationReport) -> None:
    for rule, text in ten.rules.items():
        assert (expand(rule) or "").startswith("https://w3id.org/scs-kg/integrity#")
        assert text != rule


def test_the_rules_of_a_table_are_described_without_turtle(ten: ValidationReport, real: CheckContext) -> None:
    assert set(ten.rules) - ten.rules_of_fields == {"integrity:FileTexts"}
    assert not [text for text in ten.rules.values() if OF_TURTLE.search(text)]
    with messages_in("zh-Hans"):
        texts = list(localized_report(real.reading.dataset, ten).rules.values())
    assert len(texts) == len(ten.rules)
    assert all(re.search("[一-鿿]", text) and not OF_TURTLE.search(text) for text in texts)


HARSH: Final = Problem("a,b:c%.csv", 3, "claim:x", "is\n::error::bad \x1b[31m\u202e%", "integrity:Label", "Warning", 7)
NOTE: Final = Problem("-", None, "file", "is <empty> & \ud800 odd", "integrity:FileContent", "Info")
MIXED: Final = ValidationReport(
    ("a,b:c%.csv", "-", "/fine.csv"), (HARSH, NOTE), {"integrity:FileContent": "x", "integrity:Label": "y"}
)


@pytest.mark.parametrize("kind", REPORTS)
def test_a_problem_injects_no_command_into_a_terminal_or_a_code_host(kind: str) -> None:
    written = REPORTS[kind](MIXED)
    assert not set("\x1b\u202e\ud800") & set(written.replace("\\u202e", ""))
    assert written.encode()
    assert not [line for line in written.splitlines() if line.startswith("::error")]


@pytest.mark.parametrize("kind", ["json", "sarif"])
@pytest.mark.parametrize("text", ["a\u202eb", "a\U000e0001\U000e007fb", "a\tb\nc", "\ud800", 'a\\"b'])
def test_a_report_in_json_is_json_with_any_character(kind: str, text: str) -> None:
    """Earlier, a character beyond U+FFFF was written with an escape that JSON does not have."""
    report = replace(MIXED, problems=(replace(NOTE, message=text),))
    found = json.loads(REPORTS[kind](report))
    if kind == "json":
        assert found["problems"][0]["message"] == text
    else:
        assert found["runs"][0]["results"][0]["message"]["text"].endswith(shown(text))


def test_sarif_follows_the_standard() -> None:
    log = json.loads(REPORTS["sarif"](MIXED))
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert run["tool"]["driver"]["name"] == "scs-kg"
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"none", "note", "warning", "error"}
        (location,) = result["locations"]
        assert location["physicalLocation"]["artifactLocation"]["uri"] in {"a%2Cb%3Ac%25.csv", "stdin"}
    assert run["results"][0]["locations"][0]["physicalLocation"]["region"] == {"startLine": 3, "startColumn": 7}
    assert [artifact["location"]["uri"] for artifact in run["artifacts"]][-1] == "file:///fine.csv"


def test_junit_counts_what_it_lists(ten: ValidationReport) -> None:
    for found_report in (ten, MIXED):
        root = fromstring(REPORTS["junit"](found_report))  # noqa: S314 - our own output
        assert [suite.get("name") for suite in root] == [shown(file) for file in found_report.files]
        for suite in root:
            assert int(suite.get("tests", "")) == len(suite.findall("testcase"))
            assert int(suite.get("failures", "")) == len(suite.findall("testcase/failure"))


def test_github_commands_are_escaped() -> None:
    first, second = REPORTS["github"](MIXED).splitlines()
    assert first.startswith(
        "::warning file=a%2Cb%3Ac%25.csv,line=3,col=7,title=integrity%3ALabel::claim:x: is\\u000a::"
    )
    assert first.count("%25") == 2
    assert second.startswith("::notice file=-,title=")


def test_a_problem_shows_its_position_as_far_as_it_is_known() -> None:
    def where(**known: Any) -> str:
        return replace(NOTE, file="f", **known).place

    assert [where(), where(line=3), where(line=3, column=7), where(cell="claims!C7")] == [
        "f",
        "f:3",
        "f:3:7",
        "f:claims!C7",
    ]


def test_the_dataset_is_not_changed_by_a_check(prepared: CheckContext) -> None:
    dataset: Dataset = prepared.reading.dataset
    before = asserted_ntriples(dataset)
    found(prepared, SOUND)
    assert asserted_ntriples(dataset) == before
    assert not store.has_triple(dataset, DRAFT, None, None)
