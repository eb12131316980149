"""Chinese pages show the translation of an English text if the data has one, and otherwise the English text."""

from pathlib import Path

from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.html import html
from scs_kg.explorer.router import page
from scs_kg.explorer.search_index import search_texts
from scs_kg.store.query_library import row_text
from tests.render.test_translated_texts import HEADER, write
from tests.support.asgi import site_content

STATEMENT = "Alpha gives cake to singers."
TRANSLATION = "甲体系向歌手发放蛋糕。"
SOURCE = "source/book-2001"


def test_only_the_chinese_page_shows_a_translation(world: Path) -> None:
    write(world, "tales.csv", HEADER, f"{STATEMENT},{TRANSLATION}")
    content = site_content(world)
    chinese, english = (html(content, page(content, SOURCE), language) for language in ("zh-Hans", "en"))
    assert f"<q>{TRANSLATION}</q>" in chinese
    assert STATEMENT not in chinese
    assert f"<q>{STATEMENT}</q>" in english
    assert TRANSLATION not in english


def test_an_english_text_that_changed_has_no_translation(world: Path) -> None:
    write(world, "tales.csv", HEADER, f"{STATEMENT.replace('cake', 'a cake')},{TRANSLATION}")
    content = site_content(world)
    assert f'<q lang="en">{STATEMENT}</q>' in html(content, page(content, SOURCE), "zh-Hans")


def test_a_chinese_page_says_if_a_statement_is_in_english(world: Path, content: SiteContent) -> None:
    notice = "本页部分证据陈述或条款说明目前只有英文版。"
    assert notice in html(content, page(content, SOURCE), "zh-Hans")
    assert notice not in html(content, page(content, "systems"), "zh-Hans")
    assert "only in English" not in html(content, page(content, SOURCE), "en")
    statements = {row_text(row, "statement") for row in content.rows["claims"]}
    write(world, "tales.csv", HEADER, *(f'"{text}",译文。' for text in sorted(statements)))
    translated = site_content(world)
    assert notice not in html(translated, page(translated, SOURCE), "zh-Hans")


def test_the_search_index_has_both_languages(world: Path) -> None:
    write(world, "tales.csv", HEADER, f"{STATEMENT},{TRANSLATION}")
    claims = search_texts(site_content(world))["claims"]
    entries: list[list[str]] = [entry for found in claims.values() for entry in found]
    assert {tuple(entry[3:]) for entry in entries if STATEMENT in entry} == {(STATEMENT, TRANSLATION)}
    assert {len(entry) for entry in entries if STATEMENT not in entry} == {4}
