"""Holds drafts against the rules, in the graph that they would join.

The engines are given the draft and its surroundings: what the rules can see from a draft and no more, so that one claim
is checked as fast in a large graph as in a small one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from scs_kg import store
from scs_kg.contribute.check.neighbourhood import frame, neighbourhood
from scs_kg.contribute.check.problems import DRAFT, ProblemBuilder
from scs_kg.contribute.read import Draft, ReadingContext
from scs_kg.contribute.read.draft import union
from scs_kg.model.namespaces import PREFIXES, RDF, SCS, SH, expand
from scs_kg.model.problem import Problem
from scs_kg.rules import engines
from scs_kg.rules.engines import Engine
from scs_kg.store import Dataset, NamedNode, Triple
from scs_kg.store.dataset import statements_of
from scs_kg.store.serialize import asserted_ntriples

RULES: Final = ("ontology/integrity",)
TOLD_OF_ALTERED: Final = tuple(PREFIXES["integrity"] + name for name in ("Alteration", "ProposalShape"))


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What every check needs again: the rules, the frame of the data that they look at, and the ground.

    ``frame`` holds the classes, their order and the hierarchy of features, as N-Triples.
    """

    ground: ReadingContext
    shapes: str
    frame: str


def check_context(ground: ReadingContext) -> CheckContext:
    """Make the rules of a dataset ready for any number of checks."""
    return CheckContext(ground, asserted_ntriples(ground.dataset, RULES), frame(ground.dataset))


def check(
    prepared: CheckContext, drafts: Iterable[Draft], today: str, engine: Engine = engines.run_fast
) -> tuple[Problem, ...]:
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


def _order(problem: Problem) -> tuple[str | int, ...]:
    """Return what problems are sorted by: cells row by row, and within a row from left to right."""
    sheet, _, cell = problem.cell.rpartition("!")
    column = cell.rstrip("0123456789")
    line, across = problem.line or int(cell[len(column) :] or 0), problem.column or len(column)
    return problem.file, sheet, line, across, column, problem.node, problem.rule, problem.message


def _broken(prepared: CheckContext, drafts: list[Draft], said: str, today: str, engine: Engine) -> list[Problem]:
    """Return the rules that a draft breaks as problems; of what it alters, nothing but that."""
    triples = store.parse_triples(said.encode(), "ntriples")
    dataset = prepared.ground.dataset
    restated, altered = _beside(dataset, triples)
    whole = triples + [triple for subject in sorted(restated) for triple in statements_of(dataset, subject)]
    data = union((prepared.frame, said, neighbourhood(dataset, whole)))
    proposed = {store.text(triple.subject) for triple in triples}
    data += _proposal(proposed, restated, altered, today)
    told = ProblemBuilder(prepared.ground, drafts)
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
            known[subject] = set(statements_of(dataset, subject))
        new[subject] = new.get(subject, False) or triple not in known[subject]
    there = {subject for subject, found in known.items() if found}
    return {s for s in there if not new[s]}, {s for s in there if new[s]}


def _proposal(proposed: Iterable[str], restated: Iterable[str], altered: Iterable[str], today: str) -> str:
    """Return the draft itself as N-Triples."""
    links = {"proposes": proposed, "restates": restated, "alters": altered}
    lines = [f"<{DRAFT}> <{SCS}{link}> <{thing}> .\n" for link, things in links.items() for thing in sorted(things)]
    day = f'"{today}"^^<{PREFIXES["xsd"]}date>'
    head = f"<{DRAFT}> <{RDF}type> <{SCS}Draft> .\n<{DRAFT}> <{PREFIXES['dcterms']}created> {day} .\n"
    return head + "".join(lines)


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check of files found: ``rules`` says what each rule asks that is broken, by its short name."""

    files: tuple[str, ...]
    problems: tuple[Problem, ...]
    rules: Mapping[str, str]

    @property
    def broken(self) -> bool:
        """Whether anything is wrong that keeps the files from being added; warnings do not."""
        return any(problem.severity == "Violation" for problem in self.problems)


def report(dataset: Dataset, files: Iterable[str], problems: Iterable[Problem]) -> CheckReport:
    """Return the report on files, with what the rules say of themselves."""
    found = tuple(problems)
    return CheckReport(tuple(files), found, {rule: _asks(dataset, rule) for rule in sorted({p.rule for p in found})})


def _asks(dataset: Dataset, rule: str) -> str:
    """Return what a rule asks: its definition, or the message of its shape or of the constraint of that."""
    node = NamedNode(expand(rule) or rule)
    for part in (node, *store.objects(dataset, node, SH + "sparql")):
        for link in (PREFIXES["skos"] + "definition", SH + "message"):
            for said in store.objects(dataset, part, link):
                return store.text(said)
    return rule
