"""The words of the pages: templates, scripts or code name each key that is not a value of the data."""

import re
from collections.abc import Mapping
from typing import Any, Final

from scs_kg.explorer.i18n import words
from tests.conftest import ROOT

OF_DATA: Final = frozenset(
    {"answer", "counted", "field", "finding", "basis", "force", "picture", "qualifier", "ruling", "script", "why"}
)
"""Parts of the words whose keys, or parts of them, are values of the data or of the model."""


def keys(said: Mapping[str, Any]) -> set[str]:
    """Return the keys of words at any depth that have a text."""
    nested = [keys(value) for value in said.values() if isinstance(value, dict)]
    return {key for key, value in said.items() if isinstance(value, str)}.union(*nested)


def test_every_key_of_the_words_is_named_by_a_template_a_script_or_the_code() -> None:
    files = (path for path in (ROOT / "scs_kg").rglob("*") if path.suffix in {".j2", ".js", ".py"})
    named = set(re.findall(r"\w[\w-]*", " ".join(path.read_text("utf-8") for path in files)))
    found = keys({part: said for part, said in words("en").items() if part not in OF_DATA})
    assert len(found) > 300
    assert {key for key in found if not set(re.split(r"[^\w-]+", key)) <= named} == set()
