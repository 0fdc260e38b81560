"""Biểu 03: the register, a row a model."""

from collections.abc import Iterator
from datetime import date

from etl.catalogue_layouts import REGISTER_LISTS
from etl.conform.cells import Cells, is_figure, shown
from etl.conform.findings import Findings
from etl.conform.headings import Line
from etl.conform.period_text import is_place_and_date, year_of
from etl.conform.returns import RegisterRow
from etl.conform.tables import Table, find_tables
from etl.conform.totals import UNASSIGNED
from etl.sheets import Odd, Sheet, Workbook, a1
from etl.text import clean, fold, keys_of
from etl.vocabulary import Terms, UnknownLabel, Vocabulary


def read_register(workbook: Workbook, vocabulary: Vocabulary, findings: Findings) -> list[RegisterRow] | None:
    """Return the register's rows, None when the workbook has no register."""
    tables = [table for sheet in workbook.sheets for table in register_tables(sheet, vocabulary)]
    if not tables:
        names = {fold(name) for name in vocabulary.catalogue.layouts.periodic.model_register.sheet}
        for sheet in workbook.sheets:
            if fold(sheet.name) in names and sheet.cells:
                message = "Trang Biểu 03 không còn dòng tiêu đề “Tên mô hình”: chép lại từ biểu mẫu hoặc xóa trang"
                findings.refuse("thieu_cot", message, sheet.name)
        return None
    if len(tables) > 1:
        findings.refuse("trung_bieu", "Biểu 03 có nhiều hơn một bảng: chỉ giữ một bảng", *tables[1].head)
        return []
    reader = _Reader(tables[0], vocabulary, findings)
    return [reader.read(row, cells) for row, cells in _model_rows(tables[0], reader.columns, vocabulary, findings)]


def register_tables(sheet: Sheet, vocabulary: Vocabulary) -> list[Table]:
    """Return the tables of a sheet that look like Biểu 03."""
    layout = vocabulary.catalogue.layouts.periodic.model_register
    others = frozenset().union(*(keys_of(labels) for key, labels in layout if key not in ("sheet", "name")))
    return find_tables(sheet, keys_of(layout.name), lambda text: fold(text) in others)


def free_text_columns(table: Table, vocabulary: Vocabulary) -> set[int]:
    """Return the columns of the register in which anything may be written and is kept as it is."""
    layout = vocabulary.catalogue.layouts.periodic.model_register
    free = {fold(label) for labels in (layout.commune, layout.host) for label in labels}
    return {table.key_column} | {column for column, texts in table.headings.items() if fold(" ".join(texts)) in free}


def _model_rows(table: Table, columns: dict[str, int], vocabulary: Vocabulary, findings: Findings) -> Iterator[Line]:
    """Yield the rows that are models: not totals, and not the notes and signatures below the last of them."""
    candidates: list[Line] = []
    for row, cells in table.rows:
        texts = [value for value in cells.values() if isinstance(value, str)]
        if any(vocabulary.is_signature(text) or is_place_and_date(text) for text in texts):
            break
        is_total = any(vocabulary.is_total(text) for column, text in cells.items() if column <= table.key_column)
        if not is_total and any(column in cells for column in columns.values()):
            candidates.append((row, cells))
    last = max((row for row, cells in candidates if len(cells) > 1), default=table.top)
    for row, cells in candidates:
        place = table.at(row, table.key_column)
        if findings.is_full:
            return
        if row > last:
            message = f"“{shown(next(iter(cells.values())))}” đứng riêng dưới Biểu 03: xem là ghi chú, không nạp"
            findings.inform("ghi_chu_duoi_bieu", message, *place)
        elif not table.label(cells):
            if any(
                name in columns and columns[name] in cells for name in ("linh_vuc", "commune", "status", "start_year")
            ):
                findings.refuse("mo_hinh_khong_ten", "Dòng của Biểu 03 không ghi tên mô hình: điền tên", *place)
        else:
            yield row, cells


class _Reader:
    """Reads the rows of the register's table."""

    def __init__(self, table: Table, vocabulary: Vocabulary, findings: Findings) -> None:
        self.table, self.vocabulary, self.findings = table, vocabulary, findings
        self.columns = self._columns()

    def read(self, row: int, cells: Cells) -> RegisterRow:
        """Return one model, noting every problem of its row."""
        texts = {name: clean(shown(cells[column])) for name, column in self.columns.items() if column in cells}
        for name, column in self.columns.items():
            value = cells.get(column)
            if name != "note" and isinstance(value, Odd):
                message = f"Biểu 03: đọc được “{value.text}” là {_ODD.get(value.kind, 'giá trị lạ')}; gõ lại bằng chữ"
                self.findings.refuse("o_loi", message, *self.table.at(row, column))
        return RegisterRow(
            name=texts["name"],
            linh_vuc_id=self._choice("linh_vuc", texts, row) or UNASSIGNED,
            commune=texts.get("commune"),
            host=texts.get("host"),
            kind=self._choice("kind", texts, row),
            start_year=self._start_year(cells, row),
            status=self._choice("status", texts, row),
            award_level=self._choice("award_level", texts, row),
            theme=self._choice("theme", texts, row),
            area_kind=self._choice("area_kind", texts, row),
            sheet=self.table.sheet.name,
            cell=a1((row, self.table.key_column)),
        )

    def _columns(self) -> dict[str, int]:
        layout = self.vocabulary.catalogue.layouts.periodic.model_register.model_dump(exclude={"sheet"})
        names: dict[str, str] = {}
        for name, labels in layout.items():
            for label in labels:
                names.setdefault(fold(label), name)
        columns = {"name": self.table.key_column}
        for column, texts in self.table.headings.items():
            heading, place = " ".join(texts), self.table.at(self.table.top, column)
            named = names.get(fold(heading))
            if named in columns:
                self.findings.refuse("trung_cot", f"Biểu 03 có hai cột “{heading}”: chỉ giữ một", *place)
            elif named:
                columns[named] = column
            elif not self.vocabulary.is_ignored(heading):
                self._refuse_unknown(column, heading)
        return columns

    def _refuse_unknown(self, column: int, heading: str) -> None:
        values = [cells[column] for _, cells in self.table.rows if column in cells]
        place = self.table.at(self.table.top, column)
        if any(map(is_figure, values)):
            self.findings.refuse("tieu_de_la", f"Cột “{heading}” có số nhưng không thuộc Biểu 03: xóa cột này", *place)
        elif values:
            self.findings.inform("cot_khong_doc", f"Cột “{heading}” không thuộc Biểu 03: không nạp", *place)

    def _choice(self, name: str, texts: dict[str, str], row: int) -> str | None:
        text = texts.get(name, "")
        if not fold(text):
            return None
        terms: Terms = self.vocabulary.fields if name == "linh_vuc" else self.vocabulary.choices[REGISTER_LISTS[name]]
        try:
            return terms.match(text)
        except UnknownLabel as problem:
            self.findings.refuse("bieu_03_la", f"Biểu 03: {problem}", *self.table.at(row, self.columns[name]))
            return None

    def _start_year(self, cells: Cells, row: int) -> int | None:
        column = self.columns.get("start_year")
        value = None if column is None else cells.get(column)
        if value is None or column is None or not fold(shown(value)):
            return None
        year, first, last = year_of(value), self.vocabulary.catalogue.province.first_year, date.today().year
        if year is None or not first <= year <= last:
            message = f"Năm bắt đầu “{shown(value)}” không rõ: ghi đủ bốn chữ số, từ {first} đến {last}"
            self.findings.refuse("nam_la", message, *self.table.at(row, column))
            return None
        return year


_ODD = {
    "error": "ô báo lỗi",
    "no_cache": "công thức chưa có kết quả",
    "date": "ngày tháng",
    "percent": "tỷ lệ",
    "scaled": "số có định dạng lạ",
}
