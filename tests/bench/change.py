"""Times re-judging after one claim: python -m tests.bench.change [SYSTEMS …]."""

import statistics
import sys
import time
from collections.abc import Iterator

from scs_kg.judging.project import open_guarded
from scs_kg.judging.state import change, judge_claims, read_judging_rules
from scs_kg.model.claims import Claim
from scs_kg.model.namespaces import PREFIXES
from tests.conftest import ROOT
from tests.support import worlds

CHANGES = 200


def claims(systems: int) -> Iterator[Claim]:
    """Yield the claims of an invented world."""
    for system in worlds.invent(systems):
        for claim in system.claims:
            replaced = frozenset({PREFIXES["claim"] + claim.supersedes} if claim.supersedes else ())
            feature, name = PREFIXES["feat"] + claim.kind.feature, PREFIXES["claim"] + claim.name
            yield Claim(name, PREFIXES["sys"] + system.name, feature, claim.finding, replaced)


def main(systems: int) -> None:
    """Print the median and the worst time of withdrawing a claim and of adding it again, as a row of a table."""
    all_claims = list(claims(systems))
    names = [PREFIXES["sys"] + system.name for system in worlds.invent(systems)]
    start = time.perf_counter()
    state = judge_claims(read_judging_rules(open_guarded(ROOT)), names, all_claims)
    whole = time.perf_counter() - start
    times = []
    for claim in all_claims[:: max(1, len(all_claims) // CHANGES)]:
        for added, withdrawn in (((), (claim.iri,)), ((claim,), ())):
            start = time.process_time()
            state = change(state, added, withdrawn)
            times.append((time.process_time() - start) * 1000)
    middle, worst = statistics.median(times), max(times)
    print(f"| {systems:,} | {whole:.2f} | {middle:.2f} | {worst:.2f} |", flush=True)


if __name__ == "__main__":
    print("| systems | all systems judged, s | one claim added or withdrawn: median ms | worst ms |\n|---|---|---|---|")
    for size in map(int, sys.argv[1:] or ("39", "1000", "10000")):
        main(size)
