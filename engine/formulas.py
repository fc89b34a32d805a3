"""Names in tables: a table program is kept from calculating what a file or class is called."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")  # what a cell may begin with to be calculated


def defused(cell: str) -> str:
    """Return a name that no table program takes for a formula; `as_named` undoes it."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def as_named(cell: str) -> str:
    """Return the name that was given to `defused`."""
    return cell[1:] if cell.startswith("'") else cell
