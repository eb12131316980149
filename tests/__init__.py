"""The tests, one file for each module of the package, and their fixtures beside them."""
