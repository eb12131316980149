"""An environment of Jinja templates with faster generated code: calls, members of mappings, and escaped output.

The documents are the same as with the environment of Jinja. A site has millions of calls and outputs.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from jinja2 import Environment
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import Expr
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

METHODS: Final = frozenset(dir(dict))
"""The names after a dot that are methods of a mapping, also if it has such a key."""
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


class PageContext(Context):
    """The variables of a template. No function in them takes the context or the environment as first argument."""

    def call(
        self,
        function: Callable[..., Any],
        /,
        *args: Any,
        _loop_vars: object = None,
        _block_vars: object = None,
        **kwargs: Any,
    ) -> Any:
        """Call a function or a macro."""
        if function.__class__ is Macro:
            return function(self.eval_ctx, *args, **kwargs)
        return function(*args, **kwargs)


class PageCodeGenerator(CodeGenerator):
    """Generates code that escapes with ``escaped``; all templates escape their output."""

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        self.write("environment.escaped(")


class PageEnvironment(Environment):
    """An environment of templates that call only functions without a context, and that escape all output."""

    code_generator_class = PageCodeGenerator
    context_class = PageContext
    escaped = staticmethod(escaped)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an attribute of an object; for a mapping, return the item with this key unless it is a method."""
        if obj.__class__ is dict and attribute not in METHODS and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)
