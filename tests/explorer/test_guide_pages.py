"""The pages of the guide: each file of the documentation, with links that work and raw HTML escaped."""

import re

import pytest

from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.guide_pages import guide_addresses, guide_files, render
from scs_kg.explorer.html import html
from scs_kg.explorer.router import addresses, page
from scs_kg.explorer.search_index import search_texts
from scs_kg.model.errors import UnknownNameError
from tests.conftest import ROOT

REPOSITORY = "https://example.org/code"


def test_each_file_of_the_documentation_has_a_page(real_content: SiteContent) -> None:
    files = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    assert {f"{name}.md" for name in guide_files()} == files
    assert set(guide_addresses()) <= set(addresses(real_content))
    assert len(set(guide_addresses())) == len(files) > 30


@pytest.mark.parametrize("name", list(guide_files()))
def test_links_lead_to_pages_and_headings_that_exist(name: str) -> None:
    here = "guide" if name == "README" else f"guide/{name}"
    for href in re.findall(r'href="([^"]*)"', render(name, REPOSITORY).body):
        path, _, fragment = href.partition("#")
        if "://" in path or path.startswith("mailto:"):
            assert not path.startswith(REPOSITORY) or (ROOT / path.removeprefix(f"{REPOSITORY}/blob/main/")).exists()
            continue
        parts = here.split("/")[:-1]
        for part in path.removesuffix(".html").split("/") if path else [here.rpartition("/")[2]]:
            parts = parts[:-1] if part == ".." else [*parts, part]
        target = "/".join(parts)
        assert target in guide_addresses(), href
        own = render(target.removeprefix("guide").removeprefix("/") or "README", REPOSITORY).body
        assert not fragment or f'id="{fragment}"' in own, href


def test_comments_are_not_shown() -> None:
    assert "<!--" in guide_files()["how-to/claims"].read_text("utf-8")
    assert "&lt;!--" not in render("how-to/claims", "").body


def test_without_a_repository_no_link_leads_to_it() -> None:
    assert REPOSITORY in render("how-to/deploy", REPOSITORY).body
    assert "blob/main" not in render("how-to/deploy", "").body


def test_a_chinese_page_leads_to_the_guide_in_english(real_content: SiteContent) -> None:
    shown = html(real_content, page(real_content, "guide/how-to/cite"), "zh-Hans")
    assert "使用说明目前只有英文版" in shown
    assert '<a href="../../../en/guide/how-to/cite.html" lang="en" hreflang="en">' in shown
    assert "<article" not in shown
    assert "使用说明目前" not in html(real_content, page(real_content, "guide/how-to/cite"), "en")


def test_the_guide_is_in_the_search_index(real_content: SiteContent) -> None:
    assert "guide/how-to/cite" in {address for address, *_ in search_texts(real_content)["guide"]}


@pytest.mark.parametrize("path", ["guide/nothing", "guide/README", "guide/../README"])
def test_other_paths_are_unknown(real_content: SiteContent, path: str) -> None:
    with pytest.raises(UnknownNameError):
        page(real_content, path)
