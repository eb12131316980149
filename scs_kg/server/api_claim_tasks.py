"""The tasks of the JSON API with claims as input: validation and what-if. Nothing is written."""

from base64 import b64decode
from datetime import UTC, datetime
from typing import Final

from scs_kg.analysis.whatif import whatif
from scs_kg.analysis.workspace import open_workspace
from scs_kg.contribute.check import check as find_problems
from scs_kg.contribute.check import check_context
from scs_kg.contribute.read import Draft, read_draft, reading_context
from scs_kg.contribute.report import ValidationReport
from scs_kg.judging.principles import read_principle_criteria
from scs_kg.judging.project import reopen
from scs_kg.model.errors import WrongUseError
from scs_kg.model.selection import Selection
from scs_kg.render import impact
from scs_kg.render.problems import as_problems_json
from scs_kg.server.advice import API
from scs_kg.server.api_operation import WITHDRAWAL, names
from scs_kg.server.api_parameters import date, many, refuse_others, single
from scs_kg.server.cache import NO_STORE
from scs_kg.server.jobs import JSON, Reply, problem
from scs_kg.server.route import Arguments
from scs_kg.server.worker_state import WorkerState
from scs_kg.store import Dataset

FILE: Final = "claims"
"""The name of the request body in problems."""


def check(state: WorkerState, arguments: Arguments) -> Reply:
    """Validate ``claims`` (in Base64) of a ``form`` as ``scs-kg check --format json`` does."""
    refuse_others(arguments["params"], ())
    _, report = _validated(reopen(state.dataset), arguments)
    return Reply(200, JSON, as_problems_json(report, API).encode(), {"cache-control": NO_STORE})


def what_if(state: WorkerState, arguments: Arguments) -> Reply:
    """Return the effect of adding ``claims`` or withdrawing claims, as ``scs-kg whatif --format json`` does.

    Claims that break a rule are not judged: the answer is a problem that lists the violations.
    """
    params = arguments["params"]
    refuse_others(params, names(WITHDRAWAL))
    if not arguments["claims"] and not params.get("without"):
        raise WrongUseError("send claims by POST, or name the claims or sources to withdraw in 'without'")
    dataset, ntriples = reopen(state.dataset), ""
    if arguments["claims"]:
        draft, report = _validated(dataset, arguments)
        if not report.conforms:
            violations = [violation.in_words(API) for violation in report.violations]
            return problem(422, "the claims break rules; correct them and send them again", {"problems": violations})
        ntriples = draft.ntriples
    criteria = read_principle_criteria(dataset, single(params, "guideline"), single(params, "reading"))
    selection = Selection(as_of=date(params, "as-of"), datasets=many(params, "dataset"))
    workspace = open_workspace(dataset, criteria, selection)
    found = whatif(workspace, ntriples, many(params, "without"))
    return Reply(200, JSON, impact.whatif_json(found, workspace.selection).encode(), {"cache-control": NO_STORE})


def _validated(dataset: Dataset, arguments: Arguments) -> tuple[Draft, ValidationReport]:
    base = reading_context(dataset)
    draft = read_draft(base, FILE, arguments["form"], b64decode(arguments["claims"]))
    return draft, find_problems(check_context(base), [draft], datetime.now(UTC).date().isoformat())
