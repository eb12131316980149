"""The tests, with one file for each module of the package, and their fixtures."""
