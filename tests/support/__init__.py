"""What several tests use: invented data, servers, and commands run in a forked process."""
