"""Hypothesis strategies for readings with conditions of every kind, and verdicts on their criteria and conditions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from scs_kg.model.claims import Claim, Finding
from scs_kg.model.matrix import CellRule
from scs_kg.model.namespaces import PREFIXES
from scs_kg.model.verdicts import OpenReason, Outcome, Verdict
from scs_kg.store import Dataset
from scs_kg.store.dataset import add_triples, empty_dataset
from tests.conftest import ROOT
from tests.support.invented import CONDITIONS, FEATURES, MODES, SYSTEM, triples

CRITERIA = tuple(f"{PREFIXES['crit']}{name}" for name in ("one", "two", "three"))
GUIDELINE = PREFIXES["gl"] + "any"
READING = PREFIXES["reading"] + "any"
PRINCIPLES = (GUIDELINE + "/one", GUIDELINE + "/two")
CLAIMS = tuple(f"{PREFIXES['claim']}{name}" for name in ("p", "q", "r", "s"))
LABEL = 'skos:prefLabel "x"@en ; skos:definition "x"@en'
DATES = ("", "1999", "1999-12", "2000-01-31", "2000-02", "2001-05-06")

RANKED = tuple(enumerate((reason for reason in OpenReason if reason is not OpenReason.OUT_OF_SCOPE), start=1))
"""The reasons why a verdict is open, in the order of the ontology; the strongest reason is first."""

Conditions = frozenset[str]
conditions = st.frozensets(st.sampled_from(CONDITIONS), max_size=2)
some_claims = st.frozensets(st.sampled_from(CLAIMS), max_size=3)


@dataclass(frozen=True, slots=True)
class RandomProvision:
    """A provision; names are IRIs, and role and force are names of the ontology."""

    principle: str
    criterion: str
    role: str
    force: str
    conditions: Conditions


@dataclass(frozen=True, slots=True)
class RandomReading:
    """A reading of a guideline with two principles: its provisions, verdicts, and the conditions of each thing.

    ``since`` has dates, keyed by the IRI of the guideline or principle. ``region`` says where the guideline applies:
    where the system operates, in another place, or in no given place.
    """

    rule: CellRule
    provisions: Sequence[RandomProvision]
    premises: Mapping[str, Conditions]
    verdicts: Mapping[str, Verdict]
    claims: Mapping[str, Claim]
    since: Mapping[str, str]
    region: str
    system: str = SYSTEM

    def dataset(self) -> Dataset:
        """Return a dataset with the guideline, the reading and one system, without the verdicts."""
        dataset = Dataset(ROOT, empty_dataset().quads, {})
        given = f"""
            <{self.system}> a scs:SocialCreditSystem ; {LABEL} ; scs:kind scs:Local ; scs:operatesIn <urn:here> .
            <urn:here> scs:partOf <urn:land> .
            <{GUIDELINE}> {LABEL} ; scs:hasLegalNature scs:SoftLaw ; <http://purl.org/dc/terms/issued> "2000-02-01" .
            <{READING}> scs:readsGuideline <{GUIDELINE}> ; {LABEL} ; scs:source <urn:s> ; scs:cellRule scs:{self.rule} .
        """
        given += f"<{GUIDELINE}> scs:appliesIn <{self.region}> .\n" if self.region else ""
        for number, principle in enumerate(PRINCIPLES):
            given += f"<{principle}> scs:inGuideline <{GUIDELINE}> ; scs:number {number + 1} ; {LABEL} .\n"
        given += "".join(f'<{name}> scs:appliesSince "{date}" .\n' for name, date in self.since.items() if date)
        given += "".join(f"scs:{reason[0].upper()}{reason[1:]} scs:rank {rank} .\n" for rank, reason in RANKED)
        given += "".join(f"<{name}> a scs:Condition ; {LABEL} .\n" for name in CONDITIONS)
        given += "".join(f"<{name}> {LABEL} ; scs:polarity scs:Upholds .\n" for name in CRITERIA)
        for number, one in enumerate(self.provisions):
            given += f"""
                <urn:provision-{number}> scs:inReading <{READING}> ; scs:principle <{one.principle}> ;
                  scs:criterion <{one.criterion}> ; scs:locator "x" ; scs:rationale "x" ; scs:basis scs:Stated ;
                  scs:force scs:{one.force} ; scs:role scs:{one.role} .
            """
        on = {f"urn:provision-{n}": one.conditions for n, one in enumerate(self.provisions)} | dict(self.premises)
        links = ((name, condition) for name, chosen in on.items() for condition in sorted(chosen))
        given += "".join(f"<{name}> scs:appliesIf <{condition}> .\n" for name, condition in links)
        add_triples(dataset, triples(given), "urn:data")
        return dataset


@st.composite
def random_verdicts(draw: st.DrawFn, test: str) -> Verdict:
    """Draw a verdict on a criterion or a condition, given by IRI."""
    outcome = draw(st.sampled_from(Outcome))
    if test in CONDITIONS and outcome is Outcome.INAPPLICABLE:
        outcome = Outcome.PASSED
    claims = tuple(sorted(draw(some_claims)))
    if outcome is Outcome.CANT_TELL:
        reason = draw(st.sampled_from([reason for _, reason in RANKED]))
        return Verdict(SYSTEM, test, outcome, claims, reason, (draw(st.sampled_from(FEATURES)),))
    premises = tuple(claim for claim in claims if draw(st.booleans()))
    return Verdict(SYSTEM, test, outcome, claims, premises=premises if outcome is not Outcome.INAPPLICABLE else ())


@st.composite
def random_readings(draw: st.DrawFn) -> RandomReading:
    """Draw a reading of up to five provisions, and verdicts on all criteria and conditions."""
    provisions = st.builds(
        RandomProvision,
        st.sampled_from(PRINCIPLES),
        st.sampled_from(CRITERIA),
        st.sampled_from(["Deciding", "Deciding", "Supporting"]),
        st.sampled_from(["Plain", "Interpreted", "Plain", "Interpreted", "Aspirational"]),
        conditions,
    )
    seldom = st.one_of(st.just(frozenset[str]()), conditions)
    return RandomReading(
        rule=draw(st.sampled_from(CellRule)),
        provisions=draw(st.lists(provisions, max_size=5)),
        premises={name: draw(seldom) for name in (GUIDELINE, READING, PRINCIPLES[0])},
        verdicts={test: draw(random_verdicts(test)) for test in (*CRITERIA, *CONDITIONS)},
        claims={
            iri: Claim(iri, SYSTEM, FEATURES[0], Finding.PRESENT, as_of=draw(st.sampled_from(DATES)), mode=mode)
            for iri in CLAIMS
            for mode in [draw(st.sampled_from(MODES[:2]))]
        },
        since={name: draw(st.sampled_from(DATES)) for name in (GUIDELINE, PRINCIPLES[1])},
        region=draw(st.sampled_from(["", "", "urn:here", "urn:land", "urn:elsewhere"])),
    )
