"""Other engines reproduce the verdicts from the facts and shapes of the report."""

from pathlib import Path

import pytest
from hypothesis import given
from pyoxigraph import RdfFormat, parse

from scs_kg.exchange.shacl_report import targeted, turtle, write_report
from scs_kg.judging.judge import judge_all
from scs_kg.model.errors import BadFileError
from scs_kg.model.formula import Formula
from scs_kg.model.namespaces import PREFIXES, local_id
from scs_kg.model.verdicts import Outcome
from scs_kg.rules.criteria import criteria, read_criteria
from scs_kg.rules.engines import Engine, run_fast, run_reference
from scs_kg.store import Dataset, canonical_ntriples
from tests.support.invented import HEAD, formulas


@pytest.fixture(scope="module", params=["judged", "judged_world"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Dataset, Path]:
    """Return a judged dataset and the folder with its report."""
    dataset, path = request.getfixturevalue(request.param), tmp_path_factory.mktemp("report")
    write_report(dataset, path)
    return dataset, path


@pytest.mark.no_cover
@pytest.mark.parametrize("engine", [run_fast, pytest.param(run_reference, marks=pytest.mark.crosscheck)])
def test_engines_reproduce_the_verdicts(folder: tuple[Dataset, Path], engine: Engine) -> None:
    dataset, path = folder
    facts, shapes = (canonical_ntriples((path / name).read_text("utf-8")) for name in ("facts.ttl", "shapes.ttl"))
    found = {(local_id(v.focus), local_id(v.rule), v.severity) for v in engine(facts, shapes)}
    words = {Outcome.FAILED: ("failed", "Violation"), Outcome.CANT_TELL: ("open", "Info")}
    judged = {
        (local_id(v.system), f"{local_id(v.criterion)}-{words[v.outcome][0]}", words[v.outcome][1])
        for v in judge_all(dataset)
        if v.outcome in words and v.criterion in criteria(dataset)
    }
    assert judged
    assert found == judged


def test_the_report_is_a_standard_validation_report(folder: tuple[Dataset, Path]) -> None:
    text = (folder[1] / "report.ttl").read_bytes()
    quads = list(parse(text, format=RdfFormat.TURTLE))
    kinds = [quad.object.value for quad in quads if quad.predicate.value == PREFIXES["rdf"] + "type"]
    assert kinds.count(PREFIXES["sh"] + "ValidationReport") == 1
    assert kinds.count(PREFIXES["sh"] + "ValidationResult") > 1


def test_two_runs_write_the_same_files(judged: Dataset, tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_report(judged, tmp_path / name)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


@given(formulas)
def test_every_formula_is_written_as_turtle(formula: Formula) -> None:
    assert list(parse(f"{HEAD}<urn:s> sh:node {turtle(formula)} .".encode(), format=RdfFormat.TURTLE))


def test_each_criterion_gets_two_targeted_shapes(judged: Dataset) -> None:
    for criterion in read_criteria(judged):
        assert targeted(judged, criterion).count("sh:targetClass scs:SocialCreditSystem") == 2


def test_a_folder_that_cannot_be_written_is_an_error(judged: Dataset, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    with pytest.raises(BadFileError, match="cannot be written"):
        write_report(judged, tmp_path / "file")
