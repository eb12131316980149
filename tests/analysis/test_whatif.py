"""A what-if analysis equals writing the claims and judging all data again, and its reports equal golden files."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scs_kg import store
from scs_kg.analysis.whatif import whatif
from scs_kg.analysis.workspace import Workspace, open_workspace
from scs_kg.judging.principles import read_principle_criteria
from scs_kg.judging.project import open_guarded
from scs_kg.judging.read_claims import read_claims
from scs_kg.model.claims import Claim, Finding
from scs_kg.model.errors import EmptyInputError, UnknownNameError, WrongUseError
from scs_kg.model.namespaces import PREFIXES, SCS, local_id
from scs_kg.model.selection import Selection
from scs_kg.model.verdicts import Outcome
from scs_kg.render.impact import whatif_json, whatif_text
from scs_kg.store import Dataset
from scs_kg.store.dataset import add_triples, copy_asserted, remove_subjects, statements_of
from tests.conftest import FIXTURE_FOLDER, TESTS
from tests.support import whatif_reports
from tests.support.invented import MODES
from tests.support.specification import SpecifiedCell, specified, specified_cells, specified_graph
from tests.support.whatif_reports import CASES, FORMATS, ntriples, report

GOLDEN = TESTS / "golden" / "whatif"
SYSTEMS = ("alpha", "beta", "gamma")
FEATURES = ("stocks", "punishment", "ledger", "gossip", "machine", "appeal", "door", "gift", "cake", "singing")
SOURCES = ("book-2001", "news-2002", "law-2003", "blog-2018")
OLD = ("gamma-stocks-news-2002", "gamma-punishment-book-2001", "beta-door-book-2001", "alpha-machine-book-2001")


@pytest.fixture(scope="session")
def world_workspace(shared_world: Path) -> Workspace:
    """Return the workspace of the invented world."""
    dataset = open_guarded(shared_world)
    return open_workspace(dataset, read_principle_criteria(dataset))


@pytest.fixture(scope="session")
def field_workspace(opened: Dataset) -> Workspace:
    """Return the workspace of all real claims under one guideline."""
    return whatif_reports.field_workspace(opened)


def written(claims: Iterable[Claim]) -> str:
    """Return claims as N-Triples."""
    lines = []
    for claim in claims:
        said = [("about", claim.system), ("feature", claim.feature), ("finding", SCS + claim.finding)]
        said.append(("mode", SCS + claim.mode))
        said += [*(("source", s) for s in claim.sources), *(("supersedes", old) for old in claim.supersedes)]
        lines += [f"<{claim.iri}> <{SCS}{name}> <{value}> .\n" for name, value in said]
        lines += [f'<{claim.iri}> <{SCS}{name}> "x"@en .\n' for name in ("statement", "locator")]
    return "".join(lines)


@st.composite
def drafts(draw: st.DrawFn) -> list[Claim]:
    """Draw a few new claims on the invented systems; some of them supersede old claims."""
    return [
        Claim(
            f"{PREFIXES['claim']}new-{number}",
            PREFIXES["sys"] + draw(st.sampled_from(SYSTEMS)),
            PREFIXES["feat"] + draw(st.sampled_from(FEATURES)),
            draw(st.sampled_from(Finding)),
            frozenset(PREFIXES["claim"] + old for old in draw(st.lists(st.sampled_from(OLD), max_size=1))),
            frozenset({PREFIXES["src"] + draw(st.sampled_from(SOURCES))}),
            mode=draw(st.sampled_from(MODES)),
        )
        for number in range(draw(st.integers(0, 3)))
    ]


def elsewhere(more: str) -> str:
    """Return N-Triples that put claims into a separate dataset, as a separate folder would."""
    claims = {line.split(" ", 1)[0] for line in more.splitlines()}
    return "".join(f"{claim} <{SCS}inDataset> <{PREFIXES['dataset']}new> .\n" for claim in sorted(claims))


def matrices(workspace: Workspace, more: str, without: Iterable[str]) -> dict[tuple[str, str, str], SpecifiedCell]:
    """Write claims into a copy of the data, judge them by the queries, and return every cell."""
    cells: dict[tuple[str, str, str], SpecifiedCell] = {}
    for choice in dict.fromkeys(principle.choice for principle in workspace.principles):
        then = copy_asserted(workspace.dataset)
        add_triples(then, store.parse_triples((more + elsewhere(more)).encode(), "ntriples"), "urn:new")
        remove_subjects(then, (PREFIXES["claim"] + name for name in without))
        meant = Selection(datasets=(choice.written_for,) if choice.written_for else ())
        found = specified_cells(specified_graph(then, meant), choice)
        cells |= {(choice.reading.id, cell.principle, cell.system): cell for cell in found}
    return cells


@pytest.fixture(scope="session")
def before(world_workspace: Workspace) -> dict[tuple[str, str, str], SpecifiedCell]:
    """Return every cell of the unchanged invented world."""
    return matrices(world_workspace, "", ())


@pytest.mark.slow
@pytest.mark.no_cover
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(new=drafts(), without=st.lists(st.sampled_from(OLD), max_size=2))
def test_the_changed_cells_are_those_that_change_when_the_claims_are_written(
    world_workspace: Workspace, before: dict[tuple[str, str, str], SpecifiedCell], new: list[Claim], without: list[str]
) -> None:
    after = matrices(world_workspace, written(new), without)
    found = whatif(world_workspace, written(new), without)
    impacts = {
        (c.principle_criteria.choice.reading.id, c.principle_criteria.principle.iri, c.system.iri): c
        for c in found.cells
    }
    for key, consequence in impacts.items():
        assert (specified(consequence.before), specified(consequence.after)) == (before[key], after[key])
        assert bool(consequence.verdict_changes) == (
            [(v.outcome, v.open_reason) for v in consequence.before.verdicts]
            != [(v.outcome, v.open_reason) for v in consequence.after.verdicts]
        )
    assert {key for key in before if before[key] != after[key]} <= impacts.keys()
    assert found.of == len(before)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(new=drafts(), chance=st.randoms())
def test_the_order_of_claims_changes_nothing(world_workspace: Workspace, new: list[Claim], chance: Random) -> None:
    lines = written(new).splitlines(keepends=True)
    shuffled = "".join(chance.sample(lines, len(lines)))
    assert whatif_json(whatif(world_workspace, shuffled)) == whatif_json(whatif(world_workspace, written(new)))


def test_a_known_claim_changes_nothing(field_workspace: Workspace) -> None:
    claims = read_claims(field_workspace.dataset)
    for claim in claims[::100]:
        said = "".join(f"{triple} .\n" for triple in statements_of(field_workspace.dataset, claim.iri))
        found = whatif(field_workspace, said)
        assert (found.added, found.known, found.cells) == ((), (claim.iri,), ())


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(new=drafts())
def test_the_causes_of_a_changed_verdict_are_sufficient(world_workspace: Workspace, new: list[Claim]) -> None:
    found = whatif(world_workspace, written(new))
    for consequence in found.cells:
        for turn in consequence.verdict_changes:
            assert turn.by
            alone = whatif(world_workspace, written(claim for claim in new if claim.iri in turn.by))
            changed = {
                (c.principle_criteria.principle.iri, c.system.iri, t.criterion.iri): t
                for c in alone.cells
                for t in c.verdict_changes
            }
            again = changed[consequence.principle_criteria.principle.iri, consequence.system.iri, turn.criterion.iri]
            assert (again.after.outcome, again.after.open_reason) == (turn.after.outcome, turn.after.open_reason)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_reports_equal_the_golden_files(case: Path, form: str, request: pytest.FixtureRequest) -> None:
    workspace: Workspace = request.getfixturevalue(case.stem.split(".")[0] + "_workspace")
    assert report(whatif(workspace, ntriples(case)), form) == (GOLDEN / f"{case.stem}.{form}").read_text("utf-8")


def test_the_golden_cases_match_their_names(world_workspace: Workspace, field_workspace: Workspace) -> None:
    for workspace, name in ((world_workspace, "world"), (field_workspace, "field")):
        found = {kind: whatif(workspace, ntriples(FIXTURE_FOLDER / "whatif" / f"{name}.{kind}.ttl")) for kind in KINDS}
        assert found["flips"].changed
        assert found["contested"].contested
        assert not found["nothing"].changed
        assert not found["nothing"].cells
    assert whatif(world_workspace, ntriples(FIXTURE_FOLDER / "whatif" / "world.second-source.ttl")).supported


KINDS = ("flips", "contested", "nothing")


def test_withdrawing_a_source_withdraws_its_claims(world_workspace: Workspace) -> None:
    found = whatif(world_workspace, "", ["news-2002"])
    named = {local_id(summary.claim.iri) for summary in found.withdrawn}
    assert {"beta-stocks-news-2002", "gamma-stocks-news-2002", "alpha-ledger-book-2001"} <= named
    assert {c.system.id for c in found.changed} >= {"beta", "gamma"}
    one = whatif(world_workspace, "", [PREFIXES["claim"] + "gamma-stocks-news-2002"])
    assert any(c.before.outcome is Outcome.CANT_TELL and c.after.outcome is Outcome.PASSED for c in one.changed)


def test_acts_can_supersede_claims_in_every_reading(world_workspace: Workspace) -> None:
    old = PREFIXES["claim"] + "alpha-ledger-book-2001"
    found = whatif(world_workspace, f"<urn:act> <{SCS}supersedes> <{old}> .\n")
    assert [summary.claim.iri for summary in found.withdrawn] == [old]
    assert {turn.by for c in found.cells for turn in c.verdict_changes} == {("urn:act",)}
    assert {c.principle_criteria.choice.reading.id for c in found.changed} == {"tidy"}


@pytest.mark.parametrize("mode", [None, "de-jure", "de-facto"])
def test_a_superseded_claim_is_withdrawn_whatever_the_mode_of_the_new_claim(
    mode: str | None, shared_world: Path
) -> None:
    dataset = open_guarded(shared_world)
    workspace = open_workspace(dataset, read_principle_criteria(dataset), Selection(mode=mode))
    old = workspace.whole.claim(PREFIXES["claim"] + "beta-door-book-2001")
    assert old
    other = next(each for each in MODES if each is not old.mode)
    new = Claim(
        PREFIXES["claim"] + "new",
        old.system,
        old.feature,
        Finding.PRESENT,
        frozenset({old.iri}),
        frozenset({PREFIXES["src"] + "news-2002"}),
        mode=other,
    )
    found = whatif(workspace, written([new]))
    assert [(local_id(claim.claim.iri), claim.superseded_by) for claim in found.withdrawn] == [
        ("beta-door-book-2001", new.iri)
    ]
    assert "superseded or retracted by new" in whatif_text(found, "text")


def test_a_new_claim_can_be_withdrawn(world_workspace: Workspace) -> None:
    draft = ntriples(FIXTURE_FOLDER / "whatif" / "world.contested.ttl")
    found = whatif(world_workspace, draft, ["beta-stocks-law-2003"])
    assert (found.added, found.cells) == ((), ())


def test_claims_later_than_the_selection_do_not_count(shared_world: Path) -> None:
    dataset = open_guarded(shared_world)
    workspace = open_workspace(dataset, read_principle_criteria(dataset), Selection(as_of="2002"))
    found = whatif(workspace, ntriples(FIXTURE_FOLDER / "whatif" / "world.flips.ttl"))
    assert [summary.late for summary in found.added] == [True, True]
    assert (found.cells, found.as_of) == ((), "2002")


@pytest.mark.parametrize("mode", ["de-jure", "de-facto"])
def test_if_a_mode_is_chosen_only_new_claims_of_this_mode_change_cells(mode: str, shared_world: Path) -> None:
    dataset = open_guarded(shared_world)
    workspace = open_workspace(dataset, read_principle_criteria(dataset), Selection(mode=mode))
    draft = ntriples(FIXTURE_FOLDER / "whatif" / "world.flips.ttl")
    wanted, other = ("DeJure", "DeFacto") if mode == "de-jure" else ("DeFacto", "DeJure")
    of_mode, of_other_mode = (
        re.sub("ontology#De(Jure|Facto)>", f"ontology#{name}>", draft) for name in (wanted, other)
    )
    counted, uncounted = whatif(workspace, of_mode), whatif(workspace, of_other_mode)
    assert counted.changed
    assert {summary.other_mode for summary in counted.added} == {False}
    assert (uncounted.changed, {summary.other_mode for summary in uncounted.added}) == ((), {True})
    assert "; does not count, because it has another mode" in " ".join(
        whatif_text(uncounted, "text", 400, workspace.selection).split("\n")
    )


def test_new_claims_count_in_a_dataset_if_it_is_chosen(shared_world: Path) -> None:
    dataset = open_guarded(shared_world)
    draft = ntriples(FIXTURE_FOLDER / "whatif" / "world.flips.ttl")
    principle = read_principle_criteria(dataset, "example-2001")
    assert not whatif(open_workspace(dataset, principle), draft).cells
    assert whatif(open_workspace(dataset, principle, Selection(datasets=("all",))), draft).changed
    assert whatif(open_workspace(dataset, principle, Selection(datasets=("tales",))), draft).changed


def test_wrong_use_is_rejected(world_workspace: Workspace) -> None:
    with pytest.raises(UnknownNameError, match=r"no claim or source is called 'book-2002'; did you mean book-2001"):
        whatif(world_workspace, "", ["book-2002"])
    new = Claim(PREFIXES["claim"] + "x", PREFIXES["sys"] + "delta", PREFIXES["feat"] + "door", Finding.PRESENT)
    with pytest.raises(UnknownNameError, match="no system is called 'delta'"):
        whatif(world_workspace, written([new]))
    with pytest.raises(WrongUseError, match="a claim needs one scs:finding"):
        whatif(world_workspace, f"<urn:c> <{SCS}feature> <urn:f> .\n<urn:c> <{SCS}about> <urn:s> .\n")
    old = Claim(PREFIXES["claim"] + OLD[0], PREFIXES["sys"] + "gamma", PREFIXES["feat"] + "door", Finding.PRESENT)
    with pytest.raises(WrongUseError, match="another claim has this name"):
        whatif(world_workspace, written([old]))
    empty = copy_asserted(world_workspace.dataset)
    remove_subjects(empty, [claim.iri for claim in read_claims(empty)])
    with pytest.raises(EmptyInputError, match="no claims are left"):
        open_workspace(empty, world_workspace.principles)


def test_the_json_has_the_documented_keys(world_workspace: Workspace) -> None:
    found = json.loads(whatif_json(whatif(world_workspace, ntriples(FIXTURE_FOLDER / "whatif" / "world.flips.ttl"))))
    claims = {"asOf", "selection", "added", "withdrawn", "restored", "known"}
    assert set(found) == {*claims, "cellsInAll", "notCountedIn", "summary", "cells"}
    assert set(found["summary"]) == {"changed", "contested", "changedWithin", "secondSource", "onlySource", "open"}


def test_a_report_lists_a_cell_once_and_names_the_criteria(world_workspace: Workspace) -> None:
    """Earlier, an open cell with a changed verdict was in two sections, and findings had no criterion."""
    found = whatif(world_workspace, "", ["law-2003"])
    assert {id(cell) for cell in found.inner} & {id(cell) for cell in found.open}
    lines = whatif_text(found, "text", 1000).splitlines()
    ends = [number for number, line in enumerate(lines) if line.startswith(("Gain a second", "Would depend on"))]
    cells = [line for line in lines[: min(ends, default=None)] if re.match(r"  \S.*, read ", line)]
    assert len(cells) == len(set(cells)) > 1
    missing = [one for cell in found.open for one in cell.missing]
    assert missing
    for one in missing:
        assert one.criterion
        assert any(line.startswith(f"      {one.criterion.label}: ") for line in lines)
