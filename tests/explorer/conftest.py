"""The content of the pages of the real data and of the invented world, each loaded once for all tests."""

from pathlib import Path

import pytest

from scs_kg.explorer.content import SiteContent
from tests.conftest import ROOT
from tests.support.asgi import site_content


@pytest.fixture(scope="session")
def real_content() -> SiteContent:
    """Return the content of the pages of the real data; it is immutable except for its caches."""
    return site_content(ROOT)


@pytest.fixture(scope="session")
def content(shared_world: Path) -> SiteContent:
    """Return the content of the pages of the invented world; it is immutable except for its caches."""
    return site_content(shared_world)
