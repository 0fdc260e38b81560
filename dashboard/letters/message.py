"""The reminder as a short text to paste into a message."""

from dashboard import labels
from dashboard.labels import SIMULATED
from dashboard.letters.content import missing_lines
from dashboard.letters.facts import Reminder
from dashboard.paper import plain

LONGEST = 500


def message(reminder: Reminder) -> str:
    """Return the reminder in at most 500 characters; NothingToRemind when there is nothing to say.

    Names as many periods and cells as fit, and says how many more there are.
    """
    reminder.require_content()
    for named in (6, 4, 3, 2, 1, 0):
        for longest in (60, 30):
            text = _text(reminder, named, longest)
            if len(text) <= LONGEST:
                return text
    return text[: LONGEST - 1] + "…"


def _text(reminder: Reminder, named: int, longest: int) -> str:
    office = reminder.office
    mark = f"[{SIMULATED}] " if reminder.is_simulated else ""
    parts = [
        f"{mark}Kính gửi {plain(reminder.addressee, 2 * longest)}. {plain(office.short_commission, 2 * longest)} "
        f"xin nhắc về báo cáo “{plain(office.movement, longest)}” (tính đến {labels.day(reminder.counted_on)}):",
        *_missing(reminder, named),
        *_failing(reminder, named, longest),
    ]
    if reminder.doubts:
        parts.append(f"- Cần xác nhận {len(reminder.doubts)} số liệu đã gửi.")
    parts.append(f"Đề nghị gửi trước ngày {labels.day(reminder.reply_by)}. Trân trọng cảm ơn!")
    return "\n".join(parts)


def _missing(reminder: Reminder, named: int) -> list[str]:
    if not reminder.missing:
        return []
    if not named:
        return [f"- Chưa có số liệu {len(reminder.missing)} kỳ báo cáo đã đến hạn."]
    lines = [line.removeprefix("Báo cáo ") for line in missing_lines(reminder.missing)]
    return [f"- Chưa có số liệu: {_some(lines, named)}."]


def _failing(reminder: Reminder, named: int, longest: int) -> list[str]:
    if not reminder.failing:
        return []
    head = f"- Tệp “{plain(reminder.files[0], longest)}”"
    if len(reminder.files) > 1:
        head += f" và {len(reminder.files) - 1} tệp khác"
    head += f" chưa nhận được, còn {len(reminder.failing)} mục cần sửa"
    places = [" ".join(filter(None, (plain(c.sheet, longest), plain(c.cell, 12)))) for c in reminder.failing]
    if not named or "" in places[:named]:
        return [head + "."]
    return [f"{head}: {_some(places, named)}."]


def _some(texts: list[str], named: int) -> str:
    more = len(texts) - named
    return "; ".join(texts[:named]) + (f"; và {more} mục khác" if more > 0 else "")
