"""What may be wrong with a dataset: its labels, copies, strays and odd pictures."""
