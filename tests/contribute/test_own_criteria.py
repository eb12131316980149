"""A criterion that a reader writes in YAML or a workbook tests features: all of them, or at least one of several."""

import io
from collections.abc import Mapping
from itertools import product
from pathlib import Path

import openpyxl
import pytest
import yaml

from scs_kg import store
from scs_kg.analysis.rule_changes import RuleChanges, with_changed_rules
from scs_kg.contribute import actions, changeset
from scs_kg.contribute.check import check, check_context
from scs_kg.contribute.read import ReadingContext, read_draft, reading_context
from scs_kg.contribute.reading_files import read_rules
from scs_kg.contribute.template import template
from scs_kg.judging.project import guarded, open_guarded
from scs_kg.model.errors import BadFileError
from scs_kg.model.formula import Fact, Formula, facts, value
from scs_kg.model.namespaces import PREFIXES, local_id
from scs_kg.rules.criteria import read_conditions, read_criterion
from scs_kg.store import Dataset

TESTS = {
    "present": ["door", "appeal"],
    "absent": "gossip",
    "anyPresent": ["cake", "gift"],
    "anyAbsent": ["fine", "stocks"],
}
CRITERION = {"id": "mixed", "label": "mixed", "definition": "Has some of it.", "polarity": "Upholds", **TESTS}
CONDITION = {"id": "mixed", "label": "mixed", "definition": "Has one.", "anyPresent": ["machine", "door", "cake"]}


def written(folder: Path, content: object) -> str:
    """Write YAML to a file in a folder and return its name."""
    path = folder / "own.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")
    return str(path)


@pytest.fixture(scope="module")
def prepared(shared_world: Path) -> ReadingContext:
    """Return the reading context of the invented world."""
    return reading_context(open_guarded(shared_world))


def added(world: Path, folder: Path, content: object) -> Dataset:
    """Add the records of a file to a project and return its dataset, which must conform to the rules."""
    project = changeset.open_project(world)
    draft = read_draft(reading_context(project.dataset), written(folder, content))
    assert draft.problems == ()
    changeset.write(actions.add(project, draft.ntriples, "tales"))
    return guarded(store.load(world))


def by_hand(had: Mapping[str, bool | None]) -> bool | None:
    """Return the three-valued result of ``TESTS`` (Kleene's strong logic), given whether a system has each feature."""
    lacked = {name: None if one is None else not one for name, one in had.items()}
    ranks = {True: 2, None: 1, False: 0}
    every = [had["door"], had["appeal"], lacked["gossip"]]
    some = [(had["cake"], had["gift"]), (lacked["fine"], lacked["stocks"])]
    return min(*every, *(max(pair, key=ranks.__getitem__) for pair in some), key=ranks.__getitem__)


def computed(formula: Formula, had: Mapping[str, bool | None]) -> bool | None:
    """Return the value of a formula."""
    return value(formula, {Fact(PREFIXES["feat"] + name, one) for name, one in had.items() if one is not None})


def test_a_criterion_has_the_result_of_its_tests_for_all_facts(world: Path, tmp_path: Path) -> None:
    dataset = added(world, tmp_path, {"criteria": [CRITERION], "conditions": [CONDITION]})
    formula = read_criterion(dataset, PREFIXES["crit"] + "mixed").formula
    names = sorted({local_id(fact.feature) for fact in facts(formula)})
    assert names == ["appeal", "cake", "door", "fine", "gift", "gossip", "stocks"]
    for values in product((True, False, None), repeat=len(names)):
        had = dict(zip(names, values, strict=True))
        assert computed(formula, had) is by_hand(had)
    (condition,) = (one for one in read_conditions(dataset) if local_id(one.iri) == "mixed")
    assert {local_id(fact.feature) for fact in facts(condition.formula)} == set(CONDITION["anyPresent"])
    assert computed(condition.formula, {"machine": False, "door": False, "cake": True}) is True


def test_a_workbook_gives_the_same_criterion_as_yaml(prepared: ReadingContext) -> None:
    empty = template(prepared, "xlsx", "criterion")
    assert isinstance(empty, bytes)
    book = openpyxl.load_workbook(io.BytesIO(empty))
    for name, record in (("criteria", CRITERION), ("conditions", CONDITION)):
        cells = (record.get(cell.value, "") for cell in book[name][1])
        book[name].append(["; ".join(cell) if isinstance(cell, list) else cell for cell in cells])
    saved = io.BytesIO()
    book.save(saved)
    lists = yaml.safe_dump({"criteria": [CRITERION], "conditions": [CONDITION]}).encode()
    as_xlsx = read_draft(prepared, "x.xlsx", content=saved.getvalue())
    assert as_xlsx.problems == ()
    assert as_xlsx.ntriples == read_draft(prepared, "x.yaml", content=lists).ntriples


def test_a_criterion_with_a_shorter_list_replaces_the_one_of_the_data(world: Path, tmp_path: Path) -> None:
    """The cells of both lists would be mixed if the named shapes of the old criterion were kept."""
    dataset = added(world, tmp_path, {"criteria": [CRITERION]})
    file = written(tmp_path, {"criteria": [{**CRITERION, "anyPresent": ["gift"], "anyAbsent": ["stocks", "fine"]}]})
    changed = with_changed_rules(dataset, RuleChanges(criteria=read_rules(dataset, file)))
    formula = read_criterion(changed, PREFIXES["crit"] + "mixed").formula
    assert [local_id(fact.feature) for fact in facts(formula)].count("cake") == 0
    assert "cake" in {local_id(f.feature) for f in facts(read_criterion(dataset, PREFIXES["crit"] + "mixed").formula)}


@pytest.mark.parametrize("field", sorted(TESTS))
def test_a_misspelt_feature_is_reported_at_its_line_with_a_suggestion(
    field: str, prepared: ReadingContext, tmp_path: Path
) -> None:
    """Earlier, the message named the line of the criterion, "<>" in place of the field, and no similar feature."""
    file = written(tmp_path, {"criteria": [{**CRITERION, field: ["machine", "appeel"]}]})
    (problem,) = check(check_context(prepared), [read_draft(prepared, file)], "2026-01-01").violations
    line = Path(file).read_text("utf-8").split("\n")[(problem.line or 0) - 1]
    assert line.strip() == "- appeel"
    assert f"(found: {field} appeel)" in problem.message
    assert problem.near == ("appeal",)


def test_a_criterion_without_a_test_is_refused(prepared: ReadingContext, tmp_path: Path) -> None:
    file = written(tmp_path, {"criteria": [{name: text for name, text in CRITERION.items() if name not in TESTS}]})
    (problem,) = check(check_context(prepared), [read_draft(prepared, file)], "2026-01-01").violations
    assert "must test at least one feature" in problem.message


def test_a_changed_criterion_that_tests_no_known_feature_is_refused(prepared: ReadingContext, tmp_path: Path) -> None:
    """Earlier, the misspelt feature counted as a feature that no system has: "0 of 200 marks would change"."""
    file = written(tmp_path, {"criteria": [{**CRITERION, "anyPresent": ["cake", "gifft"]}]})
    with pytest.raises(BadFileError, match=r"own.yaml:\d+: no feature is called 'gifft'; did you mean gift"):
        read_rules(prepared.dataset, file)
