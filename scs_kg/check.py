"""Holds drafts against the rules, in the graph that they would join.

The engines are given the draft and its surroundings: what the rules can see from a draft and no more, so that one claim
is checked as fast in a large graph as in a small one.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from scs_kg import shacl, store
from scs_kg.intake import Draft, Field, Ground, Place
from scs_kg.intake.draft import union
from scs_kg.model import Problem
from scs_kg.names import nearest
from scs_kg.namespaces import BASE, PREFIXES, RDF, SCS, curie, local_id
from scs_kg.shacl import Engine, Violation
from scs_kg.store import Dataset, NamedNode, Triple

DRAFT: Final = BASE + "draft"
RULES: Final = ("ontology/integrity",)
TOLD_OF_ALTERED: Final = tuple(PREFIXES["integrity"] + name for name in ("Alteration", "ProposalShape"))
_FRAME: Final = (PREFIXES["rdfs"] + "subClassOf", PREFIXES["skos"] + "broader")
_OF_CLAIMS: Final = tuple(SCS + name for name in ("about", "feature", "finding", "source", "supersedes"))
_OF_NAMED: Final = (RDF + "type", SCS + "sameTextAs", SCS + "supersedes", PREFIXES["dcterms"] + "issued")
_NEAR: Final = 1000
_OURS: Final = re.compile(re.escape(BASE) + r"[\w#/-]+")


@dataclass(frozen=True, slots=True)
class Rules:
    """What every check needs again: the rules, the frame of the data that they look at, and the ground.

    ``frame`` holds the classes, their order and the hierarchy of features, as N-Triples.
    """

    ground: Ground
    shapes: str
    frame: str


def rules(ground: Ground) -> Rules:
    """Make the rules of a dataset ready for any number of checks."""
    dataset = ground.dataset
    lines = [
        f"<{subject}> <{link}> <{value}> .\n"
        for link in _FRAME
        for subject, value in store.pairs(dataset, link)
        if not subject.startswith("_:")
    ]
    lines += [
        f"<{thing}> <{RDF}type> <{kind}> .\n"
        for thing, kind in store.pairs(dataset, RDF + "type")
        if kind == PREFIXES["owl"] + "Class" and not thing.startswith("_:")
    ]
    return Rules(ground, store.triples(dataset, RULES), "".join(sorted(set(lines))))


def check(prepared: Rules, drafts: Iterable[Draft], today: str, engine: Engine = shacl.run_fast) -> tuple[Problem, ...]:
    """Return what is wrong with drafts that are to be added together on a day (``2026-11-25``), in order of place.

    Raises:
        EngineError: the engine cannot run the rules.
    """
    given = list(drafts)
    found = [problem for draft in given for problem in draft.problems]
    said = union(draft.ntriples for draft in given)
    if said:
        found += _broken(prepared, given, said, today, engine)
    return tuple(sorted(set(found), key=_order))


def _order(problem: Problem) -> tuple[str, int, int, str, str, str, str]:
    return (
        problem.file,
        problem.line or 0,
        problem.column or 0,
        problem.cell,
        problem.node,
        problem.rule,
        problem.message,
    )


def _broken(prepared: Rules, drafts: list[Draft], said: str, today: str, engine: Engine) -> list[Problem]:
    """Return the rules that a draft breaks as problems; of what it alters, nothing but that."""
    triples = store.parse_triples(said.encode(), "ntriples")
    dataset = prepared.ground.dataset
    restated, altered = _beside(dataset, triples)
    whole = triples + [triple for subject in sorted(restated) for triple in store.said_of(dataset, subject)]
    data = union((prepared.frame, said, surroundings(dataset, whole)))
    proposed = {store.text(triple.subject) for triple in triples}
    data += _proposal(proposed, restated, altered, today)
    told = _Telling(prepared.ground, drafts)
    found = []
    for violation in engine(data, prepared.shapes):
        node = violation.value if violation.focus == DRAFT else violation.focus
        if node in proposed and (node not in altered or violation.rule in TOLD_OF_ALTERED):
            found.append(told.problem(violation, node))
    unread = {(p.file, p.line, p.column, p.cell) for draft in drafts for p in draft.problems if p.line or p.cell}
    return [problem for problem in found if (problem.file, problem.line, problem.column, problem.cell) not in unread]


def _beside(dataset: Dataset, triples: Iterable[Triple]) -> tuple[set[str], set[str]]:
    """Return of which things in the data a draft says nothing new, and of which it does."""
    new: dict[str, bool] = {}
    known: dict[str, set[Triple]] = {}
    for triple in triples:
        subject = store.text(triple.subject)
        if subject not in known:
            known[subject] = set(store.said_of(dataset, subject))
        new[subject] = new.get(subject, False) or triple not in known[subject]
    there = {subject for subject, found in known.items() if found}
    return {s for s in there if not new[s]}, {s for s in there if new[s]}


def surroundings(dataset: Dataset, triples: Iterable[Triple]) -> str:
    """Return as N-Triples what the rules can see from triples, and the triples themselves.

    That is: what the things are that they name, and what these repeat or supersede; and the claims about the same
    systems, with what supersedes them.
    """
    found = set(triples)
    named = {triple.object.value for triple in found if isinstance(triple.object, NamedNode)}
    waiting, seen = list(named), set(named)
    while waiting:
        for triple in store.said_of(dataset, waiting.pop(), *_OF_NAMED):
            found.add(triple)
            further = store.text(triple.object)
            if triple.predicate.value.startswith(SCS) and further not in seen:
                seen.add(further)
                waiting.append(further)
    systems = {store.text(triple.object) for triple in found if triple.predicate.value == SCS + "about"}
    for system in systems:
        for claim in store.subjects(dataset, SCS + "about", system):
            found.update(store.said_of(dataset, store.text(claim), *_OF_CLAIMS))
            later = store.subjects(dataset, SCS + "supersedes", store.text(claim))
            found.update(t for one in later for t in store.said_of(dataset, store.text(one), SCS + "supersedes"))
    return "".join(f"{triple} .\n" for triple in found)


def _proposal(proposed: Iterable[str], restated: Iterable[str], altered: Iterable[str], today: str) -> str:
    """Return the draft itself as N-Triples."""
    links = {"proposes": proposed, "restates": restated, "alters": altered}
    lines = [f"<{DRAFT}> <{SCS}{link}> <{thing}> .\n" for link, things in links.items() for thing in sorted(things)]
    day = f'"{today}"^^<{PREFIXES["xsd"]}date>'
    head = f"<{DRAFT}> <{RDF}type> <{SCS}Draft> .\n<{DRAFT}> <{PREFIXES['dcterms']}created> {day} .\n"
    return head + "".join(lines)


class _Telling:
    """Turns what an engine found into problems; remembers the near names, which are slow to find."""

    def __init__(self, ground: Ground, drafts: list[Draft]) -> None:
        self.ground, self.drafts = ground, drafts
        fields = [field for kind in ground.fields for field in ground.fields[kind]]
        self.fields: Mapping[str, Field] = {field.predicate: field for field in fields}
        self.known: dict[tuple[str, str], tuple[str, ...]] = {}

    def problem(self, violation: Violation, node: str) -> Problem:
        """Return one result as a problem at its place."""
        value = "" if violation.focus == DRAFT or violation.value == node else violation.value
        path = violation.path if not violation.path.startswith("_:") else ""
        found = " ".join(_shown(term) for term in (path, value) if term) if value else ""
        message = _OURS.sub(lambda iri: curie(iri[0]), violation.message)
        file, place = self.place(node, path)
        return Problem(
            file,
            place.line,
            curie(node),
            f"{message} (found: {found})" if found else message,
            curie(violation.rule),
            violation.severity,
            place.column,
            place.cell,
            self.near(path, value),
        )

    def place(self, node: str, path: str) -> tuple[str, Place]:
        """Return the file that speaks of a node, and where, best with the predicate."""
        for draft in self.drafts:
            if (node, path) in draft.places:
                return draft.file, draft.places[node, path]
        for draft in self.drafts:
            if (node, "") in draft.places or f"<{node}>" in draft.ntriples:
                return draft.file, draft.place(node)
        return self.drafts[0].file, Place()

    def near(self, path: str, value: str) -> tuple[str, ...]:
        """Return the nearest known ids of a value that is not known, or of a property that is none of ours."""
        field = self.fields.get(path)
        if not path or (field and not (field.values and value.startswith("http"))) or len(self.known) > _NEAR:
            return ()
        key = (path, value if field else "")
        if key not in self.known:
            written = unquote(local_id(value if field else path))
            self.known[key] = (
                self.ground.names.near(field.values, written)
                if field
                else tuple(nearest(written, sorted({local_id(known) for known in self.fields})))
            )
        return self.known[key]


def _shown(term: str) -> str:
    return curie(term)[:80] if term.startswith("http") else term[:80]
