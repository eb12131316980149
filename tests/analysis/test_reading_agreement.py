"""A reading of a guideline agrees with itself, and differs from a reading in which one provision has other codes."""

import json
from pathlib import Path

import pytest
import yaml

from scs_kg.analysis.reading_agreement import PRESENCE, reading_agreement
from scs_kg.contribute.reading_files import with_reading_file
from scs_kg.judging.project import open_guarded
from scs_kg.judging.readings import choices, choose_reading
from scs_kg.model.errors import WrongUseError
from scs_kg.model.namespaces import local_id
from scs_kg.render.agreement import reading_agreement_json, reading_agreement_tables
from scs_kg.store import Dataset, query_library
from scs_kg.store.query_library import row_text
from tests.support.commands import run


@pytest.fixture(scope="module")
def opened(shared_world: Path) -> Dataset:
    """Return the invented world, opened."""
    return open_guarded(shared_world)


def second_coding(dataset: Dataset, file: Path, change: dict[str, str], leave_out: int = 0) -> str:
    """Write the provisions of the reading ``plain`` to a file, with a change of the first, and return the file."""
    names = ("principle", "criterion", "locator", "rationale", "basis", "force", "role")
    rows = [
        {name: row_text(row, name) for name in names}
        for row in query_library.rows(dataset, "provisions", reading="plain")
    ]
    coded = [
        {name: local_id(value) if name in {"basis", "force", "role"} else value for name, value in row.items()}
        for row in rows
    ]
    coded[0].update(change)
    guideline = choose_reading(dataset, None, "plain").guideline.id
    reading = {"id": "second", "label": "second", "definition": "Codes it again.", "readsGuideline": guideline}
    provisions = coded[: len(coded) - leave_out]
    file.write_text(yaml.safe_dump({"readings": [reading], "provisions": provisions}), "utf-8")
    return str(file)


def test_a_reading_agrees_with_itself(opened: Dataset) -> None:
    plain = choose_reading(opened, None, "plain")
    found = reading_agreement(opened, plain, plain)
    assert all(one.units == one.agreeing > 0 for one in found.agreements)
    assert found.marks.cells == ()
    assert found.marks.of > 0
    assert found.only_first == found.only_second == ()


def test_a_field_with_another_code_is_counted(opened: Dataset, tmp_path: Path) -> None:
    first = next(row for row in query_library.rows(opened, "provisions", reading="plain"))
    other = "Supporting" if local_id(row_text(first, "role")) == "Deciding" else "Deciding"
    change = {"role": other, "force": "Interpreted"}
    dataset, iri = with_reading_file(opened, second_coding(opened, tmp_path / "second.yaml", change, leave_out=1))
    plain, second = choose_reading(dataset, None, "plain"), choose_reading(dataset, None, iri)
    found = reading_agreement(dataset, plain, second)
    by_field = {one.field: one for one in found.agreements}
    assert by_field["role"].units - by_field["role"].agreeing == 1
    assert by_field["basis"].units == by_field["basis"].agreeing
    assert by_field[PRESENCE].units - by_field[PRESENCE].agreeing == 1
    assert len(found.only_first) == 1
    assert found.only_second == ()
    assert found.marks.cells
    data = json.loads(reading_agreement_json(found))
    assert len(data["marks"]["cells"]) == len(found.marks.cells)
    agreement, marks = reading_agreement_tables(found)
    assert len(agreement.rows) == len(found.agreements)
    assert len(marks.rows) == len(found.marks.changed)


def test_a_file_with_the_other_reading_is_refused(opened: Dataset, shared_world: Path, tmp_path: Path) -> None:
    one, other = (second_coding(opened, tmp_path / f"{name}.yaml", {}, leave_out=name) for name in range(2))
    said = run("agreement", "--first", one, "--second", "second", "--root", str(shared_world))
    assert (said.returncode, said.stdout) == (2, b"")
    assert b"--first and --second are both the reading second; give one of them another id" in said.stderr
    said = run("agreement", "--first", one, "--second", other, "--root", str(shared_world))
    assert (said.returncode, said.stdout) == (1, b"")
    assert b"give the new record another name" in said.stderr


def test_readings_of_different_guidelines_are_refused(opened: Dataset) -> None:
    one, *others = choices(opened)
    other = next((choice for choice in others if choice.guideline != one.guideline), None)
    assert other is not None, "the invented world needs two guidelines"
    with pytest.raises(WrongUseError, match="different guidelines"):
        reading_agreement(opened, one, other)
