"""Judges the claims that a selection keeps."""

from dataclasses import dataclass, replace
from types import MappingProxyType

from scs_kg import store
from scs_kg.judging.evidence import no_claims_error, no_systems_error
from scs_kg.judging.judge import by_pyshacl, judge
from scs_kg.judging.read_claims import read_claims, read_supersessions
from scs_kg.judging.selection import SelectedClaims, select_some
from scs_kg.judging.state import JudgedState, judge_claims, read_judging_rules
from scs_kg.model.entity import Entity
from scs_kg.model.namespaces import RDF, SCS
from scs_kg.model.selection import Selection
from scs_kg.model.verdicts import Verdict
from scs_kg.store import Dataset


@dataclass(frozen=True, slots=True)
class JudgedSelection:
    """The systems of a selection, judged from its claims; ``dataset`` is the opened dataset, which is not changed."""

    dataset: Dataset
    selected: SelectedClaims
    state: JudgedState

    @property
    def systems(self) -> tuple[Entity, ...]:
        """The compared systems, in the order of ``read_systems``."""
        return self.selected.systems

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """All verdicts on criteria, sorted by system and criterion."""
        return tuple(verdict for judged in self.state.system_states.values() for verdict in judged.verdicts)

    @property
    def conditions(self) -> tuple[Verdict, ...]:
        """All verdicts on conditions, sorted by system and condition."""
        return tuple(verdict for judged in self.state.system_states.values() for verdict in judged.conditions)


def judge_selection(dataset: Dataset, selection: Selection | None = None) -> JudgedSelection:
    """Judge an opened dataset from the claims of a selection (default: all claims).

    Raises:
        UnknownNameError: the selection names a source, a dataset, a system, a mode or a scope that does not exist.
        EmptyInputError: no claim, no system or no criterion is left.
    """
    selected = select_some(dataset, selection or Selection())
    rules = read_judging_rules(dataset)
    without = selected.left_out - selected.uncounted
    claims = [claim for claim in selected.claims if claim.iri not in without]
    if not {claim.iri for claim in claims} - selected.uncounted:
        raise no_claims_error(dataset)
    systems = system_iris(dataset) - selected.excluded_systems
    if not systems:
        raise no_systems_error(dataset)
    acts = (link for link in read_supersessions(dataset) if link.later not in without)
    state = judge_claims(rules, systems, claims, acts, selected.uncounted)
    return JudgedSelection(dataset, selected, _by_engine(dataset, state, selected.selection.engine))


def system_iris(dataset: Dataset) -> frozenset[str]:
    """Return the IRIs of all systems of a dataset."""
    return frozenset(store.text(term) for term in store.subjects(dataset, RDF + "type", SCS + "SocialCreditSystem"))


def judge_dataset(dataset: Dataset) -> JudgedState:
    """Judge every system of a dataset from all of its claims.

    Raises:
        EmptyInputError: there is no criterion, no system or no claim.
        UnknownNameError: a claim is about a system that does not exist.
        WrongUseError: a claim lacks its system, feature or finding.
    """
    claims, systems = read_claims(dataset), system_iris(dataset)
    if not claims:
        raise no_claims_error(dataset)
    if not systems:
        raise no_systems_error(dataset)
    return judge_claims(read_judging_rules(dataset), systems, claims, read_supersessions(dataset))


def _by_engine(dataset: Dataset, state: JudgedState, engine: str) -> JudgedState:
    """Return the state with the verdicts of an engine: ``formula`` leaves the state as is, ``pyshacl`` judges again."""
    if engine == "formula":
        return state
    criteria, conditions = state.rules.criteria, state.rules.conditions
    evidence = {system: judged.evidence for system, judged in state.system_states.items()}
    valuer = by_pyshacl(dataset, (*criteria, *conditions), evidence)
    system_states = {
        system: replace(
            judged,
            verdicts=tuple(judge(c, system, judged.evidence, valuer) for c in criteria),
            conditions=tuple(judge(c, system, judged.evidence, valuer) for c in conditions),
        )
        for system, judged in state.system_states.items()
    }
    return replace(state, system_states=MappingProxyType(system_states))
