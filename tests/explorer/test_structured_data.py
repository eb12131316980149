"""Every page has the data for a citation, and the pages of matrices describe themselves in the terms of schema.org."""

import json
import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.html import html
from scs_kg.explorer.page import LANGUAGES
from scs_kg.explorer.router import page
from scs_kg.explorer.site_settings import SiteSettings
from scs_kg.model.version import __version__
from scs_kg.render.citation import AUTHOR
from scs_kg.store.ontology_header import release_date

ADDRESSES = ("index", "matrix/agrawal-2022", "matrix/pipl-2021-full-text/as-of-2018", "system/xiamen", "compare")


def described(content: SiteContent, address: str, language: str) -> list[dict[str, Any]]:
    """Return the nodes of the JSON-LD of a page."""
    text = html(content, page(content, address), language)
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
    data = json.loads(found)
    assert data["@context"] == "https://schema.org"
    nodes: list[dict[str, Any]] = data["@graph"]
    return nodes


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_has_title_author_date_and_address_for_reference_managers(
    real_content: SiteContent, address: str, language: str
) -> None:
    text = html(real_content, page(real_content, address), language)
    found = {
        name: unescape(value) for name, value in re.findall(r'<meta name="citation_(\w+)" content="([^"]*)">', text)
    }
    (title,) = re.findall(r"<title>(.*) · scs-kg</title>", text)
    assert found["title"] == unescape(title)
    assert found["author"] == AUTHOR
    assert re.fullmatch(r"\d{4}/\d\d/\d\d", found["publication_date"])
    (shown,) = re.findall(r"<cite>(.*?)</cite>", text)
    address_of_page = f"https://w3id.org/scs-kg/{language}/{address}.html"
    assert all(part in shown for part in (title, __version__, release_date(real_content.source), address_of_page))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_matrix_is_a_dataset_with_its_principles_and_its_file(real_content: SiteContent, language: str) -> None:
    (dataset,) = described(real_content, "matrix/pipl-2021-full-text", language)
    assert dataset["@type"] == "Dataset"
    assert 50 <= len(dataset["description"].encode()) <= 5000
    assert len(dataset["variableMeasured"]) == 33
    assert dataset["distribution"][0]["contentUrl"] == "../../matrix/pipl-2021-full-text.csv.zip"
    assert "&" not in dataset["name"]


def test_each_row_of_the_published_table_is_a_claim_that_is_reviewed(real_content: SiteContent) -> None:
    dataset, *reviews = described(real_content, "matrix/agrawal-2022", "en")
    assert dataset["@type"] == "Dataset"
    published = page(real_content, "matrix/agrawal-2022").data["published"]
    assert len(reviews) == sum(bool(row.marks) for row in published.rows) > 3
    for review in reviews:
        assert review["@type"] == "ClaimReview"
        assert review["claimReviewed"].startswith("Table 1")
        assert review["itemReviewed"]["appearance"]["url"].startswith("https://doi.org/")
        assert review["reviewRating"]["alternateName"] in {"same", "consistent", "different"}


def test_an_edition_without_a_file_lists_no_file(real_content: SiteContent) -> None:
    (dataset,) = described(real_content, "matrix/pipl-2021-full-text/as-of-2018", "en")
    assert "distribution" not in dataset
    assert "2018" in dataset["name"]


def test_a_page_is_cited_at_the_address_of_the_configured_site(real_content: SiteContent) -> None:
    own = replace(real_content, settings=SiteSettings(url="https://example.org/compared"))
    text = html(own, page(own, "matrix/agrawal-2022"), "en")
    address = "https://example.org/compared/en/matrix/agrawal-2022.html"
    assert f'<link rel="canonical" href="{address}">' in text
    assert f"{address}</cite>" in text
    assert described(own, "matrix/agrawal-2022", "en")[0]["url"] == address
    assert f'"address":"{address}"' in text
