"""Judging by columns: the same verdicts as one system at a time, whatever the input, its order, cuts and buckets."""

import gzip
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import Event

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scs_kg.judging.bulk.plan import Plan, plan
from scs_kg.judging.bulk.rulebook import Rulebook, read_rulebook, rulebook
from scs_kg.judging.bulk.run import Work, run, side_by_side
from scs_kg.judging.bulk.vectorized_evidence import bearing
from scs_kg.judging.bulk.vectorized_judge import judge_columns
from scs_kg.judging.bulk.write_verdicts import tally
from scs_kg.judging.earl import assertion
from scs_kg.judging.evidence import derive
from scs_kg.judging.hierarchy import broader_features
from scs_kg.judging.judge import judge_all
from scs_kg.model.claims import Finding
from scs_kg.model.errors import BadFileError, EmptyInputError, UnknownNameError, WrongUseError
from scs_kg.model.formula import AtLeast, Fact, Formula
from scs_kg.model.namespaces import PREFIXES, RDF, SCS, local_id
from scs_kg.model.verdicts import Criterion, OpenReason, Outcome, Verdict
from scs_kg.rules.criteria import read_criteria
from scs_kg.store import Dataset
from scs_kg.store.dataset import INFERRED, remove_subjects
from scs_kg.store.parse import STATEMENT_FORMATS
from tests.conftest import ROOT
from tests.support import worlds
from tests.support.invented import FEATURES, Hierarchy, dataset_of, formulas, hierarchies

SYSTEMS = ("alpha", "beta", "gamma", "delta")
Said = tuple[str, str, Finding, int | None]
"""System, feature, finding, and the number of a claim that it supersedes."""

said = st.lists(
    st.tuples(
        st.sampled_from(SYSTEMS),
        st.sampled_from(FEATURES),
        st.sampled_from(Finding),
        st.one_of(st.none(), st.none(), st.integers(0, 9)),
    ),
    min_size=1,
    max_size=10,
)
named = st.lists(formulas, min_size=1, max_size=3)


def iri(kind: str, name: object) -> str:
    """Return a name of ours in angle brackets."""
    return f"<{PREFIXES[kind]}{name}>"


def lines_of(claims: Sequence[Said]) -> list[str]:
    """Return claims and their systems as lines of N-Triples."""
    lines = [f"{iri('sys', system)} <{RDF}type> <{SCS}SocialCreditSystem> ." for system in SYSTEMS]
    for number, (system, feature, finding, earlier) in enumerate(claims):
        name = iri("claim", number)
        lines += [
            f"{name} <{RDF}type> <{SCS}Claim> .",
            f"{name} <{SCS}about> {iri('sys', system)} .",
            f"{name} <{SCS}feature> <{feature}> .",
            f"{name} <{SCS}finding> <{SCS}{finding}> .",
            f'{name} <{SCS}statement> "It is said, \\"so\\".\\n"@en .',
        ]
        lines += [f"{name} <{SCS}supersedes> {iri('claim', earlier)} ."] if earlier is not None else []
    return lines


def world_of(broader: Hierarchy, claims: Sequence[Said], criteria: Sequence[Formula]) -> tuple[Dataset, Rulebook]:
    """Return claims as a dataset that is ready to be judged, and what judging them by columns needs to know."""
    shapes = {f"{PREFIXES['crit']}c{number}": formula for number, formula in enumerate(criteria)}
    dataset = dataset_of(broader, (), shapes)
    remove_subjects(dataset, [PREFIXES["sys"] + "any"])
    text = "\n".join(lines_of(claims)).encode()
    dataset.quads.load(text, format=STATEMENT_FORMATS[".nt"])
    derive(dataset)
    return dataset, rulebook(read_criteria(dataset), FEATURES, broader_features(dataset))


def rows(out: Path) -> tuple[Verdict, ...]:
    """Return the verdicts of a finished run, sorted, from their table."""
    read = pl.read_parquet(sorted(out.glob("*.parquet"))).sort("system", "criterion")
    return tuple(
        Verdict(system, criterion, Outcome(outcome), tuple(claims), OpenReason(why) if why else None, tuple(open_))
        for system, criterion, outcome, why, claims, open_ in read.select(
            "system", "criterion", "outcome", "why", "claims", "open"
        ).iter_rows()
    )


def quads(out: Path) -> list[str]:
    """Return the sorted quads of a finished run."""
    return sorted(line for path in out.glob("*.nq.gz") for line in _unpacked(path).splitlines())


def _unpacked(path: Path) -> str:
    return gzip.decompress(path.read_bytes()).decode()


def published(verdicts: Iterable[Verdict]) -> list[str]:
    """Return the sorted quads that the small path publishes."""
    return sorted({f"<{s}> <{p}> <{o}> <{INFERRED}> ." for v in verdicts for s, p, o in assertion(v)})


def content(out: Path) -> dict[str, bytes]:
    """Return the bytes of all verdicts of a run."""
    return {path.name: path.read_bytes() for path in sorted(out.glob("verdicts-*"))}


@pytest.fixture(scope="session")
def known() -> Rulebook:
    """Return what judging the project's own data needs to know."""
    return read_rulebook(ROOT)


@pytest.mark.no_cover
def test_the_real_data_is_judged_as_by_the_small_path(field: Dataset, known: Rulebook, tmp_path: Path) -> None:
    assert run(plan(ROOT / "data", tmp_path, known))
    verdicts = judge_all(field)
    assert rows(tmp_path) == verdicts
    assert quads(tmp_path) == published(verdicts)
    assert sum(tally(sorted(tmp_path.glob("*.parquet"))).values()) == len(verdicts)


@pytest.mark.no_cover
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hierarchies(), said, named)
def test_random_worlds_are_judged_as_by_the_small_path(
    broader: Hierarchy, claims: list[Said], criteria: list[Formula]
) -> None:
    dataset, known = world_of(broader, claims, criteria)
    ended = {earlier for *_, earlier in claims}
    standing = [(number, *claim) for number, claim in enumerate(claims) if number not in ended]
    names = sorted(SYSTEMS)
    ordered = sorted(standing, key=lambda claim: (claim[1], str(claim[0])))
    places = [[names.index(c[1]), known.features.index(c[2]), list(Finding).index(c[3])] for c in ordered]
    system, feature, finding = np.array(places, dtype=np.int64).reshape(-1, 3).T
    found = judge_columns(bearing(system, feature, finding, len(names), known), len(names), known)
    claims_of: dict[int, list[str]] = {}
    for verdict, claim in zip(found.verdict.tolist(), found.claim.tolist(), strict=True):
        claims_of.setdefault(verdict, []).append(f"{PREFIXES['claim']}{ordered[claim][0]}")
    by_columns = [
        (PREFIXES["sys"] + names[number // len(known.criteria)], kind.outcome, kind.why, kind.open,
         tuple(claims_of.get(number, ())))
        for number, kind in enumerate(found.kinds[position] for position in found.kind.reshape(-1))
    ]  # fmt: skip
    assert by_columns == [(v.system, v.outcome, v.why, v.open, v.claims) for v in judge_all(dataset)]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hierarchies(), said, named, st.randoms(use_true_random=False))
def test_neither_order_nor_cuts_nor_buckets_change_a_verdict(
    broader: Hierarchy, claims: list[Said], criteria: list[Formula], chance: Random
) -> None:
    with TemporaryDirectory() as folder:
        cut_anyhow(Path(folder), broader, claims, criteria, chance)


def cut_anyhow(folder: Path, broader: Hierarchy, claims: list[Said], criteria: list[Formula], chance: Random) -> None:
    """Write claims in any order, judge them in any pieces and buckets, and compare with the small path."""
    dataset, known = world_of(broader, claims, criteria)
    lines = lines_of(claims)
    lines += chance.sample(lines, len(lines) // 3)
    chance.shuffle(lines)
    end = chance.choice(["\n", "\r\n", "\n\n# so\n", " # so\n"])
    (folder / "claims.nq").write_text(end.join(lines), "utf-8", newline="")
    piece, bucket = chance.randrange(1000, 4000), chance.randrange(1500, 6000)
    run(plan(folder / "claims.nq", folder / "out", known, piece=piece, bucket=bucket))
    verdicts = judge_all(dataset)
    assert rows(folder / "out") == verdicts
    assert quads(folder / "out") == published(verdicts)


def test_every_format_gives_the_same_verdicts(known: Rulebook, tmp_path: Path) -> None:
    systems = list(worlds.invent(30, seed=3))
    text = "".join(map(worlds.nquads, systems))
    table = pl.DataFrame(
        [
            (c.name, system.name, c.kind.feature, str(c.finding), c.supersedes or None)
            for system in systems
            for c in system.claims
        ]
        + [(None, system.name, None, None, None) for system in systems],
        schema=["claim", "system", "feature", "finding", "supersedes"],
        orient="row",
        infer_schema_length=None,
    )
    prefixed = table.with_columns(system="sys:" + pl.col("system"), feature="feat:" + pl.col("feature"))
    full = table.with_columns(claim=PREFIXES["claim"] + pl.col("claim"), finding=SCS + pl.col("finding"))
    writers: dict[str, Callable[[Path], object]] = {
        "world.nq": lambda path: path.write_text(text, "utf-8"),
        "world.nt": lambda path: path.write_text(text.replace(f" {worlds.GRAPH} .", " ."), "utf-8"),
        "world.ttl": lambda path: path.write_text(text.replace(f" {worlds.GRAPH} .", " ."), "utf-8"),
        "world.trig": lambda path: path.write_text(f"{worlds.GRAPH} {{\n{text.replace(worlds.GRAPH, '')}}}", "utf-8"),
        "world.csv": prefixed.write_csv,
        "world.parquet": full.write_parquet,
    }
    found = {}
    for name, write in writers.items():
        write(tmp_path / name)
        run(plan(tmp_path / name, tmp_path / f"out-{name}", known))
        found[name] = content(tmp_path / f"out-{name}")
    assert len(rows(tmp_path / "out-world.csv")) == 30 * len(known.criteria)
    assert [name for name in found if found[name] != found["world.nq"]] == []


def test_a_folder_of_several_files_is_one_world(known: Rulebook, tmp_path: Path) -> None:
    systems = list(worlds.invent(20, seed=4))
    worlds.write(tmp_path / "one.nq", 20, seed=4)
    lines = "".join(map(worlds.nquads, systems)).splitlines(keepends=True)
    (tmp_path / "many").mkdir()
    for number in range(5):
        (tmp_path / "many" / f"{number}.nq").write_text("".join(lines[number::5]), "utf-8")
    (tmp_path / "many" / "notes.csv").write_text("a,b\n1,2\n", "utf-8")
    run(plan(tmp_path / "one.nq", tmp_path / "out-one", known))
    run(plan(tmp_path / "many", tmp_path / "out-many", known))
    assert content(tmp_path / "out-one") == content(tmp_path / "out-many")


class _StoppedError(Exception):
    """Stands for a kill."""


def stopping_after(units: int) -> tuple[Callable[[Work, Sequence[int]], Iterator[int]], list[int]]:
    """Return a mapper that stops after so many units, and the list that it notes them in."""
    done: list[int] = []

    def mapper(work: Work, numbers: Sequence[int]) -> Iterator[int]:
        for number in numbers:
            if len(done) == units:
                raise _StoppedError
            found = work(number)
            done.append(number)
            yield found

    return mapper, done


def small(folder: Path, out: str, known: Rulebook) -> Plan:
    """Return a plan of several pieces and buckets for an invented world."""
    path = folder / "world.nq"
    return plan(path if path.exists() else worlds.write(path, 25), folder / out, known, piece=300_000, bucket=400_000)


def test_a_stopped_run_goes_on_where_it_stood_and_does_nothing_twice(known: Rulebook, tmp_path: Path) -> None:
    whole, all_units = stopping_after(-1)
    work = small(tmp_path, "whole", known)
    run(work, whole)
    assert len(all_units) == len(work.pieces) + 2 * work.buckets > 8
    resumed, total = small(tmp_path, "resumed", known), 0
    for _ in range(len(all_units) // 3 + 1):
        mapper, done = stopping_after(3)
        try:
            assert run(resumed, mapper)
        except _StoppedError:
            (resumed.out / ".verdicts-00000.nq.gz.1").write_text("half")
        total += len(done)
    assert total == len(all_units)
    assert not run(resumed, stopping_after(0)[0])
    assert content(tmp_path / "resumed") == content(tmp_path / "whole")
    assert not list(resumed.out.glob(".*"))


def test_two_runs_into_one_folder_do_not_disturb_each_other(known: Rulebook, tmp_path: Path) -> None:
    run(small(tmp_path, "alone", known))
    work, refused = small(tmp_path, "shared", known), []

    def mapper(task: Work, numbers: Sequence[int]) -> Iterator[int]:
        for number in numbers:
            yield task(number)
            (work.out / ".verdicts-00000.nq.gz.1").write_text("half")  # what a second run would take for abandoned
            with pytest.raises(BadFileError, match="shared: is being written to by another run; wait") as caught:
                run(work)
            refused.append(caught)
            assert (work.out / ".verdicts-00000.nq.gz.1").exists()

    assert run(work, mapper)
    assert len(refused) > 8
    (work.out / ".verdicts-00000.nq.gz.1").unlink()
    assert content(tmp_path / "shared") == content(tmp_path / "alone")
    assert not run(work)


def test_a_folder_is_never_written_over(known: Rulebook, tmp_path: Path) -> None:
    work = small(tmp_path, "out", known)
    run(work)
    with (tmp_path / "world.nq").open("a") as file:
        file.write("# more\n")
    with pytest.raises(WrongUseError, match="other input"):
        run(small(tmp_path, "out", known))
    with pytest.raises(WrongUseError, match="in the folder of the claims"):
        plan(tmp_path, tmp_path / "out", known)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").touch()
    with pytest.raises(WrongUseError, match="no run of ours"):
        run(small(tmp_path, "mine", known))


def test_progress_tells_each_unit_once(known: Rulebook, tmp_path: Path) -> None:
    told: list[tuple[str, int, int, int]] = []
    work = small(tmp_path, "out", known)
    run(work, report=lambda *args: told.append(args))
    for stage, units in (("reading claims", len(work.pieces)), ("judging systems", work.buckets)):
        assert [done for name, done, *_ in told if name == stage] == list(range(units + 1))
    assert told[-1] == ("judging systems", work.buckets, work.buckets, 25)


def test_units_side_by_side_fail_with_the_first_that_fails_and_begin_no_more() -> None:
    begun: list[int] = []
    later = Event()

    def work(unit: int) -> int:
        begun.append(unit)
        if unit == 1:
            later.wait(10)
            raise ValueError("one")
        if unit > 1:
            later.set()
            raise ValueError(str(unit))
        return unit

    found: list[int] = []
    with pytest.raises(ValueError, match="one"):
        found.extend(side_by_side(work, range(10_000)))
    assert found == [0]
    assert begun[:2] == [0, 1]
    assert len(begun) < 10_000
    assert list(side_by_side(abs, [3, 1, 2])) == [3, 1, 2]


def test_criteria_can_be_chosen(known: Rulebook) -> None:
    names = ("free-to-decline", "no-public-shaming")
    assert [local_id(c.iri) for c in read_rulebook(ROOT, names).criteria] == sorted(names)
    asked = read_rulebook(ROOT, reading="agrawal-2022").criteria
    assert 0 < len(asked) < len(known.criteria)
    with pytest.raises(UnknownNameError, match="did you mean free-to-decline"):
        read_rulebook(ROOT, ("free-to-declin",))


def test_a_criterion_of_many_features_is_judged_by_columns_too(tmp_path: Path) -> None:
    features = [f"{PREFIXES['feat']}f{number}" for number in range(15)]
    formula = AtLeast(13, tuple(Fact(feature, present=True) for feature in features))
    known = rulebook([Criterion(PREFIXES["crit"] + "many", upholds=True, formula=formula)], features, {})
    lines = ["claim,system,feature,finding"]
    lines += [f"c{s}-{f},s{s},f{f},Present" for s in range(16) for f in range(s)]
    lines += [f"d{s}-{f},s{s},f{f},Absent" for s in range(16) for f in range(s, 14)]
    (tmp_path / "claims.csv").write_text("\n".join(lines), "utf-8")
    run(plan(tmp_path / "claims.csv", tmp_path / "out", known))
    outcomes = {local_id(v.system): v.outcome.value for v in rows(tmp_path / "out")}
    assert outcomes == {f"s{s}": "passed" if s > 12 else "cantTell" if s == 12 else "failed" for s in range(16)}


def test_no_file_and_no_claim_are_errors(known: Rulebook, tmp_path: Path) -> None:
    with pytest.raises(EmptyInputError, match="no file with claims"):
        plan(tmp_path, tmp_path.parent / "out", known)
    (tmp_path / "empty.nq").write_text("# nothing\n")
    with pytest.raises(EmptyInputError, match="no claim is in it"):
        run(plan(tmp_path / "empty.nq", tmp_path / "out", known))
