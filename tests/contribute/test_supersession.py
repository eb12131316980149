"""A claim that supersedes others needs a reason and an author, and a mistaken supersession can be undone."""

from pathlib import Path

import pytest

from scs_kg import store
from scs_kg.contribute import actions
from scs_kg.contribute.actions import Attribution
from scs_kg.contribute.changeset import open_project, write
from scs_kg.contribute.supersession import replaced_by
from scs_kg.contribute.validate import validate
from scs_kg.judging.judged import judge_dataset
from scs_kg.judging.project import open_guarded
from scs_kg.judging.state import change
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


def test_the_command_asks_for_reason_and_author(world: Path, tmp_path: Path) -> None:
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


def test_retracting_with_restore_gives_the_verdicts_without_the_claim(world: Path) -> None:
    write(actions.add(open_project(world), superseding(world), "tales", ME))
    without = change(judge_dataset(open_guarded(world)), withdrawn=[NEW])
    write(actions.retract(open_project(world), "beta-door-again", ME, restore=True))
    restored = judge_dataset(open_guarded(world))
    marks = [
        {
            system: [(v.criterion, v.outcome, v.open_reason) for v in state.verdicts]
            for system, state in judged.system_states.items()
        }
        for judged in (without, restored)
    ]
    assert marks[0] == marks[1]
    assert restored.counting_claims(PREFIXES["sys"] + "beta") != []
    assert validate(world).of("Violation", "Warning") == ()


def test_a_retraction_names_the_claims_that_stay_superseded(world: Path) -> None:
    write(actions.add(open_project(world), superseding(world), "tales", ME))
    command = ("retract", "beta-door-again", "--reason", "It was wrong.", "--by", "a reader", "--root", str(world))
    ran = run(*command, "--dry-run")
    assert b"claim:beta-door-book-2001 stays superseded; --restore counts it again" in ran.stderr
    assert b"beta-door-book-2001-restored" in run(*command, "--dry-run", "--restore").stdout


def test_there_must_be_something_to_restore(world: Path) -> None:
    with pytest.raises(WrongUseError, match="is not the only claim that supersedes another; leave out --restore"):
        actions.retract(open_project(world), "beta-door-book-2001", ME, restore=True)
    assert replaced_by(store.load(world), OLD) == []
