"""Which claims count, what they establish, and the verdicts, cells and matrices that follow."""
