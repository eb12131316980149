"""A problem in a file, with its position and the rule that the file breaks."""

from dataclasses import dataclass

from scs_kg.model.advice import COMMAND_LINE, Advice, FrontEnd


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """A fault in a file: its position, the node, what is wrong and how to correct it, and the rule that is broken.

    ``line`` and ``column`` count from 1; ``cell`` is a spreadsheet cell (``claims!C7``). ``near`` lists similar ids.
    ``severity`` is Violation, Warning or Info, as in SHACL. ``of_fields`` says that the file has fields instead of RDF.
    If the problem is an unknown id, ``listing`` is the question of the query library that lists all ids. ``advice`` is
    further advice for the author of the file.
    """

    file: str
    line: int | None
    node: str
    message: str
    rule: str
    severity: str = "Violation"
    column: int | None = None
    cell: str = ""
    near: tuple[str, ...] = ()
    of_fields: bool = False
    listing: str = ""
    advice: tuple[Advice, ...] = ()

    @property
    def place(self) -> str:
        """The file, with line and column or the cell, if known."""
        if self.cell:
            return f"{self.file}:{self.cell}"
        known = (str(part) for part in (self.file, self.line, self.line and self.column) if part)
        return ":".join(known)

    @property
    def offers(self) -> tuple[Advice, ...]:
        """The advice with similar ids, and the question that lists all ids; empty if there is nothing to suggest."""
        near = f"did you mean {' or '.join(self.near)}?" if self.near else ""
        if self.listing:
            otherwise = f" ({near})" if near else ""
            text = f" ({near} {{questions}} lists all)" if near else " ({questions} lists all)"
            return (Advice(text, questions=(self.listing,), otherwise=otherwise),)
        return (Advice(f" ({near})"),) if near else ()

    def offer(self, front_end: FrontEnd = COMMAND_LINE) -> str:
        """Return ``offers`` in the words of a front end."""
        return "".join(map(front_end.clause, self.offers))

    def correction(self, front_end: FrontEnd = COMMAND_LINE) -> str:
        """Return what is wrong and how to correct it, in the words of a front end."""
        return self.message + "".join(map(front_end.clause, self.advice))

    def in_words(self, front_end: FrontEnd) -> str:
        """Return the problem as one line, ``file:line: node: message``, in the words of a front end."""
        return f"{self.place}: {self.node}: {self.correction(front_end)}{self.offer(front_end)} [{self.rule}]"

    def __str__(self) -> str:
        """Return the problem as one line in the words of the command line."""
        return self.in_words(COMMAND_LINE)
