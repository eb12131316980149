"""The explorer: the comparison as web pages, served or written to a folder."""
