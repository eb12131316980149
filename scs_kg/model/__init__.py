"""The data types of the project, its exceptions, its prefixes and three-valued formulas; standard library only."""
