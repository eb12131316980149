"""The server of the Model Context Protocol, used by the client of the official SDK on the invented world."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scs_kg.judging.project import open_guarded
from scs_kg.model.errors import EngineError, WrongUseError
from scs_kg.server.assistant.limits import TOOLS, Call, ToolLimits, limited
from scs_kg.server.assistant.tools import Toolbox
from tests.conftest import ROOT
from tests.support.claims import CLAIM

if TYPE_CHECKING:  # the import takes half a second, and each worker imports this module
    from mcp import ClientSession

BESIDE = {"selection", "sources", "cite", "limits"}


@pytest.fixture(scope="module")
def toolbox(shared_world: Path) -> Toolbox:
    return Toolbox(open_guarded(shared_world))


@pytest.fixture(scope="module")
def call(toolbox: Toolbox) -> Iterator[Call]:
    with limited(toolbox, ToolLimits(seconds=60)) as found:
        yield found


def with_client(call: Call, use: "Callable[[ClientSession], Awaitable[Any]]") -> Any:
    """Use a client that is connected to a server in this process."""
    from mcp.shared.memory import create_connected_server_and_client_session

    from scs_kg.server.assistant.protocol import assistant_server

    async def connected() -> Any:
        server = assistant_server(call, ROOT / "docs")
        async with create_connected_server_and_client_session(server) as client:
            return await use(client)

    return asyncio.run(connected())


def ask(call: Call, tool: str, **arguments: Any) -> dict[str, Any]:
    """Call a tool as a client and return its answer, which is the same as text and as data."""
    from mcp.types import TextContent

    result = with_client(call, lambda client: client.call_tool(tool, arguments))
    assert not result.isError, result.content
    (content,) = result.content
    assert isinstance(content, TextContent)
    answer: dict[str, Any] = json.loads(content.text)
    assert result.structuredContent == answer
    return answer


def test_the_tools_are_listed_and_change_nothing(call: Call) -> None:
    listed = with_client(call, lambda client: client.list_tools()).tools
    assert tuple(tool.name for tool in listed) == TOOLS
    for tool in listed:
        assert tool.description
        assert tool.annotations.readOnlyHint


def test_a_comparison_has_counts_scope_selection_sources_and_citation(call: Call) -> None:
    answer = ask(call, "compare", systems=["alpha"])
    assert answer.keys() >= BESIDE
    assert answer["selection"]["systems"] == ["alpha"]
    assert answer["selection"]["sentence"].startswith("Claims counted")
    for cell in answer["cells"]:
        counts = cell["counts"]
        assert counts["of"] == counts["met"] + counts["notMet"] + counts["open"]
        assert cell["mark"].endswith("·") or f"/{counts['of']}" in cell["mark"]
        assert cell["scope"]
        assert cell["words"]
    assert any(cell["counts"]["met"] for cell in answer["cells"])
    assert answer["sources"]
    assert answer["sources"][0]["reference"]


def test_an_explanation_is_that_of_the_cell(call: Call, toolbox: Toolbox) -> None:
    answer = ask(call, "explain", system="alpha", principle="kindness")
    assert answer.keys() >= BESIDE
    assert answer["explanation"] == toolbox.graph.explain("alpha", "kindness").to_dict()
    assert answer["cite"] == answer["explanation"]["citation"]


def test_a_principle_may_be_given_by_its_number(call: Call) -> None:
    described = with_client(call, lambda client: client.list_tools()).tools[TOOLS.index("explain")].inputSchema
    assert "number" in described["properties"]["principle"]["description"]
    answers = [ask(call, "explain", system="alpha", principle=number) for number in (1, "1")]
    assert answers[0] == answers[1] == ask(call, "explain", system="alpha", principle="kindness")


def test_a_query_is_answered_and_a_service_call_is_refused(call: Call) -> None:
    answer = ask(call, "query", query="claims", parameters={"system": "alpha"})
    assert answer["complete"]
    assert answer["count"] == len(answer["rows"]) > 0
    with pytest.raises(EngineError, match="SERVICE"):
        call("query", {"query": "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"})


def test_claims_are_checked_and_judged_without_being_written(call: Call, shared_world: Path) -> None:
    before = {path: path.read_bytes() for path in shared_world.rglob("*.ttl")}
    assert ask(call, "check", claims=CLAIM)["conforms"]
    assert not ask(call, "check", claims=CLAIM.replace("cake", "no-such-feature"))["conforms"]
    answer = ask(call, "what_if", claims=CLAIM)
    assert answer["counts"]["changed"] == len(answer["changed"])
    assert {path: path.read_bytes() for path in shared_world.rglob("*.ttl")} == before


def test_a_search_finds_names_and_ids(call: Call) -> None:
    answer = ask(call, "search", name="alpha")
    assert answer["found"][0]["id"].endswith("alpha")
    with pytest.raises(WrongUseError, match="from 1 to 50"):
        call("search", {"name": "alpha", "limit": 0})


def test_an_unknown_name_is_an_error_with_a_suggestion(call: Call) -> None:
    result = with_client(call, lambda client: client.call_tool("compare", {"systems": ["alhpa"]}))
    assert result.isError
    assert "did you mean alpha? the query 'systems' lists all" in result.content[0].text
    result = with_client(call, lambda client: client.call_tool("explain", {"system": "alpha", "principle": "tidiness"}))
    assert result.content[0].text.endswith("choose the guideline with the argument 'guideline'")
    wrong = ask(call, "check", claims=CLAIM.replace("cake", "no-such-feature"))
    assert "scs-kg query" not in json.dumps(wrong["report"])


def test_a_request_that_exceeds_a_limit_ends_with_an_error(toolbox: Toolbox) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    with limited(toolbox, ToolLimits(seconds=0.5)) as call, pytest.raises(EngineError, match="exceeded its time limit"):
        call("query", {"query": endless})
    with limited(toolbox, ToolLimits(answer_bytes=100)) as call, pytest.raises(WrongUseError, match="narrow"):
        call("compare", {})


def test_without_fork_the_tools_run_in_a_thread(toolbox: Toolbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("os.fork")
    with limited(toolbox, ToolLimits(seconds=60)) as call:
        assert call("search", {"name": "alpha"})["count"]
        with pytest.raises(WrongUseError, match="there is no tool"):
            call("delete", {})


def test_the_guides_are_resources(call: Call) -> None:
    from mcp.types import TextResourceContents
    from pydantic import AnyUrl

    async def read(client: "ClientSession") -> tuple[list[str], str]:
        names = [str(resource.uri) for resource in (await client.list_resources()).resources]
        (content,) = (await client.read_resource(AnyUrl("guide://how-to/cite"))).contents
        assert isinstance(content, TextResourceContents)
        return names, content.text

    names, text = with_client(call, read)
    pages = [
        path for folder in ("concepts", "how-to", "reference", "tutorials") for path in ROOT.glob(f"docs/{folder}/*.md")
    ]
    assert len(names) == len(pages)
    assert text == (ROOT / "docs" / "how-to" / "cite.md").read_text("utf-8")


@pytest.mark.slow(seconds=4)
def test_the_command_answers_on_standard_input(shared_world: Path, tmp_path: Path) -> None:
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    async def connected() -> list[str]:
        command = StdioServerParameters(
            command=sys.executable,
            args=["-m", "scs_kg", "mcp", "--root", str(shared_world)],
            env={"PYTHONPATH": str(ROOT)},
        )
        errors = (tmp_path / "errors.txt").open("w")
        async with stdio_client(command, errors) as (reading, writing), ClientSession(reading, writing) as client:
            await client.initialize()
            result = await client.call_tool("search", {"name": "alpha"})
            assert not result.isError
            return [tool.name for tool in (await client.list_tools()).tools]

    assert asyncio.run(connected()) == list(TOOLS)
    assert "Traceback" not in (tmp_path / "errors.txt").read_text("utf-8")
