"""The faster code of templates writes what the code of Jinja writes."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError
from markupsafe import Markup, escape

from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.environment import environment
from scs_kg.explorer.html import html
from scs_kg.explorer.page import LANGUAGES
from scs_kg.explorer.page_environment import PageEnvironment, escaped
from scs_kg.explorer.router import addresses, page


@dataclass(frozen=True, slots=True)
class Thing:
    """An object with an attribute."""

    title: str = "<a> & b"


DATA: Mapping[str, object] = {
    "t": {"text": {"claims": "5 < 6 claims", "items": "a word that is a method"}},
    "thing": Thing(),
    "row": {"title": "<row>", "keys": "a key that is a method"},
    "safe": Markup("<b>safe</b>"),
    "join": lambda *parts, mark="&": mark.join(map(str, parts)),
    "parts": ["<", ">"],
}
TEMPLATES = {
    "macros": "{% macro shown(text, mark='!') %}<i>{{ text }}{{ mark }}</i>{% endmacro %}"
    "{% macro framed() %}[{{ caller() }}]{% endmacro %}",
    "texts": "{{ thing.title }}{{ safe }}{{ 5 }}{{ none }}{{ row.title }}{{ '<' ~ thing.title }}"
    "{{ ('<' ~ thing.title) | safe }}",
    "words": "{{ t.text.claims }}{{ t.text['items'] }}"
    "{% for key, word in t.text.items() %}{{ key }}{{ word }}{% endfor %}",
    "methods": "{% for key in row.keys() %}{{ key }}{% endfor %}{{ row['keys'] }}",
    "calls": "{{ join('<', safe) }}{{ join(1, 2, mark='<') }}{{ join(*parts) }}{{ join(**{'mark': '<'}) }}",
    "macro calls": "{% import 'macros' as macros %}{{ macros.shown('<') }}{{ macros.shown(safe, mark='<') }}"
    "{% call macros.framed() %}{{ thing.title }}{% endcall %}{{ macros.shown(macros.shown('<')) }}",
    "set": "{% set block %}{{ thing.title }}{% endset %}{{ block }}{% set found = join('<') %}{{ found }}",
    "filters": "{{ thing.title | upper }}{{ parts | join(', ') }}{{ safe | striptags }}{{ {'a': '<'} | tojson }}",
}


def rendered(kind: type[Environment], name: str) -> str:
    made = kind(loader=DictLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    return made.get_template(name).render(DATA)


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_give_the_same_as_with_jinja(name: str) -> None:
    assert rendered(PageEnvironment, name) == rendered(Environment, name)


@given(value=st.one_of(st.text(), st.text().map(Markup), st.integers(), st.none(), st.lists(st.text())))
def test_values_are_escaped_as_by_markupsafe(value: object) -> None:
    assert escaped(value) == escape(value)
    assert escaped(value) == escape(value)  # again, from the cache


@pytest.mark.parametrize("wrong", ["{{ row.missing }}", "{{ thing.missing }}", "{{ missing }}", "{{ row.missing() }}"])
def test_an_undefined_name_is_an_error(wrong: str) -> None:
    made = PageEnvironment(autoescape=True, undefined=StrictUndefined)
    with pytest.raises(UndefinedError, match="missing"):
        made.from_string(wrong).render(DATA)


def test_a_missing_word_is_an_error() -> None:
    with pytest.raises(KeyError, match="missing"):
        PageEnvironment(autoescape=True, undefined=StrictUndefined).from_string("{{ t.text.missing }}").render(DATA)


@pytest.mark.slow(seconds=10)
def test_pages_are_the_same_with_the_code_of_jinja(real_content: SiteContent, monkeypatch: pytest.MonkeyPatch) -> None:
    first: dict[str, str] = {}
    for address in addresses(real_content):
        first.setdefault(page(real_content, address).template, address)
    assert len(first) > 20

    def shown() -> list[str]:
        environment.cache_clear()
        return [html(real_content, page(real_content, address), own) for address in first.values() for own in LANGUAGES]

    fast = shown()
    monkeypatch.setattr("scs_kg.explorer.environment.PageEnvironment", Environment)
    monkeypatch.setattr("scs_kg.explorer.environment.COMPILED", None)
    plain = shown()
    environment.cache_clear()
    assert fast == plain
