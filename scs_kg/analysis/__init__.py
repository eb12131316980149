"""What explains, changes or would settle a cell."""
