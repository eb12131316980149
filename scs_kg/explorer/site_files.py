"""The files at the root of the static site that browsers, search engines and hosts look for."""

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

from scs_kg.explorer.html import root_page
from scs_kg.explorer.i18n import words
from scs_kg.explorer.page import LANGUAGES
from scs_kg.explorer.site_settings import SiteSettings


def site_files(settings: SiteSettings, addresses: Iterable[str]) -> Mapping[str, str]:
    """Return the files (start page, page for unknown addresses, ``robots.txt`` and others), keyed by name.

    A sitemap needs absolute addresses, so a sitemap exists only if the settings have the address of the site.
    """
    found = {
        "index.html": root_page("root"),
        "404.html": root_page("404", start=f"{settings.url}/" if settings.url else "/"),
        "robots.txt": "User-agent: *\nAllow: /\n",
        ".nojekyll": "",  # without this file, GitHub Pages leaves out some files
    }
    found["llms.txt"] = llms_text()
    if settings.url:
        found["robots.txt"] += f"Sitemap: {settings.url}/sitemap.xml\n"
        found["sitemap.xml"] = sitemap(settings.url, addresses)
    return found


def llms_text() -> str:
    """Return the summary of the site for language models (llmstxt.org), with links to the pages to read first."""
    of = words("en")
    lines = [f"# {of['title']['home']}", "", f"> {of['text']['lead']} {of['text']['mark_means']}", "", "## Pages", ""]
    lines += [f"- [{of['title'][address]}](en/{address}.html): {lead}" for address, lead in of["about_page"].items()]
    lines += ["", "## Data", "", "- [The whole graph, TriG, gzip](static/graph.trig.gz): data, ontology and verdicts"]
    return "\n".join(lines) + "\n"


def sitemap(url: str, addresses: Iterable[str]) -> str:
    """Return the sitemap (sitemaps.org 0.9): each page in each language, with its translations as alternates."""
    lines = []
    for address in addresses:
        pages = {language: escape(f"{url}/{language}/{address}.html") for language in LANGUAGES}
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{language}" href="{page}"/>' for language, page in pages.items()
        )
        lines += [f"<url><loc>{page}</loc>{links}</url>\n" for page in pages.values()]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n{"".join(lines)}</urlset>\n'
    )
