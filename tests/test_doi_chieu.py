"""The reconciliation ledger: what is printed, what the returns add up to, and that nothing is adjusted."""

import csv
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from dashboard import exhibits, exports
from dashboard.choice import Choice
from dashboard.topics import ledger
from dashboard.warehouse import Warehouse, records
from etl.catalogue import Catalogue
from etl.stage import dimensions
from tests import warehouses
from tests.test_pages import open_page, text_of

FACTS = Path(__file__).parent / "published_facts.csv"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DVK_DATA", str(tmp_path))
    return tmp_path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def is_count(text: str) -> bool:
    return text.replace(".", "").isdecimal()


# --- the catalogue holds what was published


def test_every_published_figure_stands_once_in_the_catalogue_as_printed(catalogue: Catalogue) -> None:
    facts = [row for row in rows_of(FACTS) if not row["not_a_total"]]
    printed = Counter(
        (row["source_id"], row["indicator_id"], row["linh_vuc_id"], row["text_as_printed"]) for row in facts
    )

    held = Counter(
        (row.source_id, row.indicator_id, row.linh_vuc_id or "", row.value_text) for row in catalogue.published_totals
    )

    assert held == printed
    assert max(held.values()) == 1


def test_every_other_fact_of_the_report_says_why_it_is_no_total() -> None:
    assert [row["fact"] for row in rows_of(FACTS) if bool(row["indicator_id"]) == bool(row["not_a_total"])] == []


def test_a_printed_value_is_the_count_that_was_read_and_nothing_but_a_count(catalogue: Catalogue) -> None:
    facts = {
        (row["source_id"], row["indicator_id"], row["linh_vuc_id"]): row
        for row in rows_of(FACTS)
        if row["indicator_id"]
    }

    for row in catalogue.published_totals:
        fact = facts[row.source_id, row.indicator_id, row.linh_vuc_id or ""]
        assert row.value == (int(fact["value"]) if is_count(row.value_text) else None), row.citation
        assert row.citation, row.value_text
        assert row.note or row.value is not None, f"nothing says why {row.value_text} is no count"


@pytest.mark.parametrize("name", ["report_facts", "published_elsewhere"])
def test_the_copied_facts_are_the_references(name: str, repo: Path) -> None:
    folder = Path(os.environ.get("DVK_REFERENCE") or repo.parent / "shared" / "reference")
    if not (folder / f"{name}.csv").exists():
        pytest.skip("the reference is not on this machine (DVK_REFERENCE)")
    text = "text_as_printed" if name == "report_facts" else "value_text"

    original = [(row[text], row["value"], row["period"]) for row in rows_of(folder / f"{name}.csv")]

    copied = [row for row in rows_of(FACTS) if row["reference"] == name]
    assert [(row["text_as_printed"], row["value"], row["period"]) for row in copied] == original


def test_a_measure_names_the_indicator_beside_it_and_how_they_differ(catalogue: Catalogue) -> None:
    for row in catalogue.measures:
        assert (row.nearest_indicator_id is None) == (row.relation is None), row.measure_id
        assert row.note, f"{row.measure_id} does not say why it cannot be compared"


# --- what the returns add up to


def snapshot(folder: Path, *, simulated: bool = False, more: Sequence[dict[str, Any]] = (), **facts: Any) -> Warehouse:
    """Publish the usual snapshot with more printed figures and measures, and open it."""
    rows = warehouses.three_districts(simulated=simulated)
    rows["dim_measure"].append({**rows["dim_measure"][0], "measure_id": "mo_hinh_hieu_qua", **NEAREST})
    rows["published_total"] += [{**rows["published_total"][0], **figure} for figure in more]
    for table, change in facts.items():
        rows[table] = change(rows[table])
    return Warehouse(warehouses.publish(folder, rows))


NEAREST = {
    "label": "Mô hình đạt hiệu quả",
    "nearest_indicator_id": "mo_hinh_cong_nhan",
    "relation": "khac",
    "note": "Khác",
}


def figure_of(warehouse: Warehouse, **facts: Any) -> dict[str, Any]:
    """Return the one figure of the ledger with these facts."""
    (found,) = (row for row in ledger.figures(warehouse) if all(row[name] == value for name, value in facts.items()))
    return found


PROVINCE = {"don_vi_id": None, "linh_vuc_id": None}


def test_every_published_figure_stands_once_in_the_ledger_with_nothing_adjusted(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    rows = {**dimensions(catalogue), "snapshot_info": warehouses.info(returns=0, simulated=False)}
    published = [(row.value, row.value_text, row.citation, row.note) for row in catalogue.published_totals]
    warehouse = open_rows(tmp_path, rows, catalogue.province.signed_report)
    choice = Choice(2009, 2024, None)

    figures = ledger.figures(warehouse)
    province, places = exhibits.province_ledger(warehouse, choice).table, exhibits.place_ledger(warehouse, choice).table

    assert [(row["value"], row["value_text"], row["citation"], row["note"]) for row in figures] == published
    assert len(province) + len(places) == len(published) == 61
    shown = Counter(str(value) for table in (province, places) for value in table["Công bố"])
    assert shown == Counter(str(text if value is None else value) for value, text, _, _ in published)


def open_rows(folder: Path, rows: dict[str, list[dict[str, Any]]], signed: str) -> Warehouse:
    columns = {"dim_don_vi": {"former_kind"}}
    kept = {
        table: [{name: value for name, value in row.items() if name not in columns.get(table, ())} for row in found]
        for table, found in rows.items()
        if table != "snapshot_info"
    }
    info = [{**row, "value": signed} if row["key"] == "signed_report" else row for row in rows["snapshot_info"]]
    return Warehouse(warehouses.publish(folder, {**kept, "snapshot_info": info}))


def test_the_sum_beside_a_figure_is_the_one_every_page_shows(tmp_path: Path) -> None:
    warehouse = snapshot(tmp_path)
    totals = {row["indicator_id"]: row for row in records(warehouse.query("totals", **Choice(2022, 2024, None).params))}

    for indicator_id, added in (("mo_hinh_cong_nhan", 118), ("kiem_tra", 1245), ("mo_hinh_khen_thuong", 9)):
        row = figure_of(warehouse, indicator_id=indicator_id, **PROVINCE)
        assert row["added"] == totals[indicator_id]["value"] == added
        assert row["gap"] == row["added"] - row["value"] == totals[indicator_id]["gap"]


def test_a_cluster_repeats_its_members_and_is_never_added(tmp_path: Path) -> None:
    def with_cluster(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [*rows, {**rows[0], "don_vi_id": "cum_mien_nui", "value": 1000}]

    warehouse = snapshot(tmp_path, core_year_value=with_cluster)

    assert figure_of(warehouse, indicator_id="mo_hinh_cong_nhan", **PROVINCE)["added"] == 118


def test_a_figure_of_a_cluster_is_laid_beside_the_districts_of_its_terrain(tmp_path: Path) -> None:
    def with_terrain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**row, "terrain": "mien_nui"} if row["kind"] == "cum" else row for row in rows]

    more = [{"don_vi_id": "cum_mien_nui", "territory": "Miền núi", "indicator_id": "mo_hinh_hieu_qua", "value": 50}]
    warehouse = snapshot(tmp_path, more=more, dim_don_vi=with_terrain)

    row = figure_of(warehouse, don_vi_id="cum_mien_nui")

    assert (row["added"], row["district_count"], row["other_count"]) == (30, 1, 0)  # Nam Giang alone lies there


@pytest.mark.parametrize(
    ("printed", "state", "result"),
    [
        (118, "khop", "✓ Khớp (chưa đủ báo cáo)"),
        (107, "lech", "Lệch: thừa 11 (chưa đủ báo cáo)"),
        (120, "chua_du", "Chưa đủ báo cáo: mới thiếu 2"),
    ],
)
def test_a_difference_is_signed_and_a_missing_return_is_not_called_one(
    printed: int, state: str, result: str, tmp_path: Path
) -> None:
    warehouse = snapshot(tmp_path, published_total=lambda rows: [{**rows[0], "value": printed}])

    row = figure_of(warehouse, **PROVINCE)
    line = ledger.figure_line(row, is_simulated=False)

    assert (row["state"], line["Kết quả"], line["Chênh"]) == (state, result, 118 - printed)
    assert line["Mức đầy đủ"] == "Đủ số liệu: 2/3 cấp huyện, 1/1 khác, có số tạm tính"


def test_a_smaller_sum_of_complete_returns_is_a_difference(tmp_path: Path) -> None:
    more = [{"don_vi_id": "tam_ky", "territory": "Tam Kỳ", "value": 50}]

    row = figure_of(snapshot(tmp_path, more=more), don_vi_id="tam_ky")

    assert (row["added"], row["gap"], row["is_complete"], row["state"]) == (47, -3, True, "lech")


def test_a_simulated_return_is_never_held_against_a_real_figure_of_its_place(tmp_path: Path) -> None:
    real, simulated = snapshot(tmp_path / "a"), snapshot(tmp_path / "b", simulated=True)

    assert figure_of(real, don_vi_id="hoi_an")["gap"] == 31 - 999
    row = figure_of(simulated, don_vi_id="hoi_an")
    assert (row["added"], row["gap"], row["state"]) == (31, None, "mo_phong")
    exhibit = exhibits.place_ledger(simulated, Choice(2022, 2024, None))
    assert "Báo cáo cộng lại (mô phỏng)" in exhibit.table.columns
    assert exhibit.title.startswith("Số từng huyện ở đây là mô phỏng")
    assert any("không chứng minh gì" in note for note in exhibit.notes)
    agrees = figure_of(simulated, indicator_id="mo_hinh_khen_thuong", **PROVINCE)
    assert ledger.figure_line(agrees, is_simulated=True)["Kết quả"] == "✓ Khớp (mô phỏng, chưa đủ báo cáo)"


@pytest.mark.parametrize(
    "facts",
    [
        {"indicator_id": "mo_hinh_hieu_qua", "value": 54},
        {"value": None, "value_text": "hơn 100"},
        {"from_year": None, "to_year": None, "value": 252},
    ],
)
def test_what_counts_something_else_or_no_count_or_no_period_is_not_judged(
    facts: dict[str, Any], tmp_path: Path
) -> None:
    more = [{**facts, "don_vi_id": "tam_ky", "territory": "Tam Kỳ"}]

    row = figure_of(snapshot(tmp_path, more=more), don_vi_id="tam_ky")

    assert (row["gap"], row["state"]) == (None, "khong_so")
    assert row["added"] == (None if facts.get("from_year", 2022) is None else 47)
    assert ledger.figure_line(row, is_simulated=False)["Chênh"] == ""


def test_a_figure_of_one_year_is_held_against_that_year_and_a_stock_against_its_end(tmp_path: Path) -> None:
    of_2023 = {"don_vi_id": "tam_ky", "territory": "Tam Kỳ", "from_year": 2023, "to_year": 2023}
    more = [of_2023, {**of_2023, "indicator_id": "mo_hinh_duy_tri"}]

    warehouse = snapshot(tmp_path, more=more)

    assert figure_of(warehouse, don_vi_id="tam_ky", indicator_id="mo_hinh_cong_nhan")["added"] == 19
    assert figure_of(warehouse, don_vi_id="tam_ky", indicator_id="mo_hinh_duy_tri")["added"] == 25


def test_every_sum_leads_to_cells_that_add_up_to_it(tmp_path: Path) -> None:
    warehouse = snapshot(tmp_path)

    for row in ledger.figures(warehouse):
        lead = ledger.slice_of(row)
        assert (lead is None) == (row["added"] is None)
        if lead:
            assert lead.link.startswith(f"nguon?chi_tieu={row['counted_id']}")
            assert sum(warehouse.query("counted_in_slice", **lead.params)["value"]) == row["added"]


def test_the_sums_on_screen_carry_the_way_to_their_cells(tmp_path: Path) -> None:
    exhibit = exhibits.province_ledger(snapshot(tmp_path), Choice(2022, 2024, None))
    added = exhibit.table["Báo cáo cộng lại"]

    assert exhibit.slices is not None
    leads = exhibit.slices["Báo cáo cộng lại"]
    assert [lead is not None for lead in leads] == [isinstance(value, int) for value in added] == [True] * 7
    assert exhibit.slices.drop(columns="Báo cáo cộng lại").isna().all(axis=None)


# --- printed figures among themselves


def test_the_opening_is_computed_from_the_printed_figures(tmp_path: Path) -> None:
    choice = Choice(2022, 2024, None)
    short, exact = snapshot(tmp_path / "a"), snapshot(tmp_path / "b", published_total=lambda rows: printed(rows, 106))
    above = snapshot(tmp_path / "c", published_total=lambda rows: printed(rows, 100))

    assert exhibits.printed_sums(short, choice).title == (
        "Báo cáo 10/10/2024 ghi 107 mô hình, 4 lĩnh vực cộng lại được 106: 1 mô hình chưa phân lĩnh vực"
    )
    assert exhibits.printed_sums(exact, choice).title.endswith("4 lĩnh vực cộng lại đúng bằng số đó")
    assert exhibits.printed_sums(above, choice).title.endswith("được 106: 6 mô hình thừa so với tổng")
    assert [card.value for card in exhibits.printed_parts(short)] == ["107", "106", "32", "61", "10", "3"]
    assert [card.state for card in exhibits.printed_parts(short)[:2]] == ["", "lech"]


def printed(rows: list[dict[str, Any]], total: int) -> list[dict[str, Any]]:
    return [{**rows[0], "value": total}, *rows[1:]]


def test_the_reports_own_sums_are_shown_with_their_gaps(catalogue: Catalogue, tmp_path: Path) -> None:
    rows = {**dimensions(catalogue), "snapshot_info": warehouses.info(returns=0, simulated=False)}
    warehouse = open_rows(tmp_path, rows, catalogue.province.signed_report)

    table = exhibits.printed_sums(warehouse, Choice(2009, 2024, None)).table

    shown = [tuple(row) for row in table[["Số đã in", "Cộng lại", "Chênh", "Kết quả"]].itertuples(index=False)]
    assert shown == [
        (6540, 6533, -7, "Lệch: thiếu 7"),
        (19, 19, 0, "✓ Khớp"),
        (54, 54, 0, "✓ Khớp"),
        (286, 176, -110, "Lệch: thiếu 110"),
        (6540, 6540, 0, "✓ Khớp"),
        (6540, 6540, 0, "✓ Khớp"),
        (1360, 185, "", "Nằm trong, không cộng thêm; còn lại 1.175"),
        (19, 20, 1, "Lệch: thừa 1"),
    ]
    assert (
        "công nhận 6.540" in table["Câu trong nguồn"].iloc[4] and "xây dựng 6.540" in table["Câu trong nguồn"].iloc[4]
    )


# --- the page


def test_page_opens_with_the_total_against_its_fields(data: Path) -> None:
    warehouses.publish(data / "warehouse", warehouses.three_districts(simulated=False))

    app = open_page("doi_chieu")

    text = text_of(app)
    opening = text.index(
        "Báo cáo 10/10/2024 ghi 107 mô hình, 4 lĩnh vực cộng lại được 106: 1 mô hình chưa phân lĩnh vực"
    )
    assert opening < text.index("Số đã công bố và số các báo cáo cộng lại")
    assert "7/7 con số toàn tỉnh so được với báo cáo: 3 khớp, 4 lệch" in text
    assert "1/1 con số đã đăng về 1 địa bàn so được với báo cáo: 1 chưa đủ báo cáo" in text
    assert 'href="nguon?chi_tieu=kiem_tra&amp;tu=2022&amp;den=2024"' in "".join(
        part.proto.body for part in app.get("html")
    )


def test_page_shows_published_figures_alone_until_a_return_comes(data: Path) -> None:
    warehouses.publish(data / "warehouse", warehouses.published_only())

    text = text_of(open_page("doi_chieu"))

    assert "Chưa có báo cáo của các đơn vị để so với 7 con số toàn tỉnh đã công bố" in text
    assert text.count("chưa có báo cáo nào nêu") == 8
    assert "Chưa so được con số nào trong 1 con số đã đăng về 1 địa bàn" in text


def test_page_is_narrowed_by_source_result_and_place_through_its_link(data: Path) -> None:
    rows = warehouses.three_districts(simulated=False)
    rows["dim_source"].append({**rows["dim_source"][0], "source_id": "bao", "label": "Báo của tỉnh"})
    rows["published_total"].append({**rows["published_total"][0], "source_id": "bao", "value": 118, "note": "Báo ghi"})
    warehouses.publish(data / "warehouse", rows)

    both = text_of(open_page("doi_chieu", tai_lieu="bao", ket_qua="khop"))
    elsewhere = text_of(open_page("doi_chieu", don_vi="tam_ky"))
    bad = text_of(open_page("doi_chieu", tai_lieu="khong_co"))

    assert "Đang lọc: 1/8 con số" in both and "Đang lọc: 0/1 con số" in both
    assert "Chưa ghi con số nào đã đăng về Tam Kỳ" in elsewhere
    assert "Đường dẫn có giá trị không dùng được" in bad


def test_csv_says_unit_period_and_source_of_every_figure(tmp_path: Path) -> None:
    exhibit = exhibits.place_ledger(snapshot(tmp_path, simulated=True), Choice(2022, 2024, None))

    lines = list(csv.reader(exports.to_csv(exhibit).decode("utf-8-sig").splitlines(), delimiter=";"))

    assert lines[0] == ["DỮ LIỆU MÔ PHỎNG"]
    (row,) = lines[lines.index([]) + 2 :]
    assert row[:6] == ["Hội An", "Mô hình công nhận", "2022-2024", "mô hình", "999", "31"]
    assert row[-1] == "DỮ LIỆU MÔ PHỎNG"
    assert exports.file_name(exhibit, ".csv") == "doi_chieu_dia_phuong_2022-2024_mo_phong.csv"
