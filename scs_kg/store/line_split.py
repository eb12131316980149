"""Splits texts into lines at line feeds only.

``str.splitlines`` also splits at characters that N-Triples, Turtle and CSV allow inside a literal, such as U+2028 and
U+0085 (RDF 1.1 N-Triples, section 7, production EOL). A literal with such a character would be cut in two.
"""


def split_lines(text: str) -> list[str]:
    r"""Return the lines of a text, each with its ``\n`` at the end; only the last line may have no ``\n``."""
    lines = text.split("\n")
    last = lines.pop()
    return [f"{line}\n" for line in lines] + ([last] if last else [])
