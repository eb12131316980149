"""Advice for the user after an error, as data; each front end turns the data into text with its own options."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

ALL_QUERIES: Final = "--list"
"""The value that stands for the list of all questions, where the name of a question is expected."""


@dataclass(frozen=True, order=True, slots=True)
class Advice:
    """A clause that follows the message of an error, with the punctuation before it.

    The clause has placeholders, which a front end replaces. A front end replaces ``{option}`` by an option, with its
    ``value`` if there is one. A front end replaces ``{questions}`` by the questions of the query library that list
    names. A front end replaces ``{command}`` by a command with its arguments. ``otherwise`` is the clause for a front
    end that does not have the option, the questions or the command.
    """

    text: str
    option: str = ""
    value: str = ""
    questions: tuple[str, ...] = ()
    command: str = ""
    otherwise: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the advice as data for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Advice":
        """Return the advice from its data."""
        return cls(**{**data, "questions": tuple(data.get("questions", ()))})


def _nothing(*_: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class FrontEnd:
    """The functions with which a front end writes an option and its value, a question that lists names, and a command.

    An empty text means that the front end has no such option, question or command.
    """

    option: Callable[[str, str], str] = _nothing
    question: Callable[[str], str] = _nothing
    command: Callable[[str], str] = _nothing

    def clause(self, advice: Advice) -> str:
        """Return advice in the words of this front end; empty if its users cannot follow the advice."""
        questions = [self.question(name) for name in advice.questions]
        written = {
            "{option}": self.option(advice.option, advice.value) if advice.option else "",
            "{questions}": " and ".join(questions) if all(questions) else "",
            "{command}": self.command(advice.command) if advice.command else "",
        }
        found = advice.text
        for place, words in written.items():
            if place in found and not words:
                return advice.otherwise
            found = found.replace(place, words)
        return found


COMMAND_LINE: Final = FrontEnd(
    option=lambda name, value: f"--{name} {value}".rstrip(),
    question=lambda name: f"'scs-kg query {name}'",
    command=lambda command: f"'scs-kg {command}'",
)
"""The command line, which has all options, questions and commands."""


WITHOUT_VERDICTS: Final = Advice("; export it without {option}, or as trig or nquads", "inferred")
PROJECT_FOLDER: Final = Advice("; give the project folder with {option}", "root")


def lists_all(questions: tuple[str, ...], *, after_question: bool = False) -> tuple[Advice, ...]:
    """Return the advice that questions of the query library list all names; None if there is no question."""
    if not questions:
        return ()
    start, end = " {questions}" if after_question else "; {questions}", " list all" if questions[1:] else " lists all"
    return (Advice(start + end, questions=questions),)
