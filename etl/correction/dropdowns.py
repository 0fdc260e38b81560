"""Drop-downs that openpyxl drops: those that Excel 2010 and later keep in an extension of a sheet.

Excel writes a list there when its entries stand on another sheet. The plain form of a validation can say the same.
"""

from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

from openpyxl.reader.excel import ExcelReader
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.xml.functions import fromstring

_MAIN = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
_FORMULA = "{http://schemas.microsoft.com/office/excel/2006/main}"
_FLAGS = ("allowBlank", "showInputMessage", "showErrorMessage")
_TEXTS = ("type", "operator", "errorStyle", "promptTitle", "prompt", "errorTitle", "error")


def restore_dropdowns(reader: ExcelReader, archive: ZipFile) -> None:
    """Add the validations of the sheets' extensions to the workbook that `reader` has read from `archive`."""
    for sheet, relation in reader.parser.find_sheets():
        xml = archive.read(relation.target) if relation.Type.endswith("/worksheet") else b""
        if b"x14:dataValidation " in xml:
            for rule in _rules(xml):
                reader.wb[sheet.name].add_data_validation(rule)


def _rules(xml: bytes) -> Iterator[DataValidation]:
    for found in fromstring(xml).iter(f"{_MAIN}dataValidation"):
        flags: dict[str, Any] = {name: found.get(name) in ("1", "true") for name in _FLAGS}
        texts: dict[str, Any] = {name: found.get(name) for name in _TEXTS if found.get(name)}
        cells = found.findtext(f"{_FORMULA}sqref")
        formulas = {name: found.findtext(f"{_MAIN}{name}/{_FORMULA}f") for name in ("formula1", "formula2")}
        if cells:
            yield DataValidation(sqref=cells, **flags, **texts, **formulas)
