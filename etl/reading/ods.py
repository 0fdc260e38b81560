"""Reading .ods: one pass over content.xml, in which a repeated blank costs nothing."""

import re

from etl.reading.archive import Archive
from etl.reading.cells import Budget, SheetBuilder, plain_number
from etl.reading.errors import damaged, macros, password
from etl.reading.formats import MULTIPLE, iso_date
from etl.sheets import Odd, Value, Workbook
from etl.text import clean

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?")
_RUN = re.compile("[0-9]+(?:[., ][0-9]+)*")
_DURATION = re.compile(r"P.*?T([0-9]{1,4})H([0-9]{1,2})M.*")

# Text inside these is not what the cell says: comments, shapes, reading aids, tracked changes.
_ASIDES = frozenset(("annotation", "tracked-changes", "shapes", "frame", "custom-shape", "ruby-text", "g", "dde-links"))
_PLAIN_TEXT = {"tab": "\t", "line-break": "\n"}


def read_ods(archive: Archive) -> Workbook:
    """Return the tables of an OpenDocument spreadsheet, in order."""
    if any(_is_macro(name) for name in archive.names()):
        raise macros()
    manifest = "META-INF/manifest.xml"
    if "encrypted-package" in archive or (manifest in archive and b"encryption-data" in archive.read(manifest)):
        raise password()
    content = _Content(is_calculated="meta.xml" in archive and b">LibreOffice/" in archive.read("meta.xml"))
    archive.parse("content.xml", content)
    return content.workbook


def _is_macro(name: str) -> bool:
    folder, _, base = name.rpartition("/")
    if folder.startswith("basic") and base.endswith(".xml"):
        return base not in ("script-lc.xml", "script-lb.xml")
    return folder.startswith("scripts/") and bool(base)


class _Content:
    """Takes the elements of content.xml. A cell is kept until its row ends, since rows may be repeated."""

    def __init__(self, is_calculated: bool) -> None:
        self.workbook = Workbook("ods")
        self._is_calculated = is_calculated
        self._budget = Budget()
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._aside = 0
        self._sheet: SheetBuilder | None = None
        self._row = self._column = self._repeat_row = self._row_is_hidden = 0
        self._row_cells: list[tuple[int, int, Value]] = []
        self._cell: dict[str, str] | None = None
        self._text: list[str] = []
        self._paragraphs = 0
        self._is_in_paragraph = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take a table, a row, a cell, or text in it."""
        if self._aside or name in _ASIDES:
            self._aside += 1
        elif name in ("table-cell", "covered-table-cell"):
            self._cell = {key.rpartition(":")[2]: value for key, value in attributes.items() if key[:9] != "calcext:v"}
            self._cell["is_error"] = "1" if attributes.get("calcext:value-type") == "error" else ""
            self._text, self._paragraphs = [], 0
        elif self._cell is not None:
            self._start_text(name, attributes)
        elif name == "table-column":
            self._start_column(attributes)
        elif name == "table-row":
            self._start_row(attributes)
        elif name == "table":
            self._start_table(attributes)
        elif name == "style":
            self._style = attributes.get("style:name", "")
        elif name == "table-properties" and attributes.get("table:display") == "false":
            self._hidden_styles.add(self._style)

    def end(self, name: str) -> None:
        """Finish a cell, a row or a table."""
        if self._aside:
            self._aside -= 1
        elif name in ("table-cell", "covered-table-cell") and self._cell is not None:
            self._close_cell(self._cell)
            self._cell = None
        elif name == "p":
            self._is_in_paragraph = False
        elif name == "table-row" and self._sheet is not None:
            self._close_row(self._sheet)
        elif name == "table" and self._sheet is not None:
            self._close_table(self._sheet)
            self._sheet = None

    def data(self, text: str) -> None:
        """Collect the text of the paragraphs of a cell."""
        if self._is_in_paragraph and not self._aside:
            self._text.append(text)

    def _start_table(self, attributes: dict[str, str]) -> None:
        if self._sheet is not None:
            raise damaged(f"trang “{self._sheet.name}” chứa một bảng khác")
        is_hidden = attributes.get("table:style-name") in self._hidden_styles
        self._sheet = SheetBuilder(attributes.get("table:name", ""), self._budget, hidden=is_hidden)
        self._row = self._column = 0

    def _close_table(self, sheet: SheetBuilder) -> None:
        self.workbook.sheets.append(sheet.finish())
        if note := sheet.hidden_column_note():
            self.workbook.notes.append(note)

    def _start_column(self, attributes: dict[str, str]) -> None:
        times = _times(attributes.get("table:number-columns-repeated"))
        if self._sheet is not None and attributes.get("table:visibility", "visible") != "visible":
            self._sheet.hidden_columns.append((self._column, self._column + times - 1))
        self._column += times

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._repeat_row = _times(attributes.get("table:number-rows-repeated"))
        self._row_is_hidden = attributes.get("table:visibility", "visible") != "visible"
        self._column = 0
        self._row_cells = []

    def _start_text(self, name: str, attributes: dict[str, str]) -> None:
        if name == "p":
            if self._paragraphs:
                self._text.append("\n")
            self._paragraphs += 1
            self._is_in_paragraph = True
        elif name == "s":
            self._text.append(" " * min(_times(attributes.get("text:c")), 1000))
        elif name in _PLAIN_TEXT:
            self._text.append(_PLAIN_TEXT[name])

    def _close_cell(self, attributes: dict[str, str]) -> None:
        times = _times(attributes.get("number-columns-repeated"))
        value = _value(attributes, "".join(self._text))
        if self._is_calculated and isinstance(value, Odd) and value.kind == "no_cache":
            value = None  # LibreOffice calculates before saving and writes an empty result like a missing one
        if value is not None and not (isinstance(value, str) and not clean(value)):
            self._row_cells.append((self._column, times, value))
            self._merge(attributes)
        self._column += times

    def _merge(self, attributes: dict[str, str]) -> None:
        rows, columns = (_times(attributes.get(f"number-{what}-spanned")) for what in ("rows", "columns"))
        if self._sheet is not None and (rows, columns) != (1, 1):
            self._sheet.merge((self._row, self._column), (self._row + rows - 1, self._column + columns - 1))

    def _close_row(self, sheet: SheetBuilder) -> None:
        if self._row_cells:
            for row in range(self._row, self._row + self._repeat_row):
                if self._row_is_hidden:
                    sheet.hidden_rows.add(row)
                for first, times, value in self._row_cells:
                    for column in range(first, first + times):
                        sheet.add(row, column, value)
        self._row += self._repeat_row


def _value(attributes: dict[str, str], text: str) -> Value | None:
    """Return what an OpenDocument cell holds; `text` is what it shows."""
    kind = attributes.get("value-type", "")
    if attributes["is_error"] or (attributes.get("formula") and text.startswith(("#", "Err:"))):
        return Odd("error", text[:20] or "#?")
    if kind == "float" and text.upper() in ("TRUE", "FALSE"):
        return Odd("bool", text.upper())
    if kind in ("float", "currency"):
        return _number(attributes.get("value", ""), text)
    if kind == "percentage":
        return Odd("percent", text[:40] or attributes.get("value", ""))
    if kind == "date":
        return iso_date(attributes.get("date-value", ""))
    if kind == "time":
        clock = _DURATION.fullmatch(attributes.get("time-value", ""))
        return Odd("date", f"{clock[1]}:{clock[2]}" if clock else text[:40])
    if kind == "boolean":
        return Odd("bool", "TRUE" if attributes.get("boolean-value") == "true" else "FALSE")
    if attributes.get("formula") and not kind:
        return Odd("no_cache", attributes["formula"].partition(":")[2][:80] or "=")
    return attributes.get("string-value", text)


def _number(stored: str, text: str) -> Value | None:
    """Return the number of a cell; one that shows another number, or has only its text, is odd."""
    if _NUMBER.fullmatch(stored) is None:
        return stored or (Odd("scaled", text[:40]) if clean(text) else None)
    number = plain_number(float(stored))
    return Odd("scaled", stored[:40]) if isinstance(number, int) and _shows_another(abs(number), text) else number


def _shows_another(number: int, text: str) -> bool:
    """Whether what a cell shows is certainly not its number: 12 for 12000, "12%" for 12, "không" for 12."""
    shown = clean(text)
    runs = [re.split("[., ]", run) for run in _RUN.findall(shown)]
    if not shown or (not runs and number == 0) or len(runs) > 1:
        return False
    if not runs or MULTIPLE.search(re.sub("[0-9]", "", shown)):
        return True
    (groups,) = runs
    is_rounded = len(groups) > 1 and len(groups[-1]) != 3 and not groups[-1].strip("0")  # 12,00
    return int("".join(groups[:-1] if is_rounded else groups)) != number


def _times(text: str | None) -> int:
    """Return a repetition count; nonsense means once, and absurd counts end at the sheet's edge."""
    return max(1, int(text)) if text and text.isdecimal() and len(text) <= 9 else 1
