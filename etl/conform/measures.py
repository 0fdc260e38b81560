"""Units of measure that change what a figure means: "nghìn tin", "%"."""

from etl.conform.cells import shown
from etl.conform.findings import Findings
from etl.conform.tables import Table
from etl.text import fold
from etl.vocabulary import Vocabulary


def refuse_scales(table: Table, rows: set[int], vocabulary: Vocabulary, findings: Findings) -> None:
    """Refuse figures of the counted `rows` that stand beside, and tables that stand under, a scaled unit."""
    named = {fold(label) for label in vocabulary.catalogue.layouts.words.unit_of_measure}
    for position, text in table.titles():
        label, _, unit = text.partition(":")
        if fold(label) in named and vocabulary.is_scaled(unit):
            findings.refuse("don_vi_tinh_la", _message(unit), table.sheet.name, position)
    columns = [column for column, texts in table.headings.items() if fold(texts[-1]) in named]
    for row, cells in table.rows:
        for column in columns if row in rows else ():
            unit = shown(cells.get(column))
            if vocabulary.is_scaled(unit):
                findings.refuse("don_vi_tinh_la", _message(unit), *table.at(row, column))


def _message(unit: str) -> str:
    return f"Đơn vị tính “{unit.strip()}”: ghi đúng số lượng, không ghi theo chục, trăm, nghìn hay tỷ lệ"
