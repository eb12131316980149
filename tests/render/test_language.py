"""Messages in Chinese: every message has a translation, values keep their places, and names are not translated."""

import re

import pytest

from scs_kg.analysis.diff.records import KINDS
from scs_kg.render.cell_sentence import CRITERIA, ONLY_CRITERION
from scs_kg.render.explanation import VERIFICATIONS
from scs_kg.render.language import (
    catalogue,
    gettext,
    joined,
    language,
    language_of_locale,
    listed,
    messages_in,
    ngettext,
    translated,
    use_language,
)
from scs_kg.render.problems import COUNTED
from scs_kg.render.problems import WORDS as LEVELS
from scs_kg.render.rankings import LOSSES, SETTLED
from scs_kg.render.sentences import CELL_RULES, EACH_READING, MODE_CLAIMS, SCOPE_CELLS
from scs_kg.render.table import (
    CAUTION,
    COUNTS_MET,
    COUNTS_NOT_MET,
    FINDINGS,
    MARK_WORDS,
    MODES,
    ORDER,
    PAPER_MEANINGS,
    REASON_MEANINGS,
    REASONS,
    SCOPE_MEANINGS,
    SCOPES,
    SOFT_WORDS,
    WORDS,
)
from scs_kg.store.query_library import Query, read_all
from tests.conftest import ROOT
from tests.support.messages import (
    advice_messages,
    error_messages,
    every_text,
    fault_messages,
    help_messages,
    looked_up_messages,
    unknown_kinds,
)

PAGES = frozenset({"page", "picture", "cell", "static file", "data of a page"})
"""Kinds of things that only addresses of the service name."""
COMPOSED = frozenset(
    {
        *("stated", "chosen", "aspirational"),
        " (did you mean {names}? '{command}' lists all)",
        " ('{command}' lists all)",
        " (did you mean {names}?)",
        " (found: {found})",
        " '{command}' lists all",
        " {commands} list all",
        "; '{command}' lists all",
        "; {commands} list all",
        "; --dataset all would leave {count} claims on {systems} systems",
        *(
            f"no {kind} is called '{{name}}'{end}"
            for kind in ("command of {command}", "parameter of {query}")
            for end in ("", "; did you mean {names}?", "; known: {names}")
        ),
        "standard input has no file name, so its format is unknown",
        "{file}: the name has no extension, so its format is unknown",
        "line {number}: {parser}",
        "is about sys:{system}, which no file declares as a scs:SocialCreditSystem; declare it",
        "begins with '\\t', as a formula does; write the value instead",
        "{parser}; put a text that contains a colon between quotation marks",
        "{parser}; indent the entries of a list, and the fields of an entry, by the same number of spaces",
        "{parser}; close each quotation mark",
        "occurs twice; {expected}",
        "is not one of {lists}; {expected}",
    }
)
"""Messages that the code composes from parts, or that are values of the data."""
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SEVERITIES = (*LEVELS.values(), *(many for _, many in COUNTED.values()))
MODEL = (
    CAUTION,
    COUNTS_MET,
    COUNTS_NOT_MET,
    ORDER,
    LOSSES,
    SETTLED,
    EACH_READING,
    *CELL_RULES.values(),
    *ONLY_CRITERION,
    *VERIFICATIONS.values(),
    *(many for _, many in CRITERIA),
    *SEVERITIES,
    *WORDS.values(),
    *MARK_WORDS.values(),
    *SOFT_WORDS.values(),
    *MODES.values(),
    *MODE_CLAIMS.values(),
    *SCOPES.values(),
    *SCOPE_MEANINGS.values(),
    *PAPER_MEANINGS.values(),
    *REASON_MEANINGS.values(),
    *SCOPE_CELLS.values(),
    *REASONS.values(),
    *FINDINGS.values(),
)


def missing(messages: list[str]) -> list[str]:
    """Return the messages without a translation."""
    return sorted({message for message in messages if re.search("[a-z]{2}", message)} - catalogue().keys())


def is_looked_up(message: str, texts: frozenset[str]) -> bool:
    """Return whether a message of a catalogue is one of the texts, or its pattern matches one."""
    if message in texts or "{" not in message:
        return message in texts
    parts = re.split(r"\{\w+\}", message)
    pattern = re.compile(".+?".join(map(re.escape, parts)), re.DOTALL)
    return any(parts[0] in text and pattern.fullmatch(text) for text in texts)


@pytest.mark.parametrize("name", ["messages", "cells", "help", "templates", "errors", "stores", "faults", "advice"])
def test_no_translation_is_of_a_message_that_is_gone(name: str) -> None:
    """The catalogues ``reasons`` and ``usage`` are left out: the system and click write most of their messages."""
    texts = every_text() | COMPOSED
    assert catalogue().keys() >= COMPOSED
    assert [message for message in catalogue(name) if not is_looked_up(message, texts)] == []


def test_every_help_text_has_a_translation() -> None:
    found = list(help_messages())
    assert len(found) > 100
    assert missing(found) == []


def test_every_message_of_commands_and_templates_has_a_translation() -> None:
    found = [*looked_up_messages(), *MODEL]
    assert len(found) > 100
    assert missing(found) == []


def test_every_error_has_a_translation() -> None:
    found = dict((*error_messages(), *advice_messages()))
    assert len(found) > 100
    with messages_in("zh"):
        english = {message for message in found if has_words(message) and not CHINESE.search(translated(message))}
    assert {message: found[message] for message in english} == {}


def test_every_kind_of_unknown_name_has_a_translation() -> None:
    found = [kind for kind in unknown_kinds() if kind not in PAGES]
    assert len(found) > 10
    assert missing(found) == []


def test_every_kind_of_record_that_diff_lists_has_a_translation() -> None:
    assert missing(list(KINDS)) == []


def library() -> list[Query]:
    """Return every query of the library, also those that query other hosts."""
    return [one for federated in (False, True) for one in read_all(ROOT, federated=federated).values()]


def test_every_question_of_the_library_has_a_chinese_title() -> None:
    titles = {one.title for one in library()}
    assert len(titles) > 60
    assert titles == catalogue("queries").keys()


def test_every_question_and_parameter_of_the_library_is_in_chinese() -> None:
    questions = {one.question for one in library()}
    assert len(questions) > 60
    assert catalogue("questions").keys() == questions | {param.meaning for one in library() for param in one.params}
    assert {catalogue("questions")[question][-1] for question in questions} == {"？"}


@pytest.mark.parametrize(
    ("message", "values", "expected"),
    [
        ("no {kind} is called '{name}'", {"kind": "体系", "name": "x"}, "没有名为“x”的体系"),
        ("{folder}: contains no query", {"folder": "a"}, "a：其中没有查询"),
        ("Agreement of {first} and {second}", {"first": "直读", "second": "plain"}, "直读与 plain 的一致程度"),
        (
            "{module} is not installed; the command needs an extra: {install}",
            {"module": "x", "install": "y"},
            "未安装 x",
        ),
    ],
)
def test_a_space_separates_chinese_and_latin_letters_only(message: str, values: dict[str, str], expected: str) -> None:
    with messages_in("zh"):
        assert gettext(message, **values).startswith(expected)


@pytest.mark.parametrize(
    ("names", "expected"),
    [("a, b", "a、b"), ("a, b, and 5 more", "a、b，另有 5 个"), ("none", "无"), ("a", "a")],
)
def test_a_list_of_names_has_chinese_punctuation(names: str, expected: str) -> None:
    with messages_in("zh"):
        assert translated(f"no system is called 'x'; known: {names}") == f"没有名为“x”的体系；已有：{expected}"


def test_every_fault_in_a_file_has_a_translation() -> None:
    found = {message for message in fault_messages() if has_words(message) and message not in {"Info", "Warning"}}
    assert len(found) > 50
    with messages_in("zh"):
        assert {message for message in found if not CHINESE.search(translated(message))} == set()


def has_words(message: str) -> bool:
    """Return whether a message has words and not only values."""
    return bool(re.search(r"[a-z]{2}", re.sub(r"value\d+|queries/\S+", "", message)))


def test_a_translation_has_the_values_of_its_message() -> None:
    messages = [message for message in catalogue() if "{" in message]
    assert len(messages) > 100
    for message in messages:
        values, translation = (set(re.findall(r"\{(\w+)\}", text)) for text in (message, catalogue()[message]))
        assert translation <= values, message
        assert values - translation <= {"same", "variable"}, message


def test_a_message_is_looked_up_and_filled_in() -> None:
    assert gettext("reading {file}", file="a{b}.ttl") == "reading a{b}.ttl"
    with messages_in("zh"):
        assert gettext("reading {file}", file="a{b}.ttl") == "正在读取 a{b}.ttl"
        assert gettext("a message that nobody translated") == "a message that nobody translated"
        assert listed(["a", "b"]) == "a、b"
        assert joined(["甲。", "", "乙。"]) == "甲。乙。"
    assert joined(["A.", "", "B."]) == "A. B."
    assert language() == "en"


def test_a_count_has_two_forms_in_english_and_one_in_chinese() -> None:
    pair = ("{number} error", "{number} errors")
    assert [ngettext(*pair, number) for number in (0, 1, 2000)] == ["0 errors", "1 error", "2,000 errors"]
    with messages_in("zh"):
        assert [ngettext(*pair, number) for number in (1, 2)] == ["1 个错误", "2 个错误"]


def test_a_chinese_message_about_a_group_has_another_form_for_a_single_item() -> None:
    pair = ("Claims that decide this cell:", "Each of these {number} sets of claims decides this cell:")
    with messages_in("zh"):
        assert [ngettext(*pair, number) for number in (1, 2)] == [
            "决定该单元格的主张：",
            "以下 2 组主张中，任一组即可决定该单元格：",
        ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "no system is called 'claims'; did you mean alpha or beta?",
            "没有名为“claims”的体系；是否为 alpha、beta\uff1f",
        ),
        ("data/x.ttl:3: contains no triples; restore or remove it", "data/x.ttl:3: 不含三元组；请恢复或删除"),
        (
            "Invalid value for '--as-of': 'x' is not a date; write 2019, 2019-06 or 2019-06-30",
            "选项 --as-of 的值无效：",
        ),
        ("something else: entirely", "something else: entirely"),
    ],
)
def test_a_sentence_whose_values_are_filled_in_is_translated(sentence: str, expected: str) -> None:
    assert translated(sentence) == sentence
    with messages_in("zh"):
        assert translated(sentence).startswith(expected)


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "zh", "LANG": "de_DE"}, "zh"),
        ({"LANG": "zha_CN"}, "en"),
    ],
)
def test_the_locale_chooses_the_language(variables: dict[str, str], expected: str) -> None:
    assert language_of_locale(variables) == expected


def test_a_language_can_be_set_for_the_whole_command() -> None:
    with messages_in("en"):
        use_language("zh")
        assert language() == "zh"
    assert language() == "en"
