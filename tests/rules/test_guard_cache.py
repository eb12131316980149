"""The cache of valid files saves work, never changes a result, and is ignored if it cannot be used."""

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pyoxigraph import Store

from scs_kg import store
from scs_kg.judging.project import open_guarded
from scs_kg.model.errors import BadFileError
from scs_kg.rules import guard_cache
from scs_kg.rules.guard_cache import KEPT, SWITCH, guard_once
from scs_kg.store import Dataset, NamedNode
from scs_kg.store.dataset import copy_asserted
from scs_kg.store.search_log import COLUMNS, GRAPH, LOG
from tests.cli.test_bad_input import ALPHA, alters
from tests.support.commands import run

FILES = Dataset(Path(), Store(), {}, digest="one state of the files")


@pytest.fixture
def entries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Switch the cache on, in a separate folder, and return the folder of the entries."""
    monkeypatch.delenv(SWITCH, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "scs-kg" / "valid"


@pytest.fixture
def guarded(monkeypatch: pytest.MonkeyPatch) -> list[Dataset]:
    """Return the list of the datasets on which the rules are evaluated."""
    found: list[Dataset] = []
    monkeypatch.setattr(guard_cache, "guard", found.append)
    return found


@pytest.mark.usefixtures("entries")
def test_the_rules_are_evaluated_once_on_the_same_files(guarded: list[Dataset]) -> None:
    for _ in range(3):
        guard_once(FILES)
    assert guarded == [FILES]


@pytest.mark.usefixtures("entries")
def test_the_cache_is_not_used_for_other_files_another_version_or_no_files(
    guarded: list[Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [Dataset(Path(), Store(), {}, digest="another state"), Dataset(Path(), Store(), {})]
    for dataset in (FILES, *others, others[-1]):
        guard_once(dataset)
    monkeypatch.setattr(guard_cache, "__version__", "another version")
    guard_cache._code.cache_clear()
    guard_once(FILES)
    guard_cache._code.cache_clear()
    assert guarded == [FILES, *others, others[-1], FILES]


@pytest.mark.usefixtures("entries")
def test_a_variable_switches_the_cache_off(guarded: list[Dataset], monkeypatch: pytest.MonkeyPatch) -> None:
    guard_once(FILES)
    monkeypatch.setenv(SWITCH, "1")
    guard_once(FILES)
    assert len(guarded) == 2


def test_a_violation_is_reported_each_time(entries: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(dataset: Dataset) -> None:
        raise BadFileError(dataset.root, None, "violates a rule")

    monkeypatch.setattr(guard_cache, "guard", refuse)
    for _ in range(2):
        with pytest.raises(BadFileError, match="violates a rule"):
            guard_once(FILES)
    assert not entries.exists()


def spoil(entries: Path) -> None:
    (entry,) = entries.iterdir()
    entry.write_bytes(b"\xff not an entry")


def replace_by_folder(entries: Path) -> None:
    (entry,) = entries.iterdir()
    entry.unlink()
    entry.mkdir()


def replace_by_file(entries: Path) -> None:
    shutil.rmtree(entries)
    entries.write_text("not a folder")


@pytest.mark.parametrize("damage", [spoil, replace_by_folder, replace_by_file])
def test_a_cache_that_cannot_be_used_is_ignored(
    damage: Callable[[Path], None], entries: Path, guarded: list[Dataset], capfd: pytest.CaptureFixture[str]
) -> None:
    guard_once(FILES)
    damage(entries)
    guard_once(FILES)
    assert len(guarded) == 2
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("entries")
def test_a_cache_folder_with_a_relative_name_is_not_used(
    guarded: list[Dataset], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", "here")
    guard_once(FILES)
    guard_once(FILES)
    assert len(guarded) == 2
    assert not (tmp_path / "here").exists()


def test_concurrent_runs_leave_one_complete_entry(entries: Path, guarded: list[Dataset]) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(guard_once, [FILES] * 64))
    (entry,) = entries.iterdir()
    assert entry.read_text() == entry.name
    assert guarded


@pytest.mark.usefixtures("guarded")
def test_the_oldest_entries_are_removed_and_foreign_files_are_kept(entries: Path) -> None:
    entries.mkdir(parents=True)
    (entries / "notes.txt").write_text("of the user")
    for number in range(KEPT + 3):
        guard_once(Dataset(Path(), Store(), {}, digest=str(number)))
    assert len(list(entries.iterdir())) == KEPT + 1
    assert (entries / "notes.txt").exists()


@pytest.mark.usefixtures("entries")
def test_the_log_of_searches_is_left_out_only_if_the_files_were_found_valid(world: Path, entries: Path) -> None:
    assert GRAPH in graphs(open_guarded(world, searches=False))
    assert list(entries.iterdir())
    quick, whole = open_guarded(world, searches=False), open_guarded(world)
    assert quick.digest == whole.digest
    assert graphs(whole) - graphs(quick) == {GRAPH}
    log = world / LOG
    log.write_text(log.read_text("utf-8").replace("beta-1,", "alpha-1,", 1), "utf-8")
    with pytest.raises(BadFileError, match="repeats the id 'alpha-1'"):
        open_guarded(world, searches=False)


def graphs(dataset: Dataset) -> set[str]:
    """Return the names of the graphs that have quads."""
    return {str(graph.value) for graph in dataset.quads.named_graphs() if isinstance(graph, NamedNode)}


def test_data_that_becomes_invalid_is_refused(world: Path) -> None:
    open_guarded(world)
    alters(ALPHA, '  scs:locator "p. 4" ;\n', "")(world)
    with pytest.raises(BadFileError, match="locator"):
        open_guarded(world)


def test_the_digest_of_a_dataset_depends_on_each_file(world: Path) -> None:
    first = store.load(world)
    assert copy_asserted(first).digest == ""
    (world / LOG).write_text(",".join(COLUMNS) + "\nx,alpha,,2001-02-03,,,,,,,,,,\n")
    with_log = store.load(world)
    (world / LOG).write_text(",".join(COLUMNS) + "\nx,alpha,,2001-02-04,,,,,,,,,,\n")
    later = store.load(world)
    (world / ALPHA).rename((world / ALPHA).with_stem("renamed"))
    digests = {dataset.digest for dataset in (first, with_log, later, store.load(world))}
    assert len(digests) == 4


def test_an_option_of_the_command_line_switches_the_cache_off(tmp_path: Path, shared_world: Path) -> None:
    def cached(*options: str) -> list[Path]:
        ran = run(*options, "export", "--root", str(shared_world), XDG_CACHE_HOME=str(tmp_path), SCS_KG_NO_CACHE="")
        assert ran.returncode == 0
        return list(tmp_path.glob("scs-kg/valid/*"))

    assert not cached("--no-cache")
    assert len(cached()) == 1
