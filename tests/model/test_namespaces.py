"""The prefixed names of IRIs."""

from hypothesis import given
from hypothesis import strategies as st

from scs_kg.model.namespaces import PREFIXES, curie, expand

IRIS = st.builds("".join, st.lists(st.sampled_from([*PREFIXES.values(), "https://w3id.org/", "a", "a-b", "/", "#"])))


def test_each_namespace_ends_at_a_slash_or_a_hash_and_has_one_prefix() -> None:
    assert [name for name, namespace in PREFIXES.items() if not namespace.endswith(("/", "#"))] == []
    assert len(set(PREFIXES.values())) == len(PREFIXES)


@given(IRIS)
def test_the_longest_prefix_is_used_if_a_local_name_follows(iri: str) -> None:
    length, name = max(
        ((len(space), name) for name, space in PREFIXES.items() if iri.startswith(space)), default=(0, "")
    )
    rest = iri[length:]
    plain = name and rest and not {"/", "#"} & set(rest)
    assert curie(iri) == (f"{name}:{rest}" if plain else f"<{iri}>")
    assert expand(curie(iri)) == iri
