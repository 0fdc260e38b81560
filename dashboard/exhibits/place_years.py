"""Exhibits of districts over the years: each on one common axis, and mountain beside plain."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard import figures
from dashboard.boundaries import as_sent_note
from dashboard.choice import Choice
from dashboard.exhibit import Exhibit, exhibit_of, wide, wide_slices
from dashboard.exhibits.few import MOST_UNITS
from dashboard.exhibits.places import DistrictRates, district_rates_of
from dashboard.labels import number
from dashboard.provenance.tables import known_slices, links
from dashboard.scope import RECOGNISED, TERRAINS, Scope
from dashboard.theme import ACCENT
from dashboard.warehouse import Warehouse, records

_LOOKS = {"dong_bang": (ACCENT, "solid"), "mien_nui": ("#A85A12", "dash")}  # never colour alone
_HOLLOW = "Chấm rỗng: số chưa trọn (năm chưa trọn, tạm tính hoặc thiếu đơn vị)."
_SPANS = "Số gộp nhiều năm không chia về từng năm."
_ALL = "Chung các huyện"
AS_SENT = "huyện gửi báo cáo ở vùng nào, số ở vùng ấy"


def district_panels(
    warehouse: Warehouse, choice: Choice, indicator_id: str = RECOGNISED, most: int | None = MOST_UNITS
) -> Exhibit:
    """Show every district's rate per commune year by year, all on one axis, that of all districts grey behind."""
    scope = Scope.of(warehouse, replace(choice, don_vi_id=None))
    rates = district_rates_of(scope, indicator_id)
    few = rates.few(choice, most)
    units = None if few.units is None else tuple(sorted(few.units))
    found = scope.query("rate_years_of", indicator_id=indicator_id, don_vi_ids=units)
    found = found.assign(slice=_year_slices(scope, indicator_id, found)).merge(
        rates.rows[["don_vi_id", "rate"]].rename(columns={"rate": "overall"}), on="don_vi_id", how="left"
    )
    found = found.astype(object).where(found.notna(), None)
    found = found.sort_values(
        ["overall", "position", "year"], ascending=[False, True, True], na_position="last", kind="stable"
    )
    frame = pd.DataFrame(
        {
            "label": found["label"],
            "year": found["year"],
            "value": found["rate"],
            "text": [f"{row['year']}: {rates.text(row['rate'])}{_caveat(row)}" for row in records(found)],
            "base": found["district_rate"],
            "is_part": [bool(_caveat(row)) for row in records(found)],
            "is_highlighted": found["don_vi_id"] == choice.don_vi_id,
            "link": links(found["slice"]),
        },
        dtype=object,
    )
    table = found.assign(year_label=_year_labels(found))
    return exhibit_of(
        scope,
        key=f"huyen_qua_nam_{indicator_id}",
        title=_panels_title(rates, scope.query("rate_years_known", indicator_id=indicator_id)),
        subtitle=f"{rates.subtitle}, từng năm, {scope.period}; một trục chung",
        figure=figures.year_panels(frame, of_shares=rates.is_share) if len(frame) else None,
        table=wide(table, "label", "year_label", "Đơn vị", "rate"),
        shares=tuple(dict.fromkeys(table["year_label"])) if rates.is_share else (),
        slices=wide_slices(table, "label", "year_label", "Đơn vị"),
        unit="%" if rates.is_share else f"{rates.indicator['unit_label']}/xã",
        completeness=scope.completeness(indicator_id),
        notes=(
            "Xếp theo bình quân cả kỳ, cao trước; đường xám: chung các huyện có số liệu năm ấy.",
            f"Đường đứt và dấu “?”: năm chưa có số liệu, không phải số 0. {_HOLLOW} {_SPANS}",
            *few.notes,
        ),
        whole=few.whole(lambda: district_panels(warehouse, choice, indicator_id, most=None)),
    )


def terrain_years(warehouse: Warehouse, choice: Choice, indicator_id: str = RECOGNISED) -> Exhibit:
    """Show mountain districts beside those of the plain: the rate per commune of each group, year by year.

    Always as sent: a mountain district counted to one of the plain would change the totals of both groups.
    """
    scope = Scope.of(warehouse, replace(choice, don_vi_id=None, boundary_on=None))
    rates = district_rates_of(scope, indicator_id)
    found = scope.query("terrain_years", indicator_id=indicator_id)
    frame = pd.DataFrame(
        {
            "group": [TERRAINS[terrain] for terrain in found["terrain"]],
            "colour": [_LOOKS[terrain][0] for terrain in found["terrain"]],
            "dash": [_LOOKS[terrain][1] for terrain in found["terrain"]],
            "year": found["year"],
            "value": found["rate"],
            "text": [f"{row['year']}: {rates.text(row['rate'])}{_group_caveat(row)}" for row in records(found)],
            "is_part": [bool(_group_caveat(row)) for row in records(found)],
        },
        dtype=object,
    )
    return exhibit_of(
        scope,
        key=f"mien_nui_dong_bang_{indicator_id}",
        title=_terrain_title(rates),
        subtitle=f"{rates.subtitle}, từng năm, {scope.period}",
        figure=figures.group_lines(frame, of_shares=rates.is_share) if len(frame) else None,
        table=_terrain_table(found),
        shares=tuple(TERRAINS.values()) if rates.is_share else (),
        unit="%" if rates.is_share else f"{rates.indicator['unit_label']}/xã",
        completeness=scope.completeness(indicator_id),
        notes=(
            "Mỗi nhóm: số của các huyện có số liệu chia cho số xã của chính các huyện ấy.",
            f"{_HOLLOW} {_SPANS} Hai nhóm chênh nhau có thể chỉ là dao động.",
            *as_sent_note(choice, AS_SENT),
        ),
    )


def _year_slices(scope: Scope, indicator_id: str, found: pd.DataFrame) -> pd.Series:
    slices = [
        scope.slice(indicator_id, don_vi_id=unit, from_year=year, to_year=year)
        for unit, year in zip(found["don_vi_id"], found["year"], strict=True)
    ]
    return known_slices(found["rate"], slices)


def _year_labels(found: pd.DataFrame) -> list[str]:
    return [f"{year}{'†' if part else ''}" for year, part in zip(found["year"], found["is_part_year"], strict=True)]


def _caveat(row: Mapping[str, Any]) -> str:
    """Say why a district's figure of a year is not whole; "" when it is or there is none."""
    return _not_whole(row, "tạm tính", "" if row["is_complete"] else "thiếu một phần")


def _group_caveat(row: Mapping[str, Any]) -> str:
    """Say why a group's figure of a year is not whole."""
    given = f"{row['given_count']}/{row['expected_count']} huyện"
    return _not_whole(row, "có số tạm tính", given if row["given_count"] < row["expected_count"] else "")


def _not_whole(row: Mapping[str, Any], provisional: str, lacking: str) -> str:
    if row["rate"] is None:
        return ""
    said = ("năm chưa trọn" if row["is_part_year"] else "", provisional if row["is_provisional"] else "", lacking)
    text = ", ".join(part for part in said if part)
    return f" ({text})" if text else ""


def _panels_title(rates: DistrictRates, known: pd.DataFrame) -> str:
    """Return the message of the years that districts gave figures for (`rate_years_known`)."""
    if not len(known):
        return "Chưa có số liệu từng năm của từng huyện"
    gaps = known["gap_count"].iloc[0]
    said = f"{number(gaps)} đơn vị có năm chưa có số liệu" if gaps else "đơn vị nào cũng có số liệu mọi năm"
    whole = known[~known["is_part_year"].astype(bool)]
    if len(whole) < 2:
        return f"{number(known['district_count'].iloc[0])} đơn vị cấp huyện có số liệu; {said}"
    first, last = whole.iloc[0], whole.iloc[-1]
    return (
        f"{_ALL}: {rates.text(first['district_rate'])} {rates.counted_there} năm {first['year']}, "
        f"{rates.text(last['district_rate'])} năm {last['year']}; {said}"
    )


def _terrain_title(rates: DistrictRates) -> str:
    """Say each group's rate over the period, and how many of its districts gave every figure when not all did."""
    said, lacking = [], []
    for terrain, name in reversed(TERRAINS.items()):
        rows = rates.rows[rates.rows["terrain"] == terrain]
        known = rows.dropna(subset=["rate"])
        if len(known):
            rate = sum(known["value"]) / sum(known["commune_years"])
            said.append(f"{name} {rates.text(rate)}")
        complete = int(rows["is_complete"].astype(bool).sum())
        if complete < len(rows):
            lacking.append(f"{complete}/{len(rows)} huyện {name.lower()}")
    if not said:
        return "Chưa có số liệu để so miền núi với đồng bằng"
    title = ", ".join([said[0], *map(_lower, said[1:])])
    title = f"{title} {rates.counted}"
    title = title if len(said) > 1 else f"Mới có số liệu của một nhóm: {_lower(title)}"
    return f"{title}; chỉ {' và '.join(lacking)} đủ số liệu" if lacking else title


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _terrain_table(found: pd.DataFrame) -> pd.DataFrame:
    """Return each year's rate of both groups and how many districts it counts."""
    rows: dict[str, dict[str, Any]] = {}
    for row, year in zip(records(found), _year_labels(found), strict=True):
        name = TERRAINS[row["terrain"]]
        rows.setdefault(year, {"Năm": year})[name] = row["rate"]
        rows[year][f"{name}: huyện có số liệu"] = f"{row['given_count']}/{row['expected_count']}"
    return pd.DataFrame(list(rows.values()), dtype=object)
