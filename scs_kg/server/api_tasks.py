"""The tasks of the JSON API. The tasks use the same functions as the commands and return the same JSON."""

from dataclasses import replace

from scs_kg import store
from scs_kg.analysis.explain import explain as explain_cell
from scs_kg.analysis.explain import read_explanation_context
from scs_kg.judging.judged import JudgedSelection
from scs_kg.judging.matrix import judge_for_reading
from scs_kg.judging.query_values import resolve_values
from scs_kg.model.matrix import Matrix
from scs_kg.model.selection import Selection
from scs_kg.render import data
from scs_kg.render.explanation import explanation_json
from scs_kg.render.language import catalogue
from scs_kg.render.query_list import query_list_json
from scs_kg.server.api_operation import SELECTION, names
from scs_kg.server.api_parameters import Parameters, read_selection, refuse_others, single
from scs_kg.server.jobs import CSV, JSON, Reply
from scs_kg.server.negotiate import charset
from scs_kg.server.route import Arguments
from scs_kg.server.worker_state import WorkerState
from scs_kg.store import query_library
from scs_kg.store.merge import query_merged
from scs_kg.store.name_search import unknown_query


def compare(state: WorkerState, arguments: Arguments) -> Reply:
    """Compare as ``scs-kg compare --format json`` or csv does; ``params`` has the values of its options."""
    params = arguments["params"]
    refuse_others(params, names(SELECTION))
    _, matrix = _compare(state, params, read_selection(params))
    if arguments["form"] == "csv":
        return Reply(200, charset(CSV), data.matrix_csv(matrix).encode())
    return Reply(200, JSON, data.matrix_json(matrix).encode())


def explain(state: WorkerState, arguments: Arguments) -> Reply:
    """Explain the cell of a ``system`` and a ``principle`` as ``scs-kg explain --format json`` does."""
    params, system = arguments["params"], arguments["system"]
    refuse_others(params, names(SELECTION))
    selection = read_selection(params)
    one_system = replace(selection, systems=selection.systems or (system,))  # other systems do not affect the cell
    judged, matrix = _compare(state, params, one_system)
    if not selection.systems:
        matrix = replace(matrix, selection=replace(matrix.selection, systems=()))
    found = explain_cell(read_explanation_context(judged), matrix, system, arguments["principle"])
    return Reply(200, JSON, explanation_json(found).encode())


def _compare(state: WorkerState, params: Parameters, selection: Selection) -> tuple[JudgedSelection, Matrix]:
    return judge_for_reading(state.dataset, single(params, "guideline"), single(params, "reading"), selection)


def run_question(state: WorkerState, arguments: Arguments) -> Reply:
    """Run the library query called ``name`` as ``scs-kg query NAME --format json`` or csv does, with its ``params``."""
    if arguments["name"] not in state.questions:
        raise unknown_query(arguments["name"], state.questions.values(), catalogue("queries"))
    query = state.questions[arguments["name"]]
    refuse_others(arguments["params"], [parameter.name for parameter in query.params])
    values = {name: single(arguments["params"], name) or "" for name in arguments["params"]}
    sparql = query_library.bind(query, resolve_values(state.dataset, query, values))
    result = query_merged(state.merged, sparql)
    if isinstance(result, store.QueryTriples):
        return Reply(200, "application/ld+json", store.serialize_result(result, "jsonld", state.max_answer))
    if arguments["form"] == "csv" and isinstance(result, store.QuerySolutions):
        return Reply(200, charset(CSV), store.serialize_result(result, "csv", state.max_answer))
    return Reply(200, JSON, store.serialize_result(result, "json", state.max_answer))


def list_questions(state: WorkerState, arguments: Arguments) -> Reply:
    """List the queries of the library as ``scs-kg query --list --format json`` does, without federated ones."""
    refuse_others(arguments["params"], ())
    return Reply(200, JSON, data.as_json(query_list_json(state.questions.values())).encode())
