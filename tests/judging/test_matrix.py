"""Tests the golden matrices of the real data, and the cell rule on every combination of outcomes."""

from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from scs_kg import store
from scs_kg.judging.earl import publish
from scs_kg.judging.judged import JudgedSelection
from scs_kg.judging.matrix import compare, compare_judged
from scs_kg.judging.principles import read_principle_criteria
from scs_kg.judging.project import open_guarded, open_judged
from scs_kg.judging.readings import choices, choose_reading
from scs_kg.model.claims import Mode
from scs_kg.model.errors import UnknownNameError, WrongUseError
from scs_kg.model.matrix import Counts, Mark, Matrix, Scope
from scs_kg.model.namespaces import PREFIXES, local_id
from scs_kg.model.verdicts import OpenReason, Outcome, Verdict
from scs_kg.render.data import matrix_csv
from scs_kg.render.documents import as_document
from scs_kg.render.table import matrix_table
from scs_kg.store import Dataset, query_library
from tests.conftest import PAPER, TESTS
from tests.support.golden_files import REMEDY

GOLDEN = TESTS / "golden"
READINGS = sorted(path.stem for path in (GOLDEN / "matrices").glob("*.md"))
PASSED, FAILED, OPEN, INAPPLICABLE = Outcome.PASSED, Outcome.FAILED, Outcome.CANT_TELL, Outcome.INAPPLICABLE


def test_the_matrix_of_the_real_data_equals_the_golden_file(judged: Dataset) -> None:
    golden = (GOLDEN / "matrix.csv").read_text("utf-8")
    assert matrix_csv(compare(judged, selection=PAPER)).replace("\r\n", "\n") == golden, REMEDY


@pytest.mark.parametrize("reading", READINGS)
def test_the_matrix_of_each_reading_equals_the_golden_file(reading: str, judged_field: JudgedSelection) -> None:
    matrix = compare_judged(judged_field, choose_reading(judged_field.dataset, None, reading))
    golden = GOLDEN / "matrices" / f"{reading}.md"
    assert as_document(matrix_table(matrix), "markdown") == golden.read_text("utf-8"), REMEDY
    assert len({cell.outcome for cell in matrix.cells}) > 1


def test_every_reading_has_a_golden_matrix(opened: Dataset) -> None:
    assert (
        sorted({local_id(query_library.row_text(row, "reading")) for row in query_library.rows(opened, "readings")})
        == READINGS
    )


def marks(matrix: Matrix, principle: str) -> list[str]:
    """Return the outcomes of one row, in the order of the systems."""
    return [cell.outcome.value for cell in matrix.cells if local_id(cell.principle) == principle]


def test_the_privacy_row_is_that_of_the_paper(judged: Dataset) -> None:
    assert marks(compare(judged), "respect-for-privacy") == ["failed", "passed", "passed", "failed", "failed"]


def test_coverage_counts_the_criteria_that_are_decided(judged: Dataset) -> None:
    for cell in compare(judged).cells:
        deciding = [verdict for verdict in cell.verdicts if verdict.criterion not in cell.supporting]
        assert cell.counts.of + cell.counts.inapplicable == len(deciding) > 0
        assert cell.counts.open == sum(verdict.outcome is OPEN for verdict in deciding)


def expected(first: Outcome, second: Outcome) -> Outcome:
    """Return the outcome of a cell with two deciding criteria, which must both be met."""
    both = {first, second}
    if FAILED in both:
        return FAILED
    if OPEN in both:
        return OPEN
    return PASSED if PASSED in both else INAPPLICABLE


@pytest.fixture
def rejudge(shared_world: Path) -> Dataset:
    """Return the invented world without verdicts."""
    return store.load(shared_world)


@pytest.mark.parametrize(("first", "second"), list(product(Outcome, Outcome)))
def test_a_cell_follows_from_its_criteria(rejudge: Dataset, first: Outcome, second: Outcome) -> None:
    system = PREFIXES["sys"] + "alpha"
    chosen = {"no-stocks": first, "gentle": second}
    publish(
        rejudge,
        [
            Verdict(system, PREFIXES["crit"] + name, outcome, (), OpenReason.SILENT if outcome is OPEN else None)
            for name, outcome in chosen.items()
        ],
    )
    (row,) = (
        row
        for row in query_library.rows(rejudge, "matrix", reading="plain")
        if str(row["system"]).endswith("alpha>") and str(row["principle"]).endswith("kindness>")
    )
    assert local_id(store.text(row["outcome"] or store.Literal(""))) == expected(first, second)
    assert (row["why"] is not None) == (expected(first, second) is OPEN)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_an_aspirational_demand_decides_no_cell(rejudge: Dataset, outcome: Outcome) -> None:
    system = PREFIXES["sys"] + "alpha"
    publish(rejudge, [Verdict(system, PREFIXES["crit"] + "not-nosy", outcome)])
    (row,) = (
        row
        for row in query_library.rows(rejudge, "matrix", reading="plain")
        if str(row["system"]).endswith("alpha>") and str(row["principle"]).endswith("beauty>")
    )
    assert local_id(store.text(row["outcome"] or store.Literal(""))) == OPEN
    assert query_library.row_text(row, "mark") == Mark.NOT_ASKED


@pytest.mark.parametrize(
    ("reasons", "why"),
    [
        ((OpenReason.SILENT, OpenReason.SILENT), OpenReason.SILENT),
        ((OpenReason.SILENT, OpenReason.NOT_REPORTED), OpenReason.NOT_REPORTED),
        ((OpenReason.CONTESTED, OpenReason.NOT_REPORTED), OpenReason.CONTESTED),
    ],
)
def test_the_strongest_reason_for_openness_is_shown(
    rejudge: Dataset, reasons: tuple[OpenReason, OpenReason], why: OpenReason
) -> None:
    system = PREFIXES["sys"] + "alpha"
    names = zip(("no-stocks", "gentle"), reasons, strict=True)
    publish(rejudge, [Verdict(system, PREFIXES["crit"] + name, OPEN, (), reason) for name, reason in names])
    (row,) = (
        row
        for row in query_library.rows(rejudge, "matrix", reading="plain")
        if str(row["system"]).endswith("alpha>") and str(row["principle"]).endswith("kindness>")
    )
    assert local_id(store.text(row["why"] or store.Literal(""))).lower() == why.value.lower()


def test_a_principle_without_a_provision_is_open_without_a_reason(world: Path) -> None:
    path = world / "ontology" / "guidelines" / "example-2000" / "plain.ttl"
    written = path.read_text("utf-8")
    path.write_text(written[: written.index("provision:plain-beauty-no-ledger")], "utf-8")
    cells = [cell for cell in compare(open_judged(world)).cells if cell.principle.endswith("beauty")]
    assert len(cells) == 3
    found = {(cell.outcome, cell.mark, cell.counts, cell.open_reason) for cell in cells}
    assert found == {(OPEN, Mark.NOT_ASKED, Counts(), None)}


def test_the_cells_of_the_invented_world_equal_those_computed_by_hand(judged_world: Dataset) -> None:
    found = {
        (choice.reading.id, local_id(cell.principle), local_id(cell.system)): (cell.mark, cell.counts, cell.scope)
        for choice in choices(judged_world)
        for cell in compare(judged_world, choice).cells
    }
    established, far, assumed = (Scope.ESTABLISHED,), (Scope.COUNTERFACTUAL,), (Scope.ASSUMED,)
    assert found == {
        ("plain", "kindness", "alpha"): (Mark.MET, Counts(met=2), established),
        ("plain", "kindness", "beta"): (Mark.NOT_MET, Counts(not_met=2), established),
        ("plain", "kindness", "gamma"): (Mark.NOT_KNOWN, Counts(open=2), far),
        ("plain", "freedom", "alpha"): (Mark.MET, Counts(met=1, inapplicable=1), established),
        ("plain", "freedom", "beta"): (Mark.NOT_MET, Counts(not_met=2), established),
        ("plain", "freedom", "gamma"): (Mark.NOT_KNOWN, Counts(open=2), far),
        ("plain", "beauty", "alpha"): (Mark.INAPPLICABLE, Counts(inapplicable=1), established),
        ("plain", "beauty", "beta"): (Mark.NOT_KNOWN, Counts(open=1), established),
        ("plain", "beauty", "gamma"): (Mark.NOT_KNOWN, Counts(open=1), far),
        ("severe", "kindness", "alpha"): (Mark.MET, Counts(met=2), established),
        ("severe", "kindness", "beta"): (Mark.NOT_MET, Counts(not_met=2), established),
        ("severe", "kindness", "gamma"): (Mark.NOT_KNOWN, Counts(open=2), far),
        ("severe", "freedom", "alpha"): (Mark.NOT_ASKED, Counts(), established),
        ("severe", "freedom", "beta"): (Mark.NOT_ASKED, Counts(), established),
        ("severe", "freedom", "gamma"): (Mark.NOT_ASKED, Counts(), far),
        ("severe", "beauty", "alpha"): (Mark.NOT_ASKED, Counts(), established),
        ("severe", "beauty", "beta"): (Mark.NOT_ASKED, Counts(), established),
        ("severe", "beauty", "gamma"): (Mark.NOT_ASKED, Counts(), far),
        ("tidy", "tidiness", "alpha"): (Mark.NOT_MET, Counts(not_met=1), established),
        ("tidy", "tidiness", "beta"): (Mark.NOT_KNOWN, Counts(open=1), assumed),
        ("tidy", "tidiness", "gamma"): (Mark.INAPPLICABLE, Counts(), (Scope.OUTSIDE,)),
    }


def test_met_on_paper_alone_is_counted(world: Path) -> None:
    path = world / "data" / "tales" / "alpha.ttl"
    path.write_text(path.read_text("utf-8").replace("scs:mode scs:DeFacto", "scs:mode scs:DeJure"), "utf-8")
    cells = [cell for cell in compare(open_guarded(world)).cells if cell.system.endswith("alpha")]
    found = {local_id(cell.principle): (cell.mark, cell.modes, cell.on_paper) for cell in cells}
    assert found == {
        "kindness": (Mark.MET, (Mode.DE_JURE,), 2),
        "freedom": (Mark.MET, (Mode.DE_JURE,), 1),
        "beauty": (Mark.INAPPLICABLE, (), 0),
    }


def test_a_cell_is_in_hindsight_if_every_deciding_claim_is_older_than_the_text(world: Path) -> None:
    path = world / "ontology" / "guidelines" / "example-2000" / "principles.ttl"
    path.write_text(path.read_text("utf-8").replace("2000-02-01", "2002-02-01"), "utf-8")
    hindsight = {
        (local_id(cell.principle), local_id(cell.system))
        for cell in compare(open_guarded(world)).cells
        if Scope.HINDSIGHT in cell.scope
    }
    assert hindsight == {("kindness", "alpha"), ("freedom", "alpha"), ("freedom", "beta")}


def test_without_a_source_its_claims_do_not_count(opened: Dataset) -> None:
    without = compare(opened, selection=replace(PAPER, without=("schmitz-2017",)))
    assert marks(without, "respect-for-privacy") == ["failed", "cantTell", "passed", "failed", "failed"]


@pytest.mark.parametrize(
    ("as_of", "privacy"),
    [
        ("2017", ["cantTell", "passed", "cantTell", "cantTell", "cantTell"]),
        ("2018-11", ["cantTell", "passed", "cantTell", "cantTell", "cantTell"]),
        ("2018-12-31", ["failed", "passed", "cantTell", "cantTell", "failed"]),
        ("2021-01-31", ["failed", "passed", "passed", "failed", "failed"]),
    ],
)
def test_as_of_keeps_the_claims_dated_up_to_its_end(as_of: str, privacy: list[str], opened: Dataset) -> None:
    selection = replace(PAPER, as_of=as_of)
    matrix = compare(opened, selection=selection)
    assert matrix.selection.as_of == as_of
    assert marks(matrix, "respect-for-privacy") == privacy


def test_systems_come_in_the_order_of_the_published_table(judged: Dataset) -> None:
    assert [system.id for system in compare(judged).systems] == ["xinjiang", "shanghai", "xiamen", "fuzhou", "shenzhen"]


@pytest.mark.parametrize(
    ("guideline", "reading", "message"),
    [
        ("china-2018", None, "no guideline is called 'china-2018'; did you mean china-20"),
        (None, "agrawal", "no reading is called 'agrawal'; did you mean agrawal-2022"),
    ],
)
def test_the_error_for_an_unknown_name_suggests_similar_names(
    judged: Dataset, guideline: str | None, reading: str | None, message: str
) -> None:
    with pytest.raises(UnknownNameError) as caught:
        choose_reading(judged, guideline, reading)
    assert message in str(caught.value)


@pytest.mark.parametrize("reading", ["agrawal-2022", "reading:agrawal-2022"])
def test_the_error_for_a_reading_of_another_guideline_names_both_guidelines(judged: Dataset, reading: str) -> None:
    said = "^agrawal-2022 is a reading of china-2019; the readings of gdpr-2016 are gdpr-2016-full-text$"
    with pytest.raises(WrongUseError, match=said):
        choose_reading(judged, "gdpr-2016", reading)
    with pytest.raises(WrongUseError, match=said):
        read_principle_criteria(judged, "gdpr-2016", reading)


def test_the_error_for_an_unknown_reading_names_those_of_the_guideline(judged: Dataset) -> None:
    with pytest.raises(UnknownNameError, match=r"no reading is called 'nope'; known: gdpr-2016-full-text$"):
        choose_reading(judged, "gdpr-2016", "nope")
