"""The pages of the guide: each file of the documentation, with links that work and raw HTML escaped."""

import re

import pytest
from markdown_it import MarkdownIt

from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.guide_pages import (
    COMMENT,
    guide_addresses,
    guide_files,
    guide_translations,
    render,
    text_of,
)
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


def test_a_page_without_a_translation_leads_to_the_guide_in_english(real_content: SiteContent) -> None:
    shown = html(real_content, page(real_content, "guide/codebook"), "zh-Hans")
    assert "本页目前只有英文版" in shown
    assert '<a href="../../en/guide/codebook.html" lang="en" hreflang="en">' in shown
    assert "<article" not in shown
    assert "本页目前" not in html(real_content, page(real_content, "guide/codebook"), "en")


def test_a_translated_page_is_in_chinese_with_the_code_and_the_links_of_the_english_page(
    real_content: SiteContent,
) -> None:
    english, chinese = (
        html(real_content, page(real_content, "guide/tutorials/first-matrix"), language)
        for language in ("en", "zh-Hans")
    )
    assert "<h1>第一张矩阵</h1>" in chinese
    assert "本页目前" not in chinese
    code = re.compile("<pre.*?</pre>", re.DOTALL)
    assert code.findall(chinese) == code.findall(english) != []
    identified = re.compile('<h2 id="([^"]*)"')
    assert identified.findall(chinese) == identified.findall(english) != []
    articles = [shown.partition("<article")[2].partition("</article>")[0] for shown in (english, chinese)]
    links = [re.findall('href="([^"]*)"', article) for article in articles]
    assert links[0] == links[1] != []


TRANSLATED = [name for name in guide_files() if render(name, "", "zh-Hans").is_translated]


def texts(name: str) -> set[str]:
    """Return the headings, paragraphs and table cells of a page that have words outside of code."""
    markdown = MarkdownIt("commonmark").enable("table")
    found = markdown.parse(COMMENT.sub("", guide_files()[name].read_text("utf-8")))
    inline = {text_of(token) for token in found if token.type == "inline"}
    return {text for text in inline if re.search("[A-Za-z]", re.sub("`[^`]*`", "", text))}


def test_a_page_is_translated_whole_or_not_at_all() -> None:
    assert len(TRANSLATED) > 10
    known = guide_translations("zh-Hans").keys()
    assert {name: lacking for name in TRANSLATED if (lacking := texts(name) - known)} == {}
    assert known - set().union(*map(texts, TRANSLATED)) == set()


def test_translations_keep_code_and_links_and_are_chinese() -> None:
    wrong = [
        english
        for english, chinese in guide_translations("zh-Hans").items()
        for kept in ("`[^`]*`", r"\]\(([^)]*)\)")
        if sorted(re.findall(kept, english)) != sorted(re.findall(kept, chinese))
        or not re.search("[\u4e00-\u9fff]", re.sub("`[^`]*`", "", chinese))
    ]
    assert wrong == []


def test_the_guide_is_in_the_search_index(real_content: SiteContent) -> None:
    found = {address: (titles, leads) for address, titles, leads in search_texts(real_content)["guide"]}
    assert found["guide/how-to/cite"][0] == {"en": "Cite", "zh-Hans": "引用"}
    assert found["guide/codebook"][0].keys() == found["guide/codebook"][1].keys() == {"en"}


@pytest.mark.parametrize("path", ["guide/nothing", "guide/README", "guide/../README"])
def test_other_paths_are_unknown(real_content: SiteContent, path: str) -> None:
    with pytest.raises(UnknownNameError):
        page(real_content, path)
