"""The library of questions: finds, describes, binds and answers the files in ``queries/``.

A file runs as it stands on any SPARQL 1.1 engine. Its header says what it asks; each parameter is a ``VALUES`` block,
whose content is replaced when the parameter is given, so that no query text is ever put together from strings.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from scs_kg.model.entity import Entity
from scs_kg.model.errors import BadFileError, EmptyInputError, EngineError, UnknownNameError, WrongUseError
from scs_kg.model.namespaces import PREFIXES, expand, local_id
from scs_kg.store import terms
from scs_kg.store.dataset import Dataset, run_query
from scs_kg.store.sparql_text import refuse_service
from scs_kg.store.terms import Literal, NamedNode, QueryResult, QuerySolutions, QueryTriples, Term, Triple

FEDERATED: Final = "federated"
_HEADER: Final = re.compile(r"^# (title|question|param):[ \t]*(\S.*?)[ \t]*$", re.MULTILINE)
_LEXICAL: Final = {
    "boolean": "true|false|0|1",
    "date": r"-?\d{4,}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(Z|[+-]\d\d:\d\d)?",
    "decimal": r"[+-]?(\d+(\.\d*)?|\.\d+)",
    "gYear": r"-?\d{4,}",
    "gYearMonth": r"-?\d{4,}-(0[1-9]|1[0-2])",
    "integer": r"[+-]?\d+",
}
_PARAM: Final = re.compile(r"^(?P<name>\w+) \((?P<type>[\w-]+:\w*)\) (?P<meaning>.+)$")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: ``type`` is the prefix of the IRIs it takes (``sys:``) or a datatype (``xsd:date``)."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Query:
    """A question of the library: its name is that of its file."""

    name: str
    title: str
    question: str
    params: tuple[Parameter, ...]
    sparql: str


Row = Mapping[str, Term | None]


class _Row(dict[str, Term | None]):
    """A row that knows which question should have had the column that is asked for."""

    def __init__(self, name: str, values: Iterable[tuple[str, Term | None]]) -> None:
        super().__init__(values)
        self.name = name

    def __missing__(self, key: str) -> None:
        raise EngineError(f"queries/{self.name}.rq: must select ?{key}")


def read(path: Path, *, bare: bool = False) -> Query:
    """Read one query file with its header, which may be missing if ``bare``; one in ``federated/`` may name SERVICE.

    Raises:
        BadFileError: the file cannot be read, or its header lacks a title or a question or declares a parameter
            without a ``VALUES`` block.
    """
    try:
        sparql = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadFileError(path, None, f"cannot be read: {error}") from error
    header = _HEADER.findall(sparql)
    fields = {key: value for key, value in header if key != "param"}
    missing = {"title", "question"} - fields.keys()
    if missing and not bare:
        raise BadFileError(path, 1, f"has no '# {min(missing)}:' line; begin the file with title and question")
    if not bare and path.parent.name != FEDERATED:
        try:
            refuse_service(sparql)
        except EngineError as error:
            raise BadFileError(path, None, str(error)) from error
    params = tuple(_param(path, sparql, value) for key, value in header if key == "param")
    name = f"{FEDERATED}/{path.stem}" if path.parent.name == FEDERATED and not bare else path.stem
    return Query(name, fields.get("title", path.name), fields.get("question", ""), params, sparql)


def parse(name: str, sparql: str) -> Query:
    """Return a query that is in no file; ``name`` is what messages call it, and its title unless it has one."""
    fields = dict(_HEADER.findall(sparql))
    params = tuple(_param(Path(name), sparql, value) for key, value in _HEADER.findall(sparql) if key == "param")
    return Query(name, fields.get("title", name), fields.get("question", ""), params, sparql)


def _param(path: Path, sparql: str, declared: str) -> Parameter:
    match = _PARAM.match(declared)
    if not match:
        raise BadFileError(path, 1, f"has a parameter that reads '{declared}'; write '# param: name (prefix:) meaning'")
    param = Parameter(match["name"], match["type"], match["meaning"])
    if param.type.rstrip(":") not in PREFIXES and not param.type.startswith("xsd:"):
        raise BadFileError(path, 1, f"has a parameter of the type '{param.type}', which is no prefix of ours")
    if param.name not in {match["name"] for match in _VALUES.finditer(sparql)}:
        raise BadFileError(path, 1, f"declares the parameter {param.name} and has no 'VALUES ?{param.name} {{ … }}'")
    return param


def read_all(root: Path, *, federated: bool = False) -> dict[str, Query]:
    """Return the questions of a project folder by name: those that the data here answer, or that also ask other hosts.

    Raises:
        EmptyInputError: there is none.
    """
    folder = root / "queries" / FEDERATED if federated else root / "queries"
    paths = sorted(folder.glob("*.rq"), key=lambda path: path.stem)
    found = {question.name: question for question in map(read, paths)}
    if not found:
        raise EmptyInputError(f"{folder}: contains no query; give the project folder with --root")
    return found


def is_file(path: Path) -> bool:
    """Tell whether a path is a file; a name that no file can have is none."""
    try:
        return path.is_file()
    except OSError:
        return False


def find(root: Path, name: str) -> Query:
    """Return the question of the library that is called so; raise UnknownNameError with the nearest names."""
    path = root / "queries" / f"{name}.rq"
    if "/" in name.removeprefix(f"{FEDERATED}/") or not is_file(path):
        raise UnknownNameError("query", name, {**read_all(root), **read_all(root, federated=True)})
    status = path.stat()
    return _read_version(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=256)
def _read_version(path: Path, modified: int, size: int) -> Query:
    """Read each version of a query file once; the time of its last change and its size identify the version."""
    return read(path)


def bind(query: Query, given: Mapping[str, str]) -> str:
    """Return the query text with the given values, each an id, a prefixed name, an IRI or a literal.

    Raises:
        UnknownNameError: the query has no such parameter.
        EngineError: a value cannot be a term of the parameter's type.
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
                raise ValueError(f"it is no {param.type}")
            return Literal(value, datatype=NamedNode(PREFIXES["xsd"] + name))
        return NamedNode(expand(value) or PREFIXES[param.type.rstrip(":")] + value)
    except ValueError as error:
        raise WrongUseError(f"{param.name}={value!r} cannot be used: {error}") from error


def rows(dataset: Dataset, name: str, **given: str) -> list[Row]:
    """Answer a SELECT of the library: one mapping from variable name to term (or None) for each row, in order."""
    return as_rows(_answer(dataset, name, given), name)


def as_rows(answer: QueryResult, name: str) -> list[Row]:
    """Return the answer of a question as rows; raise EngineError if it has none."""
    if not isinstance(answer, QuerySolutions):
        raise EngineError(f"queries/{name}.rq: must be a SELECT")
    names = [variable.value for variable in answer.variables]
    return [_Row(name, ((variable, solution[variable]) for variable in names)) for solution in answer]


def _answer(dataset: Dataset, name: str, given: Mapping[str, str]) -> QueryResult:
    question = find(dataset.root, name)
    try:
        return run_query(dataset, bind(question, given))
    except UnknownNameError as error:
        raise EngineError(f"queries/{name}.rq: {error}") from error
    except EngineError as error:
        raise EngineError(f"queries/{name}.rq{line_suffix(error)}: {error}") from error


def line_suffix(error: EngineError) -> str:
    """Return ``:line`` where the engine says on which line of a query an error is."""
    found = error_position(error)
    return f":{found[0]}" if found else ""


def error_position(error: EngineError) -> tuple[int, int] | None:
    """Return line and column, counted from 1, where the engine says that a query is malformed."""
    found = re.search(r"error at (\d+):(\d+)", str(error))
    return (int(found[1]), int(found[2])) if found else None


def triples(dataset: Dataset, name: str, **given: str) -> list[Triple]:
    """Answer a CONSTRUCT of the library."""
    answer = _answer(dataset, name, given)
    if not isinstance(answer, QueryTriples | tuple):
        raise EngineError(f"queries/{name}.rq: must be a CONSTRUCT")
    return list(answer)


def row_text(row: Row, name: str) -> str:
    """Return the variable of a row as a string, empty if it is unbound."""
    term = row[name]
    return "" if term is None else terms.text(term)


def row_entity(row: Row, name: str, label: str = "label") -> Entity:
    """Return the variable of a row as a thing, labelled by another variable of it."""
    return Entity(local_id(row_text(row, name)), row_text(row, name), row_text(row, label))
