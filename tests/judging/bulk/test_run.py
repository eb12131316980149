"""Bulk judging gives the verdicts of each system judged alone, for all formats, orders, pieces and buckets."""

import gzip
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from math import ceil
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import Event

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scs_kg.judging.bulk.plan import Plan, plan_files
from scs_kg.judging.bulk.rulebook import Rulebook, read_rulebook, rulebook, rulebook_of
from scs_kg.judging.bulk.run import UnitTask, run, run_in_threads
from scs_kg.judging.bulk.vectorized_evidence import ClaimArrays, derive_evidence
from scs_kg.judging.bulk.vectorized_judge import judge_columns
from scs_kg.judging.bulk.write_verdicts import tally
from scs_kg.judging.earl import assertion
from scs_kg.judging.evidence import derive
from scs_kg.judging.hierarchy import broader_features
from scs_kg.judging.judge import judge_all
from scs_kg.judging.judged import judge_dataset
from scs_kg.judging.principles import read_principle_criteria
from scs_kg.judging.read_claims import read_supersession_graph
from scs_kg.model.claims import Finding, Mode
from scs_kg.model.errors import BadFileError, EmptyInputError, UnknownNameError, WrongUseError
from scs_kg.model.formula import AtLeast, Fact, Formula
from scs_kg.model.namespaces import PREFIXES, RDF, SCS, local_id
from scs_kg.model.verdicts import Criterion, OpenReason, Outcome, Verdict
from scs_kg.rules.criteria import read_conditions, read_criteria
from scs_kg.store import Dataset
from scs_kg.store.dataset import INFERRED, remove_subjects
from scs_kg.store.parse import STATEMENT_FORMATS
from tests.conftest import ROOT
from tests.support import worlds
from tests.support.invented import CONDITIONS, FEATURES, MODES, Hierarchy, dataset_of, formulas, hierarchies

SYSTEMS = ("alpha", "beta", "gamma", "delta")
ClaimTuple = tuple[str, str, Finding, Mode, int | None, bool]
"""System, feature, finding, mode, the number of the superseded claim or None, and whether the claim is retracted."""

claim_lists = st.lists(
    st.tuples(
        st.sampled_from(SYSTEMS),
        st.sampled_from(FEATURES),
        st.sampled_from(Finding),
        st.sampled_from(MODES),
        st.one_of(st.none(), st.none(), st.integers(0, 9)),
        st.sampled_from([False, False, True]),
    ),
    min_size=1,
    max_size=10,
)
dense_claim_lists = st.lists(
    st.tuples(
        st.sampled_from(SYSTEMS[:2]),
        st.sampled_from(FEATURES),
        st.sampled_from([Finding.PRESENT, Finding.ABSENT]),
        st.sampled_from(MODES[:2]),
        st.none(),
        st.just(False),
    ),
    min_size=4,
    max_size=12,
)
"""Many claims about few systems, so that rule and practice often differ, and claims often contradict each other."""
formula_lists = st.lists(formulas, min_size=1, max_size=3)


def iri(kind: str, name: object) -> str:
    """Return an IRI of the project in angle brackets."""
    return f"<{PREFIXES[kind]}{name}>"


def lines_of(claims: Sequence[ClaimTuple]) -> list[str]:
    """Return claims and their systems as lines of N-Triples."""
    lines = [f"{iri('sys', system)} <{RDF}type> <{SCS}SocialCreditSystem> ." for system in SYSTEMS]
    for number, (system, feature, finding, mode, earlier, retracted) in enumerate(claims):
        name = iri("claim", number)
        lines += [
            f"{name} <{RDF}type> <{SCS}Claim> .",
            f"{name} <{SCS}about> {iri('sys', system)} .",
            f"{name} <{SCS}feature> <{feature}> .",
            f"{name} <{SCS}finding> <{SCS}{finding}> .",
            f"{name} <{SCS}mode> <{SCS}{mode}> .",
            f'{name} <{SCS}statement> "It is reported, \\"so\\".\\n"@en .',
        ]
        lines += [f"{name} <{SCS}supersedes> {iri('claim', earlier)} ."] if earlier is not None else []
        lines += [f"{iri('act', number)} <{SCS}retracts> {name} ."] if retracted else []
    return lines


def dataset_and_rulebook(
    broader: Hierarchy, claims: Sequence[ClaimTuple], formulas: Sequence[Formula]
) -> tuple[Dataset, Rulebook]:
    """Return a dataset of the claims with derived evidence, and the rulebook for bulk judging.

    The first formula is also a condition, on which the criterion ``with-condition`` depends. The last formula is a
    condition, too.
    """
    criteria: dict[str, Formula | Criterion] = {
        f"{PREFIXES['crit']}c{number}": formula for number, formula in enumerate(formulas)
    }
    name = f"{PREFIXES['crit']}with-condition"
    criteria[name] = Criterion(name, upholds=False, formula=formulas[-1], applies_if=formulas[0])
    conditions = dict(zip(CONDITIONS, (formulas[0], formulas[-1]), strict=False))
    dataset = dataset_of(broader, (), criteria, conditions)
    remove_subjects(dataset, [PREFIXES["sys"] + "any"])
    text = "\n".join(lines_of(claims)).encode()
    dataset.quads.load(text, format=STATEMENT_FORMATS[".nt"])
    derive(dataset)
    rules = rulebook(read_criteria(dataset), FEATURES, broader_features(dataset), read_conditions(dataset))
    assert [condition.iri for condition in rules.conditions] == sorted(conditions)
    return dataset, rules


def published_form(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """Return verdicts without their premises, which are not published."""
    return tuple(replace(verdict, premises=()) for verdict in verdicts)


def judged_one_by_one(dataset: Dataset) -> tuple[Verdict, ...]:
    """Judge each system alone, and return the published verdicts in the order of bulk judging."""
    states = judge_dataset(dataset).system_states.values()
    return published_form(verdict for state in states for verdict in (*state.verdicts, *state.conditions))


def rows(output: Path) -> tuple[Verdict, ...]:
    """Return the verdicts of a completed run, read from its tables, sorted by system."""
    read = pl.read_parquet(sorted(output.glob("*.parquet"))).sort("system", maintain_order=True)
    return tuple(
        Verdict(system, criterion, Outcome(outcome), tuple(claims), OpenReason(why) if why else None, tuple(open_))
        for system, criterion, outcome, why, claims, open_ in read.select(
            "system", "criterion", "outcome", "why", "claims", "open"
        ).iter_rows()
    )


def quads(output: Path) -> list[str]:
    """Return the sorted quads of a completed run."""
    return sorted(line for path in output.glob("*.nq.gz") for line in _decompressed(path).splitlines())


def _decompressed(path: Path) -> str:
    return gzip.decompress(path.read_bytes()).decode()


def published(verdicts: Iterable[Verdict]) -> list[str]:
    """Return the sorted quads that are published if each system is judged alone."""
    return sorted({f"<{s}> <{p}> <{o}> <{INFERRED}> ." for v in verdicts for s, p, o in assertion(v)})


def content(output: Path) -> dict[str, bytes]:
    """Return the bytes of all output files of a run, keyed by name."""
    return {path.name: path.read_bytes() for path in sorted(output.glob("verdicts-*"))}


@pytest.fixture(scope="session")
def project_rulebook() -> Rulebook:
    """Return the rulebook of the project's own data."""
    return read_rulebook(ROOT)


@pytest.mark.crosscheck
@pytest.mark.no_cover
def test_the_real_data_gets_the_verdicts_of_single_judging(
    field: Dataset, project_rulebook: Rulebook, tmp_path: Path
) -> None:
    assert run(replace(plan_files(ROOT / "data", tmp_path, project_rulebook), with_earl=True))
    verdicts = judge_all(field)
    assert rows(tmp_path) == published_form(verdicts) == judged_one_by_one(field)
    assert quads(tmp_path) == published(verdicts)
    kinds = pl.read_parquet(sorted(tmp_path.glob("*.parquet"))).select("criterion", "kind").unique().rows()
    iris = {kind: {iri for iri, found in kinds if found == kind} for kind in ("criterion", "condition")}
    assert iris["criterion"] == {criterion.iri for criterion in project_rulebook.criteria}
    assert iris["condition"] == {condition.iri for condition in project_rulebook.conditions} != set()
    on_criteria = [verdict.outcome for verdict in verdicts if verdict.criterion in iris["criterion"]]
    counts = tally(sorted(tmp_path.glob("*.parquet")))
    assert counts == {outcome.value: on_criteria.count(outcome) for outcome in Outcome}


@pytest.mark.slow
@pytest.mark.no_cover
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hierarchies(), st.one_of(claim_lists, dense_claim_lists), formula_lists)
def test_random_datasets_get_the_verdicts_of_single_judging(
    broader: Hierarchy, claims: list[ClaimTuple], criteria: list[Formula]
) -> None:
    dataset, rules = dataset_and_rulebook(broader, claims, criteria)
    excluding = read_supersession_graph(dataset).excluding
    current = [(n, *claim[:5]) for n, claim in enumerate(claims) if not excluding(f"{PREFIXES['claim']}{n}")]
    names = sorted(SYSTEMS)
    ordered = sorted(current, key=lambda claim: (claim[1], str(claim[0])))
    positions = [
        (names.index(system), rules.features.index(feature), list(Finding).index(finding), list(Mode).index(mode))
        for _, system, feature, finding, mode, _ in ordered
    ]
    arrays = ClaimArrays(*np.array(positions, dtype=np.int64).reshape(-1, 4).T)
    found = judge_columns(derive_evidence(arrays, len(names), rules), len(names), rules)
    claims_of: dict[int, list[str]] = {}
    for verdict_number, claim in zip(found.verdict.tolist(), found.claim.tolist(), strict=True):
        claims_of.setdefault(verdict_number, []).append(f"{PREFIXES['claim']}{ordered[claim][0]}")
    in_bulk = [
        Verdict(
            PREFIXES["sys"] + names[number // len(rules.tests)],
            verdict.criterion,
            verdict.outcome,
            tuple(claims_of.get(number, ())),
            verdict.open_reason,
            verdict.open,
        )
        for number, verdict in enumerate(found.distinct[position] for position in found.index.reshape(-1))
    ]
    assert tuple(in_bulk) == published_form(judge_all(dataset)) == judged_one_by_one(dataset)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hierarchies(), claim_lists, formula_lists, st.randoms(use_true_random=False))
def test_verdicts_do_not_depend_on_order_pieces_or_buckets(
    broader: Hierarchy, claims: list[ClaimTuple], criteria: list[Formula], chance: Random
) -> None:
    with TemporaryDirectory() as folder:
        check_random_partitioning(Path(folder), broader, claims, criteria, chance)


def check_random_partitioning(
    folder: Path, broader: Hierarchy, claims: list[ClaimTuple], criteria: list[Formula], chance: Random
) -> None:
    """Judge claims in random order with random pieces and buckets, and compare with each system judged alone."""
    dataset, rules = dataset_and_rulebook(broader, claims, criteria)
    lines = lines_of(claims)
    lines += chance.sample(lines, len(lines) // 3)
    chance.shuffle(lines)
    end = chance.choice(["\n", "\r\n", "\n\n# comment\n", " # comment\n"])
    (folder / "claims.nq").write_text(end.join(lines), "utf-8", newline="")
    piece, bucket = chance.randrange(1000, 4000), chance.randrange(1500, 6000)
    run(replace(plan_files(folder / "claims.nq", folder / "out", rules, piece=piece, bucket=bucket), with_earl=True))
    verdicts = judge_all(dataset)
    assert rows(folder / "out") == published_form(verdicts)
    assert quads(folder / "out") == published(verdicts)


def test_every_format_gives_the_same_verdicts(project_rulebook: Rulebook, tmp_path: Path) -> None:
    systems = list(worlds.invent(30, seed=3))
    text = "".join(map(worlds.nquads, systems))
    table = pl.DataFrame(
        [
            (c.name, system.name, c.kind.feature, str(c.finding), str(c.mode), c.supersedes or None)
            for system in systems
            for c in system.claims
        ]
        + [(None, system.name, None, None, None, None) for system in systems],
        schema=["claim", "system", "feature", "finding", "mode", "supersedes"],
        orient="row",
        infer_schema_length=None,
    )
    prefixed = table.with_columns(system="sys:" + pl.col("system"), feature="feat:" + pl.col("feature"))
    full = table.with_columns(
        claim=PREFIXES["claim"] + pl.col("claim"), finding=SCS + pl.col("finding"), mode=SCS + pl.col("mode")
    )
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
        run(replace(plan_files(tmp_path / name, tmp_path / f"out-{name}", project_rulebook), with_earl=True))
        found[name] = content(tmp_path / f"out-{name}")
    assert len(rows(tmp_path / "out-world.csv")) == 30 * len(project_rulebook.tests)
    assert [name for name in found if found[name] != found["world.nq"]] == []


def test_the_files_of_a_folder_are_judged_together(project_rulebook: Rulebook, tmp_path: Path) -> None:
    systems = list(worlds.invent(20, seed=4))
    worlds.write(tmp_path / "one.nq", 20, seed=4)
    lines = "".join(map(worlds.nquads, systems)).splitlines(keepends=True)
    (tmp_path / "many").mkdir()
    for number in range(5):
        (tmp_path / "many" / f"{number}.nq").write_text("".join(lines[number::5]), "utf-8")
    (tmp_path / "many" / "notes.csv").write_text("a,b\n1,2\n", "utf-8")
    run(replace(plan_files(tmp_path / "one.nq", tmp_path / "out-one", project_rulebook), with_earl=True))
    run(replace(plan_files(tmp_path / "many", tmp_path / "out-many", project_rulebook), with_earl=True))
    assert content(tmp_path / "out-one") == content(tmp_path / "out-many")


class _StoppedError(Exception):
    """The exception that simulates a killed process."""


def stopping_after(units: int) -> tuple[Callable[[UnitTask, Sequence[int]], Iterator[int]], list[int]]:
    """Return an executor that stops after a number of units, and the list of the units it completed."""
    done: list[int] = []

    def executor(task: UnitTask, numbers: Sequence[int]) -> Iterator[int]:
        for number in numbers:
            if len(done) == units:
                raise _StoppedError
            count = task(number)
            done.append(number)
            yield count

    return executor, done


def small_plan(folder: Path, output: str, rules: Rulebook) -> Plan:
    """Return a plan with several pieces and buckets for a synthetic dataset."""
    path = folder / "world.nq"
    source = path if path.exists() else worlds.write(path, 25)
    return replace(plan_files(source, folder / output, rules, piece=300_000, bucket=400_000), with_earl=True)


def test_an_interrupted_run_resumes_without_repeating_units(project_rulebook: Rulebook, tmp_path: Path) -> None:
    whole, all_units = stopping_after(-1)
    plan = small_plan(tmp_path, "whole", project_rulebook)
    run(plan, whole)
    assert len(all_units) == len(plan.pieces) + 2 * plan.buckets > 8
    resumed, total = small_plan(tmp_path, "resumed", project_rulebook), 0
    for _ in range(ceil(len(all_units) / 3)):
        executor, done = stopping_after(3)
        try:
            assert run(resumed, executor)
        except _StoppedError:
            (resumed.output / ".verdicts-00000.nq.gz.1").write_text("partial")
        total += len(done)
    assert total == len(all_units)
    assert not run(resumed, stopping_after(0)[0])
    assert content(tmp_path / "resumed") == content(tmp_path / "whole")
    assert not list(resumed.output.glob(".*"))


def test_a_second_run_on_the_same_folder_is_rejected(project_rulebook: Rulebook, tmp_path: Path) -> None:
    run(small_plan(tmp_path, "alone", project_rulebook))
    plan, refused = small_plan(tmp_path, "shared", project_rulebook), []

    def executor(task: UnitTask, numbers: Sequence[int]) -> Iterator[int]:
        for number in numbers:
            yield task(number)
            (plan.output / ".verdicts-00000.nq.gz.1").write_text("partial")  # a second run would delete this leftover
            with pytest.raises(BadFileError, match="shared: is locked by another run; wait") as caught:
                run(plan)
            refused.append(caught)
            assert (plan.output / ".verdicts-00000.nq.gz.1").exists()

    assert run(plan, executor)
    assert len(refused) > 8
    (plan.output / ".verdicts-00000.nq.gz.1").unlink()
    assert content(tmp_path / "shared") == content(tmp_path / "alone")
    assert not run(plan)


def test_an_output_folder_is_never_overwritten(project_rulebook: Rulebook, tmp_path: Path) -> None:
    plan = small_plan(tmp_path, "out", project_rulebook)
    run(plan)
    with (tmp_path / "world.nq").open("a") as file:
        file.write("# more\n")
    with pytest.raises(WrongUseError, match="other input"):
        run(small_plan(tmp_path, "out", project_rulebook))
    with pytest.raises(WrongUseError, match="inside the folder of the claims"):
        plan_files(tmp_path, tmp_path / "out", project_rulebook)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").touch()
    with pytest.raises(WrongUseError, match="not a folder with verdicts"):
        run(small_plan(tmp_path, "mine", project_rulebook))


def test_earl_is_written_only_if_the_plan_says_so(project_rulebook: Rulebook, tmp_path: Path) -> None:
    plan = small_plan(tmp_path, "with-earl", project_rulebook)
    run(plan)
    tables_only = replace(plan, output=tmp_path / "tables-only", with_earl=False)
    run(tables_only)
    kept = {name: data for name, data in content(plan.output).items() if name.endswith(".parquet")}
    assert content(tables_only.output) == kept
    assert len(kept) == plan.buckets == len(content(plan.output)) / 2
    with pytest.raises(WrongUseError, match="in other formats; name an empty folder"):
        run(replace(tables_only, with_earl=True))


def test_progress_reports_each_unit_once(project_rulebook: Rulebook, tmp_path: Path) -> None:
    reported: list[tuple[str, int, int, int]] = []
    plan = small_plan(tmp_path, "out", project_rulebook)
    run(plan, report=lambda *args: reported.append(args))
    for stage, units in (("reading claims", len(plan.pieces)), ("judging systems", plan.buckets)):
        assert [done for name, done, *_ in reported if name == stage] == list(range(units + 1))
    assert reported[-1] == ("judging systems", plan.buckets, plan.buckets, 25)


def test_threads_raise_the_first_failure_and_start_no_further_units() -> None:
    started: list[int] = []
    later = Event()

    def task(unit: int) -> int:
        started.append(unit)
        if unit == 1:
            later.wait(10)
            raise ValueError("one")
        if unit > 1:
            later.set()
            raise ValueError(str(unit))
        return unit

    found: list[int] = []
    with pytest.raises(ValueError, match="one"):
        found.extend(run_in_threads(task, range(10_000)))
    assert found == [0]
    assert {0, 1} <= set(started)  # the threads start the units in order, but they can append the numbers in any order
    assert len(started) < 10_000
    assert list(run_in_threads(abs, [3, 1, 2])) == [3, 1, 2]


@pytest.mark.slow
def test_criteria_can_be_chosen(opened: Dataset, project_rulebook: Rulebook) -> None:
    names = ("free-to-decline", "no-public-shaming")
    assert [local_id(c.iri) for c in rulebook_of(opened, names).criteria] == sorted(names)
    of_reading = rulebook_of(opened, reading="agrawal-2022").criteria
    assert 0 < len(of_reading) < len(project_rulebook.criteria)
    assert rulebook_of(opened, names, "agrawal-2022").criteria == tuple(
        criterion for criterion in of_reading if local_id(criterion.iri) in names
    )
    with pytest.raises(UnknownNameError, match="did you mean free-to-decline"):
        rulebook_of(opened, ("free-to-declin",))


@pytest.mark.slow
def test_a_rulebook_has_the_conditions_that_its_criteria_need(
    opened: Dataset, field: Dataset, project_rulebook: Rulebook
) -> None:
    assert project_rulebook.conditions == read_conditions(field)
    every = {condition.iri for condition in project_rulebook.conditions}
    for name in ("free-to-decline", "no-public-shaming"):
        asking = [p for p in read_principle_criteria(field) if PREFIXES["crit"] + name in p.criteria]
        needed = {iri for principle in asking for iri in principle.premises}
        provisions = [p for principle in asking for p in principle.provisions if local_id(p.criterion) == name]
        needed |= {iri for provision in provisions for iri in provision.conditions}
        assert {condition.iri for condition in rulebook_of(opened, (name,)).conditions} == needed < every
    assert read_rulebook(ROOT).digest == project_rulebook.digest
    assert replace(project_rulebook, conditions=()).digest != project_rulebook.digest


def test_a_criterion_of_many_features_can_be_judged_in_bulk(tmp_path: Path) -> None:
    features = [f"{PREFIXES['feat']}f{number}" for number in range(15)]
    formula = AtLeast(13, tuple(Fact(feature, present=True) for feature in features))
    rules = rulebook([Criterion(PREFIXES["crit"] + "many", upholds=True, formula=formula)], features, {})
    lines = ["claim,system,feature,finding,mode"]
    lines += [f"c{s}-{f},s{s},f{f},Present,DeJure" for s in range(16) for f in range(s)]
    lines += [f"d{s}-{f},s{s},f{f},Absent,DeFacto" for s in range(16) for f in range(s, 14)]
    (tmp_path / "claims.csv").write_text("\n".join(lines), "utf-8")
    run(plan_files(tmp_path / "claims.csv", tmp_path / "out", rules))
    outcomes = {local_id(v.system): v.outcome.value for v in rows(tmp_path / "out")}
    assert outcomes == {f"s{s}": "passed" if s > 12 else "cantTell" if s == 12 else "failed" for s in range(16)}


def test_a_source_without_files_or_claims_is_an_error(project_rulebook: Rulebook, tmp_path: Path) -> None:
    with pytest.raises(EmptyInputError, match="no file with claims"):
        plan_files(tmp_path, tmp_path.parent / "out", project_rulebook)
    (tmp_path / "empty.nq").write_text("# nothing\n")
    with pytest.raises(EmptyInputError, match="contains no claim"):
        run(plan_files(tmp_path / "empty.nq", tmp_path / "out", project_rulebook))
