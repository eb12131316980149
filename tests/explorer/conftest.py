"""The content of the pages of the real data, loaded once for all tests."""

import pytest

from scs_kg.explorer.content import SiteContent, load_content
from tests.conftest import ROOT


@pytest.fixture(scope="session")
def real_content() -> SiteContent:
    """Return the content of the pages of the real data; it is immutable except for its caches."""
    return load_content(ROOT)
