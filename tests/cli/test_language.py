"""The command line writes Chinese if --lang or the locale chooses it, and only in output for people."""

import re
from pathlib import Path

import pytest

from scs_kg.analysis.agreement import agreements
from scs_kg.cli import COMMANDS
from scs_kg.render.agreement import agreement_table
from scs_kg.render.labels import local_labels
from scs_kg.render.language import catalogue, messages_in, translated
from scs_kg.render.wrapping import columns
from scs_kg.store import Dataset
from tests.cli.test_cli import CELL, of
from tests.render.test_translated_texts import HEADER, write
from tests.support.commands import run
from tests.support.every import every

ENGLISH = re.compile(r"\b(the|of|and|is|by|with|claims?|criteria|passed|failed)\b")


@every("command", ["", *COMMANDS])
def test_help_is_in_chinese(command: str) -> None:
    ran = run(*filter(None, [command]), "--help", "--lang", "zh")
    text = ran.stdout.decode()
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert "用法：" in text
    assert "选项：" in text
    assert not re.search(r"[a-z]{3,} [a-z]+ [a-z]{2,} [a-z]+ ", text.split("示例：")[0].split("# nginx")[0])
    assert max(map(columns, text.splitlines())) <= 100


def test_the_locale_chooses_the_language_and_the_option_overrides_it(shared_world: Path) -> None:
    english = of(shared_world, "compare")
    chinese = run("compare", "--lang", "zh", "--root", str(shared_world)).stdout.decode()
    assert chinese != english
    for locale in (("zh_CN.UTF-8", "C", "C"), ("", "zh_CN.UTF-8", "C"), ("", "", "zh_CN.UTF-8")):
        assert compared_in(locale, shared_world) == chinese
        assert compared_in(locale, shared_world, "--lang=en") == english
    assert run("--lang", "zh", "compare", "--root", str(shared_world)).stdout.decode() == chinese


def compared_in(locale: tuple[str, str, str], world: Path, *options: str) -> str:
    """Return a comparison in a locale: LC_ALL, LC_MESSAGES and LANG."""
    first, messages, last = locale
    args = ("compare", "--root", str(world), *options)
    return run(*args, LC_ALL=first, LC_MESSAGES=messages, LANG=last).stdout.decode()


@pytest.mark.parametrize("args", [("compare", "--format", "json"), ("compare", "--published", "--format", "csv")])
def test_machine_readable_output_is_the_same_in_every_language(args: tuple[str, ...], shared_world: Path) -> None:
    assert of(shared_world, *args, "--lang", "zh") == of(shared_world, *args)


def test_a_comparison_of_the_project_has_chinese_labels_and_notes() -> None:
    text = run(
        "compare", "--guideline", "eu-ai-act-2024", "--systems", "shanghai,xiamen", "--lang", "zh"
    ).stdout.decode()
    assert "上海" in text
    assert "计入的主张：" in text
    assert "所比较的体系均在别处运行，故此项比较属于反事实比较" in "".join(text.split("\n"))
    assert not ENGLISH.search(text)


def test_the_note_on_objections_is_in_chinese(shared_world: Path) -> None:
    text = run("compare", "--lang", "zh", "--root", str(shared_world)).stdout.decode()
    assert "异议：4 项（3 项尚未裁定）" in text
    assert "Against" not in text


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_an_explanation_has_the_translations_of_the_data(form: str, world: Path) -> None:
    english = ("Alpha gives cake to singers.", "Whoever gives and does not punish is kind to people.", "p. 3")
    chinese = ("甲体系向歌手发放蛋糕。", "给予而不惩罚者善待他人。", "第3页")
    write(world, "tales.csv", HEADER, *map(",".join, zip(english, chinese, strict=True)))
    explain = ("explain", "alpha", "kindness", "--format", form, "--root", str(world))
    text = run(*explain, "--lang", "zh").stdout.decode()
    assert "符合：甲体系向歌手发放蛋糕（Writer, W.，2001）。" in text
    for words in chinese:
        assert words in text
    assert not any(words in text for words in english)
    assert "Alpha punishes nobody." in text, "a text without a translation stays in English"
    assert english[0] in run(*explain).stdout.decode()


def test_a_broken_catalogue_stops_a_chinese_answer(world: Path) -> None:
    write(world, "tales.csv", HEADER, "a,")
    ran = run("explain", "alpha", "kindness", "--root", str(world), "--lang", "zh")
    assert (ran.returncode, ran.stdout) == (1, b"")
    assert "tales.csv:2" in ran.stderr.decode()


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_an_explanation_is_in_chinese_except_for_quoted_text(form: str, shared_world: Path) -> None:
    text = run(*CELL, "--format", form, "--lang", "zh", "--root", str(shared_world)).stdout.decode()
    for words in ("尚不清楚：有争议", "计入的主张：全部。", "项判据中", "依据：", "若有主张认定", "该体系的情况如何。"):
        assert words in text
    assert "Claims counted" not in text


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("whatif", "--without", "news-2002"), "条主张，会怎样？"),
        (("robustness",), "已定单元格的稳健程度"),
        (("settle",), "按回答后可得出结论的未决单元格数排列的问题"),
        (("diff", ".", "."), "个判定"),
        (("query", "--list", "--format", "text"), "问题库中的问题"),
        (("query", "--list", "--format", "tsv"), "contested\t哪些主张相互矛盾，各方有哪些来源支持？"),
        (("sensitivity",), "标记数"),
        (("check", "data/tales/alpha.ttl"), "个文件中"),
    ],
)
def test_other_answers_are_in_chinese(args: tuple[str, ...], words: str, shared_world: Path) -> None:
    ran = run(*args, "--lang", "zh", "--root", ".", cwd=shared_world)
    assert words in ran.stdout.decode()


def test_problems_are_in_chinese_and_keep_their_values(shared_world: Path, tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text(
        "system,feature,finding,statement,source,locator\nbetta,cake,Present,Cake.,law-2003,rule 9\n", "utf-8"
    )
    ran = run("check", str(path), "--lang", "zh", "--root", str(shared_world))
    first, *_, count = ran.stdout.decode().splitlines()
    assert "错误：claim:betta-cake-law-2003：须恰好指明一个已描述的体系" in first
    assert "（是否为 beta？可用 scs-kg query systems 查看全部）" in first
    assert re.fullmatch(r"1 个文件中有 \d 个错误；读取：1 条主张", count)


def test_a_fault_in_a_file_is_in_chinese(shared_world: Path, tmp_path: Path) -> None:
    path = tmp_path / "new.yaml"
    path.write_text("systems:\n- id: gamma\n  kin: Local\n  colour: red\n", "utf-8")
    text = run("check", str(path), "--lang", "zh", "--root", str(shared_world)).stdout.decode()
    assert f"{path}:3:3: 错误：字段“kin”：不是体系的字段；是否为 kind？" in text
    assert f"{path}:4:3: 错误：字段“colour”：不是体系的字段；可用的字段：id、kind" in text


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("explain", "alhpa", "kindness"), "没有名为“alhpa”的体系；是否为 alpha？"),
        (("compare", "--as-of", "soon"), "选项 --as-of 的值无效：“soon”不是日期"),
        (("compare", "--as-if", "2001"), "没有选项 --as-if。是否为 --as-of？"),
        (("explain",), "缺少参数“体系”。"),
        (("compare", "--guidline", "x"), "没有选项 --guidline。是否为下列之一："),
        (
            ("retract", "x", "--reason", "a", "--by", "b", "--on", "2999-01-01"),
            "选项 --on 的值无效：2999-01-01 尚未到来",
        ),
        (("query", "申诉"), "没有名为“申诉”的问题；"),
        (("compair",), "没有名为“compair”的命令；是否为 compare？"),
        (("check", "nowhere.ttl"), "nowhere.ttl：无法读取："),
        (("query", "claims", "--param", "system=\udcff"), "无法使用：不是 UTF-8"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_errors_are_in_chinese(args: tuple[str, ...], says: str, shared_world: Path) -> None:
    root = () if args[0] == "compair" else ("--root", str(shared_world))
    ran = run(*args, *root, LANG="zh_CN.UTF-8", LC_ALL="", LC_MESSAGES="")
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert says in ran.stderr.decode()
    assert ran.stderr.count(b"\n") == 1


def test_the_table_of_a_query_has_a_chinese_title(shared_world: Path) -> None:
    shown = run("query", "systems", "--root", str(shared_world), "--lang", "zh").stdout.decode()
    assert shown.splitlines()[0] == catalogue("queries")["Systems"]


def test_the_agreement_names_classes_in_chinese(opened: Dataset) -> None:
    with messages_in("zh"):
        rows = agreement_table(agreements(opened), local_labels(opened)).rows
    kinds = {row[1] for row in rows}
    assert {"全部", "采集方式"} <= kinds
    assert not re.search("[A-Za-z]", "".join(kinds))


def test_contradictions_are_reported_in_chinese() -> None:
    with messages_in("zh"):
        assert translated("both has and lacks feat:cake: claims contradict each other").startswith("既有又无 feat:cake")
