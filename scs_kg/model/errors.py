"""The exceptions of the project. A message says what is wrong, where, and what to do."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from scs_kg.model.advice import COMMAND_LINE, Advice, FrontEnd, lists_all

MANY: Final = 40
"""The maximum number of known names in a message."""
FEW: Final = 20
"""A message lists up to this number of known names even if a command lists them."""
LONGEST: Final = 100
"""The maximum number of characters of an unknown name in a message."""


class ScsError(Exception):
    """An error that stops a command and that its user can correct.

    ``message`` says what is wrong, and where; ``advice`` says what to do, as data. The text of the error has message
    and advice in the words of a front end (default: the command line).
    """

    def __init__(self, message: str, *advice: Advice) -> None:
        """Create the error from a message (what is wrong) and advice (what a user can do)."""
        self.message, self.advice, self.front_end = message, advice, COMMAND_LINE
        super().__init__(message, *advice)

    def __str__(self) -> str:
        """Return message and advice in the words of the front end of this error."""
        return self.in_words(self.front_end)

    def in_words(self, front_end: FrontEnd) -> str:
        """Return message and advice in the words of a front end."""
        return self.message + "".join(map(front_end.clause, self.advice))

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what ``pickle`` needs to rebuild the error in another process, with the words of the command line."""
        state = {name: value for name, value in vars(self).items() if name != "front_end"}
        return _rebuilt, (type(self), state)


def _rebuilt(kind: type[ScsError], state: dict[str, Any]) -> ScsError:
    """Return an error of a class with some attributes."""
    error = kind.__new__(kind)
    ScsError.__init__(error, state["message"], *state["advice"])
    vars(error).update(state)
    return error


class BadFileError(ScsError):
    """A file cannot be used. The message is ``file:line: what is wrong``."""

    def __init__(
        self,
        file: Path | str,
        line: int | None,
        message: str,
        column: int | None = None,
        *,
        advice: Sequence[Advice] = (),
    ) -> None:
        """Describe the error: the file as the user names it, line and column (from 1) if known, and what is wrong."""
        self.file, self.line, self.column, self.reason = str(file), line, column, message
        super().__init__(f"{file}:{line}: {message}" if line else f"{file}: {message}", *advice)


class UnknownNameError(ScsError):
    """The error for an unknown name. The message suggests similar names, or lists the known names."""

    def __init__(
        self,
        kind: str,
        name: str,
        known: Iterable[str],
        *,
        near: Iterable[str] | None = None,
        listing: str = "",
    ) -> None:
        """Describe the error: the kind of thing (``system``), the unknown name, and the known names.

        ``near`` are the names to suggest, if they were already searched for. ``listing`` is the question of the query
        library that lists all names, or several questions, separated by commas.
        """
        names = sorted(known)
        name = name if len(name) <= LONGEST else f"{name[:LONGEST]}…"
        found = _similar(name, names) if near is None else list(near)
        questions = tuple(filter(None, listing.split(",")))
        message = f"no {kind} is called '{name}'"
        if found:
            super().__init__(
                f"{message}; did you mean {' or '.join(found)}?", *lists_all(questions, after_question=True)
            )
        elif questions and len(names) > FEW:
            super().__init__(message, *lists_all(questions))
        else:
            more = [f"and {len(names) - MANY} more"] if len(names) > MANY else []
            super().__init__(f"{message}; known: {', '.join(names[:MANY] + more) or 'none'}")


def _similar(name: str, names: Iterable[str]) -> list[str]:
    """Return up to three of the names that are similar to a name."""
    by_text = {each.lower(): each for each in names}
    return [by_text[match] for match in get_close_matches(name.lower(), sorted(by_text), 3, 0.5)]


class EmptyInputError(ScsError):
    """The error for input that has nothing to process, for example no claim.

    A function raises this error instead of returning an empty result.
    """


class EngineError(ScsError):
    """An engine rejected a query or a validation, or could not finish it."""


class LimitError(EngineError):
    """Work in a separate process exceeded a limit of time, memory or depth, or the process crashed."""


class InternalError(EngineError):
    """The code of this project failed; the message names the exception."""


class WrongUseError(EngineError):
    """A request cannot be answered as given; another option, name or value is required."""


class FormatError(WrongUseError):
    """The requested format cannot represent a result."""


class RefusedError(EngineError):
    """A query is not run, because it would use the network or change data, or because it is too large."""
