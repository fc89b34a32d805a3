"""The window. It draws and asks; the work is done by ``engine``."""
