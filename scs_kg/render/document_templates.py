"""The templates in ``templates/`` of this package, with their words, filters and functions."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from scs_kg.model.claims import Mode
from scs_kg.model.matrix import Scope
from scs_kg.model.namespaces import local_id
from scs_kg.model.verdicts import OpenReason, Outcome
from scs_kg.render.language import gettext, language, listed, ngettext, translated
from scs_kg.render.table import FINDINGS, MODES, REASONS, SCOPES, SIGNS, WORDS, marked
from scs_kg.render.wrapping import fill

if TYPE_CHECKING:
    from jinja2 import Environment, Template


def words() -> dict[str, Any]:
    """Return the signs and words for values of the model that templates use, in the language of the context."""
    return {
        "signs": {outcome.value: SIGNS[outcome] for outcome in Outcome},
        "words": {outcome.value: gettext(WORDS[outcome]) for outcome in Outcome},
        "marked": marked,
        "scopes": {scope.value: gettext(SCOPES[scope]) for scope in Scope},
        "modes": {mode.value: gettext(MODES[mode]) for mode in Mode},
        "reasons": {why.value: gettext(REASONS[why]) for why in OpenReason},
        "findings": {finding: gettext(word) for finding, word in FINDINGS.items()},
    }


def template(name: str, width: int = 100) -> "Template":
    """Return a template by the name of its file; its filter ``wrap`` wraps text at ``width`` columns."""
    return _environment(width).get_template(name)


@lru_cache(maxsize=4)
def _environment(width: int) -> "Environment":
    """Return the environment of the templates; it keeps compiled templates, because compilation takes most time."""
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=PackageLoader("scs_kg.render"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals |= {"_": gettext, "ngettext": ngettext, "translated": translated, "language": language}
    environment.filters["listed"] = listed
    environment.filters["latex"] = _latex
    environment.filters["md"] = _markdown
    environment.filters["local"] = local_id
    environment.filters["wrap"] = lambda text, indent=0, whole=False: fill(
        text, width, " " * indent, break_on_hyphens=not whole
    )
    return environment


def _latex(text: str) -> str:
    escapes = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    escapes |= {char: "\\" + char for char in "&%$#_{}"}
    escapes |= {"√": r"$\surd$", "×": r"$\times$", "–": "--", "·": r"$\cdot$"}
    escapes |= {"◐": r"$\circ$", "§": r"\S{}"}
    return "".join(escapes.get(char, char) for char in " ".join(text.split()))


def _markdown(text: str) -> str:
    return "".join("\\" + char if char in "\\`*_{}[]<>|#" else char for char in " ".join(text.split()))
