"""Writes the advice of errors for users of the library, with arguments and methods of ``KnowledgeGraph``."""

from collections.abc import Callable, Mapping
from functools import wraps
from inspect import isfunction
from typing import Final, ParamSpec, TypeVar

from scs_kg.model.advice import ALL_QUERIES, FrontEnd
from scs_kg.model.errors import ScsError

P = ParamSpec("P")
T = TypeVar("T")
ARGUMENTS: Final[Mapping[str, str]] = {
    "as-of": "as_of",
    "dataset": "datasets",
    "guideline": "guideline",
    "min-confidence": "min_confidence",
    "mode": "mode",
    "reading": "reading",
    "root": "root",
    "scope": "scope",
    "timeout": "timeout",
}
"""The options of the command line, mapped to the arguments of the library."""


def _argument(option: str, value: str) -> str:
    name = ARGUMENTS.get(option, "")
    if not name or not value:
        return name and f"the argument '{name}'"
    return f"{name}=[{value!r}]" if name == "datasets" else f"{name}={value!r}"


def _method(question: str) -> str:
    return "questions()" if question == ALL_QUERIES else f"query({question!r})"


PYTHON: Final = FrontEnd(option=_argument, question=_method)
"""A program or a notebook that uses the library."""


def methods_in_python_words(kind: type[T]) -> type[T]:
    """Return a class whose public methods give errors with advice in the words of the library."""
    for name, member in list(vars(kind).items()):
        if isfunction(member) and not name.startswith("_"):
            setattr(kind, name, in_python_words(member))
    return kind


def in_python_words(function: Callable[P, T]) -> Callable[P, T]:
    """Return a function whose errors give advice in the words of the library."""

    @wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except ScsError as error:
            error.front_end = PYTHON
            raise

    return wrapped
