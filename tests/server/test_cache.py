"""Tests the cache of answers: the answers that are kept and dropped, and the entity tags that match."""

from scs_kg.server.cache import ENTRY_BYTES, MAX_ANSWER_BYTES, NO_STORE, AnswerCache, entity_tag, matches
from scs_kg.server.jobs import JSON, Reply


def reply(size: int = 1000, status: int = 200, **headers: str) -> Reply:
    return Reply(status, JSON, bytes(size), {name.replace("_", "-"): value for name, value in headers.items()})


def test_the_least_recently_used_answer_is_dropped_when_the_cache_is_full() -> None:
    cache = AnswerCache(max_bytes=3 * (1000 + ENTRY_BYTES))
    for tag in ("a", "b", "c"):
        cache.put(tag, reply())
    assert cache.get("a") is not None
    cache.put("d", reply())
    assert [tag for tag in "abcd" if cache.get(tag)] == ["a", "c", "d"]


def test_empty_answers_count_too_so_that_their_number_is_limited() -> None:
    cache = AnswerCache(max_bytes=10 * ENTRY_BYTES)
    for number in range(100):
        cache.put(str(number), reply(size=0))
    assert sum(cache.get(str(number)) is not None for number in range(100)) == 10


def test_the_cache_refuses_errors_and_large_answers_and_answers_with_no_store() -> None:
    cache = AnswerCache()
    for refused in (reply(status=404), reply(MAX_ANSWER_BYTES), reply(cache_control=NO_STORE)):
        cache.put("a", refused)
        assert cache.get("a") is None
    cache.put("a", reply(MAX_ANSWER_BYTES - ENTRY_BYTES))
    assert cache.get("a") is not None


def test_an_answer_larger_than_the_cache_is_not_an_error() -> None:
    cache = AnswerCache(max_bytes=100)
    cache.put("a", reply())
    assert cache.get("a") is None


def test_tags_differ_by_data_and_by_job_and_match_weakly() -> None:
    tag = entity_tag("v1", b"job")
    assert len({tag, entity_tag("v2", b"job"), entity_tag("v1", b"other")}) == 3
    assert matches(f'"x", {tag}', tag)
    assert matches(tag.removeprefix("W/"), tag)
    assert not matches('"x"', tag)
    assert not matches(None, tag)
