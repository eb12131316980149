"""Advice of errors in the words of each front end; no message names an option that its user does not have."""

import ast
import json
import re
from collections.abc import Iterator
from inspect import signature

import pytest

from scs_kg.library.advice import ARGUMENTS as LIBRARY_ARGUMENTS
from scs_kg.library.advice import PYTHON
from scs_kg.library.graph import KnowledgeGraph, load
from scs_kg.model.advice import ALL_QUERIES, COMMAND_LINE, Advice, FrontEnd
from scs_kg.model.errors import EngineError, LimitError, ScsError, UnknownNameError, WrongUseError
from scs_kg.model.problem import Problem
from scs_kg.server.advice import API, ARGUMENTS, ASSISTANT, PARAMETERS
from scs_kg.server.api_operation import SELECTION, names
from scs_kg.store.isolation import decode_reply, run_limited
from scs_kg.store.name_search import QUESTIONS
from tests.conftest import ROOT
from tests.support.messages import calls, name_of, python_files

NAMES = [f"name-{number}" for number in range(30)]


def unknown(listing: str) -> UnknownNameError:
    """Return the error for an unknown name of which there are many."""
    return UnknownNameError("thing", "zebra", NAMES, listing=listing)


@pytest.mark.parametrize(
    ("error", "command", "api", "assistant", "python"),
    [
        (
            unknown("systems"),
            "'scs-kg query systems' lists all",
            "/api/systems lists all",
            "the query 'systems' lists all",
            "query('systems') lists all",
        ),
        (
            unknown("claims,provisions"),
            "'scs-kg query claims' and 'scs-kg query provisions' list all",
            "/api/claims and /api/query/provisions list all",
            "the query 'claims' and the query 'provisions' list all",
            "query('claims') and query('provisions') list all",
        ),
        (
            unknown(ALL_QUERIES),
            "'scs-kg query --list' lists all",
            "/api/query lists all",
            "the resource guide://reference/queries lists all",
            "questions() lists all",
        ),
        (
            ScsError("narrow it", Advice(", for example with {option}", "as-of")),
            "narrow it, for example with --as-of",
            "narrow it, for example with the parameter 'as-of'",
            "narrow it, for example with the argument 'as_of'",
            "narrow it, for example with the argument 'as_of'",
        ),
        (
            ScsError("narrow it", Advice(", or allow more with {option}", "timeout")),
            "narrow it, or allow more with --timeout",
            "narrow it",
            "narrow it",
            "narrow it, or allow more with the argument 'timeout'",
        ),
        (
            ScsError("none left", Advice("; {option} would leave 3", "dataset", "all", otherwise="; try others")),
            "none left; --dataset all would leave 3",
            "none left; dataset=all would leave 3",
            "none left; try others",
            "none left; datasets=['all'] would leave 3",
        ),
        (
            ScsError("fill it in", Advice(", or start with {command}", command="template --format xlsx")),
            "fill it in, or start with 'scs-kg template --format xlsx'",
            "fill it in",
            "fill it in",
            "fill it in",
        ),
    ],
)
def test_each_front_end_writes_the_advice_in_its_own_words(
    error: ScsError, command: str, api: str, assistant: str, python: str
) -> None:
    assert str(error).removeprefix("no thing is called 'zebra'; ") == command
    for front_end, expected in ((API, api), (ASSISTANT, assistant), (PYTHON, python)):
        assert error.in_words(front_end).removeprefix("no thing is called 'zebra'; ") == expected


def test_text_of_a_user_that_looks_like_a_command_is_unchanged() -> None:
    error = UnknownNameError("system", "'scs-kg query systems' with --as-of", ["alpha"])
    assert {error.in_words(each) for each in (API, ASSISTANT, PYTHON)} == {str(error)}


def test_advice_is_kept_when_an_error_is_sent_to_another_process() -> None:
    advice = Advice("; choose the guideline with {option}", "guideline")

    def work() -> bytes:
        raise WrongUseError("it is a principle of another", advice)

    with pytest.raises(WrongUseError) as error:
        run_limited(work, 10)
    assert error.value.advice == (advice,)
    assert (
        error.value.in_words(API) == "it is a principle of another; choose the guideline with the parameter 'guideline'"
    )
    with pytest.raises(LimitError) as late:
        run_limited(lambda: b"%d" % sum(range(10**12)), 0.1)
    assert str(late.value) == "the query exceeded its time limit of 0.1 s; narrow it, or allow more with --timeout"
    assert late.value.in_words(ASSISTANT) == "the query exceeded its time limit of 0.1 s; narrow it"


def test_an_error_in_a_reply_is_encoded_as_data() -> None:
    with pytest.raises(EngineError) as error:
        decode_reply(b"e", json.dumps(["wrong", [{"text": "; use {option}", "option": "mode"}]]).encode())
    assert error.value.in_words(API) == "wrong; use the parameter 'mode'"


@pytest.mark.parametrize("front_end", [API, ASSISTANT, PYTHON])
def test_a_problem_offers_names_without_a_command(front_end: FrontEnd) -> None:
    advice = (Advice(", or start with {command}", command="template"),)
    problem = Problem("f", 1, "n", "is wrong", "r", near=("a", "b"), listing="systems", advice=advice)
    assert str(problem) == (
        "f:1: n: is wrong, or start with 'scs-kg template' (did you mean a or b? 'scs-kg query systems' lists all) [r]"
    )
    listed = front_end.question("systems")
    assert problem.in_words(front_end) == f"f:1: n: is wrong (did you mean a or b? {listed} lists all) [r]"
    assert FrontEnd().clause(problem.offers[0]) == " (did you mean a or b?)"


def messages() -> Iterator[tuple[str, str]]:
    """Yield the constant texts in the arguments of errors and faults, except in advice, with their position."""
    for path in python_files(ROOT / "scs_kg"):
        if path.relative_to(ROOT / "scs_kg").parts[0] == "cli":
            continue
        for call in calls(path):
            if re.search(r"(Error|Fault|Problem)$", name_of(call)):
                parts = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "message")]
                for part in parts:
                    if not (isinstance(part, ast.Call) and name_of(part) == "Advice"):
                        yield from (
                            (node.value, f"{path.name}:{node.lineno}")
                            for node in ast.walk(part)
                            if isinstance(node, ast.Constant) and isinstance(node.value, str)
                        )


def test_no_message_outside_of_the_command_line_names_a_command_or_an_option() -> None:
    found = list(messages())
    assert len(found) > 300
    for text, place in found:
        assert not re.search(r"(?<![\w-])(?<!turtlefmt )--[a-z]|scs-kg (?!:)", text), (
            f"{place}: write it as advice: {text}"
        )


def test_the_options_are_those_of_the_api_and_of_the_tools() -> None:
    from scs_kg.server.assistant.protocol import AssistantTools  # it takes half a second

    assert set(names(SELECTION)) == PARAMETERS
    arguments = {
        name for tool in (AssistantTools.compare, AssistantTools.explain) for name in signature(tool).parameters
    }
    assert {name.replace("-", "_") for name in ARGUMENTS} == arguments - {"self", "system", "principle"}
    methods = (KnowledgeGraph.compare, KnowledgeGraph.explain, KnowledgeGraph.query, load)
    assert set(LIBRARY_ARGUMENTS.values()) <= {name for method in methods for name in signature(method).parameters}


def test_each_front_end_can_show_every_question_that_lists_names() -> None:
    for question in {name for each in QUESTIONS.values() for name in each.split(",")} | {ALL_QUERIES}:
        assert all(each.question(question) for each in (COMMAND_LINE, API, ASSISTANT, PYTHON)), question
