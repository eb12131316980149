"""Tests the explorer on the invented world: every page in both languages, scripts of data, escaping, caches."""

import gzip
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from scs_kg.contribute.read.draft import FileDemand
from scs_kg.contribute.read.fields import all_fields
from scs_kg.explorer import build, generated_files, search_index
from scs_kg.explorer.citation import compact_selection
from scs_kg.explorer.content import SiteContent, load_content
from scs_kg.explorer.html import html
from scs_kg.explorer.i18n import definition, label, selection_sentence, words
from scs_kg.explorer.index_pages import FORM_KINDS
from scs_kg.explorer.matrix_pages import fill_caches
from scs_kg.explorer.page import LANGUAGES
from scs_kg.explorer.router import addresses, page
from scs_kg.model.errors import UnknownNameError, WrongUseError
from scs_kg.model.namespaces import BASE
from scs_kg.render.language import catalogue
from scs_kg.store.query_library import read_all
from tests.conftest import ROOT
from tests.support.packed import unpacked


@pytest.fixture(scope="session")
def content(shared_world: Path) -> SiteContent:
    """Return the data of all pages of the invented world, with filled caches."""
    found = load_content(shared_world)
    fill_caches(found)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_renders_in_every_language_with_one_heading(content: SiteContent, language: str) -> None:
    found = list(dict.fromkeys(addresses(content)))
    assert len(found) > 50
    for address in found:
        text = html(content, page(content, address), language)
        assert f'<html lang="{language}">' in text, address
        assert text.count("<h1") == 1, address
        shown = re.sub(r"<code.*?</code>|<pre.*?</pre>", "", text, flags=re.DOTALL)  # guides contain Python code
        assert "None" not in re.sub(r"<[^>]*>", "", shown), address


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_pages_have_the_same_title(real_content: SiteContent, language: str) -> None:
    one_of_each = dict.fromkeys(addresses(real_content))
    shown: dict[str, str] = {}
    for address in one_of_each:
        if address.startswith(("feature/", "criterion/", "condition/", "region/", "system/", "times/")) or (
            address.startswith("guideline/") and address.count("/") == 2
        ):
            text = html(real_content, page(real_content, address), language)
            title = re.findall("<title>(.*)</title>", text)[0]
            assert title not in shown, (address, shown.get(title))
            shown[title] = address
    assert len(shown) > 400


def test_the_words_of_both_languages_have_the_same_keys() -> None:
    def keys(said: object) -> object:
        return {key: keys(value) for key, value in said.items()} if isinstance(said, dict) else None

    assert keys(words("en")) == keys(words("zh-Hans"))


def test_no_key_in_the_words_of_the_pages_is_the_name_of_a_method_of_dict() -> None:
    def names(said: object) -> set[str]:
        return set(said).union(*map(names, said.values())) if isinstance(said, dict) else set()

    assert names(words("en")) & set(dir(dict)) == set()


@pytest.mark.parametrize(
    ("names", "language", "shown"),
    [
        ({"en": "a", "zh-hans": "b", "zh": "c"}, "zh-Hans", "b"),
        ({"en": "a", "zh": "c"}, "zh-Hans", "c"),
        ({"en": "a"}, "zh-Hans", "a"),
        ({"zh-hans": "b"}, "en", "b"),
        ({"de": "d"}, "en", "d"),
        ({}, "en", "thing"),
    ],
)
def test_labels_fall_back_to_other_languages(
    content: SiteContent, names: dict[str, str], language: str, shown: str
) -> None:
    iri = "https://example.org/thing"
    one = replace(content, names={iri: names})
    assert label(one, iri, language)[0] == shown


@pytest.mark.parametrize(
    "address",
    ["nothing", "system/nobody", "matrix/nothing", "reading/nothing", "feature/x", "guideline/x", "guideline/x/y"],
)
def test_an_unknown_address_is_reported_with_similar_ones(content: SiteContent, address: str) -> None:
    with pytest.raises(UnknownNameError, match="is called"):
        page(content, address)


def test_a_statement_with_html_is_escaped(world: Path, replace: Callable[[str, str, str], Path]) -> None:
    path = next((world / "data" / "tales").glob("alpha.ttl"))
    statement = re.findall(r'scs:statement "([^"]*)"@en', path.read_text("utf-8"))[0]
    replace("data/tales/alpha.ttl", statement, "<script>alert(1)</script><img src=x onerror=alert(1)>")
    found = load_content(world)
    for address in addresses(found):
        text = html(found, page(found, address), "en")
        assert "<script>alert" not in text
        assert "<img src=x" not in text


@pytest.mark.slow
def test_the_site_is_complete_and_reproducible(content: SiteContent, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    count = build.build(content, tmp_path / "one", lambda done, of: steps.append((done, of)))
    build.build(content, tmp_path / "two")
    one, two = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (tmp_path / "one", tmp_path / "two")
    )
    assert one == two
    assert sum(path.suffix == ".html" for path in one) == count + len(("index.html", "404.html"))
    pages = count // len(LANGUAGES)
    assert [done for done, _ in steps] == sorted({done for done, _ in steps})
    assert {of for _, of in steps} == {pages}
    assert steps[-1] == (pages, pages)
    packed = (tmp_path / "one" / "static" / "graph.trig.gz").read_bytes()
    assert b"a scs:VerdictState" in gzip.decompress(packed)  # the query flips needs the periods of verdicts
    assert Path("en/pictures/spectrum.svg") in one


def test_a_folder_that_is_not_empty_is_refused(content: SiteContent, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("x", "utf-8")
    with pytest.raises(WrongUseError, match="already exists"):
        build.build(content, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_an_empty_folder_is_filled(content: SiteContent, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert build.build(content, tmp_path / "empty") > 50


def test_the_query_library_and_the_names_are_written_as_scripts(content: SiteContent) -> None:
    library = unpacked(generated_files.library_script(content))
    assert {"matrix", "evidence"} <= {question["name"] for question in library["questions"]}
    names = unpacked(search_index.names_script(content))
    assert any(entry["address"] == "system/alpha" for entry in names)


def test_every_query_of_the_library_has_a_title_in_each_language(real_content: SiteContent) -> None:
    library = unpacked(generated_files.library_script(real_content))
    titles = [question["titles"] for question in library["questions"]]
    assert len(titles) > 60
    assert [found["en"] for found in titles if not re.search("[一-鿿]", found["zh-Hans"])] == []
    with_other_hosts = {one.title for one in read_all(ROOT, federated=True).values()}
    assert catalogue("queries").keys() <= {found["en"] for found in titles} | with_other_hosts


def test_rules_on_files_are_in_chinese_and_the_search_index_has_alternative_names(real_content: SiteContent) -> None:
    real = real_content
    rules = unpacked(generated_files.library_script(real))["rules"]
    demands = {str(demand.rule) for demand in FileDemand}
    assert demands
    assert all(re.search("[一-鿿]", rules[demand]) for demand in demands)
    names = unpacked(search_index.names_script(real))
    (xiamen,) = (entry for entry in names if entry["address"] == "system/xiamen")
    assert {"Egret score", "白鹭分"} <= set(xiamen["also"])
    assert {("xia", "men"), ("bai", "lu", "fen")} <= set(map(tuple, xiamen["pinyin"]))


def test_a_definition_falls_back_to_the_other_language_with_its_tag(content: SiteContent) -> None:
    said, spoken = definition(content, BASE + "criterion/gentle", "zh-Hans")
    assert said
    assert spoken == "en"
    assert f'<i lang="en">{said}</i>' in html(content, page(content, "criterion/gentle"), "zh-Hans")
    assert definition(content, BASE + "region/town", "en") == ("", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_claim_form_has_every_field_of_the_rules(content: SiteContent, language: str) -> None:
    text = html(content, page(content, "propose"), language)
    every = all_fields(content.source)
    assert {"Claim", "Source"} == set(FORM_KINDS) <= every.keys()
    for kind in FORM_KINDS:
        for one in every[kind]:
            (written,) = re.findall(rf'<(?:input|select) name="{kind}\.{one.name}"[^>]*>', text)
            assert f'data-predicate="{one.predicate}"' in written
            assert ('aria-required="true"' in written) is one.required
    assert text.count('<option value="Present">') == 1
    assert 'data-endpoint=""' in text
    assert 'data-endpoint="../api"' in html(content, page(content, "propose"), language, served=True)


@pytest.mark.slow
def test_progress_is_shown_on_a_terminal_only(shared_world: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "scs_kg", "site", "--root", str(shared_world)]
    piped = subprocess.run([*command, str(tmp_path / "piped")], capture_output=True, check=True, text=True)
    assert re.fullmatch(r"wrote \d+ pages to .*\n", piped.stderr)
    master, slave = pty.openpty()
    environment, seen = {**os.environ, "COLUMNS": "100"}, b""
    with subprocess.Popen([*command, str(tmp_path / "shown")], stderr=slave, env=environment) as shown:
        os.close(slave)
        with os.fdopen(master, "rb", buffering=0) as terminal, suppress(OSError):  # a closed terminal gives an error
            while piece := terminal.read(65536):  # a terminal holds 4,096 bytes, and a program waits if it is full
                seen += piece
    assert shown.returncode == 0
    assert re.search(r"pages .*?\d+/\d+", seen.decode())


def test_the_scripts_do_not_repeat_the_rules_for_claims_and_cells() -> None:
    static = files("scs_kg.explorer") / "static"
    script = (static / "propose-what-if.js").read_text("utf-8")
    for predicate in ("supersedes", "retracts", "contradicts", "provision", "force"):
        assert predicate not in script.split("import ", 1)[1]
    for query in ("bearing", "contradictions", "known", "matrix"):
        assert query in script
        assert f'"{query}"' in (static / "propose.js").read_text("utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_with_marks_of_a_matrix_says_which_claims_counted(content: SiteContent, language: str) -> None:
    kinds = set()
    for address in addresses(content):
        built = page(content, address)
        views = [built.data[name] for name in ("view", "one", "other") if name in built.data]
        text = html(content, built, language)
        if built.template in {"home", "matrix", "cells", "side_by_side"}:
            kinds.add(built.template)
            shown = re.findall(r"<span data-selection='([^']*)'>([^<]*)</span>", text)
            assert [(json.loads(data), sentence) for data, sentence in shown] == [
                (compact_selection(view.matrix.selection), selection_sentence(content, view.matrix.selection, language))
                for view in views
            ], address
    assert len(kinds) == 4
