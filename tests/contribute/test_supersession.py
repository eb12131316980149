"""A claim that supersedes others needs a reason and an author, and a mistaken supersession can be undone."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from scs_kg import store
from scs_kg.contribute import actions
from scs_kg.contribute.actions import Attribution
from scs_kg.contribute.changeset import open_project, write
from scs_kg.contribute.supersession import superseded_only_by
from scs_kg.contribute.validate import validate
from scs_kg.judging.judged import judge_dataset
from scs_kg.judging.project import open_guarded
from scs_kg.judging.state import JudgedState, change
from scs_kg.model.errors import WrongUseError
from scs_kg.model.namespaces import PREFIXES, SCS
from tests.support.commands import run

ME = Attribution("It was read again.", "a reader", "2020-01-02")
OLD = PREFIXES["claim"] + "beta-door-book-2001"
NEW = PREFIXES["claim"] + "beta-door-again"
ROW = (
    "id,system,feature,finding,mode,statement,source,locator,supersedes\n"
    "beta-door-again,beta,door,Absent,DeJure,The rules of Beta open no door to singers.,law-2003,rule 4,"
    "beta-door-book-2001\n"
)


def superseding(world: Path) -> str:
    """Return a new claim that supersedes ``OLD``, as N-Triples."""
    kept = (t for t in store.dataset.statements_of(store.load(world), OLD) if t.predicate.value != SCS + "locator")
    lines = [f"{triple} .\n".replace(f"<{OLD}>", f"<{NEW}>") for triple in kept]
    return "".join([*lines, f'<{NEW}> <{SCS}locator> "p. 99" .\n', f"<{NEW}> <{SCS}supersedes> <{OLD}> .\n"])


def test_a_superseding_claim_is_not_added_without_reason_and_author(world: Path) -> None:
    with pytest.raises(WrongUseError, match="supersedes another claim; say why and who you are with --reason and --by"):
        actions.add(open_project(world), superseding(world), "tales")
    planned = actions.add(open_project(world), superseding(world), "tales", ME)
    assert PREFIXES["act"] + "supersession-beta-door-again" in planned.written
    write(planned)
    again = actions.add(open_project(world), superseding(world), "tales")
    assert again.written == ()


def test_the_command_requires_reason_and_author(world: Path, tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_text(ROW, "utf-8")
    command = ("add", str(tmp_path / "new.csv"), "--dataset", "tales", "--dry-run", "--root", str(world))
    refused = run(*command)
    assert (refused.returncode, refused.stdout) == (2, b"")
    assert b"--reason and --by" in refused.stderr
    assert b"supersedes claim:beta-door-book-2001, which will no longer count" in refused.stderr
    assert run(*command, "--reason", "It was read again.").returncode == 2
    added = run(*command, "--reason", "It was read again.", "--by", "a reader")
    assert added.returncode == 0
    assert b"+act:supersession-beta-door-again a scs:Supersession" in added.stdout


def marks(state: JudgedState) -> Mapping[str, list[tuple[str, str, str | None]]]:
    """Return the criterion, the outcome and the reason of each verdict, by system."""
    return {
        system: [(v.criterion, v.outcome, v.open_reason) for v in judged.verdicts]
        for system, judged in state.system_states.items()
    }


def test_retracting_a_superseding_claim_gives_the_verdicts_without_it(world: Path) -> None:
    before = marks(judge_dataset(open_guarded(world)))
    write(actions.add(open_project(world), superseding(world), "tales", ME))
    without = change(judge_dataset(open_guarded(world)), withdrawn=[NEW])
    write(actions.retract(open_project(world), "beta-door-again", ME))
    retracted = judge_dataset(open_guarded(world))
    assert marks(retracted) == marks(without) == before
    assert OLD in {claim.iri for claim in retracted.counting_claims(PREFIXES["sys"] + "beta")}
    assert validate(world).of("Violation", "Warning") == ()


def test_whatif_lists_the_claims_that_count_again(world: Path) -> None:
    write(actions.add(open_project(world), superseding(world), "tales", ME))
    ran = run("whatif", "--without", "beta-door-again", "--root", str(world))
    assert "* beta-door-book-2001: " in ran.stdout.decode()
    assert "; counts again" in ran.stdout.decode()


def test_a_retraction_names_the_claims_that_count_again(world: Path) -> None:
    write(actions.add(open_project(world), superseding(world), "tales", ME))
    assert superseded_only_by(store.load(world), NEW) == [OLD]
    command = ("retract", "beta-door-again", "--reason", "It was wrong.", "--by", "a reader", "--root", str(world))
    ran = run(*command, "--dry-run")
    assert b"claim:beta-door-book-2001 counts again, because nothing else supersedes it" in ran.stderr
    write(actions.retract(open_project(world), "beta-door-book-2001", ME))
    assert superseded_only_by(store.load(world), NEW) == []
    assert b"counts again" not in run(*command).stderr
