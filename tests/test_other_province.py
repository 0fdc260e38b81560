"""Figures that other provinces really published, typed into the four layouts under their own catalogues.

See tests/other_province/README.md for what was found where. No line of code may know a province.
"""

import csv
import shutil
from pathlib import Path
from typing import Any

import pytest

from etl.catalogue import load_catalogue
from tests.files import ROOT, Rows, all_tables, load, query, run_etl, write_file
from tests.test_pages import PAGES, charts_of, open_page, text_of

FACTS = Path(__file__).resolve().parent / "other_province"
OWN_CATALOGUE = ROOT / "data" / "catalogue"
EMPTIED = (
    "don_vi_year",
    "events",
    "named_models",
    "leadership_actions",
    "leadership_mentions",
    "typical_models",
    "flag_bench",
    "published_measures",
    "published_totals",
    "sources",
    "don_vi",
)


def rows_of(name: str) -> list[dict[str, str]]:
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


PUBLISHED = {(row["province_id"], row["label_as_printed"]): row for row in rows_of("published")}
TYPED: set[tuple[str, str]] = set()


def printed(province_id: str, label: str) -> str:
    """Return a figure as its source prints it."""
    TYPED.add((province_id, label))
    return PUBLISHED[province_id, label]["value_text"]


def line(province_id: str, label: str) -> list[Any]:
    return [label, printed(province_id, label)]


INFO = {
    "viet_tri": [["Đơn vị báo cáo", "Thành ủy Việt Trì"], ["Kỳ báo cáo", "Năm"], ["Năm", 2019]],
    "kon_tum": [["Đơn vị báo cáo", "Toàn tỉnh Kon Tum"], ["Kỳ báo cáo", "Năm"], ["Năm", 2018]],
}
ACTIVITIES: Rows = [["Chỉ tiêu", "Số lượng"], ["Kiểm tra, đánh giá", ""], ["Hội nghị sơ kết, tổng kết", ""]]
ORDER, PEACE = "giữ gìn an ninh chính trị – trật tự an toàn xã hội", "xây dựng hệ thống chính trị"
MERGED = "phát triển kinh tế – văn hóa xã hội"

VIET_TRI: dict[str, Rows] = {
    "Thông tin": INFO["viet_tri"],
    "Biểu 01": [
        ["Lĩnh vực", "Công nhận"],
        line("phu_tho", "kinh tế , xây dựng nông thôn mới và đô thị văn minh"),
        line("phu_tho", "văn hoá - xã hội"),
        line("phu_tho", "quốc phòng, an ninh"),
        line("phu_tho", "xây dựng hệ thống chính trị"),
        ["Tổng cộng", printed("phu_tho", "mô hình, điển hình tiêu biểu")],
    ],
    "Biểu 02": ACTIVITIES,
}
KON_TUM: dict[str, Rows] = {
    "Thông tin": INFO["kon_tum"],
    "Biểu 01": [
        ["Lĩnh vực", "Công nhận"],
        line("kon_tum", MERGED),
        line("kon_tum", ORDER),
        line("kon_tum", PEACE),
        ["Tổng cộng", printed("kon_tum", "mô hình “Dân vận khéo”")],
    ],
    "Biểu 02": ACTIVITIES,
}
KON_TUM_TABLE: dict[str, Rows] = {
    "Tổng hợp": [
        ["TỔNG HỢP MÔ HÌNH NĂM 2018"],
        ["TT", "Đơn vị", "Tổng số", "Chưa phân lĩnh vực", ORDER, PEACE],
        [
            1,
            "Toàn tỉnh Kon Tum",
            printed("kon_tum", "mô hình “Dân vận khéo”").removeprefix("trên "),
            *(printed("kon_tum", label) for label in (MERGED, ORDER, PEACE)),
        ],
    ]
}
LONG_HEAD = ["don_vi", "ky", "tu_nam", "den_nam", "chi_tieu", "linh_vuc", "gia_tri"]
LAM_DONG: Rows = [
    LONG_HEAD,
    ["Huyện Đam Rông", "6 tháng đầu năm", 2020, 2020, "Được công nhận", *line("lam_dong", "xây dựng nông thôn mới")],
    ["Bảo Lâm", "Năm", 2022, 2022, "Đăng ký", "", printed("lam_dong", "mô hình, điển hình đăng ký")],
]


@pytest.fixture
def catalogue(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Return the catalogue of the province that a test names: what is its own, and the common rest."""
    province_id = request.param
    folder = tmp_path / "catalogue"
    shutil.copytree(OWN_CATALOGUE, folder)
    for name in EMPTIED:
        header = (OWN_CATALOGUE / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
        (folder / f"{name}.csv").write_text(f"{header}\n", encoding="utf-8")
    labels = (OWN_CATALOGUE / "labels.csv").read_text(encoding="utf-8").splitlines()
    kept = [row for row in labels if not row.startswith("don_vi,")]
    (folder / "labels.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    add_rows(folder / "don_vi.csv", [row for row in rows_of("units") if row["province_id"] == province_id])
    add_rows(folder / "sources.csv", [{"source_id": "bao_cao", "label": "Báo cáo của tỉnh"}])
    (own,) = (row for row in rows_of("provinces") if row["province_id"] == province_id)
    (folder / "province.toml").write_text(
        f'name = "{own["name"]}"\nlevel = "{own["level"]}"\nmovement = "Dân vận khéo"\n'
        f'commission = "{own["commission"]}"\nfirst_year = {own["first_year"]}\nsigned_report = "bao_cao"\n',
        encoding="utf-8",
    )
    return folder


def add_rows(path: Path, rows: list[dict[str, str]]) -> None:
    names = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    with path.open("a", encoding="utf-8", newline="") as stream:
        csv.DictWriter(stream, names, extrasaction="ignore", lineterminator="\n").writerows(rows)


def end_of(answer: dict[str, Any]) -> tuple[str, list[tuple[str, str, str, str]]]:
    """Return the status of the one file and its issues without those of the notes."""
    (file,) = answer["files"]
    said = [issue for issue in file["issues"] if issue["level"] != "ghi_chu"]
    return file["status"], [(issue["rule"], issue["sheet"], issue["cell"], issue["message"]) for issue in said]


def figures(data: Path) -> list[tuple[Any, ...]]:
    columns = "don_vi_id, period_kind, to_year, indicator_id, linh_vuc_id, value"
    return query(data, f"SELECT {columns} FROM core_value ORDER BY ALL")


@pytest.mark.parametrize("catalogue", ["phu_tho"], indirect=True)
def test_four_fields_in_a_towns_own_words_are_loaded_and_add_up(tmp_path: Path, catalogue: Path) -> None:
    path = write_file(tmp_path / "Viet Tri 2019.xlsx", VIET_TRI)

    status, issues = end_of(load(path, data=tmp_path / "data", catalogue=catalogue))

    assert status == "accepted_with_warnings"
    assert {rule for rule, *_ in issues} == {"chi_tieu_vang"}  # the page prints nothing of most indicators
    assert figures(tmp_path / "data") == [
        ("viet_tri", "nam", 2019, "mo_hinh_cong_nhan", "he_thong_chinh_tri", 6),
        ("viet_tri", "nam", 2019, "mo_hinh_cong_nhan", "kinh_te", 48),
        ("viet_tri", "nam", 2019, "mo_hinh_cong_nhan", "quoc_phong_an_ninh", 28),
        ("viet_tri", "nam", 2019, "mo_hinh_cong_nhan", "van_hoa_xa_hoi", 46),
    ]


@pytest.mark.parametrize("catalogue", ["kon_tum"], indirect=True)
def test_merged_field_and_a_lower_bound_are_refused_with_their_cells(tmp_path: Path, catalogue: Path) -> None:
    path = write_file(tmp_path / "a.xlsx", KON_TUM)

    status, issues = end_of(load(path, data=tmp_path / "data", catalogue=catalogue))

    found = {(rule, sheet, cell): message for rule, sheet, cell, message in issues}
    assert status == "rejected"
    assert "Kinh tế" in found["linh_vuc_la", "Biểu 01", "A2"]
    assert "trên 1.000" in found["so_khong_ro", "Biểu 01", "B5"]
    assert not (tmp_path / "data" / "warehouse").exists()


@pytest.mark.parametrize("catalogue", ["kon_tum"], indirect=True)
def test_total_that_does_not_add_up_is_warned_about_and_never_repaired(tmp_path: Path, catalogue: Path) -> None:
    status, issues = end_of(
        load(write_file(tmp_path / "a.xlsx", KON_TUM_TABLE), data=tmp_path / "data", catalogue=catalogue)
    )

    assert status == "accepted_with_warnings"
    ((rule, _, cell, message),) = issues
    assert (rule, cell) == ("tong_khong_khop", "C3")
    assert "tổng ghi 1.000, các lĩnh vực cộng lại 1.014 (chênh 14)" in message
    assert figures(tmp_path / "data") == [
        ("toan_tinh", "nam", 2018, "mo_hinh_cong_nhan", "chua_phan", 630),
        ("toan_tinh", "nam", 2018, "mo_hinh_cong_nhan", "he_thong_chinh_tri", 214),
        ("toan_tinh", "nam", 2018, "mo_hinh_cong_nhan", "quoc_phong_an_ninh", 170),
    ]


@pytest.mark.parametrize("catalogue", ["lam_dong"], indirect=True)
def test_fifth_category_stays_one_and_fields_nobody_printed_stay_unknown(tmp_path: Path, catalogue: Path) -> None:
    path = write_file(tmp_path / "lam_dong.csv", {"": LAM_DONG})

    status, issues = end_of(load(path, data=tmp_path / "data", catalogue=catalogue))

    assert (status, issues) == ("accepted", [])
    assert figures(tmp_path / "data") == [
        ("bao_lam", "nam", 2022, "mo_hinh_dang_ky", "chua_phan", 113),
        ("dam_rong", "6_thang", 2020, "mo_hinh_cong_nhan", "khac", 71),
    ]
    assert query(tmp_path / "data", "SELECT DISTINCT year, is_provisional FROM core_year_value ORDER BY ALL") == [
        (2020, True),
        (2022, False),
    ]


@pytest.mark.parametrize("catalogue", ["bac_kan"], indirect=True)
def test_total_without_fields_belongs_to_no_field(tmp_path: Path, catalogue: Path) -> None:
    rows = [
        ["TỔNG HỢP NĂM 2022"],
        ["TT", "Đơn vị", "Tổng số", "Kinh tế", "Văn hóa - xã hội", "Quốc phòng - an ninh", "HTCT"],
        [1, "H. Chợ Đồn", printed("bac_kan", "mô hình được công nhận"), "", "", "", ""],
    ]

    answer = load(write_file(tmp_path / "a.csv", {"": rows}), data=tmp_path / "data", catalogue=catalogue)

    assert end_of(answer) == ("accepted", [])
    assert figures(tmp_path / "data") == [("cho_don", "nam", 2022, "mo_hinh_cong_nhan", "chua_phan", 123)]


@pytest.mark.parametrize("catalogue", ["ba_ria_vung_tau"], indirect=True)
def test_years_of_a_province_as_one_unit_are_loaded(tmp_path: Path, catalogue: Path) -> None:
    rows = [
        ["MÔ HÌNH ĐĂNG KÝ CỦA TOÀN TỈNH BÀ RỊA - VŨNG TÀU"],
        ["Năm", "Kinh tế", "Văn hóa - xã hội", "Quốc phòng - an ninh", "HTCT", "Tổng"],
        [2021, "", "", "", "", printed("ba_ria_vung_tau", "mô hình, điển hình được đăng ký")],
    ]

    answer = load(write_file(tmp_path / "a.csv", {"": rows}), data=tmp_path / "data", catalogue=catalogue)

    assert end_of(answer) == ("accepted", [])
    assert figures(tmp_path / "data") == [("toan_tinh", "nam", 2021, "mo_hinh_dang_ky", "chua_phan", 2071)]


@pytest.mark.parametrize("catalogue", ["thai_nguyen"], indirect=True)
def test_lower_bound_of_a_year_is_refused_with_its_cell(tmp_path: Path, catalogue: Path) -> None:
    rows = [
        ["KẾT QUẢ CỦA TOÀN TỈNH THÁI NGUYÊN"],
        ["Năm", "Kinh tế", "Văn hóa - xã hội", "Quốc phòng - an ninh", "HTCT", "Tổng"],
        [2021, "", "", "", "", printed("thai_nguyen", "mô hình dân vận khéo")],
    ]

    answer = load(write_file(tmp_path / "a.csv", {"": rows}), data=tmp_path / "data", catalogue=catalogue)

    status, ((rule, _, cell, message),) = end_of(answer)
    assert (status, rule, cell) == ("rejected", "so_khong_ro", "F3")
    assert "trên 1.900" in message


@pytest.mark.parametrize("catalogue", ["phu_tho"], indirect=True)
def test_unit_of_a_third_province_is_unknown(tmp_path: Path, catalogue: Path) -> None:
    path = write_file(tmp_path / "lam_dong.csv", {"": LAM_DONG})

    status, issues = end_of(load(path, data=tmp_path / "data", catalogue=catalogue))

    assert status == "rejected"
    assert {rule for rule, *_ in issues} == {"don_vi_la"}


@pytest.mark.parametrize("catalogue", ["phu_tho"], indirect=True)
def test_without_published_totals_there_is_nothing_to_simulate(tmp_path: Path, catalogue: Path) -> None:
    done = run_etl("sample", tmp_path / "sample", data=tmp_path / "data", catalogue=catalogue)

    assert (done.returncode, done.stderr) == (0, "")
    assert "không có gì để mô phỏng" in done.stdout
    assert not (tmp_path / "sample").exists()


@pytest.mark.parametrize("catalogue", ["phu_tho"], indirect=True)
def test_snapshot_of_another_province_says_nothing_of_this_one(tmp_path: Path, catalogue: Path) -> None:
    load(write_file(tmp_path / "a.xlsx", VIET_TRI), data=tmp_path / "data", catalogue=catalogue)
    own = load_catalogue(OWN_CATALOGUE)

    # Thresholds and definitions give the reasons of whoever decided on them, by name.
    tables = {name: rows for name, rows in all_tables(tmp_path / "data").items() if name not in EXPLAINING}

    text = repr(tables)
    assert [unit.label for unit in own.don_vi if unit.is_district and unit.label in text] == []
    assert own.province.name not in text
    assert "Ban Dân vận Tỉnh ủy Phú Thọ" in text


EXPLAINING = {"dim_threshold", "dim_indicator", "dim_linh_vuc", "dim_deadline"}


@pytest.mark.parametrize(
    ("catalogue", "sheets"), [("phu_tho", VIET_TRI), ("kon_tum", KON_TUM_TABLE)], indirect=["catalogue"]
)
def test_every_screen_of_another_province_opens_and_says_nothing_of_this_one(
    tmp_path: Path, catalogue: Path, sheets: dict[str, Rows], monkeypatch: pytest.MonkeyPatch
) -> None:
    load(write_file(tmp_path / "a.xlsx", sheets), data=tmp_path / "data", catalogue=catalogue)
    monkeypatch.setenv("DVK_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("DVK_CATALOGUE", str(catalogue))
    own = load_catalogue(OWN_CATALOGUE)
    names = [own.province.name, *(unit.label for unit in own.don_vi if unit.is_district)]

    for page in PAGES:
        app = open_page(page)
        text = text_of(app) + " ".join(charts_of(app))

        assert not app.exception and not app.error, page
        assert [name for name in names if name in text] == [], page


def test_every_published_figure_is_typed_somewhere() -> None:
    source = Path(__file__).read_text(encoding="utf-8")

    assert {key for key in PUBLISHED if key not in TYPED and f'printed("{key[0]}", "{key[1]}")' not in source} == set()
