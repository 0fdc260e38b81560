"""Layout 4, the long table: a row a figure."""

from etl.conform.identity import check_period, period_of_row
from etl.conform.returns import Figure, Return
from etl.conform.tables import Cells, Findings, Table, find_tables, shown
from etl.conform.totals import UNASSIGNED, cell_max
from etl.periods import Period
from etl.sheets import Sheet, Workbook, a1
from etl.text import fold
from etl.vocabulary import Terms, UnknownLabel, Vocabulary

LAYOUT = "long"
Key = tuple[str, Period]


def long_tables(sheet: Sheet, vocabulary: Vocabulary) -> list[Table]:
    """Return the tables of a sheet that look like a long table."""
    layout = vocabulary.catalogue.layouts.long
    keys, values = {fold(label) for label in layout.don_vi}, {fold(label) for label in layout.gia_tri}
    return find_tables(sheet, lambda text: fold(text) in keys, lambda text: fold(text) in values)


def conform_long(workbook: Workbook, vocabulary: Vocabulary, findings: Findings) -> list[Return]:
    """Return one return for each unit and period of the table; every problem is noted in `findings`."""
    tables = [table for sheet in workbook.sheets for table in long_tables(sheet, vocabulary)]
    figures: dict[Key, list[Figure]] = {}
    covers: dict[Key, set[str]] = {}
    for table in tables:
        columns = _columns(table, vocabulary, findings)
        if columns is None:
            continue
        reader = _RowReader(table, columns, vocabulary, findings)
        for row, cells in table.rows:
            reader.read(row, cells, figures, covers)
    return [
        Return(
            don_vi_id=key[0],
            period=key[1],
            layout=LAYOUT,
            state="co_so_lieu" if figures[key] else "trong",
            covers=frozenset(covers[key]),
            figures=tuple(figures[key]),
        )
        for key in figures
    ]


def _columns(table: Table, vocabulary: Vocabulary, findings: Findings) -> dict[str, int] | None:
    layout = vocabulary.catalogue.layouts.long.model_dump()
    columns = {"don_vi": table.key_column}
    for column, texts in table.headings.items():
        names = [name for name, labels in layout.items() if fold(" ".join(texts)) in {fold(label) for label in labels}]
        place = (table.sheet.name, (table.top, column))
        if not names:
            if table.has_figures(column):
                findings.refuse("tieu_de_la", f"Cột “{' '.join(texts)}” không thuộc bảng dài", *place)
        elif names[0] in columns:
            findings.refuse("trung_cot", f"Cột “{names[0]}” có hai lần", *place)
        else:
            columns[names[0]] = column
    missing = [name for name in layout if name not in columns and name not in ("linh_vuc", "ghi_chu")]
    if missing:
        findings.refuse("thieu_cot", f"Thiếu cột: {', '.join(missing)}", table.sheet.name, (table.top, 0))
        return None
    return columns


class _RowReader:
    """Reads the rows of one table, remembering which figures it has met."""

    def __init__(self, table: Table, columns: dict[str, int], vocabulary: Vocabulary, findings: Findings) -> None:
        self.table, self.columns, self.vocabulary, self.findings = table, columns, vocabulary, findings
        self.met: set[tuple[Key, str, str | None]] = set()
        self.refused_periods: set[Key] = set()

    def read(self, row: int, cells: Cells, figures: dict[Key, list[Figure]], covers: dict[Key, set[str]]) -> None:
        """Add the row's figure to its return."""
        don_vi_id = self._match(self.vocabulary.units, "don_vi", row, cells)
        period = self._period(row, cells)
        indicator_id = self._match(self.vocabulary.indicators, "chi_tieu", row, cells)
        if don_vi_id is None or period is None or indicator_id is None:
            return
        key = (don_vi_id, period)
        known, linh_vuc_id = self._field(indicator_id, row, cells)
        if not known or not self._is_possible(key, row) or self._is_repeated(key, indicator_id, linh_vuc_id, row):
            return
        position = (row, self.columns["gia_tri"])
        sheet = self.table.sheet.name
        value = self.findings.count(cells.get(position[1]), cell_max(self.vocabulary), sheet, position)
        covers.setdefault(key, set()).add(indicator_id)
        figures.setdefault(key, [])
        if value is not None:
            figures[key].append(Figure(indicator_id, linh_vuc_id, value, sheet, a1(position)))

    def _match(self, terms: Terms, name: str, row: int, cells: Cells) -> str | None:
        value = cells.get(self.columns[name])
        try:
            if value is None:
                raise UnknownLabel(f"chưa ghi {terms.what}")
            return self.vocabulary.unit(shown(value)) if name == "don_vi" else terms.match(shown(value))
        except UnknownLabel as problem:
            self.findings.refuse(f"{name}_la", f"Dòng này: {problem}", *self._place(name, row))
            return None

    def _period(self, row: int, cells: Cells) -> Period | None:
        kind = self._match(self.vocabulary.periods, "ky", row, cells)
        years = [period_of_row(cells.get(self.columns[name], "")) for name in ("tu_nam", "den_nam")]
        for name, year in zip(("tu_nam", "den_nam"), years, strict=True):
            if year is None or year.kind != "nam":
                read = shown(cells.get(self.columns[name], ""))
                self.findings.refuse("nam_la", f"Năm “{read}” không rõ: ghi đủ bốn chữ số", *self._place(name, row))
                return None
        if kind is None or years[0] is None or years[1] is None:
            return None
        try:
            return Period(kind, years[0].from_year, years[1].from_year)  # type: ignore[arg-type]
        except ValueError as problem:
            self.findings.refuse("nam_la", str(problem), *self._place("tu_nam", row))
            return None

    def _field(self, indicator_id: str, row: int, cells: Cells) -> tuple[bool, str | None]:
        """Return (whether the row's field is usable, the field)."""
        by_field = self.vocabulary.catalogue.indicator_by_id[indicator_id].by_linh_vuc
        if "linh_vuc" not in self.columns or self.columns["linh_vuc"] not in cells:
            return True, UNASSIGNED if by_field else None
        if not by_field:
            label = self.vocabulary.catalogue.indicator_by_id[indicator_id].label
            message = f"“{label}” không chia theo lĩnh vực: để trống cột linh_vuc"
            self.findings.refuse("chi_tieu_khong_linh_vuc", message, *self._place("linh_vuc", row))
            return False, None
        field_id = self._match(self.vocabulary.fields, "linh_vuc", row, cells)
        return field_id is not None, field_id

    def _is_possible(self, key: Key, row: int) -> bool:
        if key in self.refused_periods:
            return False
        if check_period(key[0], key[1], self.vocabulary, self.findings, *self._place("tu_nam", row)):
            return True
        self.refused_periods.add(key)
        return False

    def _is_repeated(self, key: Key, indicator_id: str, linh_vuc_id: str | None, row: int) -> bool:
        figure = (key, indicator_id, linh_vuc_id)
        if figure in self.met and linh_vuc_id not in self.vocabulary.catalogue.layouts.periodic.models.repeatable_rows:
            label = self.vocabulary.catalogue.indicator_by_id[indicator_id].label
            self.findings.refuse("trung_dong", f"Số liệu “{label}” này đã có ở dòng trên", *self._place("gia_tri", row))
            return True
        self.met.add(figure)
        return False

    def _place(self, name: str, row: int) -> tuple[str, tuple[int, int]]:
        return self.table.sheet.name, (row, self.columns[name])
