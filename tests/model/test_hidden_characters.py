"""Every invisible character that the rule on drafts rejects has a description."""

import re
import unicodedata

from scs_kg.model.hidden_characters import hidden_character_names, hidden_characters
from tests.conftest import ROOT


def test_hidden_characters_are_named_once_in_the_order_of_the_text() -> None:
    assert hidden_characters("a\u202eb\u00adc\u202e\u3164") == (
        "U+202E RIGHT-TO-LEFT OVERRIDE",
        "U+00AD SOFT HYPHEN",
        "U+3164 HANGUL FILLER",
    )
    assert hidden_characters("社会信用 é") == ()


def test_every_character_that_the_rule_rejects_has_a_description() -> None:
    rules = (ROOT / "ontology" / "integrity" / "drafts.ttl").read_text("utf-8")
    found = re.search(r"integrity:DraftHidden a .*?REGEX\(STR\(\?text\), \"(\[.*?\])\"\)", rules, re.DOTALL)
    assert found
    pattern = re.compile(found[1].replace(r"\\", "\\"))
    rejected = {char for char in map(chr, range(0xE1000)) if pattern.fullmatch(char) and is_assigned(char)}
    assert len(rejected) > 150
    assert rejected <= hidden_character_names().keys()


def is_assigned(character: str) -> bool:
    """Return whether Unicode assigns a meaning to a character."""
    return unicodedata.category(character) != "Cn"
