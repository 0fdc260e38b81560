"""Layout 1, the periodic return: Thông tin, Biểu 01 (models by field), Biểu 02 (activities), Biểu 03 (register)."""

from collections.abc import Callable, Iterable

from etl.conform.activities_table import activity_tables, read_activities
from etl.conform.identity import Info, check_period, date_of, period_of, read_info, unit_of
from etl.conform.models_table import models_tables, read_models
from etl.conform.register import read_register
from etl.conform.returns import REGISTER, Figure, Return
from etl.conform.tables import Findings, Table, shown
from etl.sheets import Sheet, Workbook, a1
from etl.text import clean, fold
from etl.vocabulary import Vocabulary

LAYOUT = "periodic"


def is_periodic(workbook: Workbook, vocabulary: Vocabulary) -> bool:
    """Whether a workbook is meant as a periodic return: it has one of its sheets or its tables."""
    layout = vocabulary.catalogue.layouts.periodic
    names = {fold(name) for name in (*layout.models.sheet, *layout.activities.sheet)}
    if any(fold(sheet.name) in names for sheet in workbook.sheets):
        return True
    return any(models_tables(sheet, vocabulary) or activity_tables(sheet, vocabulary) for sheet in workbook.sheets)


def conform_periodic(workbook: Workbook, vocabulary: Vocabulary, findings: Findings) -> list[Return]:
    """Return the one return of a periodic workbook, or none; every problem is noted in `findings`."""
    layouts = vocabulary.catalogue.layouts
    info_names = {fold(name) for name in layouts.info.sheet}
    info = read_info([sheet for sheet in workbook.sheets if fold(sheet.name) in info_names], vocabulary)
    don_vi_id, period = unit_of(info, vocabulary, findings), period_of(info, vocabulary, findings)
    models = _one_table(workbook, "Biểu 01", layouts.periodic.models.sheet, models_tables, vocabulary, findings)
    activities = _one_table(
        workbook, "Biểu 02", layouts.periodic.activities.sheet, activity_tables, vocabulary, findings
    )
    covers: set[str] = set()
    figures: list[Figure] = []
    for table, read in ((models, read_models), (activities, read_activities)):
        if table is not None:
            indicators, values = read(table, vocabulary, findings)
            covers |= indicators
            figures += values
    if models is not None and activities is not None:
        _warn_of_silence(covers, vocabulary, findings)
    register = read_register(workbook, vocabulary, findings)
    state = "co_so_lieu" if figures else "trong"
    if _is_not_arising(info, vocabulary, findings):
        state, figures = "khong_phat_sinh", _zeros(figures, info, vocabulary, findings)
        covers |= {figure.indicator_id for figure in figures}
    as_of_on = date_of(info, "as_of_on", "Ngày chốt số liệu", findings)
    sent_on = date_of(info, "sent_on", "Ngày gửi", findings)
    if don_vi_id is None or period is None:
        return []
    check_period(don_vi_id, period, vocabulary, findings, *info.place("year"))
    return [
        Return(
            don_vi_id=don_vi_id,
            period=period,
            layout=LAYOUT,
            state=state,
            covers=frozenset(covers | ({REGISTER} if register is not None else set())),
            figures=tuple(figures),
            models=tuple(register or ()),
            as_of_on=as_of_on,
            sent_on=sent_on,
        )
    ]


def _one_table(
    workbook: Workbook,
    name: str,
    sheet_names: Iterable[str],
    find: Callable[[Sheet, Vocabulary], list[Table]],
    vocabulary: Vocabulary,
    findings: Findings,
) -> Table | None:
    """Return the one table that `find` sees, preferring the sheet of that name; refuse none or several."""
    named = {fold(item) for item in sheet_names}
    found = [table for sheet in workbook.sheets for table in find(sheet, vocabulary)]
    preferred = [table for table in found if fold(table.sheet.name) in named] or found
    if not preferred:
        findings.refuse("thieu_bieu", f"Không thấy {name}: giữ nguyên trang và dòng tiêu đề của biểu mẫu")
        return None
    if len(preferred) > 1:
        where = ", ".join(dict.fromkeys(f"“{table.sheet.name}”" for table in preferred))
        findings.refuse("trung_bieu", f"{name} có nhiều hơn một bảng (trang {where}): chỉ giữ một bảng")
        return None
    for table in found:
        if table is not preferred[0]:
            message = f"Bảng giống {name} ở trang “{table.sheet.name}” không được nạp"
            findings.warn("bang_khong_doc", message, table.sheet.name)
    return preferred[0]


def _warn_of_silence(covers: set[str], vocabulary: Vocabulary, findings: Findings) -> None:
    """Warn of every indicator of the form that the file neither counts nor leaves blank."""
    silent = [item for item in vocabulary.catalogue.indicators if item.indicator_id not in covers]
    for indicator in silent:
        where = "cột" if indicator.by_linh_vuc else "dòng"
        findings.warn("chi_tieu_vang", f"Biểu không có {where} “{indicator.label}”: chỉ tiêu này xem như chưa báo cáo")


def _is_not_arising(info: Info, vocabulary: Vocabulary, findings: Findings) -> bool:
    mark = info.get("not_arising")
    if mark is None:
        return False
    words = {word.casefold() for word in vocabulary.catalogue.layouts.words.not_arising}
    if clean(shown(mark)).casefold() in words:
        return True
    message = f"Ô Không phát sinh ghi “{shown(mark)}”: đánh x nếu đúng là không phát sinh, để trống nếu không"
    findings.warn("khong_phat_sinh_khong_ro", message, *info.place("not_arising"))
    return False


def _zeros(figures: list[Figure], info: Info, vocabulary: Vocabulary, findings: Findings) -> list[Figure]:
    """Return an explicit zero for every flow, in the cell of the mark; a figure above zero contradicts it."""
    sheet, position = info.place("not_arising")
    for figure in figures:
        if figure.value > 0:
            message = f"Đã đánh dấu Không phát sinh nhưng ô {figure.cell} ghi {figure.value}: bỏ dấu hoặc sửa số"
            findings.refuse("khong_phat_sinh_mau_thuan", message, figure.sheet)
    cell = a1(position) if position else ""
    fields = vocabulary.catalogue.layouts.periodic.models.required_rows
    return [
        Figure(indicator.indicator_id, linh_vuc_id, 0, sheet, cell)
        for indicator in vocabulary.catalogue.indicators
        if indicator.aggregation == "flow"
        for linh_vuc_id in (fields if indicator.by_linh_vuc else (None,))
    ]
