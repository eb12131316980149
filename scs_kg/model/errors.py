"""The exceptions of the project. A message says what is wrong, where, and what to do."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final

MANY: Final = 40
"""The maximum number of known names in a message."""


class ScsError(Exception):
    """An error that stops a command and that its user can correct."""


class BadFileError(ScsError):
    """A file cannot be used. The message is ``file:line: what is wrong``."""

    def __init__(self, file: Path | str, line: int | None, message: str, column: int | None = None) -> None:
        """Describe the error: the file as the user names it, line and column (from 1) if known, and what is wrong."""
        self.file, self.line, self.column, self.reason = str(file), line, column, message
        super().__init__(f"{file}:{line}: {message}" if line else f"{file}: {message}")

    def __reduce__(self) -> tuple[type["BadFileError"], tuple[str, int | None, str, int | None]]:
        """Return how to rebuild the error in another process (``pickle``)."""
        return type(self), (self.file, self.line, self.reason, self.column)


class UnknownNameError(ScsError):
    """A name is unknown. The message suggests similar names."""

    def __init__(self, kind: str, name: str, known: Iterable[str], labels: Mapping[str, str] | None = None) -> None:
        """Describe the error: the kind of thing (``system``), the unknown name, the known names, and names by label."""
        names = sorted(known)
        by_text = {label.lower(): named for label, named in (labels or {}).items()} | {each: each for each in names}
        near = list(dict.fromkeys(by_text[match] for match in get_close_matches(name.lower(), sorted(by_text), 3, 0.5)))
        more = [f"and {len(names) - MANY} more"] if len(names) > MANY else []
        offer = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(names[:MANY] + more) or 'none'}"
        super().__init__(f"no {kind} is called '{name}'; {offer}")


class EmptyInputError(ScsError):
    """There is nothing to process, for example no claim. It is raised instead of returning an empty result."""


class EngineError(ScsError):
    """An engine rejected a query or a validation, or could not finish it."""


class LimitError(EngineError):
    """Work in a process of its own exceeded a limit of time, memory or depth, or the process crashed."""


class InternalError(EngineError):
    """The code of this project failed; the message names the exception."""


class WrongUseError(EngineError):
    """A request cannot be answered as given; another option, name or value is required."""


class FormatError(WrongUseError):
    """The requested format cannot represent a result."""


class RefusedError(EngineError):
    """A query is not run, because it would use the network, change data, or is too large."""
