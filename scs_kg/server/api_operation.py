"""The description of an operation of the JSON API: its parameters, its answer and its errors."""

from dataclasses import dataclass
from typing import Any, Final

from scs_kg.model.selection import CONFIDENCES, KINDS, MODES, SCOPES
from scs_kg.server.jobs import JSON

COMMON_ERRORS: Final = (400, 404, 414, 500, 503, 504)
BODY_ERRORS: Final = (413, 415)


@dataclass(frozen=True, slots=True)
class ApiParameter:
    """A parameter.

    With ``many``, it may be repeated or have several values; if ``values`` is set, only these are allowed.
    """

    name: str
    description: str
    many: bool = False
    values: tuple[str, ...] = ()
    location: str = "query"
    example: str = ""


@dataclass(frozen=True, slots=True)
class ApiOperation:
    """An operation: ``answer`` is the type of its JSON, ``errors`` are the statuses of its problems.

    If the operation ``has_csv``, a client that prefers CSV gets a table instead of JSON.
    A POST takes claims as its body. ``key`` is the name of the operation in OpenAPI, which is unique in the API.
    """

    path: str
    key: str
    summary: str
    answer: Any
    parameters: tuple[ApiParameter, ...] = ()
    methods: tuple[str, ...] = ("GET",)
    media_type: str = JSON
    errors: tuple[int, ...] = COMMON_ERRORS
    has_csv: bool = False


SELECTION: Final = (
    ApiParameter("guideline", "The guideline, by id; by default that of the reading.", example="china-2019"),
    ApiParameter("reading", "The reading of the guideline, by id; by default the first."),
    ApiParameter("as-of", "Use only claims about a time up to this date: 2019, 2019-06 or 2019-06-30.", example="2018"),
    ApiParameter("min-confidence", "Ignore claims below this confidence.", values=CONFIDENCES),
    ApiParameter("mode", "Use only claims about rules in force, or about practice.", values=MODES),
    ApiParameter("scope", "Leave cells that are not of this scope undecided.", many=True, values=SCOPES),
    ApiParameter("dataset", "Use only claims of this dataset; 'all' uses every dataset.", many=True),
    ApiParameter("without", "Ignore claims that have this source, by id.", many=True),
    ApiParameter("systems", "Compare only these systems, by id.", many=True),
    ApiParameter("kind", "Compare only systems of this kind.", many=True, values=KINDS),
)
WITHDRAWAL: Final = (
    *(parameter for parameter in SELECTION if parameter.name in {"guideline", "reading", "as-of", "dataset"}),
    ApiParameter("without", "Withdraw this claim, or all claims that have this source, by id.", many=True),
)
CELL: Final = (
    ApiParameter("system", "The system, by id, IRI or label.", location="path", example="shanghai"),
    ApiParameter("principle", "The principle, by id, IRI, label or number.", location="path", example="privacy"),
)


def names(parameters: tuple[ApiParameter, ...]) -> tuple[str, ...]:
    """Return the names of the parameters that are in the query of the URL."""
    return tuple(parameter.name for parameter in parameters if parameter.location == "query")
