"""What people do to the data: add claims, supersede or retract them, object, and decide on objections.

History is kept: what falls stays, and an act says why, by whom and when.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Final

from scs_kg import store
from scs_kg.contribute.changeset import ChangeSet, Project, Said, plan
from scs_kg.model.errors import BadFileError, EmptyInputError, UnknownNameError, WrongUseError
from scs_kg.model.namespaces import PREFIXES, RDF, SCS, curie, expand, local_id
from scs_kg.store import Dataset, Literal, NamedNode, Term, Triple
from scs_kg.store.dataset import asserted_triples

DATASET: Final = "contributed"
STATEMENTS: Final = ("Claim", "LevelClaim", "StudyClaim")
CREATOR: Final = PREFIXES["dcterms"] + "creator"
DATE: Final = PREFIXES["dcterms"] + "date"
OBJECTS: Final = ("Claim", "Criterion", "Provision")
RULINGS: Final = ("upheld", "dismissed")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Why something is done, under which name or handle, and on which day (``2026-11-20``)."""

    reason: str
    by: str
    day: str = ""


def add(project: Project, ntriples: str, dataset: str = DATASET) -> ChangeSet:
    """Plan to add claims, and the sources that they need, to a dataset of the project.

    Raises:
        UnknownNameError: there is no such dataset.
        BadFileError: something is neither a claim nor a source, says something else of what is there, or breaks a rule.
        EmptyInputError: there is nothing to add.
    """
    return plan(project, _said(ntriples), _dataset(project.dataset, dataset))


def supersede(project: Project, old: str, ntriples: str, signed: Attribution, dataset: str = DATASET) -> ChangeSet:
    """Plan to add one claim, with the sources that it needs, in the place of an earlier one on the same system.

    Raises:
        UnknownNameError: there is no such claim or dataset.
        WrongUseError: there is not exactly one new claim, it is about another system, or it did so before for another
            reason.
        BadFileError: as for ``add``.
    """
    said = _said(superseding(project, old, ntriples))
    (new,) = _claims(said)
    act = f"{PREFIXES['act']}supersession-{local_id(new)}"
    said = {**said, **_act(project.dataset, act, "Supersession", {"introduces": new}, signed)}
    return plan(project, said, _dataset(project.dataset, dataset))


def superseding(project: Project, old: str, ntriples: str) -> str:
    """Return the one claim in N-Triples, with its sources and with the link to the claim that it supersedes.

    Raises:
        UnknownNameError: there is no such claim.
        WrongUseError: there is not exactly one new claim, or it is about another system.
    """
    before, said = _find(project.dataset, old, "claim", ("Claim",)), _said(ntriples)
    claims = _claims(said)
    if len(claims) != 1:
        raise WrongUseError(f"{len(claims)} claims cannot supersede {curie(before)}; give a file with exactly one")
    systems = {triple.object for triple in said[claims[0]] if triple.predicate.value == SCS + "about"}
    if systems != set(store.objects(project.dataset, NamedNode(before), SCS + "about")):
        raise WrongUseError(
            f"{curie(claims[0])} is about another system than {curie(before)}; retract the one, add the other"
        )
    return f"{ntriples.rstrip()}\n<{claims[0]}> <{SCS}supersedes> <{before}> .\n"


def _claims(said: Said) -> list[str]:
    kind = (NamedNode(RDF + "type"), NamedNode(SCS + "Claim"))
    return [subject for subject, about in said.items() if kind in {(t.predicate, t.object) for t in about}]


def retract(project: Project, claim: str, signed: Attribution) -> ChangeSet:
    """Plan to take a claim, or another sourced statement, back; it stays in the data and counts no longer.

    Raises:
        UnknownNameError: there is no such statement.
        WrongUseError: it was taken back before, for another reason or by somebody else.
    """
    target = _find(project.dataset, claim, "claim", STATEMENTS)
    act = f"{PREFIXES['act']}retraction-{local_id(target)}"
    return plan(project, _act(project.dataset, act, "Retraction", {"retracts": target}, signed), DATASET)


def object_to(project: Project, target: str, signed: Attribution) -> ChangeSet:
    """Plan to record an objection to a claim, a criterion or a provision; its ground is the reason that is signed.

    Raises:
        UnknownNameError: there is no such thing.
        WrongUseError: the name means several things.
    """
    about = _find(project.dataset, target, "claim, criterion or provision", OBJECTS)
    links = {"objectsTo": about}
    act = _free(project.dataset, f"objection-{local_id(about)}", links, signed)
    return plan(project, _act(project.dataset, act, "Objection", links, signed), DATASET)


def decide(project: Project, objection: str, ruling: str, signed: Attribution) -> ChangeSet:
    """Plan to record the decision on an objection: ``upheld`` or ``dismissed``.

    Raises:
        UnknownNameError: there is no such objection.
    """
    about = _find(project.dataset, objection, "objection", ("Objection",))
    links = {"decides": about, "ruling": SCS + ruling.capitalize()}
    act = _free(project.dataset, f"decision-{local_id(about)}", links, signed)
    return plan(project, _act(project.dataset, act, "Decision", links, signed), DATASET)


def _said(ntriples: str) -> Said:
    """Return what N-Triples say of each subject."""
    found: dict[str, set[Triple]] = {}
    for triple in store.parse_triples(ntriples.encode(), "ntriples"):
        if not isinstance(triple.subject, NamedNode):
            raise BadFileError("the input", None, "says something of a blank node; give every claim and source a name")
        found.setdefault(store.text(triple.subject), set()).add(triple)
    if not found:
        raise EmptyInputError("no claim and no source is in the input; there is nothing to add")
    return {subject: frozenset(said) for subject, said in found.items()}


def _dataset(dataset: Dataset, name: str) -> str:
    known = [local_id(store.text(s)) for s in store.subjects(dataset, RDF + "type", PREFIXES["dcat"] + "Dataset")]
    if name not in known:
        raise UnknownNameError("dataset", name, known)
    return name


def _find(dataset: Dataset, name: str, what: str, kinds: tuple[str, ...]) -> str:
    """Return the IRI of the one thing of these kinds that is called so, by id, prefixed name or IRI."""
    wanted = expand(name)
    iris = sorted({store.text(s) for kind in kinds for s in store.subjects(dataset, RDF + "type", SCS + kind)})
    found = [iri for iri in iris if wanted == iri or local_id(iri) == name]
    if not found:
        raise UnknownNameError(what, name, (local_id(iri) for iri in iris))
    if len(found) > 1:
        raise WrongUseError(f"'{name}' may mean {' or '.join(map(curie, found))}; write one of these")
    return found[0]


def _act(dataset: Dataset, act: str, kind: str, links: Mapping[str, str], signed: Attribution) -> Said:
    """Return what is said of an act; of one by the same person for the same reason, what is there already.

    Raises:
        WrongUseError: an act of that name is there and says something else.
    """
    told = _told(act, links, signed) | {_triple(act, RDF + "type", NamedNode(SCS + kind))}
    there = asserted_triples(dataset, act)
    if there and not told < there:
        raise WrongUseError(f"{curie(act)} is there already, for another reason or by somebody else; it stays as it is")
    if there and not signed.day:
        return {act: there}
    day = Literal(signed.day or datetime.now(UTC).date().isoformat(), datatype=NamedNode(PREFIXES["xsd"] + "date"))
    return {act: told | {_triple(act, DATE, day)}}


def _told(act: str, links: Mapping[str, str], signed: Attribution) -> frozenset[Triple]:
    """Return what an act does, why and by whom."""
    return frozenset(
        {
            *(_triple(act, SCS + link, NamedNode(iri)) for link, iri in links.items()),
            _triple(act, SCS + "reason", Literal(signed.reason, language="en")),
            _triple(act, CREATOR, Literal(signed.by)),
        }
    )


def _free(dataset: Dataset, stem: str, links: Mapping[str, str], signed: Attribution) -> str:
    """Return the first name for an act that is free or already means the same."""
    names = (f"{PREFIXES['act']}{stem}-{number}" for number in count(1))
    return next(n for n in names if not (there := asserted_triples(dataset, n)) or _told(n, links, signed) <= there)


def _triple(subject: str, predicate: str, value: Term) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), value)
