"""The tasks of the JSON API: what the commands answer, by the same functions, as the same JSON."""

from collections.abc import Iterable, Mapping
from typing import Any

from scs_kg import store
from scs_kg.analysis.explain import explain as explain_cell
from scs_kg.analysis.explain import read_explanation_context
from scs_kg.judging.matrix import judge_and_compare
from scs_kg.judging.selection import CONFIDENCES, KINDS, is_date, reopen
from scs_kg.model.errors import UnknownNameError, WrongUseError
from scs_kg.model.matrix import Matrix
from scs_kg.model.selection import Selection
from scs_kg.render import data
from scs_kg.render.answer import refuse_unknown
from scs_kg.render.explanation import explanation_json
from scs_kg.server.jobs import JSON, Reply
from scs_kg.server.worker_state import WorkerState
from scs_kg.store import Dataset, query_library

SELECTING = ("guideline", "reading", "as-of", "min-confidence", "dataset", "without", "systems", "kind")


def compare(world: WorkerState, given: Mapping[str, Any]) -> Reply:
    """Compare as ``scs-kg compare --format json`` does; ``params`` are lists of texts by the names of its options."""
    _, matrix = _judged(world, given["params"])
    return Reply(200, JSON, data.matrix_json(matrix).encode())


def explain(world: WorkerState, given: Mapping[str, Any]) -> Reply:
    """Explain the cell of a ``system`` and a ``principle`` as ``scs-kg explain --format json`` does."""
    dataset, matrix = _judged(world, given["params"])
    found = explain_cell(read_explanation_context(dataset), matrix, given["system"], given["principle"])
    return Reply(200, JSON, explanation_json(found).encode())


def _judged(world: WorkerState, given: Mapping[str, list[str]]) -> tuple[Dataset, Matrix]:
    refuse_others(given, SELECTING)
    for name, known in (("min-confidence", CONFIDENCES), ("kind", KINDS)):
        for value in set(given.get(name, [])) - set(known):
            raise UnknownNameError(name, value, known)
    selection = Selection(
        as_of=date_of(given),
        without=lists(given, "without"),
        datasets=lists(given, "dataset"),
        min_confidence=single(given, "min-confidence"),
        systems=lists(given, "systems"),
        kinds=lists(given, "kind"),
    )
    dataset = reopen(world.dataset)
    return dataset, judge_and_compare(dataset, single(given, "guideline"), single(given, "reading"), selection)


def refuse_others(given: Iterable[str], known: Iterable[str]) -> None:
    """Raise WrongUseError for a parameter that is none of those known."""
    for name in sorted(set(given) - set(known)):
        raise WrongUseError(f"no parameter is called '{name}'; known: {', '.join(known) or 'none'}")


def lists(given: Mapping[str, list[str]], name: str) -> tuple[str, ...]:
    """Return the values of a parameter that may be repeated, and hold several with commas between them.

    Raises:
        WrongUseError: the parameter is given and names nothing.
    """
    for value in given.get(name, []):
        if not value.strip(", "):
            raise WrongUseError(f"{name}={value} names nothing; give one name, or several with commas between them")
    return tuple(part.strip() for value in given.get(name, []) for part in value.split(",") if part.strip())


def date_of(given: Mapping[str, list[str]]) -> str | None:
    """Return the parameter ``as-of``; raise WrongUseError if it is no date."""
    when = single(given, "as-of")
    if when is not None and not is_date(when):
        raise WrongUseError(f"'{when}' is no date; write 2019, 2019-06 or 2019-06-30")
    return when


def single(given: Mapping[str, list[str]], name: str) -> str | None:
    """Return the value of a parameter, None if it is not given; raise WrongUseError if it is given twice."""
    values = given.get(name, [])
    if len(values) > 1:
        raise WrongUseError(f"{name} is given {len(values)} times; give it once")
    return values[0] if values else None


def question(world: WorkerState, given: Mapping[str, Any]) -> Reply:
    """Answer the question called ``name`` as ``scs-kg query NAME --format json`` does, with its ``params``."""
    asked = query_library.find(world.dataset.root, given["name"])
    refuse_others(given["params"], [param.name for param in asked.params])
    params = {name: single(given["params"], name) or "" for name in given["params"]}
    sparql = query_library.bind(asked, params)
    refuse_unknown(world.dataset, asked, params)
    found = store.run_query(world.dataset, sparql)
    if isinstance(found, store.QueryTriples):
        return Reply(200, "application/ld+json", store.serialize_result(found, "jsonld", world.answer))
    return Reply(200, JSON, store.serialize_result(found, "json", world.answer))


def questions(world: WorkerState, given: Mapping[str, Any]) -> Reply:
    """List the questions of the library, each with its parameters."""
    refuse_others(given["params"], ())
    listed = [
        {
            "name": name,
            "title": found.title,
            "question": found.question,
            "parameters": [{"name": p.name, "type": p.type, "meaning": p.meaning} for p in found.params],
        }
        for name, found in query_library.read_all(world.dataset.root).items()
    ]
    return Reply(200, JSON, data.as_json(listed).encode())
