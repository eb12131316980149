"""The exceptions of the model."""

import pickle

import pytest

from scs_kg.model.errors import LONGEST, BadFileError, UnknownNameError


@pytest.mark.parametrize("position", [(None, None), (3, None), (3, 14)])
def test_a_file_error_keeps_its_position_across_processes(position: tuple[int | None, int | None]) -> None:
    line, column = position
    error = BadFileError("data/x.ttl", line, "is broken", column)
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - the bytes come from the same line
    assert (copy.file, copy.line, copy.column, copy.reason) == ("data/x.ttl", line, column, "is broken")
    assert str(copy) == str(error)


def test_a_very_long_name_is_shortened_in_the_message() -> None:
    assert str(UnknownNameError("system", "é" * 100_000, ["alpha"])) == (
        f"no system is called '{'é' * LONGEST}…'; known: alpha"
    )
    exact = "e" * LONGEST
    assert str(UnknownNameError("system", exact, [])) == f"no system is called '{exact}'; known: none"


def test_several_commands_may_list_the_names() -> None:
    many = [f"name-{number}" for number in range(30)]
    assert str(UnknownNameError("claim or source", "zebra", many, listing="claims,sources")) == (
        "no claim or source is called 'zebra'; 'scs-kg query claims' and 'scs-kg query sources' list all"
    )
