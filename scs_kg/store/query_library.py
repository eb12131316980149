"""The query library: reads, binds and runs the files in ``queries/``.

Each file runs unchanged on any SPARQL 1.1 engine. The header of a query file has a title, a question and parameters. A
parameter is a ``VALUES`` block. The given value replaces the content of the block, so that no query is built by string
concatenation.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from scs_kg.model.advice import PROJECT_FOLDER
from scs_kg.model.entity import Entity
from scs_kg.model.errors import BadFileError, EmptyInputError, EngineError, UnknownNameError, WrongUseError
from scs_kg.model.namespaces import PREFIXES, expand, local_id
from scs_kg.store import terms
from scs_kg.store.dataset import Dataset, run_query
from scs_kg.store.loading import library_folder
from scs_kg.store.sparql_text import refuse_service
from scs_kg.store.terms import Literal, NamedNode, QueryResult, QuerySolutions, QueryTriples, Term, Triple

FEDERATED: Final = "federated"
_HEADER: Final = re.compile(r"^# (title|question|param):[ \t]*(\S.*?)[ \t]*$", re.MULTILINE)
_LEXICAL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "boolean": "true|false|0|1",
        "date": r"-?\d{4,}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(Z|[+-]\d\d:\d\d)?",
        "decimal": r"[+-]?(\d+(\.\d*)?|\.\d+)",
        "gYear": r"-?\d{4,}",
        "gYearMonth": r"-?\d{4,}-(0[1-9]|1[0-2])",
        "integer": r"[+-]?\d+",
    }
)
_PARAM: Final = re.compile(r"^(?P<name>\w+) \((?P<type>[\w-]+:\w*)\) (?P<meaning>.+)$")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: ``type`` is the prefix of its IRIs (``sys:``) or a datatype (``xsd:date``)."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Query:
    """A query of the library; its name is the file name without suffix."""

    name: str
    title: str
    question: str
    params: tuple[Parameter, ...]
    sparql: str


Row = Mapping[str, Term | None]


class _Row(dict[str, Term | None]):
    """A row of a result; a variable that the query does not select raises EngineError with the name of the query."""

    def __init__(self, name: str, values: Iterable[tuple[str, Term | None]]) -> None:
        super().__init__(values)
        self.name = name

    def __missing__(self, key: str) -> None:
        raise EngineError(f"queries/{self.name}.rq: must select ?{key}")


def read(path: Path, *, bare: bool = False) -> Query:
    """Read a query file and its header. The header is optional if ``bare``; files in ``federated/`` may use SERVICE.

    Raises:
        BadFileError: the file cannot be read, or its header lacks a title or a question or declares a parameter
            without a ``VALUES`` block.
    """
    try:
        sparql = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadFileError(path, None, f"cannot be read: {getattr(error, 'strerror', None) or error}") from error
    header = _HEADER.findall(sparql)
    fields = {key: value for key, value in header if key != "param"}
    missing = {"title", "question"} - fields.keys()
    if missing and not bare:
        raise BadFileError(
            path, 1, f"has no '# {min(missing)}:' line; start the file with '# title:' and '# question:' lines"
        )
    if not bare and path.parent.name != FEDERATED:
        try:
            refuse_service(sparql)
        except EngineError as error:
            raise BadFileError(path, None, str(error)) from error
    params = tuple(_param(path, sparql, value) for key, value in header if key == "param")
    name = f"{FEDERATED}/{path.stem}" if path.parent.name == FEDERATED and not bare else path.stem
    return Query(name, fields.get("title", path.name), fields.get("question", ""), params, sparql)


def parse(name: str, sparql: str) -> Query:
    """Return a query that is not in a file; messages use ``name``, which is also the title if there is no title."""
    fields = dict(_HEADER.findall(sparql))
    params = tuple(_param(Path(name), sparql, value) for key, value in _HEADER.findall(sparql) if key == "param")
    return Query(name, fields.get("title", name), fields.get("question", ""), params, sparql)


def _param(path: Path, sparql: str, declared: str) -> Parameter:
    match = _PARAM.match(declared)
    if not match:
        raise BadFileError(path, 1, f"has a malformed parameter '{declared}'; write '# param: name (prefix:) meaning'")
    param = Parameter(match["name"], match["type"], match["meaning"])
    if param.type.rstrip(":") not in PREFIXES and not param.type.startswith("xsd:"):
        raise BadFileError(
            path, 1, f"has a parameter of the type '{param.type}', which is neither a known prefix nor an xsd datatype"
        )
    if param.name not in {match["name"] for match in _VALUES.finditer(sparql)}:
        raise BadFileError(path, 1, f"declares the parameter {param.name} and has no 'VALUES ?{param.name} {{ … }}'")
    return param


def read_all(root: Path, *, federated: bool = False) -> dict[str, Query]:
    """Return the local or the ``federated`` queries of a project folder, keyed by name.

    Raises:
        EmptyInputError: the folder has no query.
    """
    folder = library_folder(root) / "queries"
    folder = folder / FEDERATED if federated else folder
    paths = sorted(folder.glob("*.rq"), key=lambda path: path.stem)
    found = {query.name: query for query in map(read, paths)}
    if not found:
        raise EmptyInputError(f"{folder}: contains no query", PROJECT_FOLDER)
    return found


def is_file(path: Path) -> bool:
    """Like ``Path.is_file``, but return False for a name that the file system does not allow."""
    try:
        return path.is_file()
    except OSError:
        return False


def find(root: Path, name: str) -> Query:
    """Return a query of the library by name; if there is no such query, raise UnknownNameError with similar names."""
    path = library_folder(root) / "queries" / f"{name}.rq"
    if "/" in name.removeprefix(f"{FEDERATED}/") or not is_file(path):
        from scs_kg.store.name_search import unknown_query  # import only for an error

        raise unknown_query(name, (*read_all(root).values(), *read_all(root, federated=True).values()))
    status = path.stat()
    return _read_version(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=256)
def _read_version(path: Path, modified: int, size: int) -> Query:
    """Read each version of a query file once; the time of the last change and the size identify a version."""
    return read(path)


def bind(query: Query, given: Mapping[str, str]) -> str:
    """Return the query text with the given values; each value is an id, a prefixed name, an IRI or a literal.

    Raises:
        UnknownNameError: the query does not have one of the parameters.
        WrongUseError: a value is not valid for the type of its parameter.
    """
    params = {param.name: param for param in query.params}
    terms: dict[str, str] = {}
    for name, value in given.items():
        if name not in params:
            raise UnknownNameError(f"parameter of {query.name}", name, params)
        terms[name] = str(_term(params[name], value))
    return _VALUES.sub(lambda match: match[1] + terms.get(match["name"], match["now"]) + match[4], query.sparql)


_VALUES: Final = re.compile(r"(VALUES \?(?P<name>\w+) \{ )(?P<now>[^{}]*?)( \})")


def _term(param: Parameter, value: str) -> NamedNode | Literal:
    try:
        if param.type.startswith("xsd:"):
            name = param.type.removeprefix("xsd:")
            if not re.fullmatch(_LEXICAL.get(name, ".*"), value, re.DOTALL):
                raise ValueError(f"it is not a valid {param.type}")
            return Literal(value, datatype=NamedNode(PREFIXES["xsd"] + name))
        return NamedNode(expand(value) or PREFIXES[param.type.rstrip(":")] + value)
    except UnicodeEncodeError as error:
        raise WrongUseError(f"{param.name}={value!a} cannot be used: it is not UTF-8") from error
    except ValueError as error:
        raise WrongUseError(f"{param.name}={value!r} cannot be used: {error}") from error


def rows(dataset: Dataset, name: str, **given: str) -> list[Row]:
    """Run a SELECT of the library; return a mapping from variable name to term (or None) per row, in order."""
    return as_rows(_run(dataset, name, given), name)


def as_rows(answer: QueryResult, name: str) -> list[Row]:
    """Return a query result as rows; raise EngineError if it is not the result of a SELECT."""
    if not isinstance(answer, QuerySolutions):
        raise EngineError(f"queries/{name}.rq: must be a SELECT")
    names = [variable.value for variable in answer.variables]
    return [_Row(name, zip(names, solution, strict=True)) for solution in answer]


def _run(dataset: Dataset, name: str, given: Mapping[str, str]) -> QueryResult:
    query = find(dataset.library, name)
    try:
        return run_query(dataset, bind(query, given))
    except UnknownNameError as error:
        raise EngineError(f"queries/{name}.rq: {error}") from error
    except EngineError as error:
        raise EngineError(f"queries/{name}.rq{line_suffix(error)}: {error}") from error


def line_suffix(error: EngineError) -> str:
    """Return ``:line`` of a syntax error in a query; empty if the engine gives no position."""
    found = error_position(error)
    return f":{found[0]}" if found else ""


def error_position(error: EngineError) -> tuple[int, int] | None:
    """Return line and column of a syntax error, counted from 1; None if the engine gives no position."""
    found = re.search(r"error at (\d+):(\d+)", str(error))
    return (int(found[1]), int(found[2])) if found else None


def triples(dataset: Dataset, name: str, **given: str) -> list[Triple]:
    """Run a CONSTRUCT of the library and return its triples."""
    answer = _run(dataset, name, given)
    if not isinstance(answer, QueryTriples | tuple):
        raise EngineError(f"queries/{name}.rq: must be a CONSTRUCT")
    return list(answer)


def row_text(row: Row, name: str) -> str:
    """Return the value of a variable in a row as a string; empty if the variable is unbound."""
    term = row[name]
    if term.__class__ is NamedNode or term.__class__ is Literal:  # as terms.text, without a call
        return term.value
    return "" if term is None else terms.text(term)


def row_entity(row: Row, name: str, label: str = "label") -> Entity:
    """Return an entity; the variable ``name`` of a row has its IRI, and the variable ``label`` its label."""
    return Entity(local_id(row_text(row, name)), row_text(row, name), row_text(row, label))
