"""Reading .xlsx and .xlsm: one pass over each sheet's XML, which keeps what table readers lose.

Only the cells that are there cost anything, so a figure in row 1.048.576 or a forged dimension is harmless,
and error cells, formulas without a result, percentages and dates stay apart from blanks and plain numbers.
"""

import posixpath

from etl.reading.archive import Archive, Elements
from etl.reading.cells import Budget, SheetBuilder
from etl.reading.errors import damaged, macros
from etl.reading.formats import FormatKind, kind_of_format
from etl.reading.xlsx_sheet import SharedStrings, SheetXml
from etl.sheets import Sheet, Workbook

_BOOK = "xl/workbook.xml"


def read_xlsx(archive: Archive) -> Workbook:
    """Return the worksheets of an Office Open XML archive, in workbook order."""
    _refuse_macros(archive)
    is_xlsm = b"macroenabled" in archive.read("[Content_Types].xml").lower()
    workbook = Workbook("xlsm" if is_xlsm else "xlsx")
    book_name = _book_name(archive)
    book = _Book(archive, book_name)
    strings = SharedStrings()
    if name := book.part("sharedStrings"):
        archive.parse(name, strings)
    styles = _Styles()
    if name := book.part("styles"):
        archive.parse(name, Elements(styles.start))
    budget = Budget()
    for sheet_name, is_hidden, part in book.worksheets():
        builder = SheetBuilder(sheet_name, budget, hidden=is_hidden)
        target = SheetXml(builder, strings.texts, styles.kinds, book.is_1904)
        archive.parse(part, target)
        if book.is_never_calculated:
            target.distrust_zero_results()
        _keep(workbook, builder)
    return workbook


def _keep(workbook: Workbook, builder: SheetBuilder) -> Sheet:
    sheet = builder.finish()
    workbook.sheets.append(sheet)
    notes = (builder.hidden_column_note(), builder.merged_cells_note())
    workbook.notes += [note for note in notes if note]
    return sheet


def _refuse_macros(archive: Archive) -> None:
    for name in archive.names():
        if posixpath.basename(name).startswith("vbaproject") or "/macrosheets/" in name:
            raise macros()


def _book_name(archive: Archive) -> str:
    """Return the workbook part that the package's relations name; nearly always xl/workbook.xml."""
    if _BOOK in archive or "_rels/.rels" not in archive:
        return _BOOK
    return next((target for kind, target in _relations(archive, "").values() if kind == "officeDocument"), _BOOK)


def _relations(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """Return id -> (kind, part name) for the internal relations of a part ("" is the package itself)."""
    folder, base = posixpath.split(part)
    found: dict[str, tuple[str, str]] = {}

    def take(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/" + folder, attributes.get("Target", "").replace("\\", "/")))
            found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], target.lstrip("/"))

    name = posixpath.join(folder, "_rels", f"{base}.rels")
    if name in archive:
        archive.parse(name, Elements(take))
    return found


class _Book:
    """What workbook.xml says: its sheets, the calendar, and whether any program ever calculated it."""

    def __init__(self, archive: Archive, name: str) -> None:
        self.is_1904 = False
        self.is_never_calculated = False
        self._archive = archive
        self._sheets: list[tuple[str, bool, str]] = []
        self._relations = _relations(archive, name)
        archive.parse(name, Elements(self._start))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            identifier = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            self._sheets.append(
                (attributes.get("name", ""), attributes.get("state", "visible") != "visible", identifier)
            )
        elif name == "workbookPr":
            self.is_1904 = attributes.get("date1904") in ("1", "true")
        elif name == "calcPr":
            self.is_never_calculated = attributes.get("fullCalcOnLoad") in ("1", "true")

    def part(self, kind: str) -> str | None:
        """Return the name of the one part of a kind, such as "styles", if the workbook has it."""
        return next((target for found, target in self._relations.values() if found == kind), None)

    def worksheets(self) -> list[tuple[str, bool, str]]:
        """Return (name, is hidden, part) of every worksheet; charts and dialogs hold no cells."""
        found = []
        for name, is_hidden, identifier in self._sheets:
            if identifier not in self._relations:
                raise damaged(f"không tìm thấy nội dung trang “{name}”")
            kind, part = self._relations[identifier]
            if kind == "worksheet":
                found.append((name, is_hidden, part))
        return found


class _Styles:
    """Number formats of styles.xml, as the kind of each cell style."""

    def __init__(self) -> None:
        self.kinds: list[FormatKind] = []
        self._codes: dict[str, str] = {}
        self._in_cell_styles = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take numFmt (which stand first) and the xf elements of cellXfs."""
        if name == "numFmt":
            self._codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name in ("cellXfs", "cellStyleXfs", "dxfs", "cellStyles"):
            self._in_cell_styles = name == "cellXfs"
        elif name == "xf" and self._in_cell_styles:
            number = attributes.get("numFmtId", "0")
            self.kinds.append(kind_of_format(self._codes.get(number, ""), int(number) if number.isdecimal() else -1))
