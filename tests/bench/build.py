"""Writes an invented world in the formats that the engines read: python -m tests.bench.build SYSTEMS FOLDER."""

import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import polars as pl

from scs_kg.exchange.shacl_report import all_targeted
from scs_kg.judging.bulk.partition_by_subject import FINDINGS, MODES
from scs_kg.judging.bulk.rulebook import Rulebook, read_rulebook
from scs_kg.judging.bulk.vectorized_evidence import STATUSES, ClaimArrays, derive_evidence
from scs_kg.judging.judge import fact_triples
from scs_kg.judging.project import open_guarded
from scs_kg.model.formula import Fact
from scs_kg.model.namespaces import PREFIXES, SCS
from tests.conftest import ROOT
from tests.support import worlds


def build(folder: Path, systems: int, rulebook: Rulebook) -> None:
    """Write an invented world as claims, as integers and as established facts, and write the targeted shapes."""
    worlds.write(folder / "world.nq", systems)
    claims: list[tuple[int, int, int, int]] = []
    names = []
    features = {feature.removeprefix(PREFIXES["feat"]): number for number, feature in enumerate(rulebook.features)}
    for number, invented in enumerate(worlds.invent(systems)):
        names.append(PREFIXES["sys"] + invented.name)
        ended = {claim.supersedes for claim in invented.claims}
        valid = (claim for claim in invented.claims if claim.name not in ended)
        claims += [(number, features[c.kind.feature], FINDINGS.index(c.finding), MODES.index(c.mode)) for c in valid]
    _write_table(folder / "world.parquet", systems)
    columns = np.array(claims, dtype=np.int64).reshape(-1, 4).T
    arrays = ClaimArrays(*(np.ascontiguousarray(column) for column in columns))
    np.savez(folder / "claims.npz", systems=names, **asdict(arrays))
    evidence = derive_evidence(arrays, systems, rulebook)
    with (folder / "facts.ttl").open("w", encoding="utf-8") as file:
        file.write(fact_triples(dict.fromkeys(names, ())))
        known = np.unique(evidence.system * len(STATUSES) * len(features) + evidence.state)
        for pair in known.tolist():
            owner, state = divmod(pair, len(STATUSES) * len(features))
            status, present = STATUSES[state % len(STATUSES)]
            if status == "known":
                fact = Fact(rulebook.features[state // len(STATUSES)], present)
                file.write(f"<{names[owner]}> <{link(fact)}> <{fact.feature}> .\n")
    (folder / "shapes.ttl").write_text(all_targeted(open_guarded(ROOT)), "utf-8")


def _write_table(path: Path, systems: int) -> None:
    """Write the claims of an invented world as a table, with a row for each system."""
    rows = [
        (claim.name, system.name, claim.kind.feature, str(claim.finding), str(claim.mode), claim.supersedes or None)
        for system in worlds.invent(systems)
        for claim in system.claims
    ] + [(None, system.name, None, None, None, None) for system in worlds.invent(systems)]
    names = ("claim", "system", "feature", "finding", "mode", "supersedes")
    pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row").write_parquet(path)


def link(fact: Fact) -> str:
    """Return the property of a known fact."""
    return f"{SCS}{'has' if fact.present else 'lacks'}Feature"


if __name__ == "__main__":
    build(Path(sys.argv[2]), int(sys.argv[1]), read_rulebook(ROOT))
