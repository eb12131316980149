"""Tests the files and the effects of new claims, supersessions, retractions, objections and decisions."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scs_kg import store
from scs_kg.contribute import actions, changeset
from scs_kg.contribute.actions import Attribution
from scs_kg.contribute.changeset import ChangeSet, Project, open_project
from scs_kg.contribute.layout import feature_order
from scs_kg.contribute.validate import validate
from scs_kg.judging.evidence import derive
from scs_kg.judging.judge import judge_all
from scs_kg.judging.matrix import compare
from scs_kg.judging.project import open_judged
from scs_kg.model.errors import BadFileError, EmptyInputError, UnknownNameError, WrongUseError
from scs_kg.model.matrix import Matrix
from scs_kg.model.namespaces import PREFIXES, SCS
from scs_kg.model.verdicts import Verdict
from scs_kg.store import Dataset
from scs_kg.store.dataset import asserted_triples, copy_asserted, remove_subjects
from tests.conftest import ROOT
from tests.store.test_turtle_edit import formatted

HEAD = "".join(
    f"@prefix {name}: <{PREFIXES[name]}> .\n"
    for name in ("claim", "dcterms", "feat", "scs", "skos", "src", "sys", "xsd")
)
CLAIM = """claim:{name} a scs:Claim ; scs:about sys:{system} ; scs:feature feat:{feature} ; scs:finding scs:{finding} ;
  scs:mode scs:DeFacto ; scs:statement "The poem speaks of it."@en ; scs:source src:{source} ; scs:locator "line 1" ;
  scs:asOf "2004"^^xsd:gYear .
"""
SOURCE = """src:poem-2004 a scs:Source ; dcterms:title "A poem"@en ; dcterms:creator "Poet, P." ; scs:kind scs:Web ;
  scs:verification scs:SecondHand ; skos:editorialNote "It rhymes."@en .
"""
ME = Attribution("It was read again.", "a reader", "2026-11-20")


def ntriples(*records: str) -> str:
    """Return records as N-Triples."""
    return store.canonical_ntriples(HEAD + "".join(records))


def claim(name: str = "alpha-door-poem-2004", **how: str) -> str:
    """Return a claim about a system of the invented world."""
    about = {"system": "alpha", "feature": "door", "finding": "Absent", "source": "poem-2004", **how}
    return CLAIM.format(name=name, **about)


def carry_out(planned: ChangeSet) -> ChangeSet:
    """Write a planned change."""
    changeset.write(planned)
    return planned


def files(root: Path) -> Mapping[str, str]:
    """Return the text of each file of the data."""
    return {p.relative_to(root).as_posix(): p.read_text("utf-8") for p in sorted((root / "data").rglob("*.ttl"))}


def names(iris: tuple[str, ...]) -> list[str]:
    """Return the last parts of IRIs."""
    return [iri.rsplit("/", 1)[1] for iri in iris]


def stripped(matrix: Matrix) -> list[tuple[str, str, str, str | None]]:
    """Return the content of each cell of a matrix."""
    return [(cell.principle, cell.system, cell.outcome, cell.open_reason) for cell in matrix.cells]


# Adding


def test_a_claim_goes_to_the_file_of_its_system_and_its_source_to_the_bibliography(world: Path) -> None:
    before = files(world)
    planned = carry_out(actions.add(open_project(world), ntriples(claim(), SOURCE), "tales"))
    assert names(planned.written) == ["alpha-door-poem-2004", "poem-2004"]
    changed = {name for name, text in files(world).items() if before[name] != text}
    assert changed == {"data/tales/alpha.ttl", "data/sources.ttl"}
    assert all(formatted(world / name) for name in changed)
    assert validate(world).of("Violation", "Warning") == ()


def test_manual_edits_are_kept(world: Path, replace: Callable[[str, str, str], Path]) -> None:
    replace("data/sources.ttl", "\nsrc:news-2002", "\n# Not to be trusted\nsrc:news-2002")
    replace("data/tales/alpha.ttl", "\n\nclaim:", "\n\n# What the tales say about Alpha\n\nclaim:")
    before = files(world)
    carry_out(actions.add(open_project(world), ntriples(claim(), SOURCE), "tales"))
    for name, text in files(world).items():
        kept = iter(text.splitlines())
        assert all(line in kept for line in before[name].splitlines()), name


def test_claims_are_ordered_by_feature_and_sources_by_name(world: Path) -> None:
    project = open_project(world)
    order = feature_order(project.dataset)
    added = [claim(f"new-{feature}", system="alpha", feature=feature) for feature in ("door", "gift", "stocks")]
    carry_out(actions.add(project, ntriples(*added, SOURCE), "tales"))
    text = (world / "data/tales/alpha.ttl").read_text("utf-8")
    placed = re.findall(r"^claim:(\S+) a .*?feature feat:(\S+) ;", text, re.MULTILINE | re.DOTALL)
    ranks = [(order[PREFIXES["feat"] + feature], name) for name, feature in placed]
    new = [rank for rank in ranks if rank[1].startswith("new-")]
    assert new == sorted(new)
    sources = re.findall(r"^src:(\S+) a ", (world / "data/sources.ttl").read_text("utf-8"), re.MULTILINE)
    assert sources == sorted(sources)
    assert "poem-2004" in sources


def test_features_are_ordered_as_in_the_files_of_the_real_data(opened: Dataset) -> None:
    order = feature_order(opened)
    for path in sorted((ROOT / "data" / "field-2026").glob("*.ttl")):
        listed = re.findall(r"scs:feature feat:(\S+) ;", path.read_text("utf-8"))
        ranks = [order[PREFIXES["feat"] + feature] for feature in listed]
        assert ranks == sorted(ranks), path


def test_adding_a_claim_twice_adds_it_once(world: Path) -> None:
    carry_out(actions.add(open_project(world), ntriples(claim(), SOURCE), "tales"))
    after = files(world)
    again = carry_out(actions.add(open_project(world), ntriples(claim(), SOURCE), "tales"))
    assert names(again.known) == ["alpha-door-poem-2004", "poem-2004"]
    assert (again.written, changeset.diff(again)) == ((), "")
    assert files(world) == after


def test_the_same_claim_under_another_name_is_not_added(world: Path) -> None:
    carry_out(actions.add(open_project(world), ntriples(claim(), SOURCE), "tales"))
    again = actions.add(open_project(world), ntriples(claim("other-name")), "tales")
    assert (again.written, names(again.known)) == ((), ["other-name"])


@pytest.fixture(scope="module")
def project(shared_world: Path) -> Project:
    """Return the invented world, which planning a change does not alter."""
    return open_project(shared_world)


@pytest.mark.slow
@pytest.mark.no_cover
@settings(max_examples=15, deadline=None)
@given(order=st.permutations(["door", "gift", "stocks", "cake"]))
def test_the_order_in_which_claims_are_given_does_not_matter(project: Project, order: list[str]) -> None:
    added = [claim(f"new-{feature}", feature=feature, source="book-2001") for feature in order]
    one = actions.add(project, ntriples(*added), "tales")
    assert one.new == actions.add(project, ntriples(*sorted(added)), "tales").new


@pytest.mark.no_cover
def test_a_new_file_has_a_comment_on_its_content(world: Path) -> None:
    (world / "data" / "contributed").mkdir()
    made = (ROOT / "data" / "contributed" / "dataset.ttl").read_text("utf-8")
    (world / "data" / "contributed" / "dataset.ttl").write_text(made, "utf-8")
    carry_out(actions.add(open_project(world), ntriples(claim(), SOURCE)))
    path = world / "data" / "contributed" / "alpha.ttl"
    assert "\n\n# What contributors found about Alpha\n\nclaim:alpha-door" in path.read_text("utf-8")
    assert formatted(path)
    assert validate(world).of("Violation", "Warning") == ()


def test_the_diff_shows_what_will_be_written(world: Path) -> None:
    before = files(world)
    text = changeset.diff(actions.add(open_project(world), ntriples(claim(), SOURCE), "tales"))
    assert text.startswith("--- a/data/sources.ttl\n+++ b/data/sources.ttl\n@@")
    assert "+claim:alpha-door-poem-2004 a scs:Claim ;\n" in text
    assert not re.search(r"^-(?!--)", text, re.MULTILINE)
    assert files(world) == before


@pytest.mark.parametrize(
    ("records", "says"),
    [
        ((claim(),), r"alpha\.ttl:\d+: claim:alpha-door-poem-2004: needs exactly one source"),
        ((claim(feature="dor"), SOURCE), "needs exactly one feature that is defined"),
        ((claim("Capital"), SOURCE), "is not a well-formed claim"),
        ((claim("beta-gift-book-2001"), SOURCE), "is in the data already with other content"),
        (("feat:new a scs:Penalty .",), "feat:new: needs exactly one definition"),
        (("claim:half scs:locator 'p. 1' .",), "is not a record that can be added"),
        (
            ("claim:two a scs:Claim , scs:Source ; scs:about sys:alpha .",),
            "is not a record that can be added",
        ),
        (("claim:away a scs:Claim ; scs:about <urn:x> .",), "is not a record that can be added"),
        (
            ("claim:odd a scs:Claim ; scs:about sys:alpha ; scs:feature 'door' .",),
            "claim:odd: needs exactly one finding.*more$",
        ),
    ],
)
def test_invalid_records_are_refused_and_nothing_is_written(world: Path, records: tuple[str, ...], says: str) -> None:
    before = files(world)
    with pytest.raises(BadFileError, match=says) as refused:
        actions.add(open_project(world), ntriples(*records), "tales")
    assert str(refused.value).startswith((str(world), "feat:", "claim:"))
    assert files(world) == before


def test_a_system_cannot_lead_to_a_file_outside_the_data(world: Path) -> None:
    strange = claim().replace("sys:alpha", f"<{PREFIXES['sys']}../../../outside>")
    with pytest.raises(BadFileError, match="needs exactly one system"):
        actions.add(open_project(world), ntriples(strange, SOURCE), "tales")


def test_a_claim_without_a_name_is_refused(world: Path) -> None:
    with pytest.raises(BadFileError, match="blank node"):
        actions.add(open_project(world), "_:a <urn:b> <urn:c> .\n", "tales")


def test_an_empty_change_and_an_unknown_dataset_are_refused(world: Path) -> None:
    with pytest.raises(EmptyInputError, match="nothing to add"):
        actions.add(open_project(world), "", "tales")
    with pytest.raises(UnknownNameError, match="did you mean tales"):
        actions.add(open_project(world), ntriples(claim(), SOURCE), "tale")


def test_data_that_changed_since_it_was_read_is_not_overwritten(world: Path) -> None:
    planned = actions.add(open_project(world), ntriples(claim(), SOURCE), "tales")
    with (world / "data" / "sources.ttl").open("a") as file:
        file.write("# mine\n")
    before = files(world)
    with pytest.raises(BadFileError, match="run the command again"):
        changeset.write(planned)
    assert files(world) == before


# Superseding and retracting


def test_a_change_is_checked_in_a_copy_without_the_permissions_of_the_folder(
    world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes: list[int] = []
    replace = Path.replace

    def recorded(path: Path, target: Path) -> Path:
        modes.append(path.parent.stat().st_mode & 0o200)
        return replace(path, target)

    for folder in (world / "data", *(path for path in (world / "data").rglob("*") if path.is_dir())):
        folder.chmod(0o555)
    monkeypatch.setattr(Path, "replace", recorded)
    assert actions.add(open_project(world), ntriples(claim(), SOURCE), "tales").new
    assert set(modes) == {0o200}


def test_a_read_only_folder_is_reported_with_advice(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change = actions.add(open_project(world), ntriples(claim(), SOURCE), "tales")

    def refused(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(BadFileError) as caught:
        changeset.write(change)
    assert str(caught.value) == (
        f"{world}: cannot be written: Permission denied; "
        "change its permissions, or copy the folder and name the copy with --root"
    )


def test_a_supersession_adds_the_claim_its_link_and_the_act(world: Path) -> None:
    new = ntriples(claim("beta-door-poem-2004", system="beta", finding="Present"), SOURCE)
    planned = carry_out(actions.supersede(open_project(world), "beta-door-book-2001", new, ME, "tales"))
    assert names(planned.written) == ["supersession-beta-door-poem-2004", "beta-door-poem-2004", "poem-2004"]
    assert "scs:supersedes claim:beta-door-book-2001 ." in (world / "data/tales/beta.ttl").read_text("utf-8")
    assert formatted(world / "data/amendments.ttl")
    assert validate(world).of("Violation", "Warning") == ()
    again = actions.supersede(open_project(world), "beta-door-book-2001", new, ME, "tales")
    assert (again.written, len(again.known)) == ((), 3)


@pytest.mark.parametrize(
    ("old", "records", "error", "says"),
    [
        ("beta-dor-book-2001", (claim(system="beta"), SOURCE), UnknownNameError, "did you mean beta-door-book-2001"),
        ("beta-door-book-2001", (SOURCE,), WrongUseError, "the input has 0 claims to supersede"),
        (
            "beta-door-book-2001",
            (claim("a", system="beta"), claim("b", system="beta")),
            WrongUseError,
            "the input has 2 claims to supersede",
        ),
        ("beta-door-book-2001", (claim(), SOURCE), WrongUseError, "are about different systems"),
    ],
)
def test_an_invalid_supersession_is_refused(
    world: Path, old: str, records: tuple[str, ...], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        actions.supersede(open_project(world), old, ntriples(*records), ME, "tales")


def verdicts(project: Project, without: str) -> tuple[Verdict, ...]:
    """Judge the invented world without a claim and without the statements about the claim."""
    dataset = copy_asserted(project.dataset)
    remove_subjects(dataset, [PREFIXES["claim"] + without])
    derive(dataset)
    return judge_all(dataset)


@pytest.mark.no_cover
@pytest.mark.parametrize("name", ["beta-stocks-news-2002", "beta-door-book-2001", "gamma-punishment-book-2001"])
def test_retracting_a_claim_gives_the_verdicts_without_it(world: Path, name: str) -> None:
    expected = verdicts(open_project(world), name)
    before = open_project(world)
    carry_out(actions.retract(before, name, ME))
    after = store.load(world)
    assert asserted_triples(after, PREFIXES["claim"] + name) == asserted_triples(
        before.dataset, PREFIXES["claim"] + name
    )
    derive(after)
    assert judge_all(after) == expected
    assert formatted(world / "data/amendments.ttl")
    assert validate(world).of("Violation", "Warning") == ()


def test_a_retracted_correction_supersedes_nothing(world: Path) -> None:
    carry_out(actions.retract(open_project(world), "gamma-cake-law-2003", ME))
    dataset = open_judged(world)
    cakes = {store.text(claim) for claim in store.subjects(dataset, SCS + "feature", PREFIXES["feat"] + "cake")}
    gamma = {claim for claim in cakes if "/gamma-cake-" in claim}
    assert len(gamma) == 2
    counting = gamma & {claim for claim, _ in store.subject_objects(dataset, SCS + "bearsOn")}
    assert counting == {PREFIXES["claim"] + "gamma-cake-book-2001"}


def test_retracting_a_claim_without_effect_changes_no_cell(world: Path) -> None:
    before = stripped(compare(open_judged(world)))
    carry_out(actions.retract(open_project(world), "gamma-cake-book-2001", ME))
    assert stripped(compare(open_judged(world))) == before


@pytest.mark.no_cover
def test_a_level_claim_can_be_retracted_and_the_level_is_open_again(world: Path) -> None:
    carry_out(actions.retract(open_project(world), "claim:town-level-law-2003", ME))
    dataset = open_judged(world)
    assert store.has_triple(dataset, None, SCS + "retracts", PREFIXES["claim"] + "town-level-law-2003")
    assert validate(world).of("Violation", "Warning") == ()


def test_a_retraction_is_made_once(world: Path) -> None:
    carry_out(actions.retract(open_project(world), "beta-fine-news-2002", ME))
    after = files(world)
    again = carry_out(actions.retract(open_project(world), "beta-fine-news-2002", Attribution(ME.reason, ME.author)))
    assert names(again.known) == ["retraction-beta-fine-news-2002"]
    for other in (Attribution("For another reason.", ME.author), Attribution(ME.reason, "somebody else")):
        with pytest.raises(WrongUseError, match="is in the data already, with another reason or author"):
            actions.retract(open_project(world), "beta-fine-news-2002", other)
    assert files(world) == after


def test_an_act_is_dated_today_by_default(world: Path) -> None:
    text = changeset.diff(
        actions.retract(open_project(world), "beta-fine-news-2002", Attribution(ME.reason, ME.author))
    )
    assert re.search(r'^\+  dcterms:date "20\d\d-\d\d-\d\d"\^\^xsd:date \.$', text, re.MULTILINE)


@pytest.mark.parametrize(
    ("signed", "says"),
    [
        (Attribution("Short.", "me"), "needs exactly one reason"),
        (Attribution("It was read again.", ""), "needs exactly one author"),
        (Attribution("It was read again.", "two\nlines"), "needs exactly one author"),
    ],
)
def test_an_act_needs_a_reason_and_an_author(world: Path, signed: Attribution, says: str) -> None:
    with pytest.raises(BadFileError, match=says):
        actions.retract(open_project(world), "beta-fine-news-2002", signed)


# Objecting


@pytest.mark.no_cover
@pytest.mark.parametrize("target", ["beta-fine-news-2002", "crit:way-out", "plain-freedom-way-out"])
def test_an_objection_changes_no_mark(world: Path, target: str) -> None:
    before = stripped(compare(open_judged(world)))
    planned = carry_out(actions.object_to(open_project(world), target, ME))
    assert names(planned.written) == [f"objection-{target.removeprefix('crit:')}-1"]
    assert stripped(compare(open_judged(world))) == before
    assert formatted(world / "data/objections.ttl")
    assert validate(world).of("Violation", "Warning") == ()


def test_objections_to_one_thing_are_numbered_and_a_repeated_one_is_not_added(world: Path) -> None:
    first = carry_out(actions.object_to(open_project(world), "no-stocks", ME))
    other = carry_out(actions.object_to(open_project(world), "no-stocks", Attribution(ME.reason, "another")))
    again = actions.object_to(open_project(world), "no-stocks", Attribution(ME.reason, ME.author))
    assert names(first.written + other.written) == ["objection-no-stocks-2", "objection-no-stocks-3"]
    assert (again.written, names(again.known)) == ((), ["objection-no-stocks-2"])


@pytest.mark.no_cover
def test_a_decision_names_its_objection_and_its_ruling(world: Path) -> None:
    planned = carry_out(actions.decide(open_project(world), "objection-no-ledger-1", "upheld", ME))
    assert names(planned.written) == ["decision-objection-no-ledger-1-1"]
    assert "scs:ruling scs:Upheld ;" in (world / "data/objections.ttl").read_text("utf-8")
    assert validate(world).of("Violation", "Warning") == ()


def test_a_decision_before_its_objection_is_refused_and_nothing_is_written(world: Path) -> None:
    project = open_project(world)
    early = Attribution(ME.reason, ME.author, "2006-07-08")
    with pytest.raises(BadFileError, match="is dated 2006-07-08, before the date of the objection, 2006-07-09"):
        actions.decide(project, "objection-no-ledger-1", "upheld", early)
    assert actions.decide(
        project, "objection-no-ledger-1", "upheld", Attribution(ME.reason, ME.author, "2006-07-09")
    ).written


def test_an_ambiguous_name_is_refused(world: Path, replace: Callable[[str, str, str], Path]) -> None:
    replace("data/tales/beta.ttl", "claim:beta-fine-news-2002 a", "claim:no-stocks a")
    with pytest.raises(WrongUseError, match="'no-stocks' is ambiguous; write claim:no-stocks or crit:no-stocks"):
        actions.object_to(open_project(world), "no-stocks", ME)
    assert actions.object_to(open_project(world), "crit:no-stocks", ME).written


def test_unknown_objects_and_objections_are_refused(world: Path) -> None:
    with pytest.raises(UnknownNameError, match="no claim, criterion or provision is called 'sys:alpha'"):
        actions.object_to(open_project(world), "sys:alpha", ME)
    with pytest.raises(UnknownNameError, match="did you mean objection-no-ledger-1"):
        actions.decide(open_project(world), "objection-no-ledger", "upheld", ME)
