"""The page on which a reader changes a reading: its data, its cell rule in JavaScript, and the file that it writes."""

import json
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from scs_kg.contribute.reading_files import with_reading_file
from scs_kg.explorer.content import SiteContent, load_content
from scs_kg.explorer.matrix_pages import View, view
from scs_kg.explorer.own_readings import own_reading, reading_object, verdict_values
from scs_kg.explorer.page import LANGUAGES
from scs_kg.judging.cells import decide_cell
from scs_kg.judging.judged import judge_selection
from scs_kg.judging.matrix import compare_judged
from scs_kg.judging.principles import PrincipleCriteria, Provision, principle_criteria
from scs_kg.judging.readings import choose_reading
from scs_kg.model.claims import Claim, Finding, Mode
from scs_kg.model.errors import UnknownNameError
from scs_kg.model.matrix import Cell, CellRule, Mark
from scs_kg.model.selection import Selection
from scs_kg.model.verdicts import OpenReason, Outcome, Verdict
from scs_kg.render.table import MARKS, marked
from tests.support.javascript import run_scripts

FORCES, ROLES = ("Plain", "Interpreted", "Aspirational"), ("Deciding", "Supporting")
CRITERIA, CONDITIONS = [f"criterion-{n}" for n in range(3)], [f"condition-{n}" for n in range(2)]
SETTINGS = json.dumps({"languageNumber": 0, "language": "en", "root": "", "version": "1.0.0"})
PAGE = f"const SETTINGS = {SETTINGS}; SETTINGS.signs = {json.dumps(MARKS)}; const WORDS = {{}};"
MODEL = ["matrix-model", "cell-rule", "own-reading-model", "own-reading-file"]
RANDOM_CASES = 4000


@pytest.fixture(scope="module")
def content(shared_world: Path) -> SiteContent:
    """Return the data of all pages of the invented world."""
    return load_content(shared_world)


@pytest.fixture(scope="module")
def shown(content: SiteContent) -> View:
    """Return the first reading of the invented world."""
    return view(content, next(iter(content.choices.values())).reading.id)


def random_verdict(random: Random, test: str, claims: dict[str, Claim], *, inapplicable: bool) -> Verdict:
    """Draw a verdict with up to two claims that decide it or that leave it open."""
    outcome = random.choice([one for one in Outcome if inapplicable or one is not Outcome.INAPPLICABLE])
    reason = random.choice(list(OpenReason)[:-1]) if outcome is Outcome.CANT_TELL else None
    return Verdict("system", test, outcome, tuple(random.sample(sorted(claims), random.randint(0, 2))), reason)


def random_principle(random: Random, some: PrincipleCriteria) -> PrincipleCriteria:
    """Draw a principle with up to four provisions, premises, a cell rule and a date of application."""
    provisions = []
    for number in range(random.randint(0, 4)):
        conditions = frozenset(random.sample(CONDITIONS, random.choice([0, 0, 1, 2])))
        deciding, plain = random.random() < 0.8, random.random() < 0.5
        provisions.append(Provision(str(number), random.choice(CRITERIA), deciding, plain, conditions))
    return replace(
        some,
        criteria={provision.criterion: "" for provision in provisions},
        provisions=tuple(provisions),
        rule=random.choice(list(CellRule)),
        premises=frozenset(random.sample(CONDITIONS, random.choice([0, 0, 0, 1]))),
        since=random.choice(["", "2018-05-01"]),
        elsewhere=frozenset(random.choice([[], ["system"]])),
    )


def as_page_has_it(principle: PrincipleCriteria, verdicts: dict[str, Verdict], claims: dict[str, Claim]) -> Any:
    """Return the arguments of the script's function for a cell; names replace numbers."""
    fields = ("outcome", "reason", "latest", "onPaper")
    return {
        "provisions": [
            {
                "criterion": one.criterion,
                "isDeciding": one.deciding,
                "isPlain": one.plain,
                "conditions": sorted(one.conditions),
            }
            for one in principle.provisions
        ],
        "principle": {"premises": sorted(principle.premises), "since": principle.since},
        "rule": principle.rule.value,
        "verdicts": {t: dict(zip(fields, verdict_values(v, claims), strict=True)) for t, v in verdicts.items()},
        "isElsewhere": bool(principle.elsewhere),
    }


def as_script_says(cell: Cell) -> Any:
    """Return a cell in the form of the script's function."""
    counts = cell.counts
    return {
        "mark": str(cell.mark),
        "counts": {
            "met": counts.met,
            "notMet": counts.not_met,
            "open": counts.open,
            "inapplicable": counts.inapplicable,
        },
        "reason": list(OpenReason).index(cell.open_reason) if cell.open_reason else -1,
        "scopes": [str(scope) for scope in cell.scope],
        "onPaper": cell.on_paper,
    }


def test_the_cell_rule_of_the_page_is_that_of_python_on_random_readings(shown: View) -> None:
    random, some = Random(18), principle_criteria(shown.edition.judged.dataset, [shown.choice])[0]  # noqa: S311 - test data
    claims = {
        f"{when}-{mode}": Claim(f"{when}-{mode}", "system", "feature", Finding.PRESENT, as_of=when, mode=mode)
        for when in ("", "2017", "2018-04", "2018-05-02")
        for mode in (Mode.DE_JURE, Mode.DE_FACTO)
    }
    cases, wanted = [], []
    for _ in range(RANDOM_CASES):
        principle = random_principle(random, some)
        verdicts = {test: random_verdict(random, test, claims, inapplicable=True) for test in CRITERIA}
        verdicts |= {test: random_verdict(random, test, claims, inapplicable=False) for test in CONDITIONS}
        cases.append(as_page_has_it(principle, verdicts, claims))
        wanted.append(as_script_says(decide_cell(principle, "system", verdicts, claims)))
    decide = "decideCell(groupedProvisions(one.provisions), one.principle, one.rule, one.verdicts, one.isElsewhere)"
    found = run_scripts(["cell-rule"], f"value.map((one) => {decide})", cases)
    for case, own, python in zip(cases, found, wanted, strict=True):
        assert own == python, case
    assert {one["mark"] for one in wanted} == set(Mark)
    assert {tuple(one["scopes"]) for one in wanted} >= {("outside",), ("established", "hindsight")}


def signs_by_place(content: SiteContent, choice_id: str) -> tuple[Any, Any]:
    """Return the signs of all cells of a reading as the page computes them, and as Python computes them."""
    shown = view(content, choice_id)
    data = reading_object(content, shown)
    cells = "r.principles.map((_, place) => cellsOf(r, place, asRead(r)).map((cell) => signOf(cell, SETTINGS.signs)))"
    found = run_scripts(MODEL, f"[readReading(value)].map((r) => {cells})[0]", data, first=PAGE)
    cell_of = {(cell.principle, cell.system): cell for cell in shown.matrix.cells}
    by_id = {system.id: system.iri for system in shown.matrix.systems}
    order = [by_id[system[0]] for system in data["systems"]]
    return found, [[marked(cell_of[p.iri, system]) for system in order] for p in shown.matrix.principles]


def test_an_unchanged_reading_has_the_marks_of_its_matrix(content: SiteContent) -> None:
    for choice in content.choices.values():
        found, wanted = signs_by_place(content, choice.reading.id)
        assert found == wanted


@pytest.mark.parametrize("reading", ["agrawal-2022", "eu-ai-act-2024-full-text", "pipl-2021-full-text"])
def test_an_unchanged_reading_of_the_real_data_has_the_marks_of_its_matrix(
    real_content: SiteContent, reading: str
) -> None:
    found, wanted = signs_by_place(real_content, reading)
    assert found == wanted


def test_the_saved_file_gives_the_marks_that_the_page_shows(content: SiteContent, shown: View, tmp_path: Path) -> None:
    data, random = reading_object(content, shown), Random(5)  # noqa: S311 - test data
    read: list[dict[str, Any]] = [
        {"isOn": random.random() < 0.8, "force": random.choice(FORCES), "role": random.choice(ROLES)}
        for _ in data["provisions"]
    ]
    labels = {"en": "changed: 'all'", "zh-Hans": "改"}
    run = """[readReading(value.data)].map((r) => ({
      file: readingFile(r, value.read, 'Ada "A." O\\'Reader 王', value.labels),
      marks: r.principles.map((_, place) => cellsOf(r, place, value.read).map((cell) => cell.mark)),
    }))[0]"""
    found = run_scripts(MODEL, run, {"data": data, "read": read, "labels": labels}, first=PAGE)
    file = tmp_path / f"{found['file']['id']}.yaml"
    file.write_text(found["file"]["text"], "utf-8")
    dataset, iri = with_reading_file(shown.edition.judged.dataset, str(file))
    choice = choose_reading(dataset, None, iri)
    selection = Selection(datasets=(shown.choice.written_for,)) if shown.choice.written_for else Selection()
    matrix = compare_judged(judge_selection(dataset, selection), choice)
    cells = {(cell.principle, cell.system): str(cell.mark) for cell in matrix.cells}
    by_id = {system.id: system.iri for system in matrix.systems}
    order = [by_id[system[0]] for system in data["systems"]]
    assert found["marks"] == [[cells[p.iri, system] for system in order] for p in matrix.principles]
    assert choice.reading.label == "changed: 'all' (reading by Ada \"A.\" O'Reader 王)"
    written = yaml.safe_load(found["file"]["text"])
    assert len(written["provisions"]) == sum(one["isOn"] for one in read) < len(read)
    assert written["readings"][0]["definition"].startswith(f"Changed from the reading {shown.choice.reading.id} of")
    notes = [one["note"] for one in written["provisions"] if "note" in one]
    assert notes
    assert all(note.startswith("Changed by Ada ") and note.endswith(".") for note in notes)


def test_the_data_have_each_provision_with_its_clause_and_reason(content: SiteContent, shown: View) -> None:
    data = reading_object(content, shown)
    principles = principle_criteria(shown.edition.judged.dataset, [shown.choice])
    assert len(data["provisions"]) == sum(len(one.provisions) for one in principles) > 1
    for _, principle, criterion, force, role, conditions, _, locator, rationale in data["provisions"]:
        assert data["tests"][criterion][0] in {c.rpartition("/")[2] for c in principles[principle].criteria}
        assert (force in FORCES, role in ROLES) == (True, True)
        assert all(0 <= condition < len(data["tests"]) for condition in conditions)
        assert locator
        assert rationale.endswith(".")
    assert all(len(row) == len(data["tests"]) for row in data["judged"])


def test_the_page_names_its_data_and_an_unknown_reading_is_an_error(content: SiteContent, shown: View) -> None:
    built = own_reading(content, shown.choice.reading.id)
    assert built.data["script"].startswith('receiveReading("')
    assert built.data["script_address"].startswith(f"own-reading/{shown.choice.reading.id}.js?")
    assert set(built.data["file_labels"]) == set(LANGUAGES)
    with pytest.raises(UnknownNameError, match="nothing"):
        own_reading(content, "nothing")
