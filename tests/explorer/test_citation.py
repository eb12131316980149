"""References have the fields that BibTeX requires, separate authors, the DOI, and unchanged addresses."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
import uv

from scs_kg.explorer.citation import (
    CONTAINERS,
    KINDS,
    REQUIRED,
    Reference,
    cell_reference,
    source_doi,
    source_reference,
)
from scs_kg.explorer.content import SiteContent
from scs_kg.explorer.router import addresses, page
from scs_kg.model.namespaces import BASE, SCS
from scs_kg.store import Dataset, Literal, NamedNode, query_library
from scs_kg.store.ontology_header import release_date
from scs_kg.store.query_library import row_text
from tests.support.foreign_tools import VERSIONS

READ: Final = (
    "import bibtexparser, json, sys\n"
    "from bibtexparser.middlewares import SeparateCoAuthors\n"
    "library = bibtexparser.parse_string(sys.stdin.read(), append_middleware=[SeparateCoAuthors()])\n"
    "assert not library.failed_blocks, library.failed_blocks\n"
    "print(json.dumps({entry.key: [entry.entry_type, {field.key: field.value for field in entry.fields}]"
    " for entry in library.entries}))\n"
)
"""A program that prints the entries of a BibTeX file as JSON; the authors of an entry are a list."""


FORMAT: Final = (
    "import json, sys\n"
    "from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter\n"
    "from citeproc.source.json import CiteProcJSON\n"
    "records = json.load(sys.stdin)\n"
    "style = CitationStylesStyle('harvard-cite-them-right', validate=False)\n"
    "found = CitationStylesBibliography(style, CiteProcJSON(records), formatter.plain)\n"
    "for record in records:\n"
    "    found.register(Citation([CitationItem(record['id'])]))\n"
    "print(json.dumps(dict(zip(found.keys, map(str, found.bibliography())))))\n"
)
"""A program that prints the entries of a bibliography in the Harvard style, keyed by id, as JSON."""


UNBOUND: Final = ("issued", "title", "publishedIn", "publisher")
"""The optional columns of the query that a reference needs."""


def run_library(package: str, program: str, text: str, folder: Path) -> Any:
    """Run a Python program that needs a package on a text; return what it prints, parsed from JSON."""
    command = [uv.find_uv_bin(), "run", "-q", "--no-project", f"--with={package}=={VERSIONS[package]}"]
    script = folder / "read.py"
    script.write_text(program, "utf-8")
    done = subprocess.run([*command, "python", str(script)], input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def read_bibtex(text: str, folder: Path) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return type and fields of each entry, keyed by citation key, as bibtexparser reads them."""
    return {key: (kind, fields) for key, (kind, fields) in run_library("bibtexparser", READ, text, folder).items()}


def reference(doi: str = "", **fields: str) -> Reference:
    """Return the reference to a source with these fields."""
    row: dict[str, NamedNode | Literal | None] = dict.fromkeys(UNBOUND)
    row |= {"source": NamedNode(f"{BASE}source/one"), "kind": NamedNode(f"{SCS}{fields.pop('kind', 'Web')}")}
    return source_reference({**row, **{name: Literal(value) for name, value in fields.items()}}, [], doi)


@pytest.mark.parametrize(
    ("creator", "bibtex", "csl"),
    [
        ("von Blomberg, M.", "von Blomberg, M.", [{"family": "von Blomberg", "given": "M."}]),
        (
            "Hansen, H. K.; Dai, X.",
            "Hansen, H. K. and Dai, X.",
            [{"family": "Hansen", "given": "H. K."}, {"family": "Dai", "given": "X."}],
        ),
        ("Xu; Xiao", "{Xu} and {Xiao}", [{"literal": "Xu"}, {"literal": "Xiao"}]),
        ("Zhima Co., Ltd.", "{Zhima Co., Ltd.}", [{"literal": "Zhima Co., Ltd."}]),
        ("Sullivan & Cromwell", r"{Sullivan \& Cromwell}", [{"literal": "Sullivan & Cromwell"}]),
        ("Chen, M.; and others", "Chen, M. and others", [{"family": "Chen", "given": "M."}, {"literal": "others"}]),
    ],
)
def test_authors_are_separate_and_only_names_with_initials_are_split(
    creator: str, bibtex: str, csl: list[dict[str, str]]
) -> None:
    found = reference(creator=creator)
    assert f"  author = {{{bibtex}}}" in found.bibtex
    assert found.csl["author"] == csl


def test_an_entry_without_a_required_field_has_the_type_misc() -> None:
    whole = {"creator": "A", "title": "T", "issued": "2019-06", "publishedIn": "J", "kind": "JournalArticle"}
    assert reference(**whole).bibtex.startswith("@article{one,")
    for name in ("title", "issued", "publishedIn"):
        assert reference(**{k: v for k, v in whole.items() if k != name}).bibtex.startswith("@misc{one,")


def test_special_characters_are_escaped_except_in_a_doi() -> None:
    found = reference(creator="A", title="50 % {of} a_b~^\\", doi="10.1/a_b")
    assert r"  title = {50 \% \{of\} a\_b\textasciitilde{}\textasciicircum{}\textbackslash{}}" in found.bibtex
    assert "  doi = {10.1/a_b}" in found.bibtex
    assert found.csl["DOI"] == "10.1/a_b"


def test_the_doi_is_that_of_the_record_or_of_a_link_to_exactly_the_document(field: Dataset) -> None:
    assert source_doi(field, f"{BASE}source/agrawal-2022") == "10.1609/aaai.v36i11.21698"
    assert source_doi(field, f"{BASE}source/technical-university-of-munich-2022") == "10.3390/socsci11060229"
    assert source_doi(field, f"{BASE}source/wong-2018") == ""


def test_a_cell_is_cited_with_the_date_of_the_data(content: SiteContent) -> None:
    address = next(name for name in addresses(content) if name.count("/") == 2 and name.startswith("reading/"))
    explained = page(content, address).data["cells"][0].explanation
    found = cell_reference(replace(explained, issued="2026-11-23"))
    assert "  year = {2026},\n  date = {2026-11-23}" in found.bibtex
    assert found.csl["issued"] == {"date-parts": [[2026, 11, 23]]}
    assert f"  url = {{{found.csl['URL']}}}" in found.bibtex
    assert explained.issued == release_date(content.source)
    assert ("issued" in cell_reference(explained).csl) is bool(explained.issued)


@pytest.mark.slow(seconds=20)
def test_bibtexparser_reads_every_source(field: Dataset, tmp_path: Path) -> None:
    rows = {row_text(row, "source").removeprefix(f"{BASE}source/"): row for row in query_library.rows(field, "sources")}
    pages = {key: [row_text(row, "page")] if row_text(row, "page") else [] for key, row in rows.items()}
    written = {
        key: source_reference(row, pages[key], source_doi(field, f"{BASE}source/{key}")) for key, row in rows.items()
    }
    found = read_bibtex("".join(reference.bibtex for reference in written.values()), tmp_path)
    assert set(found) == set(rows)
    for key, (kind, fields) in found.items():
        row = rows[key]
        expected = KINDS.get(row_text(row, "kind").rpartition("#")[2], ("misc", ""))[0]
        assert kind == (expected if {*REQUIRED, CONTAINERS.get(expected, "title")} <= fields.keys() else "misc")
        assert fields.get("doi") == written[key].csl.get("DOI")
        assert len(fields["author"]) == len(written[key].csl["author"])
        assert fields.get("url", "") == "".join(pages[key])
        assert fields.get("date", "") == row_text(row, "issued")
        published = row_text(row, "publishedIn") or row_text(row, "publisher")
        assert bool(fields.get(CONTAINERS.get(kind, "howpublished"))) is bool(published)


def straight_quotes(text: str) -> str:
    """Return a text with straight double quotation marks in place of the typographic ones that a style changes."""
    return text.translate(str.maketrans("“”", '""'))


@pytest.mark.slow(seconds=20)
def test_citeproc_formats_every_source(field: Dataset, tmp_path: Path) -> None:
    rows = {row_text(row, "source"): row for row in query_library.rows(field, "sources")}
    records = [source_reference(row, [], source_doi(field, source)).csl for source, row in rows.items()]
    found = run_library("citeproc-py", FORMAT, json.dumps(records), tmp_path)
    assert len(found) == len(records)
    for record in records:
        author = record["author"][0]
        assert (author.get("family") or author["literal"]) in found[record["id"]]
        assert straight_quotes(record.get("title", "")) in straight_quotes(found[record["id"]])
