"""Finds the claims that later claims supersede, and the claims that are retracted.

The query ``bearing.rq`` is the specification; tests compare it with this module on random claims and retractions.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from immutables import Map

NOTHING: Final[frozenset[str]] = frozenset()
Links = Map[str, frozenset[str]]


class Supersession(NamedTuple):
    """A claim or an act, and the claim that it supersedes, or retracts if ``retracts`` is set.

    Claims and acts are given by IRI.
    """

    later: str
    earlier: str
    retracts: bool = False


Supersessions = Iterable[Supersession]


@dataclass(frozen=True, slots=True)
class SupersessionGraph:
    """All supersessions and retractions between claims and acts, given by IRI.

    ``superseded_by`` and ``retracted_by`` map a claim to the claims and acts that directly supersede or retract it.
    ``earlier`` maps a claim or an act to the claims that it directly supersedes or retracts. A value is never empty.
    """

    superseded_by: Links = field(default_factory=Map)
    retracted_by: Links = field(default_factory=Map)
    earlier: Links = field(default_factory=Map)

    def chain(self, claim: str) -> frozenset[str]:
        """Return the claims and acts that supersede a claim directly or through other claims."""
        return _reachable(self.superseded_by, [claim])

    def excluding(self, claim: str) -> frozenset[str]:
        """Return the claims and acts because of which a claim does not count; empty if the claim counts.

        The result has the retractions of the claim, and the claims in its chain that are not retracted.
        """
        retractions = self.retracted_by.get(claim, NOTHING)
        if claim not in self.superseded_by:
            return retractions
        return retractions | {later for later in self.chain(claim) if later not in self.retracted_by}

    def acting_on(self, claim: str) -> frozenset[str]:
        """Return the claims and acts that can decide whether a claim counts, apart from the claim itself."""
        chain = self.chain(claim)
        return chain.union(*(self.retracted_by.get(one, NOTHING) for one in (claim, *chain)))

    def affected_by(self, records: Iterable[str]) -> frozenset[str]:
        """Return the claims that the given claims or acts supersede or retract, directly or through other claims."""
        return _reachable(self.earlier, records)

    def with_links(self, links: Supersessions) -> "SupersessionGraph":
        """Return the graph with more supersessions and retractions."""
        superseded_by, retracted_by, earlier = (
            maps.mutate() for maps in (self.superseded_by, self.retracted_by, self.earlier)
        )
        for link in links:
            by = retracted_by if link.retracts else superseded_by
            by[link.earlier] = by.get(link.earlier, NOTHING) | {link.later}
            earlier[link.later] = earlier.get(link.later, NOTHING) | {link.earlier}
        return SupersessionGraph(superseded_by.finish(), retracted_by.finish(), earlier.finish())

    def without(self, records: Iterable[str]) -> "SupersessionGraph":
        """Return the graph without the supersessions and retractions by some records, which may be unknown."""
        superseded_by, retracted_by, earlier = (
            maps.mutate() for maps in (self.superseded_by, self.retracted_by, self.earlier)
        )
        for later in records:
            for claim in earlier.pop(later, NOTHING):
                for by in (superseded_by, retracted_by):
                    left = by.pop(claim, NOTHING) - {later}
                    if left:
                        by[claim] = left
        return SupersessionGraph(superseded_by.finish(), retracted_by.finish(), earlier.finish())


def _reachable(links: Links, starts: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        fresh = links.get(waiting.pop(), NOTHING) - found
        found |= fresh
        waiting += fresh
    return frozenset(found)
