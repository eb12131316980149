"""Each row of the log of searches becomes one search in RDF, and the error for a wrong row has the line of the row."""

from collections.abc import Callable
from pathlib import Path

import pytest

from scs_kg import store
from scs_kg.contribute.validate import validate
from scs_kg.model.errors import BadFileError
from scs_kg.model.namespaces import PREFIXES, SCS
from scs_kg.store import Dataset, query_library
from scs_kg.store.locate import locate
from scs_kg.store.query_library import row_text
from scs_kg.store.search_log import COLUMNS, GRAPH, LOG, search_quads

ROW = 'alpha-9,alpha,way-out,2006-07-01,a reader,WebPages,"two\nlines",9,4,0,NotFound,,book-2001,'
Replace = Callable[[str, str, str], Path]


def test_a_row_is_one_search(shared_world: Path) -> None:
    dataset = store.load(shared_world)
    found = {row_text(row, "search"): row for row in query_library.rows(dataset, "searches")}
    row = found[PREFIXES["search"] + "alpha-1"]
    assert row_text(row, "words") == 'alpha "way out"'
    assert row_text(row, "place") == SCS + "WebPages"
    assert [row_text(row, name) for name in ("identified", "screened", "included")] == ["9", "4", "1"]
    assert dataset.files[GRAPH] == shared_world / LOG
    assert locate(dataset, PREFIXES["search"] + "alpha-2") == (shared_world / LOG, 3)


def test_a_project_without_a_log_has_no_searches(world: Path) -> None:
    (world / LOG).unlink()
    dataset = store.load(world)
    assert GRAPH not in dataset.files
    assert list(query_library.rows(dataset, "search-figures")) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("beta-1,", "alpha-1,", 4, "repeats the id 'alpha-1' of line 2; give each search its own id"),
        ("alpha-2,", "al<pha,", 3, "'al<pha' is not a name"),
        ("way-out explained", "way-out ex>plained", 2, "'ex>plained' is not a name"),
        (",9,4,1,", ",9,4,", 2, "the number of cells is 13"),
        ("id,system", "name,system", 1, f"must have the columns {','.join(COLUMNS)}"),
    ],
)
def test_a_wrong_row_is_an_error_on_its_line(replace: Replace, old: str, new: str, line: int, reason: str) -> None:
    path = replace(LOG, old, new)
    with pytest.raises(BadFileError) as caught:
        list(search_quads(path))
    assert reason in str(caught.value)
    (problem,) = validate(path.parent.parent).problems
    assert (problem.file, problem.line, problem.rule) == (str(path), line, "syntax")


def test_a_violated_rule_is_reported_on_the_first_line_of_the_row(world: Path) -> None:
    path = world / LOG
    path.write_text(path.read_text("utf-8") + ROW.replace(",9,4,0,", ",9,10,0,") + "\n", "utf-8")
    (problem,) = validate(world).problems[:1]
    assert (problem.line, problem.rule) == (5, "integrity:SearchScreened")


def test_a_broken_link_is_an_error(world: Path) -> None:
    (world / LOG).unlink()
    for target in (world / "none.csv", world / LOG):  # a file that is missing, and the link itself
        (world / LOG).symlink_to(target)
        with pytest.raises(BadFileError, match=r"search-log\.csv: cannot be read"):
            store.load(world)
        (world / LOG).unlink()


@pytest.mark.parametrize("searches", [True, False])
def test_a_log_that_cannot_be_read_is_an_error(world: Path, monkeypatch: pytest.MonkeyPatch, *, searches: bool) -> None:
    read = Path.read_bytes

    def refused(path: Path) -> bytes:
        if path == world / LOG:
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(BadFileError, match=r"search-log\.csv: cannot be read: Permission denied"):
        store.load(world, searches=searches)


def test_a_log_in_two_forms_is_refused(world: Path) -> None:
    (world / LOG).with_suffix(".ttl").write_text("<urn:a> <urn:b> <urn:c> .\n", "utf-8")
    with pytest.raises(BadFileError, match=r"repeats search-log\.ttl; keep one of them"):
        store.load(world)


def test_the_claims_of_a_found_search_are_about_its_system(opened: Dataset) -> None:
    about = dict(store.subject_objects(opened, SCS + "about"))
    systems = dict(store.subject_objects(opened, SCS + "searchedSystem"))
    led = list(store.subject_objects(opened, SCS + "searchYielded"))
    assert len(led) > 500
    assert [(search, claim) for search, claim in led if about[claim] != systems[search]] == []
