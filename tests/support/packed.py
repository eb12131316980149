"""Reads the packed data of the generated scripts, as a browser does."""

import gzip
import json
import re
from base64 import b64decode
from typing import Any


def unpacked(script: str) -> Any:
    """Return the JSON value in the only string of a script."""
    (packed,) = re.findall('"([^"]*)"', script)
    return json.loads(gzip.decompress(b64decode(packed, validate=True)))
