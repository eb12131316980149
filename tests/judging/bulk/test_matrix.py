"""``matrix.rq`` and ``scope.rq`` over the EARL files of bulk judging give the cells of a comparison."""

import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from scs_kg.judging.bulk.plan import plan_files
from scs_kg.judging.bulk.rulebook import rulebook_of
from scs_kg.judging.bulk.run import run
from scs_kg.judging.judged import JudgedSelection
from scs_kg.judging.matrix import compare_judged
from scs_kg.judging.principles import principle_criteria
from scs_kg.judging.project import reopen
from scs_kg.judging.readings import choices, choose_reading
from scs_kg.store import Dataset
from scs_kg.store.parse import STATEMENT_FORMATS
from tests.conftest import ROOT
from tests.support.specification import cells_of_readings, specified, specified_cells


def with_verdicts(dataset: Dataset, output: Path) -> Dataset:
    """Return a copy of a dataset with the EARL files of a run."""
    graph = reopen(dataset)
    for path in output.glob("*.nq.gz"):
        graph.quads.load(gzip.decompress(path.read_bytes()), format=STATEMENT_FORMATS[".nq"])
    return graph


@pytest.mark.crosscheck
@pytest.mark.no_cover
def test_the_queries_over_bulk_verdicts_give_the_cells_of_every_reading(
    field: Dataset, judged_field: JudgedSelection, tmp_path: Path
) -> None:
    run(replace(plan_files(ROOT / "data", tmp_path, rulebook_of(judged_field.dataset)), with_earl=True))
    graph = with_verdicts(field, tmp_path)
    found, readings = cells_of_readings(graph), choices(field)
    assert len(readings) > 5
    for choice in readings:
        cells = compare_judged(judged_field, choice).cells
        assert found[choice.reading.iri] == list(map(specified, cells)), choice.reading.id


@pytest.mark.crosscheck
@pytest.mark.no_cover
@pytest.mark.parametrize("reading", ["pipl-2021-full-text", "eu-ai-act-2026-full-text", "agrawal-2022"])
def test_a_run_for_one_reading_has_the_conditions_that_its_cells_need(
    reading: str, field: Dataset, judged_field: JudgedSelection, tmp_path: Path
) -> None:
    rulebook, choice = rulebook_of(judged_field.dataset, reading=reading), choose_reading(field, None, reading)
    run(replace(plan_files(ROOT / "data", tmp_path, rulebook), with_earl=True))
    graph, cells = with_verdicts(field, tmp_path), compare_judged(judged_field, choice).cells
    assert specified_cells(graph, choice) == list(map(specified, cells))
    principles = principle_criteria(field, [choice])
    assert {c.iri for c in rulebook.conditions} == {iri for p in principles for iri in p.conditions}
