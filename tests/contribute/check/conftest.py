"""The rules of the project's own data, read once for the tests of checks.

These tests do not use the fixture ``opened``, because they fork and would then run beside the tests on the real data.
"""

import pytest

from scs_kg import store
from scs_kg.contribute.check import CheckContext, check_context
from scs_kg.contribute.read import reading_context
from tests.conftest import ROOT


@pytest.fixture(scope="session")
def real() -> CheckContext:
    """Return what a check of a draft needs on the project's own data; no test may change it."""
    return check_context(reading_context(store.load(ROOT)))
