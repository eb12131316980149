"""Every code block of the pages is run, or listed with a reason in ``docs_not_run.csv``.

A block after the comment ``<!-- file: NAME -->`` is written to that file in the folder of the page. Commands run in
this process and on a copy of the project folder, which is read and validated once.
"""

import csv
import doctest
import json
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

import scs_kg
from scs_kg.cli import cli
from scs_kg.explorer.site_settings import read_site_settings
from scs_kg.library import graph as library
from scs_kg.store import Dataset
from scs_kg.store.loading import SITE_SETTINGS
from tests.conftest import ROOT, TESTS
from tests.support import reference_pages
from tests.support.every import every
from tests.support.opened_once import Replacements, replacements

BLOCK = re.compile(r"(?:^ *<!-- file: (\S+) -->\n)?^( *)```(\w+)\n(.*?)^\2```$", re.MULTILINE | re.DOTALL)
SHOWN = {"text", "mermaid"}
"""Output and diagrams, which are not code. Other tests compare output with that of the command."""
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
    if "```" in path.read_text("utf-8")
)
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]+)(?:#[^)]*)?\)")


@dataclass(frozen=True)
class Block:
    """A code block: its language, its text, and the file that it is written to."""

    language: str
    text: str
    file: str


@dataclass(frozen=True)
class NotRun:
    """A command or block of a page that no test runs: its first words, and the reason."""

    page: str
    begins: str
    reason: str


def blocks(page: str) -> list[Block]:
    found = BLOCK.findall((ROOT / page).read_text("utf-8"))
    return [Block(language, textwrap.dedent(text), file) for file, _, language, text in found]


def command_lines(block: Block) -> list[str]:
    joined = block.text.replace("\\\n", " ")
    return [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]


@cache
def not_run() -> tuple[NotRun, ...]:
    with (TESTS / "docs_not_run.csv").open(encoding="utf-8", newline="") as file:
        return tuple(NotRun(**row) for row in csv.DictReader(file))


def reason(page: str, text: str) -> str | None:
    return next((one.reason for one in not_run() if one.page == page and text.startswith(one.begins)), None)


@pytest.fixture(scope="module")
def project_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    for name in ("ontology", "data", "queries"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def opened_once() -> Replacements:
    return replacements()


@pytest.fixture
def runner(project_copy: Path, opened_once: Replacements, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    for module, name, replacement in opened_once:
        monkeypatch.setattr(module, name, replacement)
    monkeypatch.setattr(library, "default_root", lambda: project_copy)
    monkeypatch.setattr("scs_kg.cli.options.default_root", lambda: project_copy)
    monkeypatch.chdir(tmp_path)
    return CliRunner()


def run_command(runner: CliRunner, line: str) -> None:
    """Run a command line of ``scs-kg`` that may end with ``> FILE``; it must succeed."""
    words, file = shlex.split(line), None
    if ">" in words:
        words, file = words[: words.index(">")], words[-1]
    ran = runner.invoke(cli, words[1:], standalone_mode=False)
    assert ran.exception is None, f"{line}: {ran.exception!r}"
    assert ran.exit_code == 0, f"{line}: {ran.output}"
    assert ran.stdout_bytes or "--output" in words or "--shacl-report" in words, line
    if file:
        Path(file).write_bytes(ran.stdout_bytes)


def run_python(text: str, names: dict[str, Any], page: str) -> None:
    if ">>>" not in text:
        exec(compile(text, page, "exec"), names)  # noqa: S102 (the code of our own pages)
        return
    tried = doctest.DocTestParser().get_doctest(text, names, page, page, 0)
    assert doctest.DocTestRunner().run(tried, clear_globs=False).failed == 0
    names.update(tried.globs)


def run_data(block: Block) -> None:
    """Write a block to its file, and parse the file in its format."""
    assert block.file, f"a block in {block.language} needs a comment with its file name"
    path = Path(block.file)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.text, "utf-8")
    parsers: dict[str, Callable[[str], Any]] = {"yaml": yaml.safe_load, "json": json.loads, "toml": tomllib.loads}
    if block.language in parsers:
        assert parsers[block.language](block.text)
    if path.name == SITE_SETTINGS:
        assert read_site_settings(path.parent).url


def run_r(page: str, block: Block) -> None:
    if not shutil.which("Rscript"):
        assert reason(page, block.text) == "needs R"
        return
    text = block.text.replace(".venv/bin/scs-kg", f"{sys.executable} -m scs_kg")  # the test runs in another folder
    subprocess.run(["Rscript", "-e", text], check=True, capture_output=True)


@pytest.mark.slow(seconds=10)
@pytest.mark.parametrize("page", [page for page in PAGES if page != "docs/library.md"])  # tests/library/ runs it
def test_the_code_of_a_page_runs(page: str, runner: CliRunner, project_copy: Path, tmp_path: Path) -> None:
    names: dict[str, Any] = {"scs_kg": scs_kg, "root": project_copy, "folder": tmp_path / "shacl"}
    for block in blocks(page):
        if block.language == "sh":
            for line in command_lines(block):
                if reason(page, line) is None:
                    run_command(runner, line)
        elif block.language == "python":
            run_python(block.text, names, page)
        elif block.language == "r":
            run_r(page, block)
        elif block.language not in SHOWN:
            run_data(block)


@every("page", PAGES)
def test_a_command_that_is_not_run_is_listed_with_a_reason(page: str) -> None:
    lines = [line for block in blocks(page) if block.language == "sh" for line in command_lines(block)]
    assert [line for line in lines if not line.startswith("scs-kg ") and reason(page, line) is None] == []


def test_each_reason_for_not_running_a_command_names_a_command_of_a_page() -> None:
    for one in not_run():
        found = [
            text
            for block in blocks(one.page)
            for text in (command_lines(block) if block.language == "sh" else [block.text])
        ]
        assert any(text.startswith(one.begins) for text in found), one
        assert one.reason


def test_every_fence_is_closed_and_names_a_language() -> None:
    for page in PAGES:
        text = (ROOT / page).read_text("utf-8")
        assert len(re.findall(r"^ *```", text, re.MULTILINE)) == 2 * len(BLOCK.findall(text)), page


@pytest.mark.parametrize("name", sorted(path.name for path in reference_pages.FOLDER.glob("*.md")))
def test_the_reference_is_that_of_the_code(name: str, generated: dict[str, str]) -> None:
    """If this test fails, run ``python -m tests.support.reference_pages``."""
    text = (reference_pages.FOLDER / name).read_text("utf-8")
    assert text == generated.get(name, text)
    assert (name in generated) == (reference_pages.WRITTEN_BY in text)


@pytest.fixture(scope="module")
def generated(opened: Dataset) -> dict[str, str]:
    return reference_pages.pages(opened)


def pages_with_links() -> Iterator[Path]:
    yield from ROOT.glob("*.md")
    yield from ROOT.glob("docs/**/*.md")
    yield from ROOT.glob(".github/**/*.md")


def test_every_relative_link_leads_to_a_file() -> None:
    broken = [
        f"{path.relative_to(ROOT)}: {link}"
        for path in pages_with_links()
        for link in LINK.findall(path.read_text("utf-8"))
        if not (path.parent / link).exists()
    ]
    assert broken == []


def test_the_index_lists_every_page() -> None:
    index = ROOT / "docs" / "README.md"
    listed = {(index.parent / link).resolve() for link in LINK.findall(index.read_text("utf-8"))}
    folders = ("tutorials", "how-to", "concepts", "codebook", "reference")
    pages = {path.resolve() for folder in folders for path in (ROOT / "docs" / folder).glob("*.md")}
    assert sorted(pages - listed) == []


def test_the_index_of_decisions_lists_every_decision_with_its_parts() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text("utf-8")
    for path in folder.glob("*.md"):
        if path.name != "README.md":
            text = path.read_text("utf-8")
            title = text.splitlines()[0].removeprefix("# ")
            assert f"[{title}]({path.name})" in index
            assert "**Decision.**" in text
            assert "**Consequences.**" in text
