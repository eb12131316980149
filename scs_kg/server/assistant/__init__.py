"""Answers assistants with the Model Context Protocol: read-only tools, and the guides as resources."""
