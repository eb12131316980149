"""The data for the scripts of a matrix: the same cells, names and notes as on the page, in both languages."""

import json
from pathlib import Path
from typing import Any

import pytest

from scs_kg.explorer.content import SiteContent, load_content
from scs_kg.explorer.i18n import label
from scs_kg.explorer.matrix_data import Numbering, first_version, matrix_object, matrix_script, script_address
from scs_kg.explorer.matrix_pages import View, matrix_address, view
from scs_kg.explorer.page import LANGUAGES
from scs_kg.explorer.router import page
from scs_kg.model.matrix import Mark
from scs_kg.model.namespaces import BASE
from scs_kg.model.verdicts import Outcome
from scs_kg.render.table import marked
from scs_kg.store.query_library import row_text
from tests.support.packed import unpacked


@pytest.fixture(scope="module")
def content(shared_world: Path) -> SiteContent:
    """Return the data of all pages of the invented world."""
    return load_content(shared_world)


@pytest.fixture(scope="module")
def shown(content: SiteContent) -> View:
    """Return the first reading of the invented world."""
    return view(content, next(iter(content.choices.values())).reading.id)


@pytest.fixture(scope="module")
def data(content: SiteContent, shown: View) -> dict[str, Any]:
    """Return the data of the script as a browser reads them."""
    found: dict[str, Any] = unpacked(matrix_script(content, shown))
    return found


def test_every_cell_has_the_mark_and_the_counts_of_the_matrix(shown: View, data: dict[str, Any]) -> None:
    variants = data["variants"]
    found = {
        (system[0], principle[0]): tuple(variants[number][:2])
        for system, row in zip(data["systems"], data["cells"], strict=True)
        for principle, number in zip(data["principles"], row, strict=True)
    }
    names = {thing.iri: thing.id for thing in (*shown.matrix.systems, *shown.matrix.principles)}
    assert found == {
        (names[cell.system], names[cell.principle]): (cell.mark, marked(cell)) for cell in shown.matrix.cells
    }
    assert len({json.dumps(variant) for variant in variants}) == len(variants)


def test_a_decided_cell_names_the_criteria_that_decide_it_and_counts_their_sources(
    content: SiteContent, shown: View, data: dict[str, Any]
) -> None:
    sources = {row_text(row, "claim"): row_text(row, "source") for row in content.rows["claims"]}
    cell = next(cell for cell in shown.matrix.cells if cell.outcome is Outcome.FAILED)
    decided = [
        verdict
        for verdict in cell.verdicts
        if verdict.outcome is Outcome.FAILED and verdict.criterion not in cell.supporting
    ]
    systems, principles = ([thing[0] for thing in data[of]] for of in ("systems", "principles"))
    ids = {thing.iri: thing.id for thing in (*shown.matrix.systems, *shown.matrix.principles)}
    number = data["cells"][systems.index(ids[cell.system])][principles.index(ids[cell.principle])]
    _, _, _, reason, criteria, count, scopes, modes = data["variants"][number]
    assert reason == -1
    assert [data["criteria"][one][0][0] for one in criteria] == [
        label(content, verdict.criterion, "en")[0] for verdict in decided
    ]
    assert count == len({sources[claim] for verdict in decided for claim in verdict.demand}) > 0
    assert scopes == [str(scope) for scope in cell.scope]
    assert len(modes) == len(cell.modes)


def test_an_open_cell_says_why_in_both_languages_and_names_no_criterion(data: dict[str, Any]) -> None:
    unknown = [variant for variant in data["variants"] if variant[0] == Mark.NOT_KNOWN]
    assert unknown
    for variant in unknown:
        english, chinese = data["texts"][variant[3]]
        assert english.isascii()
        assert not chinese.isascii()
        assert variant[4] == []
        assert variant[5] == 0


def test_names_have_a_text_and_a_language_tag_for_each_language(data: dict[str, Any]) -> None:
    names = [thing[1] for thing in data["systems"]] + [thing[2] for thing in data["principles"]]
    assert all(len(name) == len(LANGUAGES) for name in names)
    assert {tag for name in names for _, tag in name} <= {*LANGUAGES, ""}


def test_the_address_of_the_data_changes_with_the_data(shown: View) -> None:
    one, other = script_address(shown, "a"), script_address(shown, "b")
    assert one != other
    assert one.startswith(f"{shown.address}.js?")


def test_every_edition_of_the_site_has_its_own_data(content: SiteContent, shown: View) -> None:
    for edition in ("all", "tales"):
        found = view(content, shown.choice.reading.id, edition)
        built = page(content, matrix_address(found.choice, edition))
        assert built.data["script"] == matrix_script(content, found)
        assert matrix_object(content, found)["edition"] == edition


def test_the_members_of_a_set_get_their_numbers_in_sorted_order() -> None:
    numbering, members = Numbering(), [f"member-{number:02}" for number in range(50)]
    assert numbering.of_set(frozenset(members)) == list(range(50))
    assert numbering.values() == members  # the order of a set differs between runs
    assert numbering.of_set({"member-03", "another"}) == [3, 50]


def test_versions_of_a_guideline_belong_together(real_content: SiteContent) -> None:
    assert first_version(real_content, f"{BASE}guideline/oecd-2024") == "oecd-2019"
    assert first_version(real_content, f"{BASE}guideline/oecd-2019") == "oecd-2019"
    assert first_version(real_content, f"{BASE}guideline/pipl-2021") == "pipl-2021"
