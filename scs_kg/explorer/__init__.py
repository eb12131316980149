"""The explorer: the comparison as web pages, the same whether they are served or written to a folder."""
