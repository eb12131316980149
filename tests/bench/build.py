"""Writes an invented world in the formats that the engines read: python -m tests.bench.build SYSTEMS FOLDER."""

import sys
from pathlib import Path

import numpy as np
import polars as pl

from scs_kg.exchange.shacl_report import all_targeted
from scs_kg.judging.bulk.partition_by_subject import FINDINGS
from scs_kg.judging.bulk.rulebook import Rulebook, read_rulebook
from scs_kg.judging.bulk.vectorized_evidence import KNOWN, STATUSES, derive_evidence
from scs_kg.judging.judge import fact_triples
from scs_kg.judging.project import open_guarded
from scs_kg.model.formula import Fact
from scs_kg.model.namespaces import PREFIXES, SCS
from tests.conftest import ROOT
from tests.support import worlds


def build(folder: Path, systems: int, rulebook: Rulebook) -> None:
    """Write a world as claims, as integers and as established facts, and write the targeted shapes."""
    worlds.write(folder / "world.nq", systems)
    claims: list[tuple[int, int, int]] = []
    names = []
    features = {feature.removeprefix(PREFIXES["feat"]): number for number, feature in enumerate(rulebook.features)}
    for number, invented in enumerate(worlds.invent(systems)):
        names.append(PREFIXES["sys"] + invented.name)
        ended = {claim.supersedes for claim in invented.claims}
        standing = (claim for claim in invented.claims if claim.name not in ended)
        claims += [(number, features[c.kind.feature], FINDINGS.index(c.finding)) for c in standing]
    _write_table(folder / "world.parquet", systems)
    columns = np.array(claims, dtype=np.int64).reshape(-1, 3).T
    system, feature, finding = (np.ascontiguousarray(column) for column in columns)
    np.savez(folder / "claims.npz", systems=names, system=system, feature=feature, finding=finding)
    borne = derive_evidence(system, feature, finding, systems, rulebook)
    with (folder / "facts.ttl").open("w", encoding="utf-8") as file:
        file.write(fact_triples(dict.fromkeys(names, ())))
        known = np.unique(borne.system * len(STATUSES) * len(features) + borne.state)
        for pair in known.tolist():
            owner, state = divmod(pair, len(STATUSES) * len(features))
            heap, present = STATUSES[state % len(STATUSES)]
            if heap == KNOWN:
                fact = Fact(rulebook.features[state // len(STATUSES)], present)
                file.write(f"<{names[owner]}> <{link(fact)}> <{fact.feature}> .\n")
    (folder / "shapes.ttl").write_text(all_targeted(open_guarded(ROOT)), "utf-8")


def _write_table(path: Path, systems: int) -> None:
    """Write the claims of a world as a table, with a row for each system."""
    rows = [
        (claim.name, system.name, claim.kind.feature, str(claim.finding), claim.supersedes or None)
        for system in worlds.invent(systems)
        for claim in system.claims
    ] + [(None, system.name, None, None, None) for system in worlds.invent(systems)]
    names = ("claim", "system", "feature", "finding", "supersedes")
    pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row").write_parquet(path)


def link(fact: Fact) -> str:
    """Return the property of a known fact."""
    return f"{SCS}{'has' if fact.present else 'lacks'}Feature"


if __name__ == "__main__":
    build(Path(sys.argv[2]), int(sys.argv[1]), read_rulebook(ROOT))
