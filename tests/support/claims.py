"""A claim about the invented world, as a contributor writes it."""

from typing import Final

CLAIM: Final = """claims:
  - system: beta
    feature: cake
    finding: Present
    mode: DeFacto
    statement: Cake for everybody.
    source: law-2003
    locator: rule 9
    asOf: 2003
"""
