"""The data of all pages is immutable, and editions are judged on demand and cached."""

from contextlib import suppress
from pathlib import Path

import pytest

from scs_kg.explorer.content import SiteContent, load_content
from scs_kg.explorer.editions import ALL_CLAIMS, MAX_EDITIONS
from scs_kg.model.errors import EmptyInputError, UnknownNameError
from scs_kg.model.namespaces import local_id
from scs_kg.store.query_library import row_text


@pytest.fixture(scope="module")
def content(shared_world: Path) -> SiteContent:
    """Return the data of all pages of the invented world."""
    return load_content(shared_world)


def test_the_number_of_cached_editions_is_limited(content: SiteContent) -> None:
    for year in range(1990, 1990 + MAX_EDITIONS + 5):
        with suppress(EmptyInputError):  # some years have no claims
            content.edition(f"as-of-{year + 20}")
    assert len(content.editions) <= MAX_EDITIONS
    assert ALL_CLAIMS in content.editions


def test_an_edition_with_an_invalid_date_is_refused(content: SiteContent) -> None:
    with pytest.raises(UnknownNameError):
        content.edition("as-of-yesterday")


def test_the_caches_of_editions_and_matrices_are_separate_from_the_immutable_content(content: SiteContent) -> None:
    choice = next(iter(content.choices.values()))
    edition = content.edition()
    assert content.edition() is edition
    assert edition.matrix(choice) is edition.matrix(choice)
    assert edition.explanation_context is edition.explanation_context
    assert content.verdict_periods() is content.verdict_periods()
    for mapping in (content.names, content.definitions, content.choices, content.verdict_keys, content.locations):
        with pytest.raises(TypeError):
            mapping["x"] = "y"  # type: ignore[index]  # this must fail
    with pytest.raises(TypeError):
        content.grouped("claims", "source")["x"] = ()  # type: ignore[index]  # this must fail


def test_claims_and_provisions_have_short_and_unique_fragments(real_content: SiteContent) -> None:
    """A fragment leaves out the id of the page, which most claim ids contain; no two things have the same address."""
    anchors = real_content.anchors
    assert len(set(anchors.values())) == len(anchors) > 2000
    claims = [address for iri, address in anchors.items() if "/claim/" in iri]
    assert not [address for address in claims if address.endswith(f"-{address.partition('#')[0].partition('/')[2]}")]


def test_most_claims_have_their_feature_as_fragment(real_content: SiteContent) -> None:
    rows = {row_text(row, "claim"): row for row in real_content.rows["claims"]}
    fragments = {iri: real_content.anchors[iri].partition("#")[2] for iri in rows}
    same = [iri for iri, row in rows.items() if fragments[iri] == local_id(row_text(row, "feature"))]
    assert len(same) > 0.7 * len(rows)
