"""Reading .xls (Excel 97-2003) with xlrd, which keeps the number formats."""

import io
import re

import xlrd
from xlrd.compdoc import CompDoc

from etl.reading.cells import Budget, SheetBuilder, plain_number
from etl.reading.errors import Unreadable, damaged, macros, password
from etl.reading.formats import kind_of_format, odd_number
from etl.sheets import Odd, Value, Workbook

_MACRO_SHEET = re.compile(r"type 0x0[16] = ")


def read_xls(content: bytes) -> Workbook:
    """Return the worksheets of an OLE file, after asking its directory what it is."""
    _look_inside(content)
    log = io.StringIO()
    try:
        book = xlrd.open_workbook(
            file_contents=content, formatting_info=True, on_demand=True, ragged_rows=True, logfile=log, verbosity=1
        )
        if _MACRO_SHEET.search(log.getvalue()):  # Excel 4 macro sheets; xlrd only mentions them
            raise macros()
        return _sheets(book)
    except (Unreadable, MemoryError):
        raise
    except Exception as error:  # on a damaged file xlrd raises whatever its next step happens to raise
        raise (password() if "encrypted" in str(error) else damaged("không đọc được cấu trúc .xls")) from None


def _sheets(book: xlrd.book.Book) -> Workbook:
    workbook, budget = Workbook("xls"), Budget()
    for index, name in enumerate(book.sheet_names()):
        builder = SheetBuilder(name, budget)
        sheet = book.sheet_by_index(index)
        builder.hidden = sheet.visibility != 0
        builder.hidden_rows.update(row for row, info in sheet.rowinfo_map.items() if info.hidden)
        builder.hidden_columns.extend((column, column) for column, info in sheet.colinfo_map.items() if info.hidden)
        for first_row, after_row, first_column, after_column in sheet.merged_cells:
            builder.merge((first_row, first_column), (after_row - 1, after_column - 1))
        _fill(builder, sheet, book)
        book.unload_sheet(index)
        workbook.sheets.append(builder.finish())
        if note := builder.hidden_column_note():
            workbook.notes.append(note)
    return workbook


def _look_inside(content: bytes) -> None:
    """Refuse what only looks like a workbook: password packages, Word documents, files with macros."""
    try:
        container = CompDoc(content, logfile=io.StringIO())
        names = {entry.name.casefold() for entry in container.dirlist if entry.etype}
        _refuse_circles(container)
    except (Unreadable, MemoryError):
        raise
    except Exception:  # CompDocError, or whatever a damaged directory leads to
        raise damaged("không đọc được cấu trúc .xls") from None
    if names & {"encryptedpackage", "encryptioninfo"}:
        raise password()
    if names & {"_vba_project_cur", "vba", "_vba_project"}:
        raise macros()
    if not names & {"workbook", "book"}:
        raise Unreadable(
            "khong_phai_bang_tinh", "Tệp này không phải bảng tính Excel. Gửi tệp .xlsx, .xls, .ods hoặc .csv."
        )


def _refuse_circles(container: CompDoc) -> None:
    """Refuse a stream whose chain of sectors never ends: xlrd would follow it until memory is gone."""
    for entry in container.dirlist:
        is_short = entry.etype == 2 and entry.tot_size < container.min_size_std_stream
        table = container.SSAT if is_short else container.SAT
        sector, steps = entry.first_SID, 0
        while entry.etype in (2, 5) and 0 <= sector < len(table):
            sector, steps = table[sector], steps + 1
            if steps > len(table):
                raise damaged("các phần của tệp .xls nối thành vòng")


def _fill(builder: SheetBuilder, sheet: xlrd.sheet.Sheet, book: xlrd.book.Book) -> None:
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            value = _value(sheet.cell(row, column), book)
            if value is not None:
                builder.add(row, column, value)


def _value(cell: xlrd.sheet.Cell, book: xlrd.book.Book) -> Value | None:
    if cell.ctype == xlrd.XL_CELL_TEXT:
        # Only a formula without a result leaves an empty text here; .xls cannot say whether it was calculated.
        return str(cell.value) if cell.value else Odd("no_cache", "=…")
    if cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        number = float(cell.value)
        code = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
        kind = kind_of_format(code)
        return plain_number(number) if kind == "number" else odd_number(kind, number, bool(book.datemode))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return Odd("bool", "TRUE" if cell.value else "FALSE")
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return Odd("error", xlrd.error_text_from_code.get(cell.value, "#?"))
    return None
