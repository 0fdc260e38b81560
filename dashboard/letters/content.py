"""The sentences of a reminder, in the words such letters are written in."""

from collections.abc import Sequence

from dashboard import labels
from dashboard.letters.facts import Missing, Reminder
from dashboard.paper import plain

_RUN = 4  # this many years in a row are named as a range
_ROWS = 60  # of a table are printed; the correction file holds them all


def subject(reminder: Reminder) -> str:
    """Return what the letter is about."""
    return f"V/v nhắc gửi báo cáo phong trào thi đua “{plain(reminder.office.movement)}”"


def opening(reminder: Reminder) -> str:
    """Return the sentence the letter begins with."""
    return (
        f"Qua theo dõi việc thực hiện chế độ báo cáo về phong trào thi đua “{plain(reminder.office.movement)}”, "
        f"tính đến ngày {labels.day(reminder.counted_on)}, {plain(reminder.office.commission)} thông báo "
        f"tình hình gửi báo cáo của {plain(reminder.addressee)} như sau:"
    )


def missing_lead() -> str:
    """Introduce the returns that are missing."""
    return "Các kỳ báo cáo đã đến hạn nhưng chưa có số liệu:"


def missing_lines(missing: Sequence[Missing]) -> list[str]:
    """Name the missing periods with the days they were due, years in a row as a range."""
    lines = []
    for run in _runs(missing):
        first, last = run[0], run[-1]
        if len(run) >= _RUN:
            lines.append(
                f"Báo cáo {first.period} đến {last.period} ({len(run):02d} báo cáo, "
                f"hạn nộp {labels.day_of_year(first.due_on)} hằng năm)"
            )
            continue
        lines += [_missing_line(item) for item in run]
    return lines


def failing_lead() -> str:
    """Introduce the files that were held back."""
    return (
        "Tệp đã gửi nhưng chưa tiếp nhận được (khi chưa sửa xong, không số liệu nào trong tệp được đưa vào tổng hợp):"
    )


def failing_heads(reminder: Reminder) -> tuple[str, ...]:
    """Return the headings of the failing cells; what was read has a column only where it is told apart."""
    return ("Trang tính", "Ô", *(("Đọc được",) if _tells_found(reminder) else ()), "Cần làm")


def failing_files(reminder: Reminder) -> list[tuple[str, list[tuple[str, ...]], str]]:
    """Return for each file held back: the line that names it, its cells as rows, and what is said of the rest."""
    found = []
    for file in dict.fromkeys(cell.file for cell in reminder.failing):
        cells = [cell for cell in reminder.failing if cell.file == file]
        rows = [
            _row(cell.sheet, cell.cell, *((cell.found,) if _tells_found(reminder) else ()), cell.wanted)
            for cell in cells[:_ROWS]
        ]
        found.append((f"- Tệp “{plain(file)}”, còn {len(cells):02d} mục cần sửa:", rows, left_out(len(cells))))
    return found


def doubt_lead() -> str:
    """Introduce the figures to confirm."""
    return "Số liệu đã tiếp nhận, đề nghị kiểm tra và xác nhận là đúng, hoặc gửi lại nếu có sai sót:"


def doubt_rows(reminder: Reminder) -> list[tuple[str, ...]]:
    """Return the figures to confirm as rows of a table, as many as a letter can hold."""
    return [_row(labels.sentence(item.period), item.sheet, item.cell, item.message) for item in reminder.doubts[:_ROWS]]


def left_out(count: int) -> str:
    """Say how many rows a table does not hold, "" when it holds all."""
    return f"(Còn {count - _ROWS} mục khác, xem trong tệp sửa gửi kèm.)" if count > _ROWS else ""


def request(reminder: Reminder) -> str:
    """Say what to do and by when."""
    acts = [
        text
        for text, holds in (
            ("gửi báo cáo còn thiếu", reminder.missing),
            ("gửi lại tệp đã sửa", reminder.failing),
            ("xác nhận các số liệu nêu trên", reminder.doubts),
        )
        if holds
    ]
    what = ", ".join(acts[:-1]) + (" và " if len(acts) > 1 else "") + acts[-1]
    return (
        f"Đề nghị {plain(reminder.addressee)} {what} về {plain(reminder.office.commission)} "
        f"trước ngày {labels.day(reminder.reply_by)}."
    )


def not_arising() -> str:
    """Say how a period in which nothing happened is reported."""
    return "Nếu trong kỳ không phát sinh, đề nghị đánh dấu “Không phát sinh” trên biểu mẫu và gửi lại, không để trống."


def thanks(reminder: Reminder) -> str:
    """Return the last sentence."""
    return f"Rất mong {plain(reminder.addressee)} quan tâm phối hợp thực hiện. Trân trọng cảm ơn."


def _tells_found(reminder: Reminder) -> bool:
    return any(cell.found for cell in reminder.failing)


def _row(*texts: str) -> tuple[str, ...]:
    return tuple(plain(text) or "–" for text in texts)


def _missing_line(item: Missing) -> str:
    empty = "đã gửi nhưng không có số liệu; " if item.is_empty else ""
    return f"Báo cáo {item.period} ({empty}hạn nộp {labels.day(item.due_on)})"


def _runs(missing: Sequence[Missing]) -> list[list[Missing]]:
    """Group the periods into runs of years: of one kind, not empty, one year after the other."""
    runs: list[list[Missing]] = []
    for item in sorted(missing, key=lambda found: (found.period_kind != "nam", found.is_empty, found.year)):
        last = runs[-1][-1] if runs else None
        follows = (
            last is not None
            and (last.period_kind, last.is_empty) == (item.period_kind, item.is_empty)
            and last.year + 1 == item.year
            and not item.is_empty
        )
        if follows:
            runs[-1].append(item)
        else:
            runs.append([item])
    return runs
