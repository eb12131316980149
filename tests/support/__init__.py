"""Helpers of several tests: invented data, servers, and commands run in a forked process."""
