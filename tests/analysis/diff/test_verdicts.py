"""Differences between editions: the records, verdicts and cells that changed, and the cause of each change."""

import csv
import io
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from scs_kg import store
from scs_kg.analysis.diff.editions import add_defaults, open_edition
from scs_kg.analysis.diff.verdicts import Difference, VerdictChange, difference
from scs_kg.contribute import actions, changeset
from scs_kg.contribute.changeset import open_project
from scs_kg.judging.matrix import judge_and_compare
from scs_kg.judging.project import open_guarded
from scs_kg.model.namespaces import RDF, SCS, local_id
from scs_kg.model.selection import Selection
from scs_kg.render.diff import difference_csv, difference_json, difference_text
from scs_kg.render.table import marked
from scs_kg.store import Dataset
from tests.contribute.test_actions import ME, SOURCE, claim, ntriples

Change = Callable[[Path], object]


def since(shared_world: Path, world: Path, selection: Selection | None = None) -> Difference:
    """Compare the invented world with a changed copy."""
    selected = selection or Selection()
    return difference(
        ("old", "new"), unchanged(shared_world, selected), open_edition(shared_world, str(world), selected)
    )


@cache
def unchanged(shared_world: Path, selection: Selection) -> Dataset:
    """Return the edition of the invented world that no test changes."""
    return open_edition(shared_world, str(shared_world), selection)


def edited(file: str, old: str, new: str) -> Change:
    """Return a change that replaces a text, which the file must contain."""

    def change(world: Path) -> None:
        text = (world / file).read_text("utf-8")
        assert old in text
        (world / file).write_text(text.replace(old, new, 1), "utf-8")

    return change


def added(*records: str) -> Change:
    """Return a change that adds records."""
    return lambda world: changeset.write(actions.add(open_project(world), ntriples(*records), "tales"))


def retracted(name: str) -> Change:
    """Return a change that retracts a claim."""
    return lambda world: changeset.write(actions.retract(open_project(world), name, ME))


def test_an_edition_does_not_differ_from_itself(shared_world: Path) -> None:
    found = since(shared_world, shared_world)
    assert (found.verdicts, found.cells, found.records) == ((), (), ())
    assert "0 verdicts, 0 cells and 0 records differ" in difference_text(found, "text")
    assert "No verdict changed from old to new." in difference_text(found, "markdown")


def test_a_new_claim_that_changes_a_verdict_is_the_cause(shared_world: Path, world: Path) -> None:
    new = claim("beta-ledger-poem-2004", system="beta", feature="ledger", finding="Present")
    added(new, SOURCE)(world)
    found = since(shared_world, world)
    assert (
        VerdictChange("beta", "no-ledger", ("cantTell", "silent"), ("failed", ""), ("claim:beta-ledger-poem-2004",))
        in found.verdicts
    )
    assert [(c.record, c.how) for c in found.records] == [
        ("claim:beta-ledger-poem-2004", "added"),
        ("src:poem-2004", "added"),
    ]
    (cell,) = [c for c in found.cells if c.reading == "tidy"]
    assert cell.old
    assert cell.new
    assert (cell.system, cell.old.mark, cell.new.mark) == ("beta", "notKnown", "notMet")
    assert cell.because == ("claim:beta-ledger-poem-2004", "crit:no-ledger")


def test_a_retracted_claim_is_reported_as_no_longer_counting(shared_world: Path, world: Path) -> None:
    retracted("beta-stocks-news-2002")(world)
    found = since(shared_world, world)
    changes = {change.record: (change.how, change.by) for change in found.records}
    assert changes == {
        "claim:beta-stocks-news-2002": ("no longer counts", ("act:retraction-beta-stocks-news-2002",)),
        "act:retraction-beta-stocks-news-2002": ("added", ()),
    }
    assert {("claim:beta-stocks-news-2002",)} == {v.because for v in found.verdicts if v.criterion == "no-stocks"}
    assert (
        "claim:beta-stocks-news-2002 no longer counts because of act:retraction-beta-stocks-news-2002"
        in difference_text(found, "text")
    )


DECIDING = "provision:plain-{} a scs:Provision ;\n  scs:role scs:Deciding"
BROADER = 'in the market place."@en ;\n  skos:broader feat:{}'
CHANGES: dict[str, Change] = {
    "a claim that contests another through the hierarchy": added(
        claim("beta-punishment-poem-2004", system="beta", feature="punishment"), SOURCE
    ),
    "a claim that decides a verdict": added(claim("alpha-ledger", feature="ledger", source="book-2001")),
    "a reversed finding": edited("data/tales/beta.ttl", "scs:finding scs:Present", "scs:finding scs:Absent"),
    "a claim about another system": edited("data/tales/beta.ttl", "scs:about sys:beta", "scs:about sys:alpha"),
    "a finding that becomes not reported": edited(
        "data/tales/gamma.ttl", "scs:finding scs:Absent", "scs:finding scs:NotReported"
    ),
    "a retraction": retracted("gamma-punishment-book-2001"),
    "a retraction of a contesting claim": retracted("gamma-stocks-news-2002"),
    "a removed retraction": lambda world: (world / "data" / "amendments.ttl").unlink(),
    "a reversed polarity": edited("ontology/criteria.ttl", "scs:polarity scs:Violates", "scs:polarity scs:Upholds"),
    "a named part of a criterion": edited(
        "ontology/criteria.ttl",
        "scs:lacksFeature ; sh:hasValue feat:punishment",
        "scs:lacksFeature ; sh:hasValue feat:gossip",
    ),
    "a removed condition of a criterion": edited(
        "ontology/criteria.ttl", "  scs:appliesIf crit:explained-applicability ;\n", ""
    ),
    "a provision that requires another criterion": edited(
        "ontology/guidelines/example-2000/plain.ttl", "scs:criterion crit:gentle", "scs:criterion crit:no-ledger"
    ),
    "a provision that becomes supporting": edited(
        "ontology/guidelines/example-2000/plain.ttl",
        DECIDING.format("freedom-way-out"),
        DECIDING.format("freedom-way-out").replace("Deciding", "Supporting"),
    ),
    "a changed hierarchy": edited("ontology/features.ttl", BROADER.format("punishment"), BROADER.format("penalty")),
}


@pytest.mark.slow
@pytest.mark.no_cover
@pytest.mark.parametrize("name", CHANGES)
def test_every_change_of_a_verdict_or_a_cell_has_a_cause(name: str, shared_world: Path, world: Path) -> None:
    CHANGES[name](world)
    found = since(shared_world, world)
    assert found.records
    assert found.verdicts or found.cells
    assert all(verdict.because for verdict in found.verdicts)
    assert all(cell.because for cell in found.cells)
    assert difference_text(found, "text").count("  caused by ") >= len(found.verdicts) + len(found.cells)


@pytest.mark.slow
@pytest.mark.no_cover
@pytest.mark.parametrize("name", sorted(CHANGES))
def test_the_difference_is_symmetric(name: str, shared_world: Path, world: Path) -> None:
    CHANGES[name](world)
    old, new = unchanged(shared_world, Selection()), open_edition(shared_world, str(world), Selection())
    there, back = difference(("old", "new"), old, new), difference(("old", "new"), new, old)
    assert [(v.system, v.criterion, v.new, v.old, v.because) for v in back.verdicts] == [
        (v.system, v.criterion, v.old, v.new, v.because) for v in there.verdicts
    ]
    assert [(c.reading, c.principle, c.system, c.new, c.old) for c in back.cells] == [
        (c.reading, c.principle, c.system, c.old, c.new) for c in there.cells
    ]
    assert {change.record for change in back.records} == {change.record for change in there.records}


def test_only_the_claims_of_a_dataset_are_compared_if_it_is_named(shared_world: Path, world: Path) -> None:
    (world / "data" / "other").mkdir()
    text = (world / "data" / "tales" / "dataset.ttl").read_text("utf-8").replace("dataset:tales", "dataset:other")
    (world / "data" / "other" / "dataset.ttl").write_text(text, "utf-8")
    new = claim("beta-ledger", system="beta", feature="ledger", source="book-2001")
    changeset.write(actions.add(open_project(world), ntriples(new), "other"))
    assert since(shared_world, world).verdicts
    assert not since(shared_world, world, Selection(datasets=("tales",))).verdicts


def test_json_names_outcome_and_reason_of_both_editions(shared_world: Path, world: Path) -> None:
    retracted("beta-stocks-news-2002")(world)
    found = json.loads(difference_json(since(shared_world, world)))
    assert found.keys() == {"old", "new", "verdicts", "cells", "records"}
    (verdict,) = [v for v in found["verdicts"] if v["criterion"] == "no-stocks"]
    assert verdict["old"] == {"outcome": "failed", "why": None}
    assert verdict["new"] == {"outcome": "cantTell", "why": "silent"}
    assert verdict["because"] == ["claim:beta-stocks-news-2002"]


def test_csv_has_the_cells_with_marks_and_counts(shared_world: Path, world: Path) -> None:
    added(claim("beta-ledger-poem-2004", system="beta", feature="ledger", finding="Present"), SOURCE)(world)
    found = since(shared_world, world)
    rows = list(csv.DictReader(io.StringIO(difference_csv(found), newline="")))
    assert [(row["reading"], row["principle"], row["system"]) for row in rows] == [
        (cell.reading, cell.principle, cell.system) for cell in found.cells
    ]
    assert all(row["because"] for row in rows)
    assert ("notKnown", "notMet") in {(row["old mark"], row["new mark"]) for row in rows}


def test_an_edition_of_version_0_1_is_judged_by_the_cell_rule_of_that_version(world: Path) -> None:
    for path in world.rglob("*.ttl"):
        text = path.read_text("utf-8")
        path.write_text(re.sub(r" ;\n\s+scs:(cellRule|role|mode|rank) [\w:]+(?= [;.])", "", text), "utf-8")
    dataset = store.load(world)
    stated = {name: list(store.subject_objects(dataset, SCS + name)) for name in ("cellRule", "role", "mode", "rank")}
    assert not any(stated.values())
    add_defaults(dataset)
    assert {rule for _, rule in store.subject_objects(dataset, SCS + "cellRule")} == {SCS + "AnyCriterion"}
    for kind, name in (("Reading", "cellRule"), ("Provision", "role"), ("Claim", "mode")):
        things = {store.text(thing) for thing in store.subjects(dataset, RDF + "type", SCS + kind)}
        assert things
        assert {one for one, _ in store.subject_objects(dataset, SCS + name)} == things


def test_markdown_is_fit_for_the_changelog(shared_world: Path, world: Path) -> None:
    CHANGES["a reversed finding"](world)
    text = difference_text(since(shared_world, world), "markdown")
    assert text.startswith("### Verdicts\n\n- ")
    assert "\n\n### Terms and data\n\n- Claim `claim:beta-stocks-news-2002` changed: scs:finding from " in text
    assert "beta × no-stocks: not met → met, caused by `claim:beta-stocks-news-2002`." in text
    assert "\n\n\n" not in text


def test_the_marks_are_those_of_the_matrix_with_their_signs(shared_world: Path, world: Path) -> None:
    new = claim("beta-ledger-poem-2004", system="beta", feature="ledger", finding="Present")
    added(new.replace("scs:DeFacto", "scs:DeJure"), SOURCE)(world)
    found = since(shared_world, world)
    assert found.cells
    shown = difference_text(found, "text")
    for root, state in ((shared_world, "old"), (world, "new")):
        dataset = open_guarded(root)
        for change in found.cells:
            matrix = judge_and_compare(dataset, None, change.reading, Selection())
            (cell,) = (
                c
                for c in matrix.cells
                if (local_id(c.principle), local_id(c.system)) == (change.principle, change.system)
            )
            written = getattr(change, state)
            assert (written.mark, written.scope, written.on_paper) == (cell.mark, cell.scope, cell.on_paper)
            assert marked(cell) in shown
    assert "→ ×§ 1/1" in shown
    (cell,) = (c for c in json.loads(difference_json(found))["cells"] if c["reading"] == "tidy")
    assert (cell["old"]["onPaper"], cell["new"]["onPaper"]) == (0, 1)


def test_one_changed_record_is_not_in_the_plural(shared_world: Path, world: Path) -> None:
    edited("ontology/features.ttl", '"A book of debts."', '"A book of debts and dues."')(world)
    assert "0 verdicts, 0 cells and 1 record differ" in difference_text(since(shared_world, world), "text")


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_the_text_says_which_claims_count(form: str, shared_world: Path) -> None:
    selection = Selection(datasets=("tales",))
    found = since(shared_world, shared_world, selection)
    assert "Claims counted: all." in difference_text(found, form)
    assert "Claims counted: of dataset tales." in difference_text(found, form, selection=selection)


def test_a_cell_of_one_edition_has_no_state_in_the_other(shared_world: Path, world: Path) -> None:
    (world / "ontology" / "guidelines" / "example-2001" / "tidy.ttl").unlink()
    cells = since(shared_world, world).cells
    assert {(cell.reading, cell.new) for cell in cells} == {("tidy", None)}
    assert "→ not in the data" in difference_text(since(shared_world, world), "text")


def test_each_changed_record_has_its_kind(shared_world: Path, world: Path) -> None:
    edited("data/places.ttl", '"The first invented system."', '"The very first invented system."')(world)
    edited("ontology/features.ttl", '"A book of debts."', '"A book of debts and dues."')(world)
    edited("ontology/criteria.ttl", '"No ledger is kept."', '"No ledger at all is kept."')(world)
    changes = [(change.kind, change.record, change.how) for change in since(shared_world, world).records]
    assert changes == [
        ("SocialCreditSystem", "sys:alpha", "changed"),
        ("Criterion", "crit:no-ledger", "changed"),
        ("Feature", "feat:ledger", "changed"),
    ]
