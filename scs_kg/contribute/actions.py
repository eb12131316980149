"""Changes that contributors make: add, supersede and retract claims, object, and decide on objections.

History is kept: a superseded or retracted claim stays in the data, and an act records why, by whom and when.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Final

from scs_kg import store
from scs_kg.contribute.changeset import ChangeSet, Project, plan
from scs_kg.contribute.layout import Records
from scs_kg.contribute.supersession import new_superseding, superseded_only_by
from scs_kg.model.advice import Advice
from scs_kg.model.errors import BadFileError, EmptyInputError, UnknownNameError, WrongUseError
from scs_kg.model.namespaces import PREFIXES, RDF, SCS, curie, expand, local_id
from scs_kg.store import Dataset, Literal, NamedNode, Term, Triple
from scs_kg.store.dataset import asserted_triples
from scs_kg.store.name_search import unknown_name

DATASET: Final = "contributed"
STATEMENTS: Final = ("Claim", "LevelClaim", "StudyClaim")
CREATOR: Final = PREFIXES["dcterms"] + "creator"
DATE: Final = PREFIXES["dcterms"] + "date"
OBJECTS: Final = ("Claim", "Criterion", "Provision")
RULINGS: Final = ("upheld", "dismissed")


@dataclass(frozen=True, slots=True)
class Attribution:
    """The reason of an act, the name or handle of its author, and its day (``2026-11-20``; today if empty)."""

    reason: str
    author: str
    day: str = ""


def add(project: Project, ntriples: str, dataset: str = DATASET, attribution: Attribution | None = None) -> ChangeSet:
    """Plan to add claims, and the sources that they need, to a dataset of the project.

    For each new claim that supersedes others, the reason and the author in ``attribution`` are recorded as an act.

    Raises: WrongUseError: a new claim supersedes other claims, and there is no attribution. UnknownNameError: there is
    no such dataset. BadFileError: a record is neither a claim nor a source, differs from the record with that name in
    the data, or breaks a rule. EmptyInputError: there is nothing to add.
    """
    records = _records(ntriples)
    acts = [_supersession(project.dataset, new, attribution) for new in new_superseding(project.dataset, records)]
    records = {**records, **{name: triples for act in acts for name, triples in act.items()}}
    return plan(project, records, _dataset_name(project.dataset, dataset))


def _supersession(dataset: Dataset, new: str, attribution: Attribution | None) -> Records:
    if attribution is None:
        raise WrongUseError(
            f"{curie(new)} supersedes another claim",
            Advice("; say why and who you are with {option}, or remove its 'supersedes'", "reason and --by"),
        )
    act = f"{PREFIXES['act']}supersession-{local_id(new)}"
    return _act(dataset, act, "Supersession", {"introduces": new}, attribution)


def supersede(project: Project, old: str, ntriples: str, attribution: Attribution, dataset: str = DATASET) -> ChangeSet:
    """Plan to replace a claim by one new claim about the same system, with the sources that the new claim needs.

    Raises: UnknownNameError: there is no such claim or dataset. WrongUseError: there is not exactly one new claim, the
    claim is about another system, or the data has the same supersession with another reason or author. BadFileError: as
    for ``add``.
    """
    records = _records(superseding(project, old, ntriples))
    (new,) = _claims(records)
    records = {**records, **_supersession(project.dataset, new, attribution)}
    return plan(project, records, _dataset_name(project.dataset, dataset))


def superseding(project: Project, old: str, ntriples: str) -> str:
    """Return the N-Triples of one claim and its sources, with the link to the claim that it supersedes.

    Raises:
        UnknownNameError: there is no such claim.
        WrongUseError: there is not exactly one new claim, or it is about another system.
    """
    before, records = _find(project.dataset, old, "claim", ("Claim",)), _records(ntriples)
    claims = _claims(records)
    if len(claims) != 1:
        raise WrongUseError(
            f"the input has {len(claims)} claims to supersede {curie(before)}; give a file with exactly one claim"
        )
    systems = {triple.object for triple in records[claims[0]] if triple.predicate.value == SCS + "about"}
    if systems != set(store.objects(project.dataset, NamedNode(before), SCS + "about")):
        raise WrongUseError(
            f"{curie(claims[0])} and {curie(before)} are about different systems; "
            "retract the old claim and add the new one"
        )
    return f"{ntriples.rstrip()}\n<{claims[0]}> <{SCS}supersedes> <{before}> .\n"


def _claims(records: Records) -> list[str]:
    is_claim = (NamedNode(RDF + "type"), NamedNode(SCS + "Claim"))
    return [subject for subject, triples in records.items() if is_claim in {(t.predicate, t.object) for t in triples}]


def retract(project: Project, claim: str, attribution: Attribution) -> ChangeSet:
    """Plan to retract a claim or another sourced statement, which stays in the data and no longer counts.

    Claims that nothing else supersedes or retracts count again (see ``restored_by``).

    Raises:
        UnknownNameError: there is no such statement.
        WrongUseError: it was retracted before, for another reason or by another author.
    """
    target = _find(project.dataset, claim, "claim", STATEMENTS)
    act = f"{PREFIXES['act']}retraction-{local_id(target)}"
    return plan(project, _act(project.dataset, act, "Retraction", {"retracts": target}, attribution), DATASET)


def restored_by(project: Project, claim: str) -> list[str]:
    """Return the IRIs of the claims that count again if a claim, given by id, prefixed name or IRI, is retracted.

    Raises:
        UnknownNameError: there is no such statement.
    """
    return superseded_only_by(project.dataset, _find(project.dataset, claim, "claim", STATEMENTS))


def object_to(project: Project, target: str, attribution: Attribution) -> ChangeSet:
    """Plan to record an objection to a claim, a criterion or a provision; the reason in the attribution is its ground.

    Raises:
        UnknownNameError: there is no claim, criterion or provision of that name.
        WrongUseError: the name is ambiguous.
    """
    about = _find(project.dataset, target, "claim, criterion or provision", OBJECTS)
    links = {"objectsTo": about}
    act = _free_name(project.dataset, f"objection-{local_id(about)}", links, attribution)
    return plan(project, _act(project.dataset, act, "Objection", links, attribution), DATASET)


def decide(project: Project, objection: str, ruling: str, attribution: Attribution) -> ChangeSet:
    """Plan to record the decision on an objection: ``upheld`` or ``dismissed``.

    Raises:
        UnknownNameError: there is no such objection.
    """
    about = _find(project.dataset, objection, "objection", ("Objection",))
    links = {"decides": about, "ruling": SCS + ruling.capitalize()}
    act = _free_name(project.dataset, f"decision-{local_id(about)}", links, attribution)
    return plan(project, _act(project.dataset, act, "Decision", links, attribution), DATASET)


def _records(ntriples: str) -> Records:
    """Group N-Triples by subject."""
    found: dict[str, set[Triple]] = {}
    for triple in store.parse_triples(ntriples.encode(), "ntriples"):
        if not isinstance(triple.subject, NamedNode):
            raise BadFileError("the input", None, "has a blank node as a subject; give every claim and source a name")
        found.setdefault(store.text(triple.subject), set()).add(triple)
    if not found:
        raise EmptyInputError("the input has no claim and no source; there is nothing to add")
    return {subject: frozenset(triples) for subject, triples in found.items()}


def _dataset_name(dataset: Dataset, name: str) -> str:
    known = [local_id(store.text(s)) for s in store.subjects(dataset, RDF + "type", PREFIXES["dcat"] + "Dataset")]
    if name not in known:
        raise UnknownNameError("dataset", name, known)
    return name


def _find(dataset: Dataset, name: str, what: str, kinds: tuple[str, ...]) -> str:
    """Return the IRI of the only resource of these classes with this id, prefixed name or IRI."""
    wanted = expand(name)
    iris = sorted({store.text(s) for kind in kinds for s in store.subjects(dataset, RDF + "type", SCS + kind)})
    found = [iri for iri in iris if wanted == iri or local_id(iri) == name]
    if not found:
        raise unknown_name(dataset, what, name, iris)
    if len(found) > 1:
        raise WrongUseError(f"'{name}' is ambiguous; write {' or '.join(map(curie, found))}")
    return found[0]


def _act(dataset: Dataset, act: str, kind: str, links: Mapping[str, str], attribution: Attribution) -> Records:
    """Return the record of an act, or the existing record if the same author gave the same reason before.

    Raises:
        WrongUseError: the data has an act of that name with other content.
    """
    content = _content(act, links, attribution) | {_triple(act, RDF + "type", NamedNode(SCS + kind))}
    existing = asserted_triples(dataset, act)
    if existing and not content < existing:
        raise WrongUseError(f"{curie(act)} is in the data already, with another reason or author; nothing was changed")
    if existing and not attribution.day:
        return {act: existing}
    day = attribution.day or datetime.now(UTC).date().isoformat()
    return {act: content | {_triple(act, DATE, Literal(day, datatype=NamedNode(PREFIXES["xsd"] + "date")))}}


def _content(act: str, links: Mapping[str, str], attribution: Attribution) -> frozenset[Triple]:
    """Return the triples of an act without its type and date."""
    return frozenset(
        {
            *(_triple(act, SCS + link, NamedNode(iri)) for link, iri in links.items()),
            _triple(act, SCS + "reason", Literal(attribution.reason, language="en")),
            _triple(act, CREATOR, Literal(attribution.author)),
        }
    )


def _free_name(dataset: Dataset, stem: str, links: Mapping[str, str], attribution: Attribution) -> str:
    """Return the first numbered name that is unused, or used for an act with the same content."""
    names = (f"{PREFIXES['act']}{stem}-{number}" for number in count(1))
    return next(
        name
        for name in names
        if not (existing := asserted_triples(dataset, name)) or _content(name, links, attribution) <= existing
    )


def _triple(subject: str, predicate: str, value: Term) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), value)
