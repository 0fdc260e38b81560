"""Slices beside the numbers of a table, so that each number leads to its cells."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from dashboard.provenance.trace import Slice


def known_slices(values: pd.Series, slices: Sequence[Slice | None]) -> pd.Series:
    """Return the slices of the figures that are there, as a column beside them: what is missing leads nowhere."""
    pairs = zip(values, slices, strict=True)
    return pd.Series([found if value is not None else None for value, found in pairs], values.index, object)


def links(slices: pd.Series) -> pd.Series:
    """Return where a chart's marks lead, as a column."""
    return pd.Series([found.link if found else None for found in slices], slices.index, object)


def slice_table(table: pd.DataFrame, columns: Mapping[str, Iterable[Slice | None]]) -> pd.DataFrame:
    """Return a frame as `table`, holding the slices of its `columns` and None elsewhere."""
    nowhere = [None] * len(table)
    held = {name: known_slices(table[name], list(columns.get(name, nowhere))) for name in table.columns}
    return pd.DataFrame(held, index=table.index, dtype=object)
