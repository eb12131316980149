"""Exports the input and the result of judging for any SHACL engine: facts, targeted shapes, validation report.

SHACL uses a closed world: a fact that is not stated is absent. To distinguish unknown from failed and passed, each
criterion becomes two shapes over the known facts. The first shape gives a violation if the criterion certainly fails.
The second shape gives an informational result if the criterion is undecided.
"""

from collections.abc import Iterable
from pathlib import Path

from scs_kg import store
from scs_kg.judging.evidence import derived_evidence
from scs_kg.judging.judge import fact_triples
from scs_kg.model.formula import AtLeast, Fact, Formula, dual
from scs_kg.model.namespaces import PREFIXES, SCS, SH, local_id
from scs_kg.model.verdicts import Criterion
from scs_kg.rules import engines
from scs_kg.rules.criteria import read_criteria
from scs_kg.store import Dataset, NamedNode
from scs_kg.store.atomic_write import write_atomically
from scs_kg.store.serialize import ntriples_to_turtle


def write_report(dataset: Dataset, folder: Path) -> tuple[Path, ...]:
    """Write ``facts.ttl``, ``shapes.ttl`` and ``report.ttl`` of a judged dataset to a folder and return their paths.

    The report is pySHACL's ``sh:ValidationReport`` (SHACL, section 3.6) on the other two files.
    """
    facts = fact_triples({system: found.known for system, found in derived_evidence(dataset).items()})
    shapes = all_targeted(dataset)
    report = engines.report_reference(facts, store.canonical_ntriples(shapes)).serialize(format="nt")
    texts = {
        "facts": ntriples_to_turtle(facts),
        "shapes": shapes,
        "report": ntriples_to_turtle(store.canonical_ntriples(report)),
    }
    return tuple(write_atomically(folder / f"{name}.ttl", text) for name, text in texts.items())


def all_targeted(dataset: Dataset) -> str:
    """Return the targeted shapes of all criteria as Turtle."""
    return _prefixes() + "".join(targeted(dataset, criterion) for criterion in read_criteria(dataset))


def targeted(dataset: Dataset, criterion: Criterion) -> str:
    """Return the two targeted shapes of a criterion as Turtle, without prefixes."""
    labels = store.objects(dataset, NamedNode(criterion.iri), PREFIXES["skos"] + "prefLabel")
    label = next(str(term) for term in labels if str(term).endswith("@en"))
    passes, fails = criterion.formula, dual(criterion.formula)
    if not criterion.upholds:
        passes, fails = fails, passes
    outcomes: list[Formula] = [passes, fails]
    if criterion.applies_if is not None:
        outcomes = [AtLeast(2, (criterion.applies_if, outcome)) for outcome in outcomes]
        outcomes.append(dual(criterion.applies_if))
    name = PREFIXES["shape"] + local_id(criterion.iri)
    target = f"a sh:NodeShape ;\n  rdfs:seeAlso <{criterion.iri}> ;\n  sh:targetClass scs:SocialCreditSystem ;"
    unknown = label.replace('"', '"Not known: ', 1)
    return (
        f"\n<{name}-failed> {target}\n  sh:severity sh:Violation ;\n  sh:message {label} ;\n"
        f"  sh:not {turtle(outcomes[1])} .\n"
        f"\n<{name}-open> {target}\n  sh:severity sh:Info ;\n"
        f"  sh:message {unknown} ;\n  sh:or ( {_all(outcomes)} ) .\n"
    )


def turtle(formula: Formula) -> str:
    """Return a formula as an anonymous shape in Turtle, in the subset of SHACL Core that criteria use."""
    if isinstance(formula, Fact):
        return f"[ sh:property [ sh:path {_link(formula)} ; sh:hasValue <{formula.feature}> ] ]"
    if formula.count == len(formula.parts):
        return f"[ sh:and ( {_all(formula.parts)} ) ]"
    if formula.count == 1:
        return f"[ sh:or ( {_all(formula.parts)} ) ]"
    facts = [part for part in formula.parts if isinstance(part, Fact)]
    counted = " ".join(f"<{fact.feature}>" for fact in facts)
    qualified = f"sh:qualifiedValueShape [ sh:in ( {counted} ) ] ; sh:qualifiedMinCount {formula.count}"
    return f"[ sh:property [ sh:path {_link(facts[0])} ; {qualified} ] ]"


def _all(formulas: Iterable[Formula]) -> str:
    return " ".join(turtle(formula) for formula in formulas)


def _link(fact: Fact) -> str:
    return "scs:hasFeature" if fact.present else "scs:lacksFeature"


def _prefixes() -> str:
    names = {"sh": SH, "scs": SCS, "rdfs": PREFIXES["rdfs"]}
    return "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in names.items())
