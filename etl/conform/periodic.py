"""Layout 1, the periodic return: Thông tin, Biểu 01 (models by field), Biểu 02 (activities), Biểu 03 (register)."""

from collections.abc import Callable, Iterable

from etl.conform.activities_table import activity_tables, read_activities
from etl.conform.carried import warn_of_carried
from etl.conform.findings import Findings
from etl.conform.identity import check_period, period_of, unit_of, warn_of_cut_off
from etl.conform.info import Info, above_table, check_layout_version, dates_of, has_facts, info_sheets, read_info
from etl.conform.models_table import models_tables, read_models
from etl.conform.not_arising import is_not_arising, zeros
from etl.conform.register import read_register, register_tables
from etl.conform.returns import REGISTER, Figure, Return
from etl.conform.tables import Table
from etl.conform.titles import Title, check_titles, check_what_titles_count, titles_of, warn_of_running_totals
from etl.sheets import Sheet, Workbook
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
    layout = vocabulary.catalogue.layouts.periodic
    models = _one_table(workbook, layout.models.sheet, models_tables, vocabulary, findings)
    activities = _one_table(workbook, layout.activities.sheet, activity_tables, vocabulary, findings)
    tables = [table for table in (models, activities) if table is not None]
    info, titles = _info(workbook, tables, vocabulary, findings)
    don_vi_id, period = unit_of(info, titles, vocabulary, findings), period_of(info, vocabulary, findings)
    covers: set[str] = set()
    figures: list[Figure] = []
    for table, read in ((models, read_models), (activities, read_activities)):
        if table is not None:
            indicators, values = read(_alone(table, tables, vocabulary), vocabulary, findings)
            covers |= indicators
            figures += values
    if models is not None and activities is not None:
        _warn_of_silence(covers, vocabulary, findings)
    register = read_register(workbook, vocabulary, findings)
    state = "co_so_lieu" if figures else "trong"
    if is_not_arising(info, vocabulary, findings):
        state, figures = "khong_phat_sinh", zeros(figures, info, vocabulary, findings)
        covers |= {figure.indicator_id for figure in figures}
    check_what_titles_count(titles, vocabulary, findings)
    check_layout_version(info, vocabulary, findings)
    warn_of_carried(workbook, figures, findings)
    as_of_on, sent_on = dates_of(info, findings)
    if period is None:
        return []
    check_titles(period, titles, findings)
    warn_of_running_totals(period, titles, vocabulary, findings)
    warn_of_cut_off(period, as_of_on, info, findings)
    stated = next((name for name in ("year", "to_year") if info.get(name) is not None), "period")
    check_period(don_vi_id, period, vocabulary, findings, info.place(stated))
    if don_vi_id is None:
        return []
    covers |= {REGISTER} if register is not None else set()
    models_named = tuple(register or ())
    return [
        Return(don_vi_id, period, LAYOUT, state, frozenset(covers), tuple(figures), models_named, as_of_on, sent_on)
    ]


def _info(
    workbook: Workbook, tables: list[Table], vocabulary: Vocabulary, findings: Findings
) -> tuple[Info, list[Title]]:
    """Return the facts of "Thông tin", or of what stands above the tables, and the titles of both."""
    with_tables = {table.sheet.name for table in tables}
    others = [sheet for sheet in workbook.sheets if sheet.name not in with_tables]
    sheets = info_sheets(workbook, vocabulary) or [sheet for sheet in others if has_facts(sheet, vocabulary)]
    if not sheets:
        tops = {table.sheet.name: table for table in sorted(tables, key=lambda table: -table.top)}
        sheets = [above_table(table.sheet, table.top) for table in tops.values()]
    info = read_info(sheets, vocabulary, findings)
    rows = {(sheet, position[0]) for sheet, position, _ in info.facts.values()}
    titles = titles_of(tables)
    for sheet in sheets:
        first = min((row for name, row in rows if name == sheet.name), default=0)
        texts = sorted((position, value) for position, value in sheet.cells.items() if position[0] < first)
        titles += [(sheet.name, position, clean(value)) for position, value in texts if isinstance(value, str)]
    return info, [title for title in titles if (title[0], title[1][0]) not in rows]


def _alone(table: Table, tables: list[Table], vocabulary: Vocabulary) -> Table:
    """Return the table without the rows of the tables that stand below it on its sheet."""
    others = [*tables, *register_tables(table.sheet, vocabulary)]
    return table.until(other.top for other in others if other.sheet is table.sheet)


def _one_table(
    workbook: Workbook,
    sheet_names: tuple[str, ...],
    find: Callable[[Sheet, Vocabulary], list[Table]],
    vocabulary: Vocabulary,
    findings: Findings,
) -> Table | None:
    """Return the one table that `find` sees, preferring the sheet of that name; refuse none or several."""
    name, named = sheet_names[0], {fold(item) for item in sheet_names}
    found = [table for sheet in workbook.sheets for table in find(sheet, vocabulary)]
    preferred = [table for table in found if fold(table.sheet.name) in named] or found
    if not preferred:
        findings.refuse("thieu_bieu", f"Không thấy {name}: giữ nguyên trang và dòng tiêu đề của biểu mẫu")
        return None
    if len(preferred) > 1:
        where = ", ".join(dict.fromkeys(f"“{table.sheet.name}”" for table in preferred))
        findings.refuse("trung_bieu", f"{name} có nhiều hơn một bảng (trang {where}): chỉ giữ một", *preferred[1].head)
        return None
    for table in found:
        if table is not preferred[0]:
            message = f"Bảng giống {name} ở trang “{table.sheet.name}” không được nạp"
            findings.warn("bang_khong_doc", message, *table.head)
    return preferred[0]


def _warn_of_silence(covers: Iterable[str], vocabulary: Vocabulary, findings: Findings) -> None:
    """Warn of every indicator of the form that the file neither counts nor leaves blank."""
    silent = [item for item in vocabulary.catalogue.indicators if item.indicator_id not in covers]
    for indicator in silent:
        where = "cột" if indicator.by_linh_vuc else "dòng"
        findings.warn("chi_tieu_vang", f"Biểu không có {where} “{indicator.label}”: chỉ tiêu này xem như chưa báo cáo")
