"""The exceptions of the model."""

import pickle

import pytest

from scs_kg.model.errors import BadFileError


@pytest.mark.parametrize("position", [(None, None), (3, None), (3, 14)])
def test_a_file_error_keeps_its_position_across_processes(position: tuple[int | None, int | None]) -> None:
    line, column = position
    error = BadFileError("data/x.ttl", line, "is broken", column)
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - the bytes come from the same line
    assert (copy.file, copy.line, copy.column, copy.reason) == ("data/x.ttl", line, column, "is broken")
    assert str(copy) == str(error)
