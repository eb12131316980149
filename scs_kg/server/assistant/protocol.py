"""The server of the Model Context Protocol: tools that run within limits, and the guides as resources."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import anyio.to_thread
from mcp.server.fastmcp import FastMCP
from mcp.server.fastmcp.exceptions import ToolError
from mcp.server.fastmcp.resources import TextResource
from mcp.types import ToolAnnotations
from pydantic import AnyUrl, Field

from scs_kg.model.errors import ScsError
from scs_kg.server.advice import ASSISTANT
from scs_kg.server.assistant.limits import TOOLS, Call

INSTRUCTIONS: Final = (
    "Compares social credit systems with AI-ethics guidelines and laws, from sourced claims. Use search to find ids. "
    "Never quote a mark without its counts, its scope and the selection, and use the citation of the answer. "
    "'Not known' means that the claims do not decide the question."
)
READ_ONLY: Final = ToolAnnotations(readOnlyHint=True, destructiveHint=False, idempotentHint=True, openWorldHint=False)
GUIDES: Final = ("concepts", "how-to", "reference", "tutorials")

Names = Annotated[list[str] | None, Field(description="ids, IRIs or labels in English or Chinese")]
Principle = Annotated[str | int, Field(description="id or label of a principle, or its number: 22, or 'Art. 7(3)'")]
Guideline = Annotated[str | None, Field(description="id of a guideline, such as gdpr-2016; default: the base paper's")]
Reading = Annotated[str | None, Field(description="id of a reading; default: the first of the guideline")]
AsOf = Annotated[str | None, Field(description="use only claims about a time up to this date: 2019 or 2019-06-30")]
Mode = Annotated[Literal["de-jure", "de-facto"] | None, Field(description="only claims about rules, or practice")]
Kind = Literal["local", "national", "commercial", "comparator"]
Kinds = Annotated[list[Kind] | None, Field(description="kinds of system")]


class AssistantTools:
    """The tools, as methods for the SDK: the signature of a method is the schema, and the docstring the description."""

    def __init__(self, call: Call) -> None:
        """Create the tools from the function that calls a tool by its name within limits."""
        self._call: Final = call

    async def _answer(self, tool: str, /, **arguments: Any) -> dict[str, Any]:
        given = {key: value for key, value in arguments.items() if value is not None}
        try:
            return await anyio.to_thread.run_sync(self._call, tool, given)
        except ScsError as error:
            raise ToolError(error.in_words(ASSISTANT)) from error

    async def compare(
        self,
        guideline: Guideline = None,
        reading: Reading = None,
        systems: Names = None,
        kinds: Kinds = None,
        as_of: AsOf = None,
        mode: Mode = None,
        without: Names = None,
    ) -> dict[str, Any]:
        """Compare systems with the principles of a guideline: each cell has a mark, counts, scope and words."""
        chosen = {"systems": systems, "kinds": kinds, "as_of": as_of, "mode": mode, "without": without}
        return await self._answer("compare", guideline=guideline, reading=reading, **chosen)

    async def explain(
        self,
        system: str,
        principle: Principle,
        guideline: Guideline = None,
        reading: Reading = None,
        as_of: AsOf = None,
    ) -> dict[str, Any]:
        """Explain one cell: clauses, criteria, claims with source and locator, and what would change the cell."""
        cell = {"system": system, "principle": str(principle)}
        return await self._answer("explain", **cell, guideline=guideline, reading=reading, as_of=as_of)

    async def query(self, query: str, parameters: dict[str, str | int] | None = None) -> dict[str, Any]:
        """Answer a SPARQL 1.1 query, or a prepared query by name: see the resource on queries."""
        values = {name: str(value) for name, value in parameters.items()} if parameters else None
        return await self._answer("query", query=query, parameters=values)

    async def what_if(
        self,
        claims: Annotated[str, Field(description="new claims in YAML, or nothing")] = "",
        without: Annotated[list[str] | None, Field(description="claims or sources to withdraw, by id")] = None,
        guideline: Guideline = None,
        reading: Reading = None,
    ) -> dict[str, Any]:
        """Say which cells would change if claims were added or withdrawn. Nothing is written."""
        change = {"claims": claims, "without": without}
        return await self._answer("what_if", **change, guideline=guideline, reading=reading)

    async def check(self, claims: str, form: Literal["yaml", "csv", "turtle", "jsonld"] = "yaml") -> dict[str, Any]:
        """Validate claims in the context of the data; each problem has a line, a rule and a remedy."""
        return await self._answer("check", claims=claims, form=form)

    async def search(self, name: str, limit: int = 10) -> dict[str, Any]:
        """Find systems, features, criteria, guidelines and principles by a name in English or Chinese."""
        return await self._answer("search", name=name, limit=limit)


def assistant_server(call: Call, docs: Path, host: str = "127.0.0.1", port: int = 8001) -> FastMCP:
    """Return a server whose tools use ``call`` and whose resources are the pages in ``docs``.

    ``host`` and ``port`` are used for HTTP only.
    """
    server = FastMCP("scs-kg", instructions=INSTRUCTIONS, host=host, port=port, stateless_http=True, json_response=True)
    tools = AssistantTools(call)
    for name in TOOLS:
        server.add_tool(getattr(tools, name), annotations=READ_ONLY)
    for resource in guides(docs):
        server.add_resource(resource)
    return server


def guides(docs: Path) -> Iterator[TextResource]:
    """Yield the guides as resources, ``guide://tutorials/first-matrix``, each with its first heading as title."""
    for folder in GUIDES:
        for path in sorted((docs / folder).glob("*.md")):
            text = path.read_text("utf-8")
            name = f"{folder}/{path.stem}"
            title = text.partition("\n")[0].removeprefix("# ")
            uri = AnyUrl(f"guide://{name}")
            yield TextResource(uri=uri, name=name, title=title, text=text, mime_type="text/markdown")
