"""Biểu 03: the register, a row a model."""

from etl.conform.identity import period_of_row
from etl.conform.returns import RegisterRow
from etl.conform.tables import Cells, Findings, Table, find_tables, shown
from etl.conform.totals import UNASSIGNED
from etl.sheets import Sheet, Workbook, a1
from etl.text import clean, fold
from etl.vocabulary import UnknownLabel, Vocabulary

_LISTS = {
    "kind": "loai",
    "status": "tinh_trang",
    "award_level": "cap_khen_thuong",
    "theme": "chu_de",
    "area_kind": "dia_ban_dac_thu",
}


def read_register(workbook: Workbook, vocabulary: Vocabulary, findings: Findings) -> list[RegisterRow] | None:
    """Return the register's rows, None when the workbook has no register."""
    tables = [table for sheet in workbook.sheets for table in register_tables(sheet, vocabulary)]
    if not tables:
        return None
    if len(tables) > 1:
        findings.refuse("trung_bieu", "Biểu 03 có nhiều hơn một bảng: chỉ giữ một bảng", tables[1].sheet.name)
        return []
    columns = _columns(tables[0], vocabulary)
    rows = (_row(tables[0], row, cells, columns, vocabulary, findings) for row, cells in tables[0].rows)
    return [row for row in rows if row is not None]


def register_tables(sheet: Sheet, vocabulary: Vocabulary) -> list[Table]:
    """Return the tables of a sheet that look like Biểu 03."""
    layout = vocabulary.catalogue.layouts.periodic.model_register
    names = {fold(label) for label in layout.name}
    others = {fold(label) for key, labels in layout if key not in ("sheet", "name") for label in labels}
    return find_tables(sheet, lambda text: fold(text) in names, lambda text: fold(text) in others)


def _columns(table: Table, vocabulary: Vocabulary) -> dict[str, int]:
    layout = vocabulary.catalogue.layouts.periodic.model_register.model_dump(exclude={"sheet"})
    columns = {"name": table.key_column}
    for column, texts in table.headings.items():
        for attribute, labels in layout.items():
            if fold(" ".join(texts)) in {fold(label) for label in labels}:
                columns.setdefault(attribute, column)
    return columns


def _row(
    table: Table,
    row: int,
    cells: Cells,
    columns: dict[str, int],
    vocabulary: Vocabulary,
    findings: Findings,
) -> RegisterRow | None:
    texts = {name: clean(shown(cells[column])) for name, column in columns.items() if column in cells}
    if not texts.get("name"):
        if texts.keys() & {"linh_vuc", "commune", "status", "start_year"}:
            message = "Dòng của Biểu 03 không ghi tên mô hình"
            findings.refuse("mo_hinh_khong_ten", message, table.sheet.name, (row, table.key_column))
        return None
    if len(texts) == 1 and (vocabulary.is_total(texts["name"]) or len(cells) == 1):
        return None  # a total, or a note or signature under the table

    def choice(name: str) -> str | None:
        if not texts.get(name):
            return None
        terms = vocabulary.fields if name == "linh_vuc" else vocabulary.choices[_LISTS[name]]
        try:
            return terms.match(texts[name])
        except UnknownLabel as problem:
            findings.refuse("bieu_03_la", f"Biểu 03: {problem}", table.sheet.name, (row, columns[name]))
            return None

    return RegisterRow(
        name=texts["name"],
        linh_vuc_id=choice("linh_vuc") or UNASSIGNED,
        commune=texts.get("commune"),
        host=texts.get("host"),
        kind=choice("kind"),
        start_year=_start_year(texts.get("start_year"), table, row, columns, findings),
        status=choice("status"),
        award_level=choice("award_level"),
        theme=choice("theme"),
        area_kind=choice("area_kind"),
        sheet=table.sheet.name,
        cell=a1((row, table.key_column)),
    )


def _start_year(text: str | None, table: Table, row: int, columns: dict[str, int], findings: Findings) -> int | None:
    if text is None:
        return None
    period = period_of_row(text)
    if period is None or period.kind != "nam":
        message = f"Năm bắt đầu “{text}” không rõ: ghi đủ bốn chữ số, ví dụ 2019"
        findings.refuse("nam_la", message, table.sheet.name, (row, columns["start_year"]))
        return None
    return period.from_year
