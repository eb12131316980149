"""The tasks of the JSON API that take claims: their check, and what would follow from them. Nothing is ever written."""

from base64 import b64decode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from scs_kg.analysis.whatif import whatif
from scs_kg.analysis.workspace import open_workspace
from scs_kg.contribute.check import check as find_problems
from scs_kg.contribute.check import check_context
from scs_kg.contribute.read import Draft, read_draft, reading_context
from scs_kg.contribute.report import ValidationReport
from scs_kg.judging.cells import read_principle_criteria
from scs_kg.judging.selection import reopen
from scs_kg.model.errors import WrongUseError
from scs_kg.model.selection import Selection
from scs_kg.render import impact
from scs_kg.render.problems import REPORTS
from scs_kg.server.api_tasks import date_of, lists, refuse_others, single
from scs_kg.server.cache import NO_STORE
from scs_kg.server.jobs import JSON, Reply, problem
from scs_kg.server.worker_state import WorkerState
from scs_kg.store import Dataset

FILE: Final = "claims"
TAKEN: Final = ("guideline", "reading", "as-of", "dataset", "without")


def check(world: WorkerState, given: Mapping[str, Any]) -> Reply:
    """Hold ``claims`` (in Base64) of a ``form`` against the rules as ``scs-kg check --format json`` does."""
    refuse_others(given["params"], ())
    _, report = _checked(reopen(world.dataset), given)
    return Reply(200, JSON, REPORTS["json"](report).encode(), {"cache-control": NO_STORE})


def what_if(world: WorkerState, given: Mapping[str, Any]) -> Reply:
    """Tell as ``scs-kg whatif --format json`` does what follows from ``claims``, or from leaving some out.

    Claims that break a rule are not judged: the answer is a problem that lists what is wrong with them.
    """
    params = given["params"]
    refuse_others(params, TAKEN)
    if not given["claims"] and not params.get("without"):
        raise WrongUseError("send claims by POST, or say by without what to leave out")
    dataset, ntriples = reopen(world.dataset), ""
    if given["claims"]:
        draft, report = _checked(dataset, given)
        if not report.conforms:
            broken = list(map(str, report.violations))
            return problem(422, "the claims break rules, so that nothing follows from them", {"problems": broken})
        ntriples = draft.ntriples
    asked = read_principle_criteria(dataset, single(params, "guideline"), single(params, "reading"))
    selection = Selection(as_of=date_of(params), datasets=lists(params, "dataset"))
    found = whatif(open_workspace(dataset, asked, selection), ntriples, lists(params, "without"))
    return Reply(200, JSON, impact.whatif_json(found).encode(), {"cache-control": NO_STORE})


def _checked(dataset: Dataset, given: Mapping[str, Any]) -> tuple[Draft, ValidationReport]:
    base = reading_context(dataset)
    draft = read_draft(base, FILE, given["form"], b64decode(given["claims"]))
    return draft, find_problems(check_context(base), [draft], datetime.now(UTC).date().isoformat())
