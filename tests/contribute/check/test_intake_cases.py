"""Files that earlier versions merged, cut or misread: ``check`` reports the right problems on the real data."""

import re
from pathlib import Path
from typing import Final

import pytest

from scs_kg import store
from scs_kg.contribute.check import CheckContext, check
from scs_kg.contribute.read import read_drafts
from scs_kg.model.namespaces import PREFIXES, SCS, local_id
from scs_kg.model.problem import Problem
from scs_kg.store.line_split import split_lines
from tests.conftest import FIXTURE_FOLDER

FOLDER: Final = FIXTURE_FOLDER / "intake"
TODAY: Final = "2026-11-25"
MODE: Final = ("Violation", "ClaimMode")
"""The rule that the files break because they were written before claims had a mode."""


def checked(prepared: CheckContext, *names: str) -> tuple[str, tuple[Problem, ...]]:
    """Return the N-Triples of files that are checked together, and their problems."""
    drafts = read_drafts(prepared.reading, [str(FOLDER / name) for name in names])
    return "".join(draft.ntriples for draft in drafts), check(prepared, drafts, TODAY).problems


def rules(problems: tuple[Problem, ...]) -> list[tuple[str, str]]:
    """Return severity and rule of each problem, sorted, except for the missing mode."""
    found = ((problem.severity, problem.rule.removeprefix("integrity:")) for problem in problems)
    return sorted(pair for pair in found if pair != MODE)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("byschema.json", []),
        ("cr-escape.xlsx", []),
        ("date-yyyyfmt.xlsx", []),
        ("duplicate-source.yaml", [("Violation", "SourceCreator"), ("Warning", "DraftSameSourceShape")]),
        ("extra-sheet.xlsx", [("Warning", "FileContent")]),
        ("last-row-space.xlsx", []),
        (
            "nulls.yaml",
            [("Violation", "SourceCreator"), ("Violation", "SourceShape"), ("Violation", "StatementLocator")],
        ),
        ("own-zh.csv", [("Violation", "ClaimAbout"), ("Violation", "ClaimFeature")]),
        ("personal-numbers.yaml", [("Violation", "PersonNumber"), ("Violation", "StatementLocator")]),
        ("statement-in-chinese.yaml", [("Violation", "StatementEnglish")]),
        ("strict.xlsx", []),
        ("supersede.csv", [("Warning", "DraftOtherFeatureShape")]),
        ("u2028.csv", [("Violation", "DraftHiddenShape")]),
        ("zwsp-statement.csv", [("Violation", "DraftHiddenShape")]),
    ],
)
def test_a_file_has_exactly_these_problems(name: str, expected: list[tuple[str, str]], real: CheckContext) -> None:
    said, problems = checked(real, name)
    assert rules(problems) == expected
    assert f"<{SCS}Claim>" in said
    assert all(problem.line or problem.cell or problem.rule == "integrity:FileContent" for problem in problems)


@pytest.mark.parametrize(
    ("name", "literal"),
    [
        ("date-yyyyfmt.xlsx", f'"2018"^^<{PREFIXES["xsd"]}gYear>'),
        ("cr-escape.xlsx", '"The score of Hangzhou\\nhas five\\nclasses."@en'),
        ("strict.xlsx", '"The score of Hangzhou has five classes, from 550 to 750."@en'),
        ("last-row-space.xlsx", '"The score of Hangzhou has five classes, from 550 to 750."@en'),
        ("byschema.json", '"The score of Hangzhou has five classes."@en'),
    ],
)
def test_a_value_is_what_the_author_sees(name: str, literal: str, real: CheckContext) -> None:
    assert literal in checked(real, name)[0]


def test_a_message_does_not_repeat_a_personal_number(real: CheckContext) -> None:
    _, problems = checked(real, "personal-numbers.yaml")
    (found,) = (
        problem.message.partition(" (found: ")[2] for problem in problems if problem.rule.endswith("PersonNumber")
    )
    assert "*" in found
    assert not re.search(r"\d|<>", found)


def test_claims_of_two_files_are_not_merged(real: CheckContext) -> None:
    said, problems = checked(real, "merge-a.csv", "merge-b.csv")
    notes = [line for line in split_lines(said) if "editorialNote" in line]
    assert len({line.split(" ", 1)[0] for line in notes}) == len(notes) == 2
    assert rules(problems) == [("Warning", "DraftOnceShape")]


def test_an_id_that_two_files_describe_in_different_ways_is_reported(real: CheckContext, tmp_path: Path) -> None:
    for name, locator in (("a.csv", "p. 1"), ("b.csv", "p. 2")):
        (tmp_path / name).write_text(f"id,system,locator\ntwin,hangzhou,{locator}\n", "utf-8")
    drafts = read_drafts(real.reading, [str(tmp_path / "a.csv"), str(tmp_path / "b.csv")])
    (problem,) = [p for p in check(real, drafts, TODAY).problems if p.rule == "integrity:FileNames"]
    assert (problem.place, problem.node) == (f"{tmp_path / 'b.csv'}:2:1", "claim:twin")
    assert f"is described in another way in {tmp_path / 'a.csv'} (line 2)" in problem.message


def test_equal_claims_get_one_warning_each(real: CheckContext) -> None:
    _, problems = checked(real, "same-250.csv")
    assert rules(problems) == [("Warning", "DraftOnceShape")] * 249


def test_names_are_shown_as_they_are_written(real: CheckContext) -> None:
    _, problems = checked(real, "own-zh.csv")
    assert not [problem for problem in problems if "%" in str(problem) or "-e8-" in str(problem)]
    assert [problem.near for problem in problems if "苏州桂花分" in problem.message] == [("suzhou-osmanthus",)]


def test_the_name_of_a_region_offers_its_systems(real: CheckContext, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("system,feature\n中国,reward\nChina,reward\n", "utf-8")
    drafts = read_drafts(real.reading, [str(tmp_path / "x.csv")])
    near = [p.near for p in check(real, drafts, TODAY).problems if p.rule == "integrity:ClaimAbout"]
    china = {
        local_id(store.text(system))
        for system in store.subjects(real.reading.dataset, SCS + "operatesIn", PREFIXES["region"] + "china")
    }
    assert near[0] == near[1] != ()
    assert set(near[0]) <= china


def test_a_hidden_character_is_named(real: CheckContext) -> None:
    for name, character in (("u2028.csv", "U+2028 LINE SEPARATOR"), ("zwsp-statement.csv", "U+200B ZERO WIDTH SPACE")):
        _, problems = checked(real, name)
        assert [p for p in problems if character in p.message and p.line and p.column]


def test_a_new_claim_from_a_known_source_gets_a_name_of_its_own(real: CheckContext, tmp_path: Path) -> None:
    known = next(iter(store.subjects(real.reading.dataset, SCS + "about", PREFIXES["sys"] + "yiwu")))
    parts = {
        name: store.text(store.objects(real.reading.dataset, known, SCS + name)[0]).rsplit("/", 1)[-1]
        for name in ("feature", "source")
    }
    (tmp_path / "x.csv").write_text(
        f"system,feature,finding,mode,statement,source,locator\nyiwu,{parts['feature']},Present,DeFacto,"
        f"Another sentence on the same thing.,{parts['source']},p. 99\n",
        "utf-8",
    )
    drafts = read_drafts(real.reading, [str(tmp_path / "x.csv")])
    assert "integrity:Alteration" not in {p.rule for p in check(real, drafts, TODAY).problems}
