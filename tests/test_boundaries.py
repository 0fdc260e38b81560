"""The boundary switch: figures restated to the units of a day move, and no total changes."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page, expect

from dashboard import exhibits
from dashboard.boundaries import boundary_dates, boundary_note, moved_units
from dashboard.choice import Choice
from dashboard.provenance.account import provenance
from dashboard.provenance.cautions import caution, warnings_of_choice
from dashboard.provenance.trace import Slice, cells_behind
from dashboard.topics.headlines import freshness, headlines
from dashboard.topics.register import Search
from dashboard.warehouse import METRICS, Warehouse, parameters, records
from tests import warehouses
from tests.browsing import pick, served, settled
from tests.test_dashboard_metrics import SEARCH, SLICE, WHOLE
from tests.test_pages import charts_of, open_page, text_of
from tests.test_trace import every_exhibit

FLOW, STOCK, PLAIN = "mo_hinh_cong_nhan", "mo_hinh_duy_tri", "kiem_tra"
YEARS = (2021, 2022, 2023)
PERIODS = [(2021, 2023), (2021, 2021), (2022, 2023)]
BODY = "mttq"
NEVER, EVER = date(1900, 1, 1), date(9999, 12, 31)


@dataclass(frozen=True)
class Unit:
    """A unit of a made province: what it is, when it was there, who took it over."""

    label: str
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str | None = None
    kind: str = "huyen"

    def existed(self, year: int) -> bool:
        begun = (self.valid_from or NEVER) <= date(year, 1, 1)
        return begun and (self.valid_to or EVER) >= date(year, 6, 30)


@dataclass(frozen=True)
class Province:
    """Units, what each reported (unit, first year, last year, indicator, field -> value), registers, communes."""

    units: dict[str, Unit]
    figures: dict[tuple[str, int, int, str, str | None], int]
    registers: tuple[tuple[str, int, str], ...] = ()
    communes: int = 4


# Đông was merged into Tây at the end of 2021, Tây into Nam at the end of 2022; Mới was founded in 2023.
MERGERS = Province(
    {
        "dong": Unit("Đông", None, date(2021, 12, 31), "tay"),
        "tay": Unit("Tây", None, date(2022, 12, 31), "nam"),
        "nam": Unit("Nam"),
        "bac": Unit("Bắc"),
        "moi": Unit("Mới", date(2023, 1, 1)),
        BODY: Unit("MTTQ", kind="co_quan_tinh"),
    },
    {
        ("dong", 2021, 2021, FLOW, "kinh_te"): 1,
        ("tay", 2021, 2021, FLOW, "kinh_te"): 10,
        ("tay", 2022, 2022, FLOW, "van_hoa_xa_hoi"): 20,
        ("nam", 2021, 2022, FLOW, "kinh_te"): 100,
        ("nam", 2023, 2023, FLOW, "kinh_te"): 200,
        ("bac", 2021, 2021, FLOW, "kinh_te"): 1000,
        ("moi", 2023, 2023, FLOW, "kinh_te"): 3000,
        (BODY, 2021, 2021, FLOW, "kinh_te"): 10000,
        ("dong", 2021, 2021, PLAIN, None): 2,
        ("tay", 2022, 2022, PLAIN, None): 4,
    },
    (("dong", 2021, "Kẻng"), ("tay", 2021, "Kẻng"), ("tay", 2022, "Kẻng"), ("tay", 2022, "Vườn"), ("nam", 2021, "Chợ")),
)
FIRST, SECOND = date(2022, 1, 1), date(2023, 1, 1)


@contextmanager
def opened(province: Province) -> Iterator[Warehouse]:
    with TemporaryDirectory() as folder:
        warehouse = Warehouse(warehouses.publish(Path(folder), rows_of(province)))
        try:
            yield warehouse
        finally:
            warehouse.close()


def rows_of(province: Province) -> warehouses.Rows:
    rows = warehouses.dimensions()
    rows["dim_don_vi"] = [
        {
            "don_vi_id": key,
            "label": unit.label,
            "full_label": unit.label,
            "kind": unit.kind,
            "terrain": "mien_nui" if unit.kind == "huyen" else None,
            "valid_from": unit.valid_from,
            "valid_to": unit.valid_to,
            "successor_id": unit.successor,
            "tile_row": place if unit.kind == "huyen" else None,
            "tile_col": 0 if unit.kind == "huyen" else None,
            "note": "",
        }
        for place, (key, unit) in enumerate(province.units.items())
    ]
    rows["dim_don_vi_year"] = [
        {"don_vi_id": key, "year": year, "commune_count": province.communes + place, "population": None, "note": ""}
        for place, (key, unit) in enumerate(province.units.items())
        for year in YEARS
        if unit.kind == "huyen"
    ]
    told = {
        key: {
            "indicator_id": key[3],
            "linh_vuc_id": key[4],
            "value": value,
            "don_vi_id": key[0],
            "return_id": sent(key),
        }
        for key, value in province.figures.items()
    }
    rows["core_year_value"] = [
        {**row, "year": key[1], "is_provisional": False} for key, row in told.items() if key[1] == key[2]
    ]
    rows["core_span_value"] = [
        {**row, "from_year": key[1], "to_year": key[2]} for key, row in told.items() if key[1] < key[2]
    ]
    returns = {sent(key): key[:3] for key in told} | {f"{u}-{y}": (u, y, y) for u, y, _ in province.registers}
    rows["core_return"] = [
        {
            "return_id": return_id,
            "don_vi_id": unit,
            "period_kind": "nam" if first == last else "giai_doan",
            "from_year": first,
            "to_year": last,
            "state": "co_so_lieu",
            "file_name": f"{return_id}.xlsx",
            "sha256": return_id,
            "layout": "periodic",
            "is_simulated": False,
            "as_of_on": date(last, 12, 31),
        }
        for return_id, (unit, first, last) in returns.items()
    ]
    rows["core_value"] = warehouses.cells_of(rows)
    rows["core_mo_hinh"], rows["core_mo_hinh_status"] = registers_of(province)
    rows["check_result"] = [
        {"rule": "thu", "level": "canh_bao", "return_id": key, "don_vi_id": unit, "year": last, "message": "cần hỏi"}
        for key, (unit, _, last) in returns.items()
    ]
    rows["published_total"] = []
    rows["snapshot_info"] = warehouses.info(returns=len(rows["core_return"]), simulated=False)
    return rows


def sent(key: tuple[str, int, int, str, str | None]) -> str:
    unit, first, last, *_ = key
    return f"{unit}-{first}" if first == last else f"{unit}-{first}-{last}"


def registers_of(province: Province) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    models, lives = {}, []
    for unit, year, name in province.registers:
        cell = {"return_id": f"{unit}-{year}", "source_sheet": "Biểu 03", "source_cell": f"B{len(lives) + 5}"}
        key = f"{unit}-{name}"
        keys = {"name_key": name, "search_key": name, "place_key": "xa", "place_don_vi_id": None, "commune": "Xã"}
        models[key] = {
            **{"mo_hinh_id": key, "don_vi_id": unit, "name": name, "linh_vuc_id": "kinh_te", "status": "cong_nhan"},
            **{"named_in_report": False, **keys, **cell},
        }
        period = {"period_kind": "nam", "from_year": year, "to_year": year}
        lives.append({"mo_hinh_id": key, "don_vi_id": unit, **period, "status": "cong_nhan", **cell})
    return list(models.values()), lives


# --- by hand, on a chain of mergers


@pytest.fixture(scope="module")
def warehouse() -> Iterator[Warehouse]:
    with opened(MERGERS) as warehouse:
        yield warehouse


def whole(boundary_on: date | None, don_vi_id: str | None = None) -> Choice:
    return Choice(2021, 2023, don_vi_id, boundary_on)


def by_unit(warehouse: Warehouse, metric: str, choice: Choice, indicator_id: str = FLOW) -> dict[str, dict[str, Any]]:
    rows = records(warehouse.query(metric, **choice.params, indicator_id=indicator_id))
    return {row["don_vi_id"]: row for row in rows}


def test_days_offered_are_those_on_which_a_successor_began_with_the_districts_of_that_day(warehouse: Warehouse) -> None:
    assert boundary_dates(warehouse) == {FIRST: 3, SECOND: 3}  # Tây, Nam, Bắc; then Nam, Bắc, Mới


def test_nothing_is_offered_where_no_district_was_merged_since_the_first_figure(tmp_path: Path) -> None:
    units = MERGERS.units | {
        "dong": replace(MERGERS.units["dong"], valid_to=date(2020, 12, 31)),
        "tay": replace(MERGERS.units["tay"], successor=None),
    }
    with opened(replace(MERGERS, units=units)) as warehouse:
        assert boundary_dates(warehouse) == {}


def test_figures_move_down_the_chain_as_far_as_the_day_asks(warehouse: Warehouse) -> None:
    def values(boundary_on: date | None) -> dict[str, int]:
        return {key: row["value"] for key, row in by_unit(warehouse, "unit_totals", whole(boundary_on)).items()}

    rest = {"bac": 1000, "moi": 3000, BODY: 10000}
    assert values(None) == {"dong": 1, "tay": 30, "nam": 300, **rest}
    assert values(FIRST) == {"tay": 31, "nam": 300, **rest}
    assert values(SECOND) == {"nam": 331, **rest}
    assert moved_units(warehouse, SECOND) == {"dong": "nam", "tay": "nam"}


def test_rate_of_a_merged_unit_is_taken_of_the_communes_of_its_parts(warehouse: Warehouse) -> None:
    row = by_unit(warehouse, "unit_totals", whole(SECOND))["nam"]

    assert row["commune_years"] == 4 + 2 * 5 + 3 * 6  # Đông one year of 4, Tây two of 5, Nam three of 6
    assert row["rate"] == pytest.approx(331 / 32)


def test_merged_years_are_complete_only_when_every_part_that_existed_gave_them(warehouse: Warehouse) -> None:
    flow = by_unit(warehouse, "unit_totals", whole(SECOND))["nam"]
    plain = by_unit(warehouse, "unit_totals", whole(FIRST), PLAIN)["tay"]
    table = exhibits.unit_years(warehouse, whole(FIRST, "tay"), PLAIN)

    assert (flow["covered_years"], flow["expected_years"], flow["is_complete"]) == (3, 3, True)
    # Of 2021 Đông gave its inspections and Tây did not; 2022 was Tây's alone.
    assert (plain["covered_years"], plain["expected_years"], plain["is_complete"]) == (1, 2, False)
    assert table.title == "Tây: Còn thiếu 1/2 lượt số liệu (đơn vị × năm)"
    assert any(note.startswith("Dấu *: mới có số của một phần") for note in table.notes)


def test_unit_without_the_day_keeps_what_it_sent_and_the_note_says_so(warehouse: Warehouse) -> None:
    assert boundary_note(warehouse, whole(FIRST)) == (
        "Theo địa giới ngày 1/1/2022: Đông tính vào Tây.",
        "Ngày 1/1/2022 chưa có Mới: số liệu không tách ngược được, giữ nguyên ở đó.",
    )
    assert boundary_note(warehouse, whole(SECOND)) == (
        "Theo địa giới ngày 1/1/2023: Đông tính vào Nam; Tây tính vào Nam.",
    )
    assert boundary_note(warehouse, whole(SECOND, "bac")) == (
        "Theo địa giới ngày 1/1/2023: không gộp số của đơn vị nào.",
    )
    assert boundary_note(warehouse, whole(None)) == ()


def test_every_exhibit_of_figures_says_by_which_boundaries_it_counts(warehouse: Warehouse) -> None:
    choice = whole(SECOND)
    made = [
        exhibits.field_shares(warehouse, choice),
        exhibits.weak_fields(warehouse, choice),
        exhibits.district_map(warehouse, choice),
        exhibits.district_field_heat(warehouse, choice),
        exhibits.districts_by_indicator(warehouse, choice, FLOW),
        exhibits.others_by_indicator(warehouse, choice, FLOW),
        exhibits.unit_years(warehouse, choice, FLOW),
        exhibits.awarded_shares(warehouse, choice),
        exhibits.indicator_years(warehouse, choice, FLOW),
        exhibits.register_by_unit(warehouse, choice),
        exhibits.register_models(warehouse, choice, Search()),
    ]
    for exhibit in made:
        assert exhibit.subtitle.endswith(" · theo địa giới ngày 1/1/2023"), exhibit.key
        assert "Theo địa giới ngày 1/1/2023: Đông tính vào Nam; Tây tính vào Nam." in exhibit.notes, exhibit.key


def test_exhibits_of_returns_and_the_ledger_stay_as_sent_and_say_so(warehouse: Warehouse) -> None:
    def made(boundary_on: date | None) -> list[exhibits.Exhibit]:
        choice, today = whole(boundary_on), date(2024, 1, 15)
        return [
            exhibits.returns_grid(warehouse, choice, "nam", as_of=today),
            exhibits.reporting_rates(warehouse, choice, "nam", as_of=today),
            exhibits.province_ledger(warehouse, choice),
            exhibits.place_ledger(warehouse, choice),
        ]

    for restated, plain in zip(made(SECOND), made(None), strict=True):
        assert restated.table.equals(plain.table)
        assert restated.subtitle == plain.subtitle
        assert restated.notes[-1] == "Không tính theo địa giới ngày 1/1/2023: mỗi báo cáo là của đơn vị đã gửi."


def test_merged_district_has_no_tile_and_no_row_rather_than_a_missing_one(warehouse: Warehouse) -> None:
    for make in (exhibits.district_map, exhibits.district_field_heat):
        assert {"Đông", "Tây"} <= set(make(warehouse, whole(None)).table["Đơn vị"])
        assert set(make(warehouse, whole(SECOND)).table["Đơn vị"]) == {"Nam", "Bắc", "Mới"}


def test_mountain_and_plain_stay_as_sent_and_say_so(warehouse: Warehouse) -> None:
    restated, plain = (exhibits.terrain_years(warehouse, whole(day)) for day in (SECOND, None))

    assert restated.table.equals(plain.table)
    assert any(note.startswith("Không tính theo địa giới ngày 1/1/2023") for note in restated.notes)


def test_counts_of_units_follow_the_boundaries(warehouse: Warehouse) -> None:
    assert "2/3 đơn vị cấp huyện đã báo cáo năm 2023" in freshness(warehouse, whole(None))
    assert exhibits.field_shares(warehouse, whole(None)).completeness.startswith("4/5 đơn vị cấp huyện đủ số liệu")
    assert exhibits.field_shares(warehouse, whole(SECOND)).completeness.startswith("2/3 đơn vị cấp huyện đủ số liệu")
    told = freshness(warehouse, Choice(2021, 2021, None, SECOND))
    assert told.endswith("1/2 đơn vị cấp huyện đã báo cáo năm 2021 · theo địa giới ngày 1/1/2023")


def test_figure_leads_to_the_cells_of_all_its_parts_under_the_names_of_their_senders(warehouse: Warehouse) -> None:
    slice_ = Slice(FLOW, 2021, 2023, "nam", boundary_on=SECOND)

    assert slice_.link == f"nguon?chi_tieu={FLOW}&don_vi=nam&tu=2021&den=2023&dia_gioi=2023-01-01"
    assert Slice.from_link(warehouse, slice_.link) == slice_
    assert Slice.from_link(warehouse, slice_.link.replace("2023-01-01", "2023-01-02")) is None
    found = provenance(warehouse, slice_)
    assert found.value == 331 and not found.fault
    assert dict(found.cells.groupby("Đơn vị")["Giá trị"].sum()) == {"Đông": 1, "Tây": 30, "Nam": 300}
    assert found.words.endswith("Nam · giai đoạn 2021-2023 · theo địa giới ngày 1/1/2023")
    assert "Theo địa giới ngày 1/1/2023: Đông tính vào Nam; Tây tính vào Nam." in found.notes


@pytest.mark.parametrize("choice", [whole(FIRST), whole(SECOND), whole(SECOND, "nam")])
def test_every_count_shown_is_the_sum_of_the_cells_it_leads_to(choice: Choice, warehouse: Warehouse) -> None:
    for exhibit in [*every_exhibit(warehouse, choice), exhibits.register_by_unit(warehouse, choice)]:
        assert exhibit.slices is not None
        pairs = zip(exhibit.table.to_numpy().ravel(), exhibit.slices.to_numpy().ravel(), strict=True)
        for value, lead in pairs:
            if lead is not None and isinstance(value, int):
                assert sum(cells_behind(warehouse, lead)["value"]) == value, (exhibit.key, lead.link)
                assert lead.boundary_on == choice.boundary_on


def test_warnings_of_the_parts_are_warnings_of_the_merged_unit(warehouse: Warehouse) -> None:
    choice = whole(SECOND, "nam")

    assert set(warnings_of_choice(warehouse, choice)["don_vi"]) == {"Đông", "Tây", "Nam"}
    told = caution(warehouse, choice)
    assert told is not None and "dia_gioi=2023-01-01" in told.link


def test_register_of_a_merged_unit_holds_its_parts_models_and_duplicates_stay_between_senders(
    warehouse: Warehouse,
) -> None:
    units = by_unit(warehouse, "register_units", whole(SECOND))
    found = exhibits.register_models(warehouse, whole(SECOND, "nam"), Search())

    assert units["nam"]["model_count"] == 4
    assert (units["nam"]["register_years"], units["nam"]["expected_years"]) == (1, 3)  # of 2021 all three sent a list
    assert set(found.table["Đơn vị"]) == {"Nam"}
    pairs = exhibits.likely_duplicates(warehouse, whole(SECOND, "nam"))
    assert list(pairs.table["Đơn vị thứ nhất"] + pairs.table["Đơn vị thứ hai"]) == ["ĐôngTây"]


def test_only_territory_moves_a_body_with_a_successor_keeps_its_figures() -> None:
    units = MERGERS.units | {BODY: Unit("MTTQ", None, date(2021, 12, 31), "nam", "co_quan_tinh")}
    with opened(replace(MERGERS, units=units)) as warehouse:
        assert by_unit(warehouse, "unit_totals", whole(SECOND))[BODY]["value"] == 10000


# --- whatever was merged, sent and missed


@st.composite
def provinces(draw: st.DrawFn) -> Province:
    names = ["a", "b", "c", "d"][: draw(st.integers(2, 4))]
    ends = st.sampled_from([None, None, *(date(year, month, 30) for year in (2020, *YEARS) for month in (6, 12))])
    units = {
        name: Unit(
            name.upper(),
            draw(st.sampled_from([None, None, date(2022, 1, 1), date(2023, 1, 1)])),
            draw(ends),
            draw(st.sampled_from([None, *names])),  # itself, and circles, too
        )
        for name in names
    }
    units[BODY] = Unit("MTTQ", None, draw(ends), draw(st.sampled_from([None, "a"])), "co_quan_tinh")
    figures = {}
    registers = []
    for name, unit in units.items():
        there = [year for year in YEARS if unit.existed(year)]
        for year in there:
            for indicator, field in ((FLOW, "kinh_te"), (FLOW, "chua_phan"), (STOCK, "kinh_te"), (PLAIN, None)):
                if (value := draw(st.none() | st.integers(0, 9))) is not None:
                    figures[name, year, year, indicator, field] = value
            if draw(st.booleans()):
                registers.append((name, year, draw(st.sampled_from(["Kẻng", "Vườn"]))))
        for first, last in ((2021, 2022), (2022, 2023), (2021, 2023)):
            if {first, last} <= set(there) and draw(st.integers(0, 3)) == 0:
                figures[name, first, last, "hoi_nghi", None] = draw(st.integers(0, 9))
    return Province(units, figures, tuple(registers))


DAYS = st.dates(date(2020, 1, 1), date(2025, 1, 1))
INDICATORS = (FLOW, STOCK, PLAIN, "hoi_nghi")

# Every column that adds something up over the province, by metric.
TOTALS = {
    "totals": ("indicator_id", "value", "is_complete", "gap"),
    "fields": ("linh_vuc_id", "value", "value_share", "base"),
    "field_years": ("linh_vuc_id", "year", "value", "value_share"),
    "years": ("year", "value", "is_complete", "is_part_year"),
    "ratios": ("year", "awarded", "recognised_with_awards", "recognised_with_inspections", "inspected"),
    "slice_total": ("value", "return_count"),
    "register_summary": ("model_count", "recognised_count"),
    "register_fields": ("linh_vuc_id", "model_count", "recognised_count"),
    "register_statuses": ("status", "model_count", "base"),
    "register_years": ("year", "model_count", "recognised_count"),
    "register_found": ("model_count",),
    "register_duplicates": ("name", "don_vi", "other_don_vi"),
    "part_years": ("year", "as_of_on"),
    "warnings_in_scope": ("return_id", "message"),
    "ledger_figures": ("figure_no", "added"),
}


@settings(max_examples=12)
@given(province=provinces(), day=DAYS, period=st.sampled_from(PERIODS))
@example(province=MERGERS, day=SECOND, period=PERIODS[0])
def test_no_total_of_any_metric_changes(province: Province, day: date, period: tuple[int, int]) -> None:
    with opened(province) as warehouse:
        for metric, columns in TOTALS.items():
            for indicator in INDICATORS:

                def answer(boundary_on: date | None, metric: str = metric, indicator: str = indicator) -> list[Any]:
                    return query(warehouse, metric, Choice(*period, None, boundary_on), indicator)

                before, after = answer(None), answer(day)
                assert [[row[name] for name in columns] for row in before] == [
                    [row[name] for name in columns] for row in after
                ], (metric, indicator)


@settings(max_examples=12)
@given(province=provinces(), day=DAYS, period=st.sampled_from(PERIODS))
@example(province=MERGERS, day=SECOND, period=PERIODS[0])
def test_every_restated_unit_is_the_sum_of_its_parts_and_of_its_cells(
    province: Province, day: date, period: tuple[int, int]
) -> None:
    choice = Choice(*period, None)
    restated = replace(choice, boundary_on=day)
    with opened(province) as warehouse:
        for indicator in INDICATORS:
            parts = grouped(query(warehouse, "unit_totals", choice, indicator), province, day)
            for row in query(warehouse, "unit_totals", restated, indicator):
                own = parts.pop(row["don_vi_id"])
                assert row["value"] == added(own, "value")
                assert row["commune_years"] == added(own, "commune_years")
                assert row["is_complete"] == all(part["is_complete"] for part in own)
                cells = cells_behind(warehouse, Slice(indicator, *period, row["don_vi_id"], boundary_on=day))
                assert (sum(cells["value"]) if len(cells) else None) == row["value"]
                assert {last_heir(province, unit, day) for unit in cells["sender_id"]} <= {row["don_vi_id"]}
            assert not parts
            years = grouped(query(warehouse, "unit_years", choice, indicator), province, day, "year")
            for row in query(warehouse, "unit_years", restated, indicator):
                own = years.pop((row["don_vi_id"], row["year"]))
                assert row["value"] == added(own, "value")
                assert row["is_complete"] == all(part["value"] is not None for part in own)
            assert not years
        fields = grouped(query(warehouse, "unit_fields", choice, FLOW), province, day, "linh_vuc_id")
        for row in query(warehouse, "unit_fields", restated, FLOW):
            assert row["value"] == added(fields[row["don_vi_id"], row["linh_vuc_id"]], "value")
        registers = grouped(query(warehouse, "register_units", choice, FLOW), province, day)
        for row in query(warehouse, "register_units", restated, FLOW):
            assert row["model_count"] == added(registers[row["don_vi_id"]], "model_count")


@settings(max_examples=2)
@given(province=provinces(), period=st.sampled_from(PERIODS))
def test_day_before_every_merger_answers_like_no_day_at_all(province: Province, period: tuple[int, int]) -> None:
    with opened(province) as warehouse:
        for name in sorted(path.stem for path in METRICS.glob("*.sql")):
            asked = parameters(name)
            if "boundary_on" not in asked or name == "moved_units":
                continue
            for unit in (None, "a"):
                params = {**dict.fromkeys(asked), **WHOLE, **SEARCH, **SLICE, **Choice(*period, unit).params}
                before = warehouse.query(name, **params)
                after = warehouse.query(name, **{**params, "boundary_on": date(1990, 1, 1)})
                assert sorted(map(repr, records(before))) == sorted(map(repr, records(after))), name


def query(warehouse: Warehouse, metric: str, choice: Choice, indicator_id: str) -> list[dict[str, Any]]:
    return records(
        warehouse.query(
            metric, **{**WHOLE, **SEARCH, "words": "", **SLICE, **choice.params, "indicator_id": indicator_id}
        )
    )


def grouped(rows: list[dict[str, Any]], province: Province, day: date, *more: str) -> dict[Any, list[dict[str, Any]]]:
    """Return rows by the unit they should count to, worked out apart from the program."""
    found = defaultdict(list)
    for row in rows:
        heir = last_heir(province, row["don_vi_id"], day)
        found[(heir, *(row[name] for name in more)) if more else heir].append(row)
    return found


def last_heir(province: Province, unit: str, day: date) -> str:
    for _ in range(len(province.units)):
        told = province.units[unit]
        heir = told.successor
        if (
            told.kind != "huyen"
            or heir is None
            or province.units[heir].kind != "huyen"
            or (told.valid_to or EVER) >= day
        ):
            break
        unit = heir
    return unit


def added(rows: list[dict[str, Any]], column: str) -> int | None:
    known = [row[column] for row in rows if row[column] is not None]
    return sum(known) if known else None


# --- on screen


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DVK_DATA", str(tmp_path))
    warehouses.publish(tmp_path / "warehouse", rows_of(MERGERS))
    return tmp_path


def test_link_restates_every_page_and_the_sidebar_says_so(data: Path) -> None:
    app = open_page("hoat_dong", dia_gioi="2023-01-01", chi_tieu=FLOW)

    assert not app.exception and not app.error
    assert app.selectbox(key="dia_gioi").value == "2023-01-01"
    assert "1/1/2023 (3 đơn vị)" in app.selectbox(key="dia_gioi").options
    assert "3/3 đơn vị cấp huyện có số liệu: 4.331 mô hình" in text_of(app)
    assert not any("Tây" in chart for chart in charts_of(app))
    assert app.query_params["dia_gioi"] == "2023-01-01"


def test_switch_goes_back_and_forth_with_the_same_total(data: Path) -> None:
    app = open_page("hoat_dong", chi_tieu=FLOW)
    assert app.selectbox(key="dia_gioi").value == ""
    assert "5/5 đơn vị cấp huyện có số liệu: 4.331 mô hình" in text_of(app)

    app.selectbox(key="dia_gioi").select("2023-01-01").run()
    assert "3/3 đơn vị cấp huyện có số liệu: 4.331 mô hình" in text_of(app)

    app.selectbox(key="dia_gioi").select("").run()
    assert "5/5 đơn vị cấp huyện có số liệu: 4.331 mô hình" in text_of(app)
    assert "dia_gioi" not in app.query_params


def test_chosen_unit_that_was_gone_gives_way_to_its_successor_and_the_page_says_so(data: Path) -> None:
    app = open_page("tong_quan", don_vi="dong", dia_gioi="2023-01-01")

    assert app.selectbox(key="don_vi").value == "nam"
    assert not {"Đông", "Tây"} & set(app.selectbox(key="don_vi").options)
    assert "Theo địa giới ngày 1/1/2023, Đông tính vào Nam: đang xem Nam." in text_of(app)
    assert app.query_params["don_vi"] == "nam"


@pytest.mark.parametrize("value", ["2023-01-02", "hom nay", "2023-01-01'--"])
def test_day_the_data_do_not_offer_is_refused_with_a_warning(value: str, data: Path) -> None:
    app = open_page("tong_quan", dia_gioi=value)

    assert "Đường dẫn có giá trị không dùng được" in text_of(app)
    assert app.selectbox(key="dia_gioi").value == ""


def test_page_of_sources_lists_the_cells_of_a_restated_figure(data: Path) -> None:
    text = text_of(open_page("nguon", chi_tieu=FLOW, don_vi="nam", dia_gioi="2023-01-01"))

    assert "331 mô hình" in text
    assert "Theo địa giới ngày 1/1/2023: Đông tính vào Nam; Tây tính vào Nam." in text


def test_province_without_a_merger_is_offered_no_switch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVK_DATA", str(tmp_path))
    warehouses.publish(tmp_path / "warehouse", warehouses.three_districts(simulated=False))

    app = open_page("tong_quan")

    assert [box.key for box in app.selectbox] == ["tu", "den", "don_vi"]


def test_cards_lead_to_the_restated_figure(warehouse: Warehouse) -> None:
    (card,) = headlines(warehouse, whole(SECOND, "nam"), (FLOW,))

    assert card.value == "331"
    assert card.slice is not None and card.slice.boundary_on == SECOND


@pytest.mark.browser
def test_viewer_switches_follows_a_number_to_its_cells_and_comes_back(data: Path, page: Page) -> None:
    with served(data) as address:
        page.goto(f"{address}/tong_quan?don_vi=nam")
        card = page.locator(".dvk-card").first
        expect(card).to_contain_text("300 mô hình")
        pick(page, "Địa giới", "1/1/2023 (3 đơn vị)")
        expect(card).to_contain_text("331 mô hình")
        page.wait_for_url("**dia_gioi=2023-01-01*")

        settled(page)
        card.get_by_role("link", name="331").click()
        expect(page.locator(".dvk-figure")).to_contain_text("Nam · giai đoạn 2021-2023 · theo địa giới ngày 1/1/2023")
        expect(page.locator(".dvk-table tfoot")).to_contain_text("331")
        settled(page).go_back()

        expect(card).to_contain_text("331 mô hình")
        expect(page.get_by_role("combobox", name="Địa giới")).to_have_value("1/1/2023 (3 đơn vị)")
