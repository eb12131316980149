"""Links to other data sets on the pages of things, from the invented world."""

from collections import Counter
from pathlib import Path

import pytest

from scs_kg.explorer.content import SiteContent, load_content
from scs_kg.explorer.html import html
from scs_kg.explorer.linked import COMMANDS, ORDER, PLAIN, TOPICS, ExternalTarget, external_targets
from scs_kg.explorer.router import page
from scs_kg.model.namespaces import PREFIXES
from scs_kg.store import query_library
from scs_kg.store.federation import service_hosts
from scs_kg.store.query_library import row_text
from tests.conftest import ROOT, build_world

MAPPING = """
{subject} {predicate} <{target}> .

link:{name} a owl:Axiom ;
  owl:annotatedSource {subject} ;
  owl:annotatedProperty {predicate} ;
  owl:annotatedTarget <{target}> ;
  sssom:mapping_justification semapv:ManualMappingCuration ;
  sssom:object_source "{source}" ;
  sssom:object_label "{label}" ;
  sssom:author_label "a tester" ;
  dcterms:created "2026-01-01"^^xsd:date ;
  sssom:confidence 0.5 ;
  rdfs:seeAlso <https://example.org/file> ;
  rdfs:comment "{comment}"@en .
"""
"""A link with its mapping."""
OPERATOR = MAPPING.format(
    subject="sys:alpha",
    predicate="scs:operator",
    target="http://www.wikidata.org/entity/Q900000009",
    name="sys-alpha-operator",
    source="Wikidata",
    label="Bank of Cats",
    comment="The bank runs Alpha.",
)
ISBN = MAPPING.format(
    subject="src:blog-2018",
    predicate="skos:exactMatch",
    target="urn:isbn:9780000000002",
    name="src-blog-2018-isbn",
    source="ISBN",
    label="A Blog in Print",
    comment="The number is on the cover.",
)
IDENTIFIED = "@prefix src: <https://w3id.org/scs-kg/source/> .\n" + OPERATOR + ISBN
"""An operator of a system and an ISBN of a source, each with its mapping."""


@pytest.fixture(scope="module")
def content(shared_world: Path) -> SiteContent:
    """Return the content of the pages of the invented world."""
    return load_content(shared_world)


def test_the_page_of_a_thing_shows_its_links(content: SiteContent) -> None:
    dignity = PREFIXES["dpvrights"] + "A1-HumanDignity"
    evidence = ("Stocks < dignity.", "https://example.org/file", "2026-01-01", "0.5")
    assert external_targets(content, PREFIXES["crit"] + "no-stocks") == {
        "charter": (ExternalTarget(dignity, "A1 Human Dignity", "DPV EU rights", *evidence, is_place_shared=False),)
    }
    shown = html(content, page(content, "criterion/no-stocks"), "en")
    assert "Related rights of the EU Charter" in shown
    assert "Stocks &lt; dignity." in shown
    assert "《欧盟基本权利宪章》中的相关权利" in html(content, page(content, "criterion/no-stocks"), "zh-Hans")


def test_a_target_without_label_is_shown_by_its_address(content: SiteContent) -> None:
    isle, town = (external_targets(content, PREFIXES["region"] + name) for name in ("isle", "town"))
    assert [target.label for target in isle["same"]] == ["www.wikidata.org/entity/Q900000001"]
    assert [target.source for target in town["similar"]] == ["GeoNames"]


def test_an_incident_is_shown_with_its_title_and_is_not_a_claim(content: SiteContent) -> None:
    (incident,) = external_targets(content, PREFIXES["sys"] + "alpha")["incidents"]
    assert (incident.address, incident.reason) == ("https://incidentdatabase.ai/cite/9000/", "The cat lives in Alpha.")
    shown = html(content, page(content, "system/alpha"), "en")
    assert "Incidents in external databases" in shown
    assert "an incident is not a claim" in shown


def test_an_operator_has_a_heading_and_an_isbn_is_not_shown_as_an_address(tmp_path: Path) -> None:
    world = build_world(tmp_path / "world")
    links = world / "data" / "links.ttl"
    links.write_text(links.read_text("utf-8") + IDENTIFIED, "utf-8")
    content = load_content(world)
    bank = "http://www.wikidata.org/entity/Q900000009"
    operators = external_targets(content, PREFIXES["sys"] + "alpha")["operator"]
    assert [(target.address, target.label) for target in operators] == [(bank, "Bank of Cats")]
    shown = html(content, page(content, "system/alpha"), "en")
    assert "Organisations that run it" in shown
    assert f'<a href="{bank}">Bank of Cats</a>' in shown
    (book,) = external_targets(content, PREFIXES["src"] + "blog-2018")["same"]
    assert book.address == "urn:isbn:9780000000002"
    assert 'href="urn:' not in html(content, page(content, "source/blog-2018"), "en")


def test_a_thing_without_links_has_no_section(content: SiteContent) -> None:
    assert not external_targets(content, PREFIXES["crit"] + "gentle")
    assert not external_targets(content, None)
    assert "In other data sets" not in html(content, page(content, "criterion/gentle"), "en")


def test_every_topic_has_a_sentence() -> None:
    assert {*TOPICS.values(), *PLAIN.values(), "similar"} == set(ORDER)


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_the_page_of_links_counts_each_link_once_by_data_set_and_kind(content: SiteContent, language: str) -> None:
    shown = page(content, "links")
    counts = shown.data["counts"]
    mappings = [(row_text(row, "in"), row_text(row, "mapping")) for row in content.rows["mappings"]]
    assert {source: found.total() for source, found in counts.items()} == Counter(source for source, _ in set(mappings))
    assert counts["DPV EU rights"]["relatedMatch"] == 1
    text = html(content, shown, language)
    assert text.count('<th scope="row"') == len(counts)
    assert 'href="links.html"' in html(content, page(content, "pages"), language)


def test_a_place_of_several_links_is_only_on_the_page_of_links(real_content: SiteContent) -> None:
    """Pages of things lead to the row of the data set; a place of one link is on the page of the thing."""
    places = page(real_content, "links").data["places"]
    listed = html(real_content, page(real_content, "links"), "en")
    ((place, date),) = places["GDPRtEXT"]
    assert f'<a href="{place}">gdpr.xml</a> (read on {date})' in listed
    assert '<tr id="gdprtext">' in listed
    shown = html(real_content, page(real_content, "guideline/gdpr-2016/article-5"), "en")
    assert shown.count('<a href="../../links.html#gdprtext">GDPRtEXT</a>') == 1
    assert place not in shown
    targets = external_targets(real_content, PREFIXES["gdpr"] + "article-12")
    own = [target.place for found in targets.values() for target in found if not target.is_place_shared]
    principle = html(real_content, page(real_content, "guideline/gdpr-2016/article-12"), "en")
    assert own
    assert all(f'href="{place}"' in principle for place in own)


def test_the_page_of_links_has_the_command_of_each_federated_question(content: SiteContent) -> None:
    shown = html(content, page(content, "links"), "en")
    assert all(f"<code>{command}</code>" in shown for command in COMMANDS.values())
    library = query_library.read_all(ROOT, federated=True)
    for command in COMMANDS.values():
        _, _, name, _, service = command.split()
        assert service_hosts(library[name].sparql) == (service.partition("=")[0],)
