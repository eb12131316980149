"""Candidates for links of criteria, features, laws, sources and systems match by words; a reader reviews them."""

from pathlib import Path

import pytest

from scs_kg import store
from scs_kg.cli import link as command
from scs_kg.exchange.link import KINDS, suggest, written
from scs_kg.exchange.link.terms import content_words, known_terms
from scs_kg.model.namespaces import BASE, PREFIXES
from scs_kg.store import Dataset

RIGHTS = """
@prefix dpvrights: <https://w3id.org/dpv/rights/eu#> .
@prefix ex: <https://example.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

dpvrights:A1-HumanDignity skos:prefLabel "A ban of stocks"@en .
ex:both skos:prefLabel "Gentle stocks"@en , "温和"@zh .
ex:neither skos:prefLabel "Something else"@en .
"""


@pytest.fixture(scope="module")
def labels(judged_world: Dataset) -> dict[str, str]:
    """Return the label of each criterion of the invented world."""
    return dict(known_terms(judged_world, "criterion").labels)


def test_words_of_a_label_are_normalized_without_brackets_and_small_words() -> None:
    assert content_words("The Right to be Heard (article 41)") == {"right", "heard"}
    assert content_words("Éclat") == {"eclat"}
    assert not content_words("It is not")


def test_the_command_offers_every_kind() -> None:
    assert set(command.KINDS) == {"region", *KINDS}


def test_each_kind_has_records_and_each_record_has_one_kind(judged_world: Dataset) -> None:
    found = {kind: set(known_terms(judged_world, kind).labels) for kind in KINDS}
    assert all(found.values())
    assert sum(map(len, found.values())) == len(set().union(*found.values()))
    assert all("/guideline/" in iri for iri in found["principle"] | found["guideline"])


def test_a_record_matches_if_its_name_has_all_words_of_the_label(
    judged_world: Dataset, labels: dict[str, str], tmp_path: Path
) -> None:
    wanted = BASE + "criterion/gentle"
    rows = [f"https://example.org/1,{labels[wanted]} and more", "https://example.org/2,something else"]
    (tmp_path / "a.csv").write_text(
        "\n".join(["iri,name_en", f"https://example.org/0,{labels[wanted]}", *rows]), "utf-8"
    )
    found = suggest(judged_world, str(tmp_path / "a.csv"), kind="criterion")
    own = [each for each in found.candidates if each.region == wanted]
    assert [each.target for each in own] == ["https://example.org/0", "https://example.org/1"]
    assert own[0].predicate == PREFIXES["skos"] + "closeMatch"
    assert own[1].predicate == PREFIXES["skos"] + "relatedMatch"
    assert own[0].confidence > own[1].confidence
    assert found.entries == 3


def test_a_known_link_is_not_proposed_again(judged_world: Dataset, labels: dict[str, str], tmp_path: Path) -> None:
    label = labels[BASE + "criterion/no-stocks"]
    (tmp_path / "rights.ttl").write_text(RIGHTS.replace("A ban of stocks", label), "utf-8")
    found = suggest(judged_world, str(tmp_path / "rights.ttl"), kind="criterion")
    known = [each for each in found.candidates if each.status == "known"]
    assert [(each.region, each.target) for each in known] == [
        (BASE + "criterion/no-stocks", PREFIXES["dpvrights"] + "A1-HumanDignity")
    ]
    assert known[0].predicate == PREFIXES["skos"] + "relatedMatch"
    turtle = written(found, "turtle")
    assert "A1-HumanDignity" not in turtle
    assert all(triple.subject for triple in store.parse_triples(turtle.encode(), "turtle"))


def test_a_list_of_incidents_is_matched_with_systems(judged_world: Dataset, tmp_path: Path) -> None:
    name = known_terms(judged_world, "system").labels[BASE + "system/alpha"]
    incidents = f"iri,name_en\nhttps://incidentdatabase.ai/cite/7/,A camera in {name} mistakes a cat\n"
    (tmp_path / "incidents.csv").write_text(incidents, "utf-8")
    (found,) = suggest(judged_world, str(tmp_path / "incidents.csv"), kind="system").candidates
    assert (found.region, found.source) == (BASE + "system/alpha", "incidentdatabase.ai")
