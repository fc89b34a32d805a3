"""Vectors that other programs made, read from their files without running anything of theirs."""
