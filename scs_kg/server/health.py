"""Reports to an operator whether the service answers; the answer shows that a worker can run a task."""

from scs_kg.model.version import __version__
from scs_kg.render import data
from scs_kg.server.cache import NO_STORE
from scs_kg.server.jobs import JSON, Reply
from scs_kg.server.route import Arguments
from scs_kg.server.worker_state import WorkerState
from scs_kg.store.ontology_header import ontology_header


def health(state: WorkerState, _: Arguments) -> Reply:
    """Return the versions of the code, the ontology and the data, and the number of quads of the data."""
    found = {
        "status": "ok",
        "version": __version__,
        "ontology": ontology_header(state.dataset).version,
        "data": state.digest,
        "quads": state.quads,
    }
    return Reply(200, JSON, data.as_json(found).encode(), {"cache-control": NO_STORE})
