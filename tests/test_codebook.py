"""The pages of the codebook: one for each kind of feature, with examples that the data still have."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

import pytest

from scs_kg.model.namespaces import local_id
from scs_kg.store import Dataset, query_library
from scs_kg.store.query_library import Row, row_text
from tests.conftest import ROOT
from tests.support.every import every

FOLDER: Final = ROOT / "docs" / "codebook"
PAGES: Final = sorted(path.stem for path in FOLDER.glob("*.md"))
HEADINGS: Final = ["Include", "Exclude", "Examples", "Counter-example"]
NAME: Final = re.compile(r"`([a-z0-9-]+)`")
CITED: Final = r'"(?P<statement>.+)" Claim `(?P<claim>\S+)`, source `(?P<source>\S+)`, feature `(?P<feature>\S+)`, '
EXAMPLE: Final = re.compile(CITED + r"(?P<finding>[a-z ]+), (?P<mode>de jure|de facto|planned)\. [A-Z].+\.")
COUNTER_EXAMPLE: Final = re.compile(CITED + r'withdrawn: "(?P<reason>.+)" [A-Z].+\.')


@cache
def sections(page: str) -> Mapping[str, str]:
    """Return the text under each heading of a page, keyed by heading; the introduction has an empty key."""
    text = (FOLDER / f"{page}.md").read_text("utf-8").partition("\n")[2]
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return {"": " ".join(parts[0].split()), **dict(zip(parts[1::2], parts[2::2], strict=True))}


def items(page: str, heading: str) -> list[str]:
    """Return the items of the list under a heading, each on one line."""
    return [" ".join(item.split()) for item in re.split(r"^- ", sections(page)[heading], flags=re.MULTILINE)[1:]]


def words(name: str) -> str:
    """Return a name of the ontology in words: ``NotReported`` is "not reported"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def name_in(row: Row, column: str) -> str:
    return local_id(row_text(row, column))


@pytest.fixture(scope="module")
def claims(opened: Dataset) -> Mapping[str, Row]:
    return {name_in(row, "claim"): row for row in query_library.rows(opened, "claims")}


@pytest.fixture(scope="module")
def kinds(opened: Dataset) -> Mapping[str, str]:
    """Return the page of the kind of each feature."""
    found = query_library.rows(opened, "features")
    return {name_in(row, "feature"): words(name_in(row, "kind")).replace(" ", "-") for row in found}


def test_each_kind_of_feature_has_a_page_with_its_definition(opened: Dataset, kinds: Mapping[str, str]) -> None:
    terms = query_library.rows(opened, "terms")
    defined = {
        words(name_in(row, "term")).replace(" ", "-"): row for row in terms if name_in(row, "general") == "Feature"
    }
    assert sorted(defined) == PAGES == sorted(set(kinds.values()))
    for page, row in defined.items():
        introduced = f'Definition of `scs:{name_in(row, "term")}`: "{row_text(row, "definition")}" '
        assert sections(page)[""].startswith(introduced), page


@every("page", PAGES)
def test_a_page_has_all_parts(page: str) -> None:
    assert list(sections(page))[1:] == HEADINGS
    assert 2 <= len(items(page, "Examples")) <= 3
    assert len(items(page, "Counter-example")) == 1
    assert f"(codebook/{page}.md)" in (ROOT / "docs" / "codebook.md").read_text("utf-8")


@every("page", PAGES)
def test_included_features_are_of_the_kind_and_excluded_ones_have_another_place(
    page: str, kinds: Mapping[str, str]
) -> None:
    assert {kinds.get(name) for name in NAME.findall(sections(page)["Include"])} == {page}
    for item in items(page, "Exclude"):
        names = NAME.findall(item)
        assert set(names) <= set(kinds), item
        assert names or ".md" in item, item


@every("page", PAGES)
def test_an_example_is_a_valid_claim_with_its_codes(
    page: str, claims: Mapping[str, Row], kinds: Mapping[str, str]
) -> None:
    """If this test fails because a claim was corrected, name the claim that took its place."""
    for item in items(page, "Examples"):
        cited = EXAMPLE.fullmatch(item)
        assert cited, item
        assert kinds[cited["feature"]] == page, item
        row = claims[cited["claim"]]
        assert row_text(row, "status") == "valid", item
        for part in ("source", "feature"):
            assert cited[part] == name_in(row, part), item
        for part in ("finding", "mode"):
            assert cited[part].replace(" ", "") == name_in(row, part).lower(), item
        assert cited["statement"] == row_text(row, "statement"), item


@every("page", PAGES)
def test_a_counter_example_is_a_withdrawn_claim_with_the_reason(
    page: str, opened: Dataset, claims: Mapping[str, Row], kinds: Mapping[str, str]
) -> None:
    [item] = items(page, "Counter-example")
    cited = COUNTER_EXAMPLE.fullmatch(item)
    assert cited, item
    assert kinds[cited["feature"]] == page, item
    row = claims[cited["claim"]]
    assert row_text(row, "status") == "retracted", item
    assert [cited["source"], cited["feature"]] == [name_in(row, "source"), name_in(row, "feature")], item
    assert cited["statement"] == row_text(row, "statement"), item
    acts = query_library.rows(opened, "retracted")
    reasons = {row_text(act, "reason") for act in acts if name_in(act, "claim") == cited["claim"]}
    assert cited["reason"] in reasons, item


def test_the_examples_of_modes_are_valid_claims(claims: Mapping[str, Row]) -> None:
    text = (ROOT / "docs" / "codebook.md").read_text("utf-8")
    named = re.findall(r"^- `([a-z0-9-]+)`", text, re.MULTILINE)
    assert len(named) > 6
    assert [name for name in named if row_text(claims[name], "status") != "valid"] == []
