"""Makes ``python -m scs_kg`` the same as ``scs-kg``."""

from scs_kg.cli import main

main()
