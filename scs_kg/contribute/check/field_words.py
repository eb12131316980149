"""Rewords messages of rules for authors of files of fields (CSV, XLSX, YAML, JSON), who do not write Turtle."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from scs_kg.contribute.read.fields import Field
from scs_kg.model.namespaces import curie

_FILE: Final = r"(?:data|ontology)/[\w/-]*(?:\.ttl)?"
_ENGLISH: Final = (
    (r",? with @en(?: or @zh-Hans)?|: (?:use|add) @en(?: (?:and|or) @zh-Hans)?", ""),
    (r"the types? \w+:\w+(?: and \w+:\w+)?(?:, | and )", ""),
    (r"\ba name (of|in)\b", r"an id \1"),
    (r" under \w+:", ""),
    (r"the properties that", "the fields that"),
    (rf"\b(name|use) one from {_FILE}", r"\1 a known one"),
    (rf" to {_FILE}", " to your file"),
    (rf" (?:in|of) {_FILE}", ""),
    (r"(describe (?:it|the \w+)|define the \w+) there", r"\1 in your file"),
    (r"add its record there", "add its record to your file"),
    (r" in YAML and tables", ""),
    (r" in angle brackets, with", " with"),
)
_CHINESE: Final = (
    (r"[，：]?(?:并须?|请)?(?:标注|加) @en(?: [或和] @zh-Hans)?", ""),
    (r"须具有类型 \w+:\w+，名称在 \w+: 之下并只用", "的 id 须只用"),
    (r"须具有类型 \w+:\w+，且", "须"),
    (r"可有的属性", "可有的字段"),
    (rf" ?{_FILE} 中(?=已)", ""),
    (rf" ?{_FILE} 中的一", "已有的一"),
    (rf"到 {_FILE}", "到文件中"),
    (rf"在 {_FILE} 中定义", "在文件中定义"),
    (r"先在该处", "在文件中"),
    (r"写在尖括号内，以", "请以"),
)
_EVERYWHERE: Final = ((r'"\^\^xsd:\w+', '"'), (r"\bxsd:date\b", "date such as 2019-06-30"))
_REPLACED: Final = tuple((re.compile(old), new) for old, new in (*_ENGLISH, *_CHINESE, *_EVERYWHERE))
_TERM: Final = re.compile(r"(?<![\w/])(?:scs|skos|dcterms|rdfs|rdf|sh):\w+|(?<=[一-鿿])(?:scs|skos|dcterms|rdfs):\w+")


def field_names(fields: Mapping[str, Iterable[Field]]) -> dict[str, str]:
    """Return the name of the field of each property, keyed by the prefixed name of the property (``scs:about``)."""
    return {curie(field.predicate): field.name for found in fields.values() for field in found}


def in_field_words(message: str, names: Mapping[str, str]) -> str:
    """Return an English or Chinese message of a rule in the words of a file of fields.

    Prefixed names become names of fields or ids; advice on types, language tags and files of the project is left out.
    """
    for old, new in _REPLACED:
        message = old.sub(new, message)
    return _TERM.sub(lambda term: names.get(term[0], term[0].partition(":")[2]), message)
