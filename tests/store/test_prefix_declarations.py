"""Prefix declarations of Turtle are sorted, and only those in use are kept."""

import pytest

from scs_kg.store.prefix_declarations import sort_prefixes, used_prefixes

HEAD = "@prefix a: <x:a> .\n@prefix ab: <x:ab> .\n"


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ("ab:1 a ab:2 .\n", "@prefix ab: <x:ab> .\n"),
        ("a:1 a a:2 .\n", "@prefix a: <x:a> .\n"),
        ("<x:a:1> <y-ab:2> 1 .\n", ""),
        ("<x> <y> (a:1 ab:1) .\n", HEAD),
        ("", ""),
    ],
)
def test_only_declarations_in_use_are_kept(body: str, kept: str) -> None:
    assert used_prefixes(HEAD + body, "_-:") == kept + body
    assert used_prefixes(body, "_-:") == body


def test_declarations_are_sorted_and_other_lines_are_not() -> None:
    body = "b:1 b:2 b:3 .\n@prefix late: <x:late> .\na:1 a:2 a:3 .\n"
    assert sort_prefixes(b"@prefix b: <x:b> .\n@prefix a: <x:a> .\n" + body.encode()) == (
        b"@prefix a: <x:a> .\n@prefix b: <x:b> .\n" + body.encode()
    )
    assert sort_prefixes(b"") == b""
    assert sort_prefixes(b'{"a": 1}\n') == b'{"a": 1}\n'
