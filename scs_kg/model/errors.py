"""The few things that can go wrong, each with a message that says what, where and what to do."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final

MANY: Final = 40


class ScsError(Exception):
    """Anything that stops a command and that its user can mend."""


class BadFileError(ScsError):
    """A file that cannot be used: ``file:line: what is wrong``."""

    def __init__(self, file: Path | str, line: int | None, message: str, column: int | None = None) -> None:
        """Take the file as the user knows it, line and column if known (counted from 1), and what is wrong."""
        self.file, self.line, self.column, self.reason = str(file), line, column, message
        super().__init__(f"{file}:{line}: {message}" if line else f"{file}: {message}")

    def __reduce__(self) -> tuple[type["BadFileError"], tuple[str, int | None, str, int | None]]:
        """Return how to rebuild the error in another process (``pickle``)."""
        return type(self), (self.file, self.line, self.reason, self.column)


class UnknownNameError(ScsError):
    """A name that nothing answers to; the message offers the nearest ones."""

    def __init__(self, kind: str, name: str, known: Iterable[str], labels: Mapping[str, str] | None = None) -> None:
        """Take what was looked for (``system``), the name given, the names that exist, and the name for each label."""
        names = sorted(known)
        by_text = {label.lower(): named for label, named in (labels or {}).items()} | {each: each for each in names}
        near = list(dict.fromkeys(by_text[match] for match in get_close_matches(name.lower(), sorted(by_text), 3, 0.5)))
        more = [f"and {len(names) - MANY} more"] if len(names) > MANY else []
        offer = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(names[:MANY] + more) or 'none'}"
        super().__init__(f"no {kind} is called '{name}'; {offer}")


class EmptyInputError(ScsError):
    """Nothing to work on; silence is never success."""


class EngineError(ScsError):
    """A query or a validation that its engine refused or could not finish."""


class WrongUseError(EngineError):
    """Something asked for in a way that cannot be answered; asked otherwise, it can."""


class RefusedError(EngineError):
    """A query that is not run, whoever asks it: it would reach out, change something, or be too large."""
