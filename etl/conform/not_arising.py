"""The mark "Không phát sinh": every flow of the period is an explicit zero."""

from etl.conform.cells import shown
from etl.conform.findings import Findings
from etl.conform.info import Info
from etl.conform.returns import Figure
from etl.labels import count_text
from etl.sheets import a1
from etl.text import clean, fold
from etl.vocabulary import Vocabulary


def is_not_arising(info: Info, vocabulary: Vocabulary, findings: Findings) -> bool:
    """Whether the mark is set; what is neither a mark nor blank is warned about."""
    mark = info.get("not_arising")
    words = {word.casefold() for word in vocabulary.catalogue.layouts.words.not_arising}
    text = clean(shown(mark)).casefold()
    if text in words:
        return True
    if mark is not None and (fold(text) or text in ("+", "*")):
        message = f"Ô Không phát sinh ghi “{shown(mark)}”: đánh x nếu đúng là không phát sinh, để trống nếu không"
        findings.warn("khong_phat_sinh_khong_ro", message, *info.place("not_arising"))
    return False


def zeros(figures: list[Figure], info: Info, vocabulary: Vocabulary, findings: Findings) -> list[Figure]:
    """Return an explicit zero for every flow, in the cell of the mark; a figure above zero contradicts it.

    Zeros typed where the mark says nothing (stocks, models outside the four fields) stay as typed.
    """
    for figure in figures:
        if figure.value > 0:
            message = f"Đã đánh dấu Không phát sinh nhưng ô này ghi {count_text(figure.value)}: bỏ dấu hoặc sửa số"
            findings.refuse("khong_phat_sinh_mau_thuan", message, figure.sheet, figure.cell)
    sheet, position = info.place("not_arising")
    cell = a1(position) if position else ""
    fields = vocabulary.catalogue.layouts.periodic.models.required_rows
    marked = [
        Figure(indicator.indicator_id, linh_vuc_id, 0, sheet, cell)
        for indicator in vocabulary.catalogue.indicators
        if indicator.aggregation == "flow"
        for linh_vuc_id in (fields if indicator.by_linh_vuc else (None,))
    ]
    covered = {(figure.indicator_id, figure.linh_vuc_id) for figure in marked}
    return [*marked, *(figure for figure in figures if (figure.indicator_id, figure.linh_vuc_id) not in covered)]
