"""Searches on the pages: the summary of a criterion and a system, and the flow of documents, from the invented log."""

import csv
import io
from pathlib import Path

import pytest

from scs_kg.explorer.build import data_files
from scs_kg.explorer.content import SiteContent, load_content
from scs_kg.explorer.html import html
from scs_kg.explorer.router import page
from scs_kg.explorer.searches import (
    COLUMNS,
    Flow,
    by_search,
    flow_by_place,
    flow_by_place_of,
    searches_csv,
    searches_for,
    summary,
    whole_flow,
)
from scs_kg.model.namespaces import PREFIXES, SCS

ALPHA, WAY_OUT = PREFIXES["sys"] + "alpha", PREFIXES["crit"] + "way-out"


@pytest.fixture(scope="module")
def content(shared_world: Path) -> SiteContent:
    """Return the content of the pages of the invented world."""
    return load_content(shared_world)


def test_the_summary_counts_the_searches_for_a_criterion(content: SiteContent) -> None:
    alpha, beta = (summary(content, PREFIXES["sys"] + system, WAY_OUT) for system in ("alpha", "beta"))
    assert alpha is not None
    assert beta is not None
    assert (alpha.searches, alpha.screened) == (1, 4)
    assert (beta.searches, beta.screened) == (1, 0)
    assert summary(content, PREFIXES["sys"] + "gamma", WAY_OUT) is None


def test_each_search_has_a_row_for_each_criterion(content: SiteContent) -> None:
    assert {search.rsplit("/", 1)[1]: len(rows) for search, rows in by_search(content, ALPHA).items()} == {
        "alpha-1": 2,
        "alpha-2": 1,
    }


def test_the_table_of_a_system_has_its_searches_with_their_criteria(content: SiteContent) -> None:
    head, *rows = csv.reader(io.StringIO(searches_csv(content, ALPHA)))
    assert head == [*COLUMNS, "criteria"]
    searched = {row[0]: row[-1].split() for row in rows}
    assert {name: len(criteria) for name, criteria in searched.items()} == {"alpha-1": 2, "alpha-2": 1}
    flows = flow_by_place_of(content, ALPHA).values()
    assert sum(flow.searches for flow in flows) == len(rows)
    assert sum(flow.screened for flow in flows) == sum(int(row[head.index("screened")]) for row in rows)
    assert data_files(content, page(content, "system/alpha"))["csv"] == searches_csv(content, ALPHA)
    assert "csv" not in data_files(content, page(content, "system/gamma"))
    shown = {served: html(content, page(content, "system/alpha"), "en", served=served) for served in (False, True)}
    assert 'href="../../system/alpha.csv.zip"' in shown[False]
    assert 'href="../../system/alpha.csv"' in shown[True]


def test_a_system_lists_its_open_criteria_with_the_number_of_searches(content: SiteContent) -> None:
    assert searches_for(content, ALPHA, (PREFIXES["crit"] + "gentle", WAY_OUT)) == [
        (WAY_OUT, 1),
        (PREFIXES["crit"] + "gentle", 0),
    ]
    beta = page(content, "system/beta")
    assert (PREFIXES["crit"] + "no-ledger", 0) in beta.data["searched_for"]
    assert "Criteria that are not known, with the number of searches for each: No ledger 0" in html(content, beta, "en")


def test_a_matrix_says_where_the_reason_of_an_open_cell_is(content: SiteContent) -> None:
    for language, sign in (("en", "A ? without a link"), ("zh-Hans", "没有链接的 ?")):
        assert sign in html(content, page(content, "matrix/plain"), language)
        assert sign not in html(content, page(content, "matrix/plain/as-of-2001"), language)


def test_the_flow_is_the_sum_over_the_places(content: SiteContent) -> None:
    assert flow_by_place(content) == {
        SCS + "PrimaryLaw": Flow(1, 3, 0, 0, 0),
        SCS + "RecordedSources": Flow(1, 1, 1, 0, 0),
        SCS + "WebPages": Flow(1, 9, 4, 1, 2),
    }
    assert whole_flow(content) == Flow(3, 13, 5, 1, 2)
    shown = html(content, page(content, "pictures"), "en")
    assert "13 documents were found by 3 searches" in shown
    assert "8 documents were not read further" in shown
    assert "1 documents became sources of 2 new claims" in shown


def test_a_project_without_searches_shows_none(world: Path) -> None:
    (world / "data" / "search-log.csv").unlink()
    content = load_content(world)
    assert whole_flow(content) == Flow()
    for address in ("pictures", "system/alpha"):
        assert 'id="searches"' not in html(content, page(content, address), "en").replace(
            "id=searches", 'id="searches"'
        )
