"""The slides that big figures, a table or sentences carry."""

import json
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import pandas as pd

from dashboard import exhibits, labels
from dashboard.boundaries import named
from dashboard.exhibit import Exhibit
from dashboard.exhibits import support as support_exhibits
from dashboard.exhibits.activities import AWARDED, INSPECTIONS
from dashboard.exhibits.replication import NOT_SEEN
from dashboard.labels import number
from dashboard.scope import LEVELS
from dashboard.slides.slide import BigNumber, Slide, Talk, spoken_of
from dashboard.topics import flags, review
from dashboard.topics.flags import Card
from dashboard.topics.headlines import HEADLINES, Headline, freshness, headlines
from dashboard.warehouse import records

ACTIVITIES = (INSPECTIONS, "hoi_nghi", AWARDED, "van_ban", "hoi_thi", "toa_dam", "cam_nang", "tin_bai")
_NAMED_SHOWN, _FLAGS_SHOWN = 8, 6


def cover(talk: Talk) -> Slide:
    """Return the first slide: whose movement, of which years, up to which day."""
    info, scope = talk.warehouse.info, talk.scope
    office = json.loads(info.get("letter") or "{}")
    heads = [office.get("parent"), office.get("name")] if office.get("parent") else [info.get("commission")]
    place = scope.unit_label or info.get("province") or ""
    return _plain(
        talk,
        "mo_dau",
        "cover",
        title=f"Phong trào “{info.get('movement') or 'Dân vận khéo'}” {place}".rstrip(),
        subtitle=labels.sentence(scope.period),
        points=tuple(head for head in heads if head),
        notes=(freshness(talk.warehouse, talk.choice),),
    )


def totals(talk: Talk) -> Slide | None:
    """Return where the movement stands: the headline totals, each held against the signed report."""
    found = headlines(talk.warehouse, talk.choice, HEADLINES)
    return _numbers(talk, "tong_quan", found, "Các số tổng")


def activities(talk: Talk) -> Slide | None:
    """Return the totals of every activity."""
    found = headlines(talk.warehouse, talk.choice, ACTIVITIES)
    return _numbers(talk, "hoat_dong", found, "Các hoạt động của phong trào")


def imbalances(talk: Talk) -> Slide | None:
    """Return the flags that matter; districts are counted and named only where that was asked for."""
    found = flags.cards(talk.warehouse, talk.choice)
    rows = [_flag_row(talk, own) for own in _by_rule(found)[:_FLAGS_SHOWN]]
    if not rows:
        return None
    exhibit = exhibits.flag_list(talk.warehouse, talk.choice, flags.named(found))
    hidden = len(_by_rule(found)) - len(rows)
    more = (f"Còn {number(hidden)} quy tắc khác có cảnh báo, xem trang Mất cân đối.",) if hidden else ()
    return talk.slide(
        "canh_bao",
        "table",
        exhibit,
        title=review.summary(talk.warehouse, talk.choice, found).title,
        method=("Mỗi cảnh báo có quy tắc, ngưỡng và căn cứ ở trang Mất cân đối.", flags.FALSE_ALARMS),
        notes=(*more, *(() if _names(talk) else ("Tên từng huyện không đưa lên trang chiếu.",))),
        table=pd.DataFrame(rows, dtype=object),
    )


def actions(talk: Talk) -> Slide | None:
    """Return what should be done, from the flags."""
    found = flags.cards(talk.warehouse, talk.choice)
    said = list(dict.fromkeys(_action(talk, own) for own in _by_rule(found)))[:_FLAGS_SHOWN]
    if not said:
        return None
    exhibit = exhibits.flag_list(talk.warehouse, talk.choice, flags.named(found))
    place = f"{talk.scope.unit_label}: " if talk.scope.unit_label else ""
    return talk.slide(
        "viec_can_lam",
        "points",
        exhibit,
        title=f"{place}{number(len(said))} việc cần làm từ những chỗ mất cân đối",
        subtitle="Đề xuất từ các cảnh báo, nặng trước nhẹ sau",
        points=tuple(said),
        table=pd.DataFrame(),
        notes=("Đề xuất của chương trình để bàn, chưa phải chủ trương.",),
    )


def named_models(talk: Talk) -> Slide | None:
    """Return models that the signed report names, those seen at other places first."""
    exhibit = exhibits.replicated_models(talk.warehouse, talk.choice)
    if exhibit.table.empty:
        return None
    table = exhibit.table[["Mô hình", "Nơi có, theo văn bản", "Lĩnh vực", "Nơi khác"]]
    seen = table["Nơi khác"] != NOT_SEEN
    # A few of every field rather than the first field's alone.
    turn = table.groupby("Lĩnh vực", sort=False).cumcount()
    shown = table.assign(seen=~seen, turn=turn).sort_values(["seen", "turn"], kind="stable").head(_NAMED_SHOWN)
    shown = shown.sort_index()[list(table.columns)]
    title = exhibit.title
    if not seen.any():
        shown = shown.drop(columns="Nơi khác")
        title = f"{talk.scope.report_label} nêu tên {number(len(table))} mô hình để học theo"
        title = f"{talk.scope.unit_label}: {title}" if talk.scope.unit_label else title
    return talk.slide(
        "mo_hinh_neu_ten",
        "table",
        exhibit,
        title=title,
        notes=(f"{number(len(shown))} trong {number(len(table))} mô hình; đủ ở trang Mô hình.", *exhibit.notes[1:]),
        table=shown.reset_index(drop=True),
    )


def support(talk: Talk) -> Slide | None:
    """Return the units that need support, are to be watched or lack returns; for internal use."""
    if not talk.with_support:
        return None
    exhibit = exhibits.support_ranks(talk.warehouse, talk.choice)
    if exhibit.table.empty:
        return None
    told = exhibit.table[exhibit.table["Kết luận"] != support_exhibits.OPEN]
    rest = len(exhibit.table) - len(told)
    return talk.slide(
        "can_ho_tro",
        "table",
        exhibit,
        notes=(f"{number(rest)} huyện còn lại chưa thể phân định.", support_exhibits.INTERNAL),
        table=told[["Đơn vị", "Kết luận", "Khoảng thứ hạng", "Vì sao"]].reset_index(drop=True),
    )


def sources(talk: Talk) -> Slide:
    """Return where the figures come from and how they are to be read."""
    scope = talk.scope
    held = f"; đối chiếu với {scope.report_label}" if talk.warehouse.has_returns else ""
    said = [
        f"Nguồn: {talk.source}{held}.",
        f"{freshness(talk.warehouse, talk.choice)}. Mức đầy đủ: {talk.completeness}.",
        "Chưa có số liệu không phải là số 0: chỗ thiếu để trống, ghi “?”, không suy ra và không chia đều.",
        "Số của Báo cáo giữ nguyên như đã in; chỗ không khớp được nêu ra, không sửa cho khớp.",
        *scope.part_year_notes,
        f"Mọi con số lấy từ một bản số liệu: {talk.snapshot_id}.",
    ]
    if talk.warehouse.is_simulated:
        said.insert(0, f"{labels.SIMULATED}: số của từng huyện, từng năm ở đây không phải số thật.")
    return _plain(
        talk,
        "nguon",
        "points",
        title="Nguồn và phương pháp",
        subtitle=labels.sentence(scope.period),
        points=tuple(said),
    )


def _numbers(talk: Talk, key: str, found: list[Headline], subtitle: str) -> Slide | None:
    known = [headline for headline in found if headline.value != "?"]
    if not known:
        return None
    scope = talk.scope
    against = "số của Báo cáo đã ký" if talk.is_province else "phần trong toàn tỉnh"
    printed = [one for one in known if one.is_published and one.slice is None]
    sources = [scope.report_label] if printed and talk.warehouse.has_returns else []
    return _plain(
        talk,
        key,
        "numbers",
        title=_numbers_title(talk, found, known),
        subtitle=f"{subtitle} và {against}, {scope.place}, {scope.period}",
        source="; ".join([talk.source, *sources]),
        completeness=talk.completeness,
        numbers=tuple(
            BigNumber(one.label, one.value, one.unit, " · ".join(filter(None, (one.marks, one.comparison))))
            for one in found
        ),
        notes=(*filter(None, (_part_of(talk, one) for one in found)), *scope.part_year_notes),
    )


def _numbers_title(talk: Talk, found: Sequence[Headline], known: Sequence[Headline]) -> str:
    """Say the first two totals; of the returns alone where too few came in to speak of the whole."""
    counted = [one for one in known if one.slice is not None]
    if talk.is_province and counted and not talk.scope.is_enough:
        return f"Mới có báo cáo của một phần các đơn vị: {_told(counted[0])}"
    said = " và ".join(_told(one) for one in known[:2])
    if not talk.warehouse.is_simulated and all(one.state == "khop" for one in found):
        said += f"; khớp {talk.scope.report_label}"
    return f"{talk.scope.unit_label}: {said}" if talk.scope.unit_label else said


def _told(one: Headline) -> str:
    """Return a total as a sentence says it: "6.540 mô hình công nhận", "1.236 cuộc kiểm tra, đánh giá"."""
    label = _lower(one.label)
    return f"{one.value} {label}" if label.startswith(one.unit) else f"{one.value} {one.unit} {label}"


def _part_of(talk: Talk, one: Headline) -> str:
    """Say which printed figure is a part of a total and never added to it: "1.360 …: trong đó 185 …"."""
    pairs = records(talk.warehouse.query("ledger_pairs")) if one.is_published else []
    parts = [row for row in pairs if row["kind"] == "trong_do" and row["indicator_id"] == one.indicator_id]
    report = talk.scope.report_label
    said = (f"{number(row['other_value'])} {_lower(row['other_label'])}" for row in parts)
    return " ".join(f"{report}: trong {_told(one)} có {part}, không cộng thêm." for part in said)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _plain(talk: Talk, key: str, kind: Any, **parts: Any) -> Slide:
    """Return a slide that shows no exhibit."""
    scope = talk.scope
    if talk.choice.boundary_on is not None:
        parts["subtitle"] += f" · {named(talk.choice.boundary_on)}"
    facts = Exhibit(
        key=key,
        title=parts["title"],
        subtitle=parts["subtitle"],
        figure=None,
        table=pd.DataFrame(),
        shares=(),
        unit="",
        period=labels.sentence(scope.period),
        base="",
        completeness=talk.completeness,
        source=talk.source,
        notes=parts.get("notes", ()),
        is_simulated=talk.warehouse.is_simulated,
    )
    return Slide(
        key=key, kind=kind, spoken=spoken_of(facts, talk.snapshot_id), is_simulated=facts.is_simulated, **parts
    )


def _names(talk: Talk) -> bool:
    """Return whether units may be named for what they lack: an internal talk, or one about that very unit."""
    return talk.with_support or not talk.is_province


def _by_rule(found: list[Card]) -> list[list[Card]]:
    """Return the flags rule by rule, the severest rule first; of equals the province before districts."""
    judged = sorted(flags.named(found), key=lambda card: card.rule)
    groups = [list(own) for _, own in groupby(judged, key=lambda card: card.rule)]
    for own in groups:
        own.sort(key=lambda card: (-card.severity, card.don_vi_id is not None))
    return sorted(groups, key=lambda own: (own[0].don_vi_id is not None, -own[0].severity))


def _flag_row(talk: Talk, own: list[Card]) -> dict[str, Any]:
    first = own[0]
    told = first.statement.split(". ")[0].rstrip(".") + "."
    if first.don_vi_id is not None and not _names(talk):
        told = first.question
    return {
        "Việc": first.rule_label,
        "Mức cao nhất": LEVELS[first.level],
        "Ở đâu": _where(talk, own),
        "Thấy gì": told,
    }


def _where(talk: Talk, own: list[Card]) -> str:
    units = list(dict.fromkeys(card.who for card in own if card.don_vi_id is not None))
    said = [flags.PROVINCE] if any(card.don_vi_id is None for card in own) else []
    if units:
        few = _names(talk) and len(units) <= 3
        said.append(", ".join(units) if few else f"{number(len(units))} đơn vị")
    return "; ".join(said)


def _action(talk: Talk, own: list[Card]) -> str:
    first = own[0]
    if first.don_vi_id is None or _names(talk):
        return first.action
    count = len({card.don_vi_id for card in own})
    return f"Làm việc riêng với {number(count)} đơn vị có cảnh báo “{first.rule_label}”."
