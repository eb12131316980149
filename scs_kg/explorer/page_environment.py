"""An environment of Jinja templates with faster code: calls, words of the interface, members and escaped output.

The documents are the same as with the environment of Jinja. A site has millions of calls and outputs.
"""

from functools import lru_cache
from keyword import iskeyword
from typing import Any, Final

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

METHODS: Final = frozenset(dir(dict))
"""The names after a dot that are methods of a mapping, also if it has such a key."""
WORDS: Final = "t"
"""The variable with the words of the interface, which are nested mappings."""
CACHED_TEXTS: Final = 50_000
"""The maximum number of texts whose escaped form is kept."""


@lru_cache(maxsize=CACHED_TEXTS)
def _escaped_text(text: str) -> Markup:
    return escape(text)


def escaped(value: object) -> str:
    """Return a value as HTML, as ``escape`` does."""
    if value.__class__ is Markup:
        return value
    return _escaped_text(value) if value.__class__ is str else escape(value)


class PageCodeGenerator(CodeGenerator):
    """Generates code for templates that escape all output and call no function that takes the context."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write("environment.escaped(")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802  # the method of Jinja
        """Call a function or a macro directly; a macro escapes as the environment does."""
        if forward_caller or node.dyn_args or node.dyn_kwargs or any(iskeyword(pair.key) for pair in node.kwargs):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for argument in node.args:
            self.visit(argument, frame)
            self.write(", ")
        for pair in node.kwargs:
            self.write(f"{pair.key}=")
            self.visit(pair.value, frame)
            self.write(", ")
        self.write(")")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802  # the method of Jinja
        """Look a word of the interface up in its mapping; other members may be attributes or items."""
        if _is_word(node):
            self.visit(node.node, frame)
            self.write(f"[{node.attr!r}]")
        else:
            super().visit_Getattr(node, frame)


def _is_word(node: nodes.Expr) -> bool:
    """Return whether an expression is a word of the interface, or a mapping of words, such as ``t.text.claims``."""
    if isinstance(node, nodes.Getattr):
        return node.attr not in METHODS and _is_word(node.node)
    return isinstance(node, nodes.Name) and node.name == WORDS


class PageEnvironment(Environment):
    """An environment of templates that escape all output and call no function that takes the context."""

    code_generator_class = PageCodeGenerator
    escaped = staticmethod(escaped)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an attribute of an object; for a mapping, return the item with this key unless it is a method."""
        if obj.__class__ is dict and attribute not in METHODS and attribute in obj:
            return obj[attribute]
        try:
            return getattr(obj, attribute)
        except AttributeError:
            return super().getattr(obj, attribute)
