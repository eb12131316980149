"""The changelog lists changed verdicts: golden verdicts cannot change without a line about the change.

Each line under *Verdicts* ends with a digest of the golden verdicts after the change; therefore, the test needs no git
history. If the clone has the last release, the lines of that release must still be in the changelog.
"""

import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import ROOT, TESTS
from tests.support.golden_files import REMEDY, digest, golden_files, update

GOLDEN = TESTS / "golden"
CHANGELOG = ROOT / "CHANGELOG.md"


def verdict_lines(changelog: str) -> list[str]:
    """Return the items of all lists under a heading *Verdicts*, each as one line; the newest release is first."""
    sections = re.findall(r"^### Verdicts\n(.*?)(?=^##|\Z)", changelog, re.MULTILINE | re.DOTALL)
    return [
        " ".join(line.split()) for section in sections for line in re.split(r"^- ", section, flags=re.MULTILINE)[1:]
    ]


def newest_section(changelog: str) -> str:
    """Return the section of the changelog on its first release."""
    return changelog.split("\n## ")[1]


def complaint(golden: Path, changelog: str, released: str = "") -> str:
    """Return the problem of a changelog, or an empty text; ``released`` is the changelog of the last release."""
    lines = verdict_lines(newest_section(changelog))
    last = re.search(r"`verdicts ([0-9a-f]{12})`$", lines[-1]) if lines else None
    now = digest(golden)
    lost = set(verdict_lines(released)) - set(verdict_lines(changelog))
    if lost:
        return f"lines of the last release were changed or lost: {sorted(lost)}"
    repeated = [line for line, count in Counter(verdict_lines(changelog)).items() if count > 1]
    if repeated:
        return f"lines stand under two releases: {repeated}"
    if not last or last[1] != now:
        return (
            "the golden verdicts changed: say which and why in a line at the end of 'Verdicts' of the newest release "
            f"in CHANGELOG.md (scs-kg diff OLD NEW --format markdown shows them), and end it with `verdicts {now}`"
        )
    return ""


def last_release(root: Path) -> str:
    """Return the changelog of the last release; empty if the clone has no release."""
    tag = subprocess.run(
        ["git", "-C", str(root), "describe", "--tags", "--abbrev=0", "--match", "v*"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    if not tag:
        return ""
    shown = ["git", "-C", str(root), "show", f"{tag}:CHANGELOG.md"]
    return subprocess.run(shown, capture_output=True, text=True, check=True).stdout


def test_golden_verdicts_did_not_change_without_a_line_in_the_changelog() -> None:
    assert complaint(GOLDEN, CHANGELOG.read_text("utf-8"), last_release(ROOT)) == ""


def copy_with(tmp_path: Path, file: str, old: str, new: str) -> Path:
    """Return a copy of the golden files with one text replaced."""
    (tmp_path / "matrices").mkdir()
    for path in [GOLDEN / "matrix.csv", *(GOLDEN / "matrices").glob("*.md")]:
        (tmp_path / path.relative_to(GOLDEN)).write_text(path.read_text("utf-8"), "utf-8")
    text = (tmp_path / file).read_text("utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new, 1), "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("matrices/china-2019-full-text.md", "| (×) ", "| × "),
        ("matrix.csv", ",failed,notMet,", ",passed,met,"),
        ("matrix.csv", ",silent,", ",contested,"),
    ],
)
def test_a_changed_mark_changes_the_digest(tmp_path: Path, file: str, old: str, new: str) -> None:
    said = complaint(copy_with(tmp_path, file, old, new), CHANGELOG.read_text("utf-8"))
    assert "the golden verdicts changed" in said


def test_a_change_needs_a_line_with_the_new_digest(tmp_path: Path) -> None:
    changed = copy_with(tmp_path, "matrix.csv", ",failed,notMet,", ",passed,met,")
    before = CHANGELOG.read_text("utf-8")
    end = before.index("\n### Terms and data")
    for line, settled in ((f"- A mark changed. `verdicts {digest(changed)}`\n", True), ("- A mark changed.\n", False)):
        assert (complaint(changed, before[:end] + line + before[end:], before) == "") is settled


def test_a_change_of_wording_needs_no_line(tmp_path: Path) -> None:
    changed = copy_with(tmp_path, "matrices/china-2019-full-text.md", "A mark says", "Each mark says")
    assert complaint(changed, CHANGELOG.read_text("utf-8")) == ""


def test_a_line_of_the_last_release_cannot_be_changed(tmp_path: Path) -> None:
    changed = copy_with(tmp_path, "matrix.csv", ",failed,notMet,", ",passed,met,")
    before = CHANGELOG.read_text("utf-8")
    fitted = before.replace(digest(GOLDEN), digest(changed))
    assert fitted != before
    assert "lines of the last release" in complaint(changed, fitted, before)


def test_a_line_is_listed_under_only_one_release(tmp_path: Path) -> None:
    before = CHANGELOG.read_text("utf-8")
    line = f"- A mark changed. `verdicts {digest(GOLDEN)}`\n"
    end, older = "\n### Terms and data", before.index("\n## 0.1.0")
    once = before[:older].replace(end, line + end, 1) + before[older:]
    assert complaint(GOLDEN, once) == ""
    twice = once[: once.index("\n## 0.1.0")] + before[older:].replace(end, line + end, 1)
    assert "under two releases" in complaint(GOLDEN, twice)


def test_the_last_release_is_found_only_if_the_clone_has_it(tmp_path: Path) -> None:
    def git(*command: str) -> None:
        author = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", "-C", str(tmp_path), *author, *command], check=True, capture_output=True)

    git("init", "--quiet")
    (tmp_path / "CHANGELOG.md").write_text("released\n", "utf-8")
    git("add", ".")
    git("commit", "--quiet", "--message", "first")
    assert last_release(tmp_path) == ""
    git("tag", "v0.1.0")
    (tmp_path / "CHANGELOG.md").write_text("later\n", "utf-8")
    git("commit", "--quiet", "--all", "--message", "second")
    assert last_release(tmp_path) == "released\n"
    assert last_release(tmp_path.parent) == ""


def test_golden_files_that_differ_are_written_and_named(tmp_path: Path) -> None:
    shutil.copytree(GOLDEN, tmp_path / "golden")
    for name in ("questions/claims.csv", "matrices/agrawal-2022.md"):
        (tmp_path / "golden" / name).write_text("old\n", "utf-8")
    (tmp_path / "golden" / "published.csv").unlink()
    files = ((path.relative_to(GOLDEN).as_posix(), path.read_text("utf-8")) for path in sorted(GOLDEN.rglob("*.*")))
    changed = ["matrices/agrawal-2022.md", "published.csv", "questions/claims.csv"]
    assert sorted(update(tmp_path / "golden", files)) == changed
    assert all((tmp_path / "golden" / name).read_bytes() == (GOLDEN / name).read_bytes() for name in changed)


@pytest.mark.slow(seconds=15)
def test_the_program_for_golden_files_writes_every_golden_answer_and_matrix() -> None:
    written = dict(golden_files(ROOT))
    patterns = ("questions/*.*", "matrices/*.*", "whatif/field.*", "explain/*.*")
    paths = [path for pattern in patterns for path in GOLDEN.glob(pattern)]
    assert written.keys() == {path.relative_to(GOLDEN).as_posix() for path in paths} | {"matrix.csv", "published.csv"}
    golden = {name: (GOLDEN / name).read_text("utf-8").splitlines() for name in written}
    assert [name for name, text in written.items() if text.splitlines() != golden[name]] == [], REMEDY
