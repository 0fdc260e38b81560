"""Layout 4, the long table: a row a figure."""

from etl.conform.cells import Cells, is_figure, shown
from etl.conform.findings import Findings
from etl.conform.identity import check_period
from etl.conform.period_text import UnclearPeriod, span, year_of
from etl.conform.returns import Figure, Return
from etl.conform.tables import Table, find_tables, refuse_unnamed, used_columns
from etl.conform.totals import UNASSIGNED
from etl.periods import Period
from etl.sheets import Sheet, Workbook, a1
from etl.text import fold, keys_of
from etl.vocabulary import Terms, UnknownLabel, Vocabulary

LAYOUT = "long"
_OPTIONAL = ("linh_vuc", "ghi_chu")
Key = tuple[str, Period]


def long_tables(sheet: Sheet, vocabulary: Vocabulary) -> list[Table]:
    """Return the tables of a sheet that look like a long table."""
    layout = vocabulary.catalogue.layouts.long
    values = keys_of(layout.gia_tri)
    return find_tables(sheet, keys_of(layout.don_vi), lambda text: fold(text) in values)


def conform_long(workbook: Workbook, tables: list[Table], vocabulary: Vocabulary, findings: Findings) -> list[Return]:
    """Return one return for each unit and period of the tables; every problem is noted in `findings`."""
    reader = _Reader(vocabulary, findings)
    for table in tables:
        later = (other.top for other in tables if other.sheet is table.sheet)
        reader.read(table.until(later))
    return [
        Return(
            don_vi_id=key[0],
            period=key[1],
            layout=LAYOUT,
            state="co_so_lieu" if figures else "trong",
            covers=frozenset(reader.covers[key]),
            figures=tuple(figures),
        )
        for key, figures in reader.figures.items()
    ]


class _Reader:
    """Reads tables into returns. figures, covers: by unit and period, in the order first met."""

    def __init__(self, vocabulary: Vocabulary, findings: Findings) -> None:
        self.vocabulary, self.findings = vocabulary, findings
        self.figures: dict[Key, list[Figure]] = {}
        self.covers: dict[Key, set[str]] = {}
        self._met: set[tuple[Key, str, str | None]] = set()
        self._impossible: set[Key] = set()

    def read(self, table: Table) -> None:
        """Add every row of a table to its return."""
        columns = self._columns(table)
        for row, cells in table.rows if columns else ():
            if self.findings.is_full:
                return
            if len(cells) > 1 or is_figure(next(iter(cells.values()))):  # else a note
                _Row(table, columns, row, cells, self).read()

    def is_possible(self, key: Key, place: tuple[str, tuple[int, int]]) -> bool:
        """Whether the unit could report on the period; said once for each."""
        if key not in self._impossible and not check_period(*key, self.vocabulary, self.findings, place):
            self._impossible.add(key)
        return key not in self._impossible

    def is_new(self, key: Key, indicator_id: str, linh_vuc_id: str | None) -> bool:
        """Whether this figure was not met before; a field such as "khác" may come several times."""
        figure = (key, indicator_id, linh_vuc_id)
        is_new = figure not in self._met
        self._met.add(figure)
        return is_new or linh_vuc_id in self.vocabulary.catalogue.layouts.periodic.models.repeatable_rows

    def _columns(self, table: Table) -> dict[str, int]:
        """Return {name: column}, empty after refusing a table without the columns it needs."""
        layout = self.vocabulary.catalogue.layouts.long.model_dump()
        names = {fold(label): name for name, labels in layout.items() for label in labels}
        columns = {"don_vi": table.key_column}
        used = used_columns(table, {row for row, _ in table.rows})
        for column, texts in table.headings.items():
            heading, place = " ".join(texts), table.at(table.top, column)
            name = names.get(fold(heading))
            if name in columns:
                self.findings.refuse("trung_cot", f"Cột “{heading}” có hai lần: chỉ giữ một", *place)
            elif name:
                columns[name] = column
            elif column in used:
                self.findings.refuse("tieu_de_la", f"Cột “{heading}” không thuộc bảng dài: xóa cột này", *place)
        refuse_unnamed(table, used, self.findings)
        missing = [name for name in layout if name not in columns and name not in _OPTIONAL]
        if missing:
            self.findings.refuse("thieu_cot", f"Bảng dài thiếu cột: {', '.join(missing)}", *table.head)
            return {}
        return columns


class _Row:
    """One row on its way into a return."""

    def __init__(self, table: Table, columns: dict[str, int], row: int, cells: Cells, reader: _Reader) -> None:
        self.table, self.columns, self.row, self.cells, self.reader = table, columns, row, cells, reader
        self.vocabulary, self.findings = reader.vocabulary, reader.findings

    def read(self) -> None:
        """Add the row's figure to its return, or note every problem of the row."""
        don_vi_id = self._match(self.vocabulary.units, "don_vi")
        period = self._period()
        indicator_id = self._match(self.vocabulary.indicators, "chi_tieu")
        value = self.findings.count(self.cells.get(self.columns["gia_tri"]), *self._place("gia_tri"))
        is_usable, linh_vuc_id = self._field(indicator_id) if indicator_id is not None else (False, None)
        if period is None:
            return
        if don_vi_id is None:
            check_period(None, period, self.vocabulary, self.findings, self._place("tu_nam"))
            return
        key = (don_vi_id, period)
        is_possible = self.reader.is_possible(key, self._place("tu_nam"))
        if indicator_id is None or not is_usable or not is_possible:
            return
        if not self.reader.is_new(key, indicator_id, linh_vuc_id):
            label = self.vocabulary.catalogue.indicator_by_id[indicator_id].label
            message = f"Số liệu “{label}” của đơn vị và kỳ này đã có ở dòng trên: chỉ giữ một"
            self.findings.refuse("trung_dong", message, *self._place("gia_tri"))
            return
        self.reader.covers.setdefault(key, set()).add(indicator_id)
        figures = self.reader.figures.setdefault(key, [])
        if value is not None:
            sheet, position = self._place("gia_tri")
            figures.append(Figure(indicator_id, linh_vuc_id, value, sheet, a1(position)))

    def _match(self, terms: Terms, name: str) -> str | None:
        label = shown(self.cells.get(self.columns[name]))
        try:
            if not label:
                raise UnknownLabel(f"chưa ghi {terms.what}")
            return self.vocabulary.unit(label) if name == "don_vi" else terms.match(label)
        except UnknownLabel as problem:
            self.findings.refuse(f"{name}_la", f"Dòng này: {problem}", *self._place(name))
            return None

    def _period(self) -> Period | None:
        kind = self._match(self.vocabulary.periods, "ky")
        years = [self._year(name) for name in ("tu_nam", "den_nam")]
        if kind is None or years[0] is None or years[1] is None:
            return None
        try:
            return span(years[0], years[1]) if kind == "giai_doan" else Period(kind, years[0], years[1])  # type: ignore[arg-type]
        except (ValueError, UnclearPeriod) as problem:
            self.findings.refuse("nam_la", str(problem), *self._place("tu_nam"))
            return None

    def _year(self, name: str) -> int | None:
        value = self.cells.get(self.columns[name], "")
        year = year_of(value)
        if year is None:
            message = f"Năm “{shown(value)}” không rõ: ghi đủ bốn chữ số, ví dụ 2023"
            self.findings.refuse("nam_la", message, *self._place(name))
        return year

    def _field(self, indicator_id: str) -> tuple[bool, str | None]:
        """Return (whether the row's field is usable, the field)."""
        indicator = self.vocabulary.catalogue.indicator_by_id[indicator_id]
        if "linh_vuc" not in self.columns or self.columns["linh_vuc"] not in self.cells:
            return True, UNASSIGNED if indicator.by_linh_vuc else None
        if not indicator.by_linh_vuc:
            message = f"“{indicator.label}” không chia theo lĩnh vực: để trống cột linh_vuc"
            self.findings.refuse("chi_tieu_khong_linh_vuc", message, *self._place("linh_vuc"))
            return False, None
        field_id = self._match(self.vocabulary.fields, "linh_vuc")
        return field_id is not None, field_id

    def _place(self, name: str) -> tuple[str, tuple[int, int]]:
        return self.table.at(self.row, self.columns[name])
