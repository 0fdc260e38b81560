"""The figures a report may say: each with the period it counts, where it comes from, and how far to trust it.

A figure comes from the returns of the chosen period where enough units sent them, else from the signed report when that
counts the same period. Where neither does there is no figure: a sentence shows a gap, never a guess.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dashboard import exhibits, labels
from dashboard.choice import Choice
from dashboard.documents import sheet
from dashboard.labels import number, percent
from dashboard.provenance.account import summary
from dashboard.provenance.trace import cells_behind
from dashboard.scope import RECOGNISED, Scope
from dashboard.topics.review import threshold
from dashboard.warehouse import Warehouse, records

TYPICAL = "mo_hinh_dien_hinh"
REST = "chua_ro"  # models that are counted, but in none of the main fields
NAMED_SHOWN = 4
_Key = tuple[str, str | None]


@dataclass(frozen=True)
class Cited:
    """A figure, or what is said instead of one.

    text: as a sentence shows it, None where there is none. lack: what is missing then. beside: the signed report's
    figure where it is another, with its period. completeness: of the returns, or that it was printed.
    """

    name: str
    unit: str
    period: str
    text: str | None
    source: str
    value: float | None = None
    completeness: str = ""
    lack: str = ""
    beside: str = ""
    remark: str = ""

    @property
    def said(self) -> str:
        """What a reader is told who asks where the figure comes from."""
        parts = [
            f"{labels.sentence(self.name)} ({self.unit}), {self.period}"
            if self.unit
            else f"{self.name}, {self.period}",
            f"Nguồn: {self.source}" if self.source else "Chưa có nguồn nào nêu",
            f"Mức đầy đủ: {self.completeness}" if self.completeness else "",
            self.beside,
            self.remark,
        ]
        return ". ".join(part.rstrip(".") for part in parts if part) + "."


def cited(warehouse: Warehouse, choice: Choice) -> dict[str, Cited]:
    """Return every figure of the whole province by its name in a sentence.

    `kiem_tra`: an indicator, or a measure that the signed report prints. `mo_hinh_cong_nhan.kinh_te`: in a field;
    `ty_trong.kinh_te`: its share of all. `cong_linh_vuc`: the main fields added up; `chua_ro`: what they lack, where
    they lack something. `dien_bien`, `it_nhat`, `neu_ten.kinh_te`: sentences, where there is something to say.
    """
    gathered = _Gathered.of(Scope.of(warehouse, Choice(choice.from_year, choice.to_year, None, choice.boundary_on)))
    keys = [*((key, None) for key in gathered.totals), *gathered.printed]
    fields = main_fields(warehouse)
    keys += [(RECOGNISED, field["linh_vuc_id"]) for field in fields]
    found = {_name(key): gathered.figure(key) for key in dict.fromkeys(keys)}
    found |= _of_fields(found, fields)
    return found | _in_words(gathered.scope, found, fields)


def main_fields(warehouse: Warehouse) -> list[dict[str, Any]]:
    """Return the fields that models are divided over, as the metric field_list has them."""
    return [row for row in records(warehouse.query("field_list")) if row["is_main"]]


@dataclass(frozen=True)
class _Gathered:
    """What the snapshot holds of a period: totals and completeness by indicator, recognised models by field, prints."""

    scope: Scope
    totals: Mapping[str, dict[str, Any]]
    fields: Mapping[str, dict[str, Any]]
    given: Mapping[str, dict[str, Any]]
    printed: Mapping[_Key, dict[str, Any]]
    enough: float

    @classmethod
    def of(cls, scope: Scope) -> "_Gathered":
        """Look them up."""
        signed = scope.query("ledger_printed")
        signed = signed[signed["is_signed"] & signed["don_vi_id"].isna() & signed["value"].notna()]
        return cls(
            scope,
            {row["indicator_id"]: row for row in records(scope.query("totals"))},
            {row["linh_vuc_id"]: row for row in records(scope.query("fields"))},
            {row["indicator_id"]: row for row in records(scope.query("completeness"))},
            {(row["indicator_id"], row["linh_vuc_id"]): row for row in records(signed)},
            threshold(scope.warehouse, "complete_enough", 1.0),
        )

    def figure(self, key: _Key) -> Cited:
        """Return one figure: of the returns where they are enough, else as printed for the same period, else a gap."""
        indicator_id, field = key
        counted, printed = self._counted(key), self.printed.get(key)
        blank = self._blank(key)
        same = printed is not None and self._is_same_period(printed)
        given = self.given.get(indicator_id)
        if counted is not None and self._is_enough(indicator_id):
            slices = self.scope.slice(indicator_id, linh_vuc_id=field)
            cells = summary(cells_behind(self.scope.warehouse, slices))
            differs = printed is not None and not (same and printed["value"] == counted)
            complete = given is not None and given["is_complete"]
            provisional = bool(self.totals[indicator_id]["is_provisional"])
            remarks = (
                (f"Khớp với {self.scope.report_label}", same and not differs),
                ("Có số tạm tính, theo báo cáo 6 tháng", provisional),
            )
            return replace(
                blank,
                text=number(counted) + ("" if complete and not provisional else "*"),
                value=counted,
                source=f"{self.scope.source}, {cells}",
                completeness=sheet.completeness(given) if given else labels.MISSING,
                beside=self._printed_text(printed) if printed is not None and differs else "",
                remark=". ".join(text for text, holds in remarks if holds),
            )
        if printed is not None and indicator_id == TYPICAL:
            return self._chosen_once(printed, blank, same=same)
        partly = self._partly(counted, given)
        if printed is not None and same:
            return replace(
                blank,
                text=number(printed["value"]),
                value=printed["value"],
                source=f"{self.scope.report_label}, {printed['citation']}",
                completeness="số công bố của toàn tỉnh",
                remark=". ".join(filter(None, [partly, printed["note"], printed["measure_note"]])),
            )
        beside = self._printed_text(printed) if printed is not None else ""
        lack = f"{blank.name}, {blank.period}" + (f"; {partly}" if partly else "")
        return replace(blank, lack=lack, beside=beside)

    def _chosen_once(self, printed: Mapping[str, Any], blank: Cited, *, same: bool) -> Cited:
        """Return how many typical models were chosen: no return can tell, so it stands in any period with its own."""
        period = labels.period(printed["from_year"], printed["to_year"])
        total = printed["linh_vuc_id"] is None
        return replace(
            blank,
            period=period,
            text=number(printed["value"]),
            value=printed["value"],
            source=f"{self.scope.report_label}, {printed['citation']}",
            completeness="số công bố của toàn tỉnh",
            beside="" if same or not total else f"theo {self.scope.report_label}, tổng kết {period}",
            remark=". ".join(filter(None, [printed["note"], printed["measure_note"]])),
        )

    def _blank(self, key: _Key) -> Cited:
        row = self.printed.get(key) or self.totals.get(key[0]) or {"label": key[0], "unit_label": ""}
        field = self.fields[key[1]]["label"] if key[1] else ""
        name = str(row["label"])
        return Cited(f"{name}, lĩnh vực {field}" if field else name, row["unit_label"], self.scope.period, None, "")

    def _counted(self, key: _Key) -> int | None:
        indicator_id, field = key
        if field is None:
            return self.totals[indicator_id]["value"] if indicator_id in self.totals else None
        return self.fields[field]["value"] if indicator_id == RECOGNISED and field in self.fields else None

    def _is_enough(self, indicator_id: str) -> bool:
        given = self.given.get(indicator_id)
        return bool(given and given["covered_share"] >= self.enough)

    def _is_same_period(self, printed: Mapping[str, Any]) -> bool:
        choice = self.scope.choice
        return (printed["from_year"], printed["to_year"]) == (choice.from_year, choice.to_year)

    def _printed_text(self, printed: Mapping[str, Any]) -> str:
        years = "không ghi kỳ"
        if printed["from_year"] is not None:
            years = labels.period(printed["from_year"], printed["to_year"])
        return f"{self.scope.report_label} ghi {number(printed['value'])}, {years}"

    def _partly(self, counted: int | None, given: Mapping[str, Any] | None) -> str:
        """Say what too few returns add up to: it is not the province's figure."""
        if counted is None or given is None:
            return ""
        return f"báo cáo của các đơn vị mới cộng được {number(counted)} ({sheet.completeness(given)})"


def _name(key: _Key) -> str:
    return key[0] if key[1] is None else f"{key[0]}.{key[1]}"


def _of_fields(found: Mapping[str, Cited], fields: list[dict[str, Any]]) -> dict[str, Cited]:
    """Return shares of the fields, their sum, and what it lacks of the total."""
    total = found.get(RECOGNISED)
    if total is None:
        return {}
    parts = {row["linh_vuc_id"]: found[f"{RECOGNISED}.{row['linh_vuc_id']}"] for row in fields}
    made = {
        f"ty_trong.{key}": _share(part, total, next(r for r in fields if r["linh_vuc_id"] == key))
        for key, part in parts.items()
    }
    if not parts or total.value is None or any(part.value is None for part in parts.values()):
        return made
    added = sum(part.value or 0 for part in parts.values())
    how = " + ".join(number(part.value) for part in parts.values())
    made["cong_linh_vuc"] = replace(
        total, name=f"{len(parts)} lĩnh vực cộng lại", text=number(added), value=added, source=f"cộng {how}",
        beside="", remark="",
    )  # fmt: skip
    rest = total.value - added
    if rest > 0:
        made[REST] = replace(
            total,
            name="Mô hình chưa rõ thuộc lĩnh vực nào",
            text=number(rest),
            value=rest,
            source=f"{number(total.value)} - {number(added)}",
            beside="",
            remark="Đếm trong tổng số, không chia vào lĩnh vực nào",
        )
    return made


def _share(part: Cited, total: Cited, field: Mapping[str, Any]) -> Cited:
    blank = Cited(f"Tỷ trọng lĩnh vực {field['label']}", "%", part.period, None, "", lack=f"tỷ trọng, {part.period}")
    if part.value is None or not total.value:
        return blank
    share = part.value / total.value
    source = f"{number(part.value)} / {number(total.value)} mô hình; {total.source}"
    return replace(blank, text=percent(share), value=share, source=source, completeness=part.completeness, lack="")


def _in_words(scope: Scope, found: Mapping[str, Cited], fields: list[dict[str, Any]]) -> dict[str, Cited]:
    """Return what exhibits say in their titles, and the names the signed report gives, where there is any."""
    made: dict[str, Cited] = {}
    years = scope.query("years", indicator_id=RECOGNISED)
    if scope.is_enough and years["value"].notna().any():
        made["dien_bien"] = _quoted(exhibits.years_recognised(scope.warehouse, scope.choice), scope)
    shares = [found.get(f"ty_trong.{row['linh_vuc_id']}") for row in fields]
    if shares and all(share is not None and share.value is not None for share in shares):
        made["it_nhat"] = _quoted(exhibits.weak_fields(scope.warehouse, scope.choice), scope)
    replication = records(scope.query("replication"))
    for row in fields:
        named = [
            model for model in replication if model["linh_vuc_id"] == row["linh_vuc_id"] and not model["is_chosen"]
        ]
        if named:
            text = "; ".join(
                f"“{model['name']}”" + (f" ({model['said']})" if model["said"] else "") for model in named[:NAMED_SHOWN]
            )
            period = f"nêu {number(min(len(named), NAMED_SHOWN))} trong {number(len(named))} tên"
            made[f"neu_ten.{row['linh_vuc_id']}"] = Cited("Mô hình được nêu tên", "", period, text, scope.report_label)
    return made


def _quoted(exhibit: exhibits.Exhibit, scope: Scope) -> Cited:
    notes = " ".join(exhibit.notes)
    return Cited(
        exhibit.subtitle,
        "",
        scope.period,
        exhibit.title,
        exhibit.source,
        completeness=exhibit.completeness,
        remark=notes,
    )
