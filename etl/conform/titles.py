"""What is written above the tables, held against the stated period and against what the tables count.

Nothing is loaded from a title here: it may confirm, be asked about, or refuse the file.
"""

from collections.abc import Iterable

from etl.conform.findings import Findings
from etl.conform.period_text import UnclearPeriod, periods_in_text
from etl.conform.tables import Table
from etl.periods import Period
from etl.sheets import Position
from etl.vocabulary import Vocabulary

Title = tuple[str, Position, str]


def titles_of(tables: Iterable[Table]) -> list[Title]:
    """Return (sheet, position, text) of everything written above the tables."""
    return [(table.sheet.name, position, text) for table in tables for position, text in table.titles()]


def check_titles(period: Period, titles: list[Title], findings: Findings) -> None:
    """Refuse a stated period that the titles contradict; a span in a title may hold it."""
    for sheet, position, text in titles:
        try:
            named = periods_in_text(text)
        except UnclearPeriod:
            message = f"Kỳ báo cáo là {period.label} nhưng tiêu đề ghi “{text}”: kiểm tra lại"
            findings.warn("tieu_de_khac_ky", message, sheet, position)
            continue
        if named and not any(agrees(period, other) for other in named):
            names = ", ".join(sorted(other.label for other in named))
            message = f"Kỳ báo cáo là {period.label} nhưng tiêu đề nêu {names}: sửa cho thống nhất"
            findings.refuse("ky_mau_thuan", message, sheet, position)


def warn_of_running_totals(period: Period, titles: list[Title], vocabulary: Vocabulary, findings: Findings) -> None:
    """Warn where a title over the figures of one year or half-year says that they are running totals."""
    for sheet, position, text in titles if period.kind != "giai_doan" else ():
        if vocabulary.is_running_total(text):
            message = f"Tiêu đề ghi “{text[:80]}”: kiểm tra các số có đúng là của riêng {period.label} không"
            findings.warn("tieu_de_luy_ke", message, sheet, position)


def check_what_titles_count(titles: list[Title], vocabulary: Vocabulary, findings: Findings) -> None:
    """Refuse a title that opens with "Kế hoạch", "Dự kiến"…: what was planned is not what was done; else ask."""
    for sheet, position, text in titles:
        manner = vocabulary.title_counts_otherwise(text)
        if manner == "opens":
            message = (
                f"Tiêu đề ghi “{text[:80]}”: đây không phải số đã thực hiện của kỳ; gửi số thực hiện hoặc sửa tiêu đề"
            )
            findings.refuse("tieu_de_khong_ro", message, sheet, position)
        elif manner:
            message = f"Tiêu đề ghi “{text[:80]}”: kiểm tra các số có đúng là số đã thực hiện của kỳ không"
            findings.warn("tieu_de_so_khac", message, sheet, position)


def agrees(period: Period, other: Period) -> bool:
    """Whether what a title says fits a period: the same, or a span of years that holds it."""
    holds = other.kind == "giai_doan" and other.from_year <= period.from_year and period.to_year <= other.to_year
    return holds or other == period
