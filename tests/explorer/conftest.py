"""The content of the pages of the real data and of the invented world, each loaded once for all tests."""

import pytest

from scs_kg.explorer.content import SiteContent, load_content
from tests.conftest import ROOT, build_world


@pytest.fixture(scope="session")
def real_content() -> SiteContent:
    """Return the content of the pages of the real data; it is immutable except for its caches."""
    return load_content(ROOT)


@pytest.fixture(scope="session")
def content(tmp_path_factory: pytest.TempPathFactory) -> SiteContent:
    """Return the content of the pages of the invented world; it is immutable except for its caches."""
    return load_content(build_world(tmp_path_factory.mktemp("world")))
