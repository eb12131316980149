"""Every invisible character that the rule on drafts rejects has a description."""

import re
import unicodedata

from scs_kg.model.hidden_characters import HIDDEN, hidden_character_names, hidden_characters
from tests.conftest import ROOT


def test_hidden_characters_are_named_once_in_the_order_of_the_text() -> None:
    assert hidden_characters("a\u202eb\u00adc\u202e\u3164") == (
        "U+202E RIGHT-TO-LEFT OVERRIDE",
        "U+00AD SOFT HYPHEN",
        "U+3164 HANGUL FILLER",
    )
    assert hidden_characters("社会信用 é") == ()


def test_one_variation_selector_is_visible_in_the_form_of_its_character() -> None:
    assert hidden_characters("\u2764\ufe0f 葛\U000e0100城") == ()
    assert hidden_characters("a\ufe01\ufe02") == ("U+FE01 VARIATION SELECTOR-2", "U+FE02 VARIATION SELECTOR-3")


def test_every_format_character_that_is_not_a_sign_is_hidden() -> None:
    visible = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
    formats = {char for char in map(chr, range(0xE1000)) if unicodedata.category(char) in ("Cf", "Zl", "Zp")}
    assert {ord(char) for char in formats if not hidden_characters(char)} == visible


def test_the_rule_on_drafts_has_the_same_pattern() -> None:
    rules = (ROOT / "ontology" / "integrity" / "drafts.ttl").read_text("utf-8")
    found = re.search(r"integrity:DraftHidden a .*?REGEX\(STR\(\?text\), \"(\[.*?)\"\)", rules, re.DOTALL)
    assert found
    assert found[1].replace(r"\\", "\\") == HIDDEN


def test_every_character_that_the_rule_rejects_has_a_description() -> None:
    pattern, names = re.compile(HIDDEN), hidden_character_names()
    rejected = {char for char in map(chr, range(0xE1000)) if pattern.fullmatch(char) and is_assigned(char)}
    assert len(rejected) > 150
    assert rejected <= names.keys()
    assert "\ufe0f" in names


def is_assigned(character: str) -> bool:
    """Return whether Unicode assigns a meaning to a character."""
    return unicodedata.category(character) != "Cn"
