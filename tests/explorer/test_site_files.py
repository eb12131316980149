"""Tests the files at the root of a site, and the settings of its operator on its pages."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from scs_kg.explorer.content import SiteContent, load_content
from scs_kg.explorer.html import html
from scs_kg.explorer.page import LANGUAGES
from scs_kg.explorer.router import page
from scs_kg.explorer.site_files import site_files
from scs_kg.explorer.site_settings import SiteSettings, read_site_settings
from scs_kg.model.errors import BadFileError
from scs_kg.store.loading import is_overlay

STATED = SiteSettings("https://example.org/scs", "https://example.org/code", "info@example.org")
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


@pytest.fixture(scope="module")
def content(shared_world: Path) -> SiteContent:
    """Return the data of all pages of the invented world."""
    return load_content(shared_world)


def test_a_site_without_an_address_has_no_sitemap() -> None:
    found = site_files(SiteSettings(), ["index"])
    assert set(found) == {"index.html", "404.html", "robots.txt", "llms.txt", ".nojekyll"}
    assert "(en/guide.html)" in found["llms.txt"]


def test_a_sitemap_has_each_page_in_each_language() -> None:
    found = site_files(STATED, ["index", "system/a"])
    assert found["robots.txt"].endswith("Sitemap: https://example.org/scs/sitemap.xml\n")
    listed = {loc.text for loc in ElementTree.fromstring(found["sitemap.xml"]).iter(LOC)}  # noqa: S314 written above
    assert listed == {
        f"https://example.org/scs/{language}/{name}.html" for language in LANGUAGES for name in ("index", "system/a")
    }


def test_the_page_for_unknown_addresses_is_in_both_languages_with_absolute_links() -> None:
    text = site_files(STATED, [])["404.html"]
    for language in LANGUAGES:
        assert f'<section lang="{language}">' in text
        assert f'href="https://example.org/scs/{language}/search.html"' in text
    assert 'href="/en/index.html"' in site_files(SiteSettings(), [])["404.html"]


def test_settings_are_read_from_the_project_folder(tmp_path: Path) -> None:
    assert read_site_settings(tmp_path) == SiteSettings()
    lines = [f'{name} = "{getattr(STATED, name)}"' for name in ("url", "repository", "contact")]
    (tmp_path / "site.toml").write_text("\n".join(lines), "utf-8")
    assert read_site_settings(tmp_path) == STATED


def test_a_folder_with_settings_only_is_read_with_the_data_of_the_package(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text('url = "https://example.org/scs-kg"\n', "utf-8")
    assert is_overlay(tmp_path)
    assert not is_overlay(tmp_path / "nothing")
    (tmp_path / "queries").mkdir()
    assert not is_overlay(tmp_path)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("url = ", "is not a TOML file"),
        ('web = "https://example.org"', "unknown setting 'web'"),
        ('url = "example.org"', "'url' is not an address"),
        ('url = "https://example.org/"', "'url' is not an address"),
        ("contact = 1", "'contact' is not an address"),
    ],
)
def test_wrong_settings_are_refused(tmp_path: Path, written: str, message: str) -> None:
    (tmp_path / "site.toml").write_text(written, "utf-8")
    with pytest.raises(BadFileError, match=message):
        read_site_settings(tmp_path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_links_to_its_translations_its_operator_and_a_place_to_report_errors(
    content: SiteContent, language: str
) -> None:
    shown = page(content, "system/alpha")
    plain = html(content, shown, language)
    assert not any(part in plain for part in ('rel="canonical"', "og:image", "mailto:", "issues/new"))
    text = html(replace(content, settings=STATED), shown, language)
    assert f'<link rel="canonical" href="https://example.org/scs/{language}/system/alpha.html">' in text
    for other in LANGUAGES:
        assert f'hreflang="{other}" href="https://example.org/scs/{other}/system/alpha.html"' in text
    assert '<meta property="og:image" content="https://example.org/scs/static/card.png">' in text
    assert 'href="mailto:info@example.org"' in text
    assert 'href="https://example.org/code"' in text
    assert 'href="https://example.org/code/issues/new?title=' in text
    mail_only = replace(content, settings=SiteSettings(contact="info@example.org"))
    assert 'href="mailto:info@example.org?subject=' in html(mail_only, shown, language)


@pytest.mark.parametrize(
    ("settings", "start"),
    [
        (STATED, "https://example.org/code/issues/new?title=A%20new%20claim&amp;body="),
        (replace(STATED, repository=""), "mailto:info@example.org?subject=A%20new%20claim&amp;body="),
    ],
)
def test_a_claim_can_be_submitted_at_the_address_in_the_settings(
    content: SiteContent, settings: SiteSettings, start: str
) -> None:
    own = replace(content, settings=settings)
    assert f'id="hand-in" data-address="{start}"' in html(own, page(own, "propose"), "en")
    assert "hand-in" not in html(content, page(content, "propose"), "en")
