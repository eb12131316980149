"""Readings in files: built-in evaluation, pySHACL and an independent count agree on all readings."""

from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scs_kg.contribute.reading_files import with_reading_file
from scs_kg.judging.judged import judge_selection
from scs_kg.judging.matrix import compare_judged
from scs_kg.judging.principles import principle_criteria
from scs_kg.judging.project import open_guarded
from scs_kg.judging.readings import choose_reading
from scs_kg.model.namespaces import PREFIXES, local_id
from scs_kg.model.selection import Selection
from scs_kg.store import Dataset
from scs_kg.store.dataset import instances
from scs_kg.store.labels import name_index
from tests.support.counting import counted_by_hand

SCS = PREFIXES["scs"]
HAD = ("cake", "gift", "appeal", "door", "machine")
LACKED = ("fine", "stocks", "punishment", "gossip", "ledger")
WHY = "The line asks for it, and the reader has a long reason for this claim."


class PlainDumper(yaml.SafeDumper):
    """Writes a list again where it occurs a second time, because a file of a reading has no aliases."""

    def ignore_aliases(self, data: object) -> bool:
        """Write no value as an alias."""
        return True


@pytest.fixture(scope="module")
def opened(shared_world: Path) -> Dataset:
    """Return the invented world, opened."""
    return open_guarded(shared_world)


def ids(dataset: Dataset, kind: str) -> list[str]:
    """Return the ids of all instances of a class."""
    return sorted(local_id(node.value) for node in instances(dataset, SCS + kind, "ontology/"))


def random_reading(data: st.DataObject, dataset: Dataset) -> dict[str, object]:
    """Draw a reading of one to five provisions with random criteria, forces, roles, conditions and cell rule."""
    guideline = choose_reading(dataset, None, "plain").guideline
    principles = [p.principle.iri for p in principle_criteria(dataset, [choose_reading(dataset, None, "plain")])]
    own = {**random_tests(data), "id": "own-one", "label": "own", "definition": "Has it."}
    conditions = st.lists(st.sampled_from([*ids(dataset, "Condition"), "own-one"]), max_size=2, unique=True)
    pairs = st.tuples(st.sampled_from(principles), st.sampled_from([*ids(dataset, "Criterion"), "own-one"]))
    provisions = []
    for principle, criterion in data.draw(st.lists(pairs, min_size=1, max_size=5, unique=True)):
        force = data.draw(st.sampled_from(["Plain", "Interpreted", "Aspirational"]))
        role = "Supporting" if force == "Aspirational" else data.draw(st.sampled_from(["Deciding", "Supporting"]))
        codes = {"basis": "Stated", "force": force, "role": role, "condition": data.draw(conditions)}
        provisions.append(
            {"principle": principle, "criterion": criterion, "locator": "line 1", "rationale": WHY, **codes}
        )
    reading = {"id": "own", "label": "own", "definition": "Reads it.", "readsGuideline": guideline.iri}
    rule = data.draw(st.sampled_from(["EveryCriterion", "AnyCriterion"]))
    tested = {**own, **random_tests(data), "polarity": data.draw(st.sampled_from(["Upholds", "Violates"]))}
    records = {"criteria": [tested], "conditions": [own]}
    return {**records, "readings": [{**reading, "cellRule": rule}], "provisions": provisions}


def random_tests(data: st.DataObject) -> dict[str, list[str]]:
    """Draw tests of a criterion or condition: related features are tested only for presence or only for absence."""
    tests = {}
    for names, features in ((("present", "anyPresent"), HAD), (("absent", "anyAbsent"), LACKED)):
        for name in names:
            tests[name] = data.draw(st.lists(st.sampled_from(features), max_size=3, unique=True))
    return tests if any(tests.values()) else {"present": [HAD[0]]}


@pytest.mark.slow(seconds=20)
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(data=st.data())
def test_pyshacl_and_an_independent_count_agree_on_readings_in_files(
    data: st.DataObject, opened: Dataset, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("own") / "own.yaml"
    file.write_text(yaml.dump(random_reading(data, opened), Dumper=PlainDumper), "utf-8")
    dataset, iri = with_reading_file(opened, str(file))
    choice = choose_reading(dataset, None, iri)
    by_formula, by_pyshacl = (judge_selection(dataset, Selection(engine=e)) for e in ("formula", "pyshacl"))
    matrix = compare_judged(by_formula, choice)
    assert matrix.cells == compare_judged(by_pyshacl, choice).cells
    principles = {one.principle.iri: one for one in principle_criteria(dataset, [choice])}
    for cell in matrix.cells:
        verdicts = by_pyshacl.state.system_states[cell.system].by_test
        outcomes = {test: verdict.outcome for test, verdict in verdicts.items()}
        assert cell.mark is counted_by_hand(principles[cell.principle], outcomes)


def test_the_invented_world_has_the_ids_that_random_readings_use(opened: Dataset) -> None:
    assert len(ids(opened, "Condition")) > 1
    assert len(ids(opened, "Criterion")) > 3
    assert name_index(opened).find(SCS + "CellRule", "AnyCriterion")
