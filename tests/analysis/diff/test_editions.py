"""Editions of the data: a folder, its exports and a git revision give the same dataset; other names are rejected."""

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from scs_kg import store
from scs_kg.analysis.diff import editions
from scs_kg.analysis.diff.editions import open_edition
from scs_kg.analysis.diff.verdicts import Difference, difference
from scs_kg.judging.project import open_guarded, open_judged
from scs_kg.judging.timeline import publish_verdict_periods
from scs_kg.model.errors import BadFileError, EngineError, UnknownNameError
from scs_kg.model.selection import Selection
from scs_kg.store.loading import EXPORT_SUFFIXES

NOTHING = ((), (), ())


def compared(root: Path, old: str, new: str) -> Difference:
    """Compare two editions."""
    return difference((old, new), *(open_edition(root, name, Selection()) for name in (old, new)))


def parts(found: Difference) -> tuple[object, object, object]:
    """Return the differences, without the names of the editions."""
    return found.verdicts, found.cells, found.records


def git(root: Path, *command: str) -> str:
    """Run git in a folder."""
    author = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "core.autocrlf=false"]
    ran = subprocess.run(["git", "-C", str(root), *author, *command], check=True, capture_output=True, text=True)
    return ran.stdout.strip()


@pytest.fixture
def repository(world: Path) -> Path:
    """Return a copy of the invented world in a git repository."""
    git(world, "init", "--quiet")
    git(world, "add", ".")
    git(world, "commit", "--quiet", "--message", "first")
    git(world, "tag", "v0")
    return world


@pytest.mark.parametrize("ending", EXPORT_SUFFIXES)
@pytest.mark.parametrize("inferred", [False, True])
def test_an_export_equals_the_folder_that_it_was_made_from(
    ending: str, *, inferred: bool, shared_world: Path, tmp_path: Path
) -> None:
    dataset = (open_judged if inferred else open_guarded)(shared_world)
    if inferred:
        publish_verdict_periods(dataset)
    path = tmp_path / f"world{ending}"
    path.write_bytes(store.serialize_dataset(dataset, EXPORT_SUFFIXES[ending], inferred=inferred))
    if inferred and ending == ".ttl":
        with pytest.raises(BadFileError, match="contains verdicts; export it without --inferred"):
            open_edition(shared_world, str(path), Selection())
    else:
        assert parts(compared(shared_world, str(shared_world), str(path))) == NOTHING


def test_a_revision_is_read_without_later_changes(repository: Path, replace: Callable[[str, str, str], Path]) -> None:
    replace("data/tales/alpha.ttl", "scs:finding scs:Present", "scs:finding scs:Absent")
    assert parts(compared(repository, "v0", "HEAD")) == NOTHING
    (change,) = compared(repository, "v0", str(repository)).records
    assert (change.how, [edit.property for edit in change.edits]) == ("changed", ["scs:finding"])
    git(repository, "commit", "--quiet", "--all", "--message", "second")
    assert compared(repository, "v0", "HEAD").records == (change,)
    assert compared(repository, "HEAD~1", git(repository, "rev-parse", "--short", "HEAD")).records == (change,)


def test_a_project_may_be_a_folder_of_its_repository(world: Path) -> None:
    git(world.parent, "init", "--quiet")
    git(world.parent, "add", "world")
    git(world.parent, "commit", "--quiet", "--message", "first")
    assert parts(compared(world, "HEAD", str(world))) == NOTHING


def test_a_shallow_clone_is_enough(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--depth", "1", repository.as_uri(), "clone")
    assert parts(compared(tmp_path / "clone", "HEAD", str(repository))) == NOTHING


@pytest.mark.parametrize(
    "name", ["nosuch", "v1", "HEAD~7", "--help", "--output=/tmp/x", "v0:data", "", "a\nb", "x" * 300]
)
def test_unknown_editions_are_rejected(repository: Path, name: str) -> None:
    with pytest.raises(UnknownNameError, match="no folder, file or git revision is called"):
        open_edition(repository, name, Selection())


def test_without_a_repository_only_folders_and_files_can_be_named(world: Path) -> None:
    says = f"no folder, file or git revision is called 'HEAD': {world} is not in a git repository"
    with pytest.raises(UnknownNameError, match=f"^{re.escape(says)}$"):
        open_edition(world, "HEAD", Selection())


def test_a_repository_without_a_commit_has_no_revision(world: Path) -> None:
    git(world, "init", "--quiet")
    with pytest.raises(UnknownNameError, match=r"'HEAD': the git repository of .* has no commit$"):
        open_edition(world, "HEAD", Selection())


def test_a_repository_that_git_refuses_is_reported_with_the_reason(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)  # without the setting safe.directory
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    with pytest.raises(EngineError, match=r"git rev-parse failed: .*dubious ownership"):
        open_edition(repository, "HEAD", Selection())


def test_a_revision_without_data_is_rejected(repository: Path) -> None:
    git(repository, "rm", "--quiet", "-r", "data", "ontology")
    git(repository, "commit", "--quiet", "--message", "gone")
    with pytest.raises(BadFileError, match="has no Turtle file in ontology/ or data/; name a revision"):
        open_edition(repository, "HEAD", Selection())


def test_an_invalid_revision_is_reported_with_file_and_line(
    repository: Path, replace: Callable[[str, str, str], Path]
) -> None:
    replace("data/tales/alpha.ttl", "scs:finding scs:Present", "scs:finding scs:Maybe")
    git(repository, "commit", "--quiet", "--all", "--message", "broken")
    with pytest.raises(BadFileError, match=r"^HEAD:data/tales/alpha\.ttl:\d+: claim:"):
        open_edition(repository, "HEAD", Selection())


def test_links_in_a_revision_are_not_followed(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.ttl").write_text("<urn:a> <urn:b> <urn:c> .\n", "utf-8")
    (repository / "data" / "link.ttl").symlink_to(tmp_path / "secret.ttl")
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "--message", "link")
    dataset = open_edition(repository, "HEAD", Selection())
    assert not store.has_triple(dataset, "urn:a", None, None)
    assert not any(graph.endswith("data/link") for graph in dataset.files)


def test_no_git_filter_of_the_repository_is_run(repository: Path, tmp_path: Path) -> None:
    git(repository, "config", "filter.evil.smudge", f"touch {tmp_path / 'run'}")
    (repository / ".gitattributes").write_text("*.ttl filter=evil export-subst\n", "utf-8")
    git(repository, "add", ".gitattributes")
    git(repository, "commit", "--quiet", "--message", "filter")
    assert parts(compared(repository, "v0", "HEAD")) == NOTHING
    assert not (tmp_path / "run").exists()


def test_a_missing_git_program_is_an_error(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(
        UnknownNameError, match="no folder, file or git revision is called 'HEAD': git is not installed"
    ):
        open_edition(repository, "HEAD", Selection())


@pytest.mark.parametrize("what", ["file", "revision"])
def test_editions_that_are_too_large_are_rejected(repository: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    monkeypatch.setattr(editions, "LARGEST", 1000)
    name = str(repository / "data" / "sources.ttl") if what == "file" else "HEAD"
    with pytest.raises(BadFileError, match="0 MiB"):
        open_edition(repository, name, Selection())


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.txt", b"", "must have one of the suffixes of an export"),
        ("a.ttl", b"<urn:a> <urn:b>", "is not turtle"),
        ("a.nq", b"\xff\xfe", "a.nq"),
        ("a.trig", b"", "no rule in ontology/integrity"),
        ("a.nq", b"<a> <urn:b> <urn:c> .\n", "a.nq"),
        ("a.jsonld", b'{"@context": "https://example.org/context"}', "a.jsonld"),
    ],
)
def test_a_file_that_is_not_an_export_is_rejected(
    shared_world: Path, tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Exception, match=says) as refused:
        open_edition(shared_world, str(tmp_path / name), Selection())
    assert type(refused.value).__module__ == "scs_kg.model.errors"
    assert os.linesep not in str(refused.value)
