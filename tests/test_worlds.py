"""The invented worlds are reproducible from the seed and have the proportions of the real data."""

from collections import Counter
from itertools import islice

import pytest
from pyoxigraph import RdfFormat, parse

from scs_kg.model.claims import Finding, Mode
from scs_kg.model.namespaces import RDF, SCS
from tests.support import worlds


@pytest.mark.slow
def test_a_seed_determines_the_world_and_a_larger_world_starts_with_the_smaller() -> None:
    small = list(worlds.invent(20, seed=1))
    assert list(islice(worlds.invent(50, seed=1), 20)) == small != list(worlds.invent(20, seed=2))


@pytest.mark.slow
def test_proportions_are_those_of_the_real_data() -> None:
    real, systems = worlds.proportions(), list(worlds.invent(2000))
    claims = [claim for system in systems for claim in system.claims]
    share = {finding: sum(k.finding is finding for k in real.kinds) / len(real.kinds) for finding in Finding}
    counted = Counter(claim.finding for claim in claims)
    assert all(abs(counted[finding] / len(claims) - share[finding]) < 0.03 for finding in Finding)
    assert abs(len(claims) / len(systems) / (len(real.kinds) / len(real.counts)) - 1) < 0.1
    assert any(claim.supersedes for claim in claims)
    shares = {mode: sum(k.mode is mode for k in real.kinds) / len(real.kinds) for mode in Mode}
    modes = Counter(claim.mode for claim in claims)
    assert all(abs(modes[mode] / len(claims) - shares[mode]) < 0.03 for mode in Mode)
    differing = sum(claim.mode is not claim.kind.mode for claim in claims)
    assert real.differing > 0
    assert 0.5 < differing / len(claims) / real.differing < 2


def test_a_world_is_complete_and_canonical() -> None:
    systems = list(worlds.invent(10))
    text = "".join(map(worlds.nquads, systems))
    quads = list(parse(text.encode(), format=RdfFormat.N_QUADS))
    assert sorted(f"{quad} ." for quad in quads) == sorted(text.splitlines())
    types = Counter(quad.object.value for quad in quads if quad.predicate.value == RDF + "type")
    assert types == {SCS + "SocialCreditSystem": 10, SCS + "Claim": sum(len(system.claims) for system in systems)}
