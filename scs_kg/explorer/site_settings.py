"""The settings of the operator of a site, in ``site.toml`` in the project folder."""

import re
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final
from urllib.parse import quote

from scs_kg.model.errors import BadFileError
from scs_kg.store.loading import SITE_SETTINGS

WEB_ADDRESS: Final = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'/]")
MAIL_ADDRESS: Final = re.compile(r"[^\s<>\"'@]+@[^\s<>\"'@]+\.[^\s<>\"'@]+")


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """The web address of the site and of its repository, without a slash at the end, and the mail address for contact.

    All settings are empty by default; a page leaves out empty settings.
    """

    url: str = ""
    repository: str = ""
    contact: str = ""

    def report_address(self, title: str, address: str) -> str:
        """Return where to report an error on a page, given its title and address; empty if there is no such place."""
        if self.repository:
            return f"{self.repository}/issues/new?title={quote(title)}&body={quote(address)}"
        return f"mailto:{self.contact}?subject={quote(title)}&body={quote(address)}" if self.contact else ""


def read_site_settings(root: Path) -> SiteSettings:
    """Read the settings of a project folder; if there is no file, all settings are empty.

    Raises:
        BadFileError: the file is not TOML, or has an unknown setting or a value that is not an address.
    """
    path = root / SITE_SETTINGS
    if not path.is_file():
        return SiteSettings()
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadFileError(path, None, f"is not a TOML file: {error}") from error
    patterns = {"url": WEB_ADDRESS, "repository": WEB_ADDRESS, "contact": MAIL_ADDRESS}
    for name, value in found.items():
        if name not in patterns:
            known = ", ".join(field.name for field in fields(SiteSettings))
            raise BadFileError(path, None, f"has the unknown setting '{name}'; the settings are {known}")
        if not isinstance(value, str) or not patterns[name].fullmatch(value):
            example = "info@example.org" if name == "contact" else "https://example.org/scs-kg"
            raise BadFileError(path, None, f"'{name}' is not an address; write it as \"{example}\"")
    return SiteSettings(**found)
