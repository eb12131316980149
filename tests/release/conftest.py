"""A release of the invented world, and readers of its tables."""

from pathlib import Path

import pytest

from scs_kg.release import write_release


@pytest.fixture(scope="session")
def released(shared_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the release of the invented world."""
    folder = tmp_path_factory.mktemp("released") / "release"
    write_release(shared_world, folder)
    return folder
