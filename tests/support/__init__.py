"""Helpers for several tests: invented data, servers, and commands in a forked process."""
