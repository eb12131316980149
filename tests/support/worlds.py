"""Generates invented worlds (invented data sets) of any size: python -m tests.support.worlds SYSTEMS FILE [SEED].

A world has the proportions of the real data. The number of claims about an invented system is the number of claims
about some real system. A claim about an invented system is a copy of a real claim, with the same statement, source and
locator. Contradictions, differences between rule and practice, and supersessions are as frequent as in the real data.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from scs_kg import store
from scs_kg.judging.evidence import derive
from scs_kg.judging.project import open_guarded
from scs_kg.model.claims import Finding, Mode
from scs_kg.model.namespaces import PREFIXES, RDF, SCS, local_id
from scs_kg.store import NamedNode
from scs_kg.store.serialize import asserted_ntriples
from tests.conftest import ROOT

GRAPH = f"<{PREFIXES['graph']}data/invented>"
OPPOSITE = {Finding.PRESENT: Finding.ABSENT, Finding.ABSENT: Finding.PRESENT}
OTHER_MODE = {Mode.DE_JURE: Mode.DE_FACTO, Mode.DE_FACTO: Mode.DE_JURE}


@dataclass(frozen=True, slots=True)
class Kind:
    """A real claim as a template: feature, finding, mode, source, and its other quads, split at the claim's IRI."""

    feature: str
    finding: Finding
    mode: Mode
    source: str
    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proportions:
    """The proportions of the real data: claims per system that supersede no claim, all claims, and shares of claims.

    There is a share for contested claims, for claims that differ from the other mode, and for superseded claims.
    """

    counts: tuple[int, ...]
    kinds: tuple[Kind, ...]
    contested: float
    differing: float
    superseded: float
    system: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """An invented claim; names are the last parts of IRIs."""

    name: str
    kind: Kind
    finding: Finding
    mode: Mode
    supersedes: str = ""


@dataclass(frozen=True, slots=True)
class System:
    """An invented system and its claims."""

    name: str
    claims: tuple[Claim, ...]


@cache
def proportions() -> Proportions:
    """Measure the proportions of the real data."""
    dataset = open_guarded(ROOT)
    derive(dataset)
    finding = dict(store.subject_objects(dataset, SCS + "finding"))
    mode = dict(store.subject_objects(dataset, SCS + "mode"))
    about = dict(store.subject_objects(dataset, SCS + "about"))
    systems = sorted(store.text(term) for term in store.subjects(dataset, RDF + "type", SCS + "SocialCreditSystem"))
    counts = dict.fromkeys(systems, 0)
    correcting = {claim for claim, _ in store.subject_objects(dataset, SCS + "supersedes")}
    for claim in finding.keys() - correcting:
        counts[about[claim]] += 1
    contested = {claim for claim, _ in store.subject_objects(dataset, SCS + "contradicts")}
    differing = _differing(dataset, contested)
    superseded = {statement for _, statement in store.subject_objects(dataset, SCS + "supersedes")}
    texts = _texts(asserted_ntriples(dataset, ("data/",)), {*finding, *systems})
    kinds = tuple(
        Kind(
            local_id(_one(dataset, claim, "feature")),
            Finding(local_id(finding[claim])),
            Mode(local_id(mode[claim])),
            local_id(_one(dataset, claim, "source")),
            _pieces(texts[claim], claim),
        )
        for claim in sorted(finding)
    )
    share = len(contested) / 2 / len(kinds), len(differing) / 2 / len(kinds), len(superseded) / len(kinds)
    return Proportions(tuple(counts.values()), kinds, *share, _pieces(texts[systems[0]], systems[0]))


def _differing(dataset: store.Dataset, contested: set[str]) -> set[str]:
    """Return the uncontested claims that do not establish their feature because the other mode differs."""
    established = set(store.subject_objects(dataset, SCS + "establishes"))
    counting = {claim for claim, _ in store.subject_objects(dataset, SCS + "bearsOn")} - contested
    silent = set(store.subjects(dataset, SCS + "finding", SCS + Finding.NOT_REPORTED))
    silent |= set(store.subjects(dataset, SCS + "mode", SCS + Mode.PLANNED))
    own = store.subject_objects(dataset, SCS + "feature")
    return {pair[0] for pair in own if pair[0] in counting and pair not in established} - {
        store.text(s) for s in silent
    }


def _one(dataset: store.Dataset, claim: str, name: str) -> str:
    return store.text(store.objects(dataset, NamedNode(claim), SCS + name)[0])


def _texts(triples: str, subjects: set[str]) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = {subject: [] for subject in subjects}
    for line in triples.splitlines():
        subject = line[1:].split(">", 1)[0]
        if subject in texts:
            texts[subject].append(line)
    return texts


def _pieces(lines: Iterable[str], subject: str) -> tuple[str, ...]:
    """Return triples as quads of ``GRAPH``, split at the subject; triples that differ between copies are left out."""
    varied = tuple(f" <{SCS}{name}> " for name in ("about", "finding", "mode", "supersedes"))
    kept = [f"{line[:-1]}{GRAPH} .\n" for line in lines if not any(predicate in line for predicate in varied)]
    return tuple("".join(kept).split(f"<{subject}>"))


def invent(systems: int, seed: int = 0) -> Iterator[System]:
    """Yield a number of invented systems; with the same seed, a larger number begins with the same systems."""
    real, chance = proportions(), Random(seed)  # noqa: S311 - invented data need no secure randomness
    for number in range(systems):
        name = f"s{number:07}"
        kinds = chance.choices(real.kinds, k=chance.choice(real.counts))
        yield System(name, tuple(_claims(name, kinds, real, chance)))


def _claims(system: str, kinds: list[Kind], real: Proportions, chance: Random) -> Iterator[Claim]:
    for number, kind in enumerate(kinds):
        name = f"{system}-{number}-{kind.feature}-{kind.source}"
        yield Claim(name, kind, kind.finding, kind.mode)
        if kind.finding in OPPOSITE and chance.random() < real.contested:
            yield Claim(f"{name}-denied", kind, OPPOSITE[kind.finding], kind.mode)
        if kind.finding in OPPOSITE and kind.mode in OTHER_MODE and chance.random() < real.differing:
            yield Claim(f"{name}-otherwise", kind, OPPOSITE[kind.finding], OTHER_MODE[kind.mode])
        if chance.random() < real.superseded:
            yield Claim(f"{name}-corrected", kind, kind.finding, kind.mode, supersedes=name)


def nquads(system: System) -> str:
    """Return a system and its claims as canonical N-Quads."""
    real = proportions()
    iri = f"<{PREFIXES['sys']}{system.name}>"
    parts = [iri.join(real.system)]
    for claim in system.claims:
        name = f"<{PREFIXES['claim']}{claim.name}>"
        parts.append(name.join(claim.kind.pieces))
        parts.append(f"{name} <{SCS}about> {iri} {GRAPH} .\n{name} <{SCS}finding> <{SCS}{claim.finding}> {GRAPH} .\n")
        parts.append(f"{name} <{SCS}mode> <{SCS}{claim.mode}> {GRAPH} .\n")
        if claim.supersedes:
            parts.append(f"{name} <{SCS}supersedes> <{PREFIXES['claim']}{claim.supersedes}> {GRAPH} .\n")
    return "".join(parts)


def write(path: Path, systems: int, seed: int = 0) -> Path:
    """Write an invented world as N-Quads, system by system, and return the path."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(map(nquads, invent(systems, seed)))
    return path


if __name__ == "__main__":
    write(Path(sys.argv[2]), int(sys.argv[1]), int(sys.argv[3]) if len(sys.argv) > 3 else 0)
