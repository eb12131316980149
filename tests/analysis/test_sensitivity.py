"""Sensitivity and changes of rules: dropping a provision gives the cells of a reading without the provision."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from scs_kg import store
from scs_kg.analysis.rule_changes import ClaimChanges, RuleChanges, differences, rule_impact, with_changed_rules
from scs_kg.analysis.sensitivity import DECIDED, Sensitivity, is_contestable, sensitivity
from scs_kg.analysis.whatif import whatif
from scs_kg.analysis.workspace import Workspace, open_workspace
from scs_kg.judging.principles import read_principle_criteria
from scs_kg.judging.project import open_guarded
from scs_kg.model.errors import UnknownNameError, WrongUseError
from scs_kg.model.matrix import Mark
from scs_kg.model.namespaces import PREFIXES
from scs_kg.model.selection import Selection
from scs_kg.render.documents import Terminal, as_text
from scs_kg.render.sensitivity import (
    core_csv,
    core_table,
    rule_impact_json,
    rule_impact_table,
    sensitivity_csv,
    sensitivity_json,
    sensitivity_table,
)
from scs_kg.store import Dataset, NamedNode

ALL = Selection()


@pytest.fixture(scope="module")
def opened(shared_world: Path) -> Dataset:
    """Return the invented world, opened."""
    return open_guarded(shared_world)


@pytest.fixture(scope="module")
def workspace(opened: Dataset) -> Workspace:
    """Return the workspace of the invented world."""
    return open_workspace(opened, read_principle_criteria(opened))


@pytest.fixture(scope="module")
def found(workspace: Workspace) -> Sensitivity:
    """Return the sensitivity of the invented world."""
    return sensitivity(workspace)


def test_a_dropped_provision_changes_the_marks_that_depend_on_it(opened: Dataset, found: Sensitivity) -> None:
    assert found.provisions
    for one in found.provisions:
        impact = rule_impact(opened, None, None, ALL, RuleChanges(drop=(one.provision.iri,)))
        changed = {
            (cell.system.iri, cell.before.mark, cell.after.mark)
            for cell in impact.changed
            if {cell.before.mark, cell.after.mark} & DECIDED
        }
        assert changed == {(change.system.iri, change.before, change.after) for change in one.changes}
        places = {cell.principle_criteria.principle.iri for cell in impact.changed}
        assert places <= {one.principle_criteria.principle.iri}


def test_the_most_influential_provision_is_first(found: Sensitivity) -> None:
    counts = [len(one.changes) for one in found.provisions]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 0


def test_a_robust_mark_is_the_same_in_every_variant(opened: Dataset, workspace: Workspace, found: Sensitivity) -> None:
    contestable = [one.provision.iri for one in found.provisions if one.contestable]
    variants = [(iri,) for iri in contestable] + [tuple(contestable)]
    changed = {
        (cell.principle_criteria.choice.reading.iri, cell.principle_criteria.principle.iri, cell.system.iri)
        for drop in variants
        for cell in rule_impact(opened, None, None, ALL, RuleChanges(drop=drop)).changed
    }
    decided = {(p.choice.reading.iri, p.principle.iri, c.system) for p, c in workspace.cells() if c.mark in DECIDED}
    core = {
        (one.principle_criteria.choice.reading.iri, one.principle_criteria.principle.iri, one.system.iri)
        for one in found.core
    }
    assert core == decided - changed
    assert sum(robust for robust, _ in found.by_reading().values()) == len(core)
    assert sum(of for _, of in found.by_reading().values()) == len(decided)


def test_force_and_role_can_be_changed(opened: Dataset, found: Sensitivity) -> None:
    weak = next(o for o in found.provisions if any(c.before is Mark.NOT_MET for c in o.changes) and not o.contestable)
    interpreted = rule_impact(
        opened, None, None, ALL, RuleChanges(settings=(f"{weak.provision.id}.force=Interpreted",))
    )
    assert {(c.before.mark, c.after.mark) for c in interpreted.changed} <= {(Mark.NOT_MET, Mark.NOT_MET_INTERPRETED)}
    supporting = RuleChanges(settings=(f"{weak.provision.id}.role=Supporting",))
    dropped = RuleChanges(drop=(weak.provision.id,))
    as_supporting, as_dropped = (rule_impact(opened, None, None, ALL, change) for change in (supporting, dropped))
    marks = [[(c.system.iri, c.after.mark, c.after.counts) for c in one.cells] for one in (as_supporting, as_dropped)]
    assert marks[0] == marks[1] != []


def test_a_condition_can_be_set_and_removed(opened: Dataset) -> None:
    provision = next(p for a in read_principle_criteria(opened) for p in a.provisions if is_contestable(p) or p.plain)
    (condition, *_) = sorted(store.subjects(opened, PREFIXES["rdf"] + "type", PREFIXES["scs"] + "Condition"), key=str)
    link, node = PREFIXES["scs"] + "appliesIf", NamedNode(provision.iri)
    named = f"{provision.iri}.condition={store.text(condition)}"
    changed = with_changed_rules(opened, RuleChanges(settings=(named,)))
    assert store.objects(changed, node, link) == [condition]
    removed = with_changed_rules(changed, RuleChanges(settings=(f"{provision.iri}.condition=",)))
    assert store.objects(removed, node, link) == []
    assert {p.iri for a in read_principle_criteria(opened) for p in a.provisions} == {
        p.iri for a in read_principle_criteria(removed) for p in a.provisions
    }


def test_a_criterion_can_be_replaced(opened: Dataset, found: Sensitivity) -> None:
    one = next(o for o in found.provisions if {c.before for c in o.changes} & {Mark.MET, Mark.NOT_MET})
    iri = one.criterion.iri
    kept = list(store.dataset.asserted_triples(opened, iri))
    polarity = PREFIXES["scs"] + "polarity"
    flipped = {"Upholds": "Violates", "Violates": "Upholds"}
    triples = frozenset(
        store.Triple(
            t.subject,
            t.predicate,
            NamedNode(PREFIXES["scs"] + flipped[store.text(t.object).rpartition("#")[2]])
            if t.predicate.value == polarity
            else t.object,
        )
        for t in kept
    )
    impact = rule_impact(opened, None, None, ALL, RuleChanges(criteria=triples))
    assert impact.changed
    assert rule_impact(opened, None, None, ALL, RuleChanges(criteria=frozenset(kept))).cells == ()


def test_two_properties_of_one_provision_are_changed(opened: Dataset) -> None:
    """Earlier, the second change did not find the provision: "no provision is called …", followed by similar names."""
    principle = next(p for p in read_principle_criteria(opened, None, "plain") if p.provisions)
    name = principle.provisions[0].iri.rpartition("/")[2]
    changes = RuleChanges(settings=(f"{name}.force=Interpreted", f"{name}.role=Supporting", f"{name}.role=Deciding"))
    changed = with_changed_rules(opened, changes)
    kept = next(p for p in read_principle_criteria(changed, None, "plain") if p.principle == principle.principle)
    (provision,) = (one for one in kept.provisions if one.iri.endswith(f"/{name}"))
    assert provision.deciding
    assert not provision.plain


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        (RuleChanges(drop=("no-such",)), UnknownNameError),
        (RuleChanges(settings=("no-such.force=Plain",)), UnknownNameError),
        (RuleChanges(settings=("x.colour=Plain",)), WrongUseError),
        (RuleChanges(settings=("x",)), WrongUseError),
        (RuleChanges(settings=("x.force=",)), WrongUseError),
    ],
)
def test_a_wrong_change_is_refused(opened: Dataset, changes: RuleChanges, error: type[Exception]) -> None:
    with pytest.raises(error):
        with_changed_rules(opened, changes)


def test_every_form_gives_the_same_numbers(opened: Dataset, found: Sensitivity) -> None:
    data = json.loads(sensitivity_json(found))
    assert [len(one["changes"]) for one in data["provisions"]] == [len(one.changes) for one in found.provisions]
    assert sum(one["robust"] for one in data["cells"]) == len(found.core)
    assert sensitivity_csv(found.provisions).count("\n") == 1 + sum(len(one.changes) for one in found.provisions)
    assert core_csv(found.cells).count(",true,") == len(found.core)
    terminal = Terminal(120)
    assert found.provisions[0].criterion.label in as_text(sensitivity_table(found), terminal)
    assert len(core_table(found).rows) == len(found.core)
    impact = rule_impact(opened, None, None, ALL, RuleChanges(drop=(found.provisions[0].provision.id,)))
    assert json.loads(rule_impact_json(impact))["marksChanged"] == len(rule_impact_table(impact).rows) > 0


def test_claims_and_rules_change_in_one_run(opened: Dataset, workspace: Workspace, found: Sensitivity) -> None:
    """The expected cells are those of the changed rules, judged without the withdrawn claims."""
    rules, claims = RuleChanges(drop=(found.provisions[0].provision.id,)), ClaimChanges(without=("book-2001",))
    both = rule_impact(opened, None, None, ALL, replace(rules, claims=claims))
    dataset = with_changed_rules(opened, rules)
    after = open_workspace(dataset, read_principle_criteria(dataset), replace(ALL, without=("book-2001",)))
    wanted = differences(workspace, after)
    assert both.cells == wanted.cells
    rules_alone, claims_alone = rule_impact(opened, None, None, ALL, rules), whatif(workspace, without=("book-2001",))
    assert both.changed
    assert both.changed != rules_alone.changed
    assert [one.after for one in both.changed] != [one.after for one in claims_alone.changed]
    assert rule_impact_table(both).title.endswith("rules and claims")
    assert not rule_impact_table(rules_alone).title.endswith("rules and claims")
