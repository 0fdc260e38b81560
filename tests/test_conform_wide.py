"""Layouts 2 and 3: a row a year of one unit, a row a unit of one period."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.catalogue import Catalogue, load_catalogue
from etl.sheets import Odd, Workbook
from etl.vocabulary import Vocabulary
from tests.grids import Read, copy, sheet, workbook

SHARED = Vocabulary(load_catalogue(Path(__file__).resolve().parent.parent / "data" / "catalogue"))
RECOGNISED, REGISTERED, AWARDED = "mo_hinh_cong_nhan", "mo_hinh_dang_ky", "mo_hinh_khen_thuong"
KT, VH, QP, CT = "kinh_te", "van_hoa_xa_hoi", "quoc_phong_an_ninh", "he_thong_chinh_tri"

YEARS = [
    ["PHONG TRÀO DÂN VẬN KHÉO HUYỆN THĂNG BÌNH"],
    ["Năm", "Kinh tế", "VH-XH", "QP-AN", "Hệ thống chính trị", "Tổng", "Kiểm tra", "Hội nghị", "Khen thưởng"],
    [2021, 3, 7, 2, 1, 13, 4, 2, 1],
    [2022, 4, 9, 1, 0, 14, 5, None, 0],
    [2023, "1.000", None, 1, "-", 1001, 0, 1, None],
]
UNITS = [
    ["TỔNG HỢP MÔ HÌNH NĂM 2023"],
    ["TT", "Đơn vị", "Tổng số", "Kinh tế", "Văn hóa - xã hội", "Quốc phòng - an ninh", "Xây dựng HTCT", "Khen thưởng"],
    [1, "Tam Kỳ", 12, 4, 5, 2, 1, 3],
    [2, "H. Thăng Bình", 6, 1, 4, 1, 0, 0],
    [3, "TX Điện Bàn", 7, None, None, None, None, None],
    [None, "Tổng cộng", 25, 5, 9, 3, 1, 3],
]


@pytest.fixture(scope="module")
def vocabulary(catalogue: Catalogue) -> Vocabulary:
    return Vocabulary(catalogue)


def years(rows=YEARS, **sheets):
    return workbook(**sheets, **{"Hồi cứu": rows})


def units(rows=UNITS, **sheets):
    return workbook(**sheets, **{"Tổng hợp": rows})


def titled(title, rows=UNITS):
    return [[title], *rows[1:]]


def info(*rows):
    return {"Thông tin": [list(row) for row in rows]}


# --- layout 2: a row a year


def test_retrospective_gives_a_return_for_each_year(vocabulary):
    read = Read(years(), vocabulary)

    assert read.issues == []
    assert [(found.don_vi_id, found.period.label, found.layout) for found in read.returns] == [
        ("thang_binh", "năm 2021", "retrospective"),
        ("thang_binh", "năm 2022", "retrospective"),
        ("thang_binh", "năm 2023", "retrospective"),
    ]
    assert read.values["thang_binh", "năm 2023", RECOGNISED, KT] == 1000
    assert read.values["thang_binh", "năm 2021", "kiem_tra", None] == 4
    assert read.values["thang_binh", "năm 2022", AWARDED, "chua_phan"] == 0
    assert ("thang_binh", "năm 2023", RECOGNISED, VH) not in read.values
    assert {figure.cell for figure in read.returns[0].figures} == {"B3", "C3", "D3", "E3", "G3", "H3", "I3"}
    assert read.returns[0].covers == {RECOGNISED, AWARDED, "kiem_tra", "hoi_nghi"}


@given(st.permutations(range(9)), st.permutations(range(2, 5)), st.integers(0, 3), st.booleans())
def test_order_of_columns_and_rows_never_changes_the_figures(columns, rows, titles, has_notes):
    grid = [["Ghi chú"]] * titles + [YEARS[0], [YEARS[1][column] for column in columns]]
    grid += [[YEARS[row][column] for column in columns] for row in rows]
    if has_notes:
        grid += [[], [None, None, "Thăng Bình, ngày 10 tháng 12 năm 2023"], ["Người lập biểu", None, "Bí thư"]]

    read = Read(years(grid), SHARED)

    assert read.issues == []
    assert read.values == Read(years(), SHARED).values


def test_row_of_several_years_is_a_span(vocabulary):
    read = Read(years([*YEARS[:2], ["2009-2010", 5, 6, 1, 1], *YEARS[2:]]), vocabulary)

    assert read.issues == []
    assert read.values["thang_binh", "giai đoạn 2009-2010", RECOGNISED, KT] == 5


@pytest.mark.parametrize("year", [23, "23", "2O23", "năm kia", 2008, 2099, Odd("date", "2023-01-01"), None])
def test_row_whose_year_is_unclear_or_impossible_is_refused(vocabulary, year):
    read = Read(years([*YEARS[:2], [year, 5, 6, 1, 1], *YEARS[2:]]), vocabulary)

    assert [(place, cell) for _, place, cell in read.errors] == [("Hồi cứu", "A3")]


def test_year_after_the_unit_ended_is_refused(vocabulary):
    read = Read(years([["Huyện Nông Sơn"], YEARS[1], [2024, 1], [2025, 1]]), vocabulary)

    assert read.errors == [("don_vi_khong_ton_tai", "Hồi cứu", "A4")]
    assert "Quế Sơn" in read.messages


def test_year_twice_is_refused(vocabulary):
    assert Read(years([*YEARS, YEARS[2]]), vocabulary).errors == [("trung_dong", "Hồi cứu", "A6")]


def test_unit_may_stand_on_the_page_of_facts_or_above_the_table(vocabulary):
    with_page = Read(years([["Số liệu nhiều năm"], *YEARS[1:]], **info(("Đơn vị", "Hội An"))), vocabulary)
    above = Read(years([["Đơn vị: TP Hội An"], *YEARS[1:]]), vocabulary)

    assert with_page.errors == above.errors == []
    assert {found.don_vi_id for found in (*with_page.returns, *above.returns)} == {"hoi_an"}


@pytest.mark.parametrize(
    ("title", "rule"),
    [
        ("Số liệu nhiều năm", "don_vi_trong"),
        ("Huyện Thăng Bình và huyện Quế Sơn", "nhieu_don_vi"),
        ("UBND huyện Thăng Bình", "don_vi_la"),
        ("Hội LHPN huyện Thăng Bình", "don_vi_la"),
        ("Đảng ủy xã Tam Anh Nam, huyện Núi Thành", "don_vi_la"),
        ("Thành phố Thăng Bình", "don_vi_la"),
        ("Thăng Bình, ngày 10 tháng 12 năm 2023", "don_vi_trong"),
    ],
)
def test_title_that_names_no_unit_or_several_is_refused(vocabulary, title, rule):
    assert Read(years([[title], *YEARS[1:]]), vocabulary).rules == {rule}


def test_place_and_date_over_a_table_name_no_second_unit(vocabulary):
    grid = [["HỘI NÔNG DÂN TỈNH", None, "Tam Kỳ, ngày 10 tháng 12 năm 2023"], *YEARS[1:]]

    read = Read(years(grid), vocabulary)

    assert read.issues == []
    assert read.returns[0].don_vi_id == "nong_dan"


def test_unit_of_measure_over_a_table_is_no_unit(vocabulary):
    read = Read(years([YEARS[0], [None, None, "Đơn vị: mô hình"], *YEARS[1:]]), vocabulary)

    assert read.issues == []


def test_title_that_contradicts_the_page_of_facts_is_refused(vocabulary):
    read = Read(years(**info(("Đơn vị", "Quế Sơn"))), vocabulary)

    assert read.errors == [("don_vi_mau_thuan", "Thông tin", "B1")]


def test_table_that_is_also_by_unit_is_refused(vocabulary):
    grid = [["Huyện Thăng Bình"], ["Đơn vị", "Năm", "Kinh tế"], ["Tam Kỳ", 2022, 5], ["Hội An", 2023, 6]]

    assert Read(years(grid), vocabulary).rules == {"nhieu_loai_bieu"}


def test_two_tables_by_year_are_refused(vocabulary):
    book = years()
    book.sheets.append(sheet("Khác", [["Huyện Quế Sơn"], *YEARS[1:]]))

    assert Read(book, vocabulary).errors == [("trung_bieu", "Khác", "A2")]


def test_a_head_over_a_total_alone_is_an_empty_table(vocabulary):
    read = Read(years([*YEARS[:2], ["Tổng", 1, 2, 3, 4]]), vocabulary)

    assert read.errors == [("bang_trong", "Hồi cứu", "A2")]


def test_two_tables_of_units_on_one_page_are_refused(vocabulary):
    read = Read(units([*UNITS, [], [], *UNITS[1:]]), vocabulary)

    assert read.errors == [("trung_bieu", "Tổng hợp", "B9")]


def test_a_period_that_cannot_be_read_beside_a_table_of_units_is_refused(vocabulary):
    read = Read(units(**info(["Kỳ báo cáo", "Quý"], ["Năm", 2023])), vocabulary)

    assert (read.rules, read.returns) == ({"ky_la"}, [])


def test_a_table_full_of_unknown_units_is_refused_with_the_first_of_them(vocabulary):
    read = Read(units([*UNITS[:2], *([n, f"Xã lạ {n}", 5, 1, 2, 1, 1] for n in range(600))]), vocabulary)

    assert len(read.issues) == 501
    assert read.errors[0] == ("don_vi_la", "Tổng hợp", "B3")


def test_total_row_of_the_years_is_compared(vocabulary):
    total = ["Tổng cộng", 1007, 16, 4, 1, 1028, 9, 3, 2]

    read = Read(years([*YEARS, total]), vocabulary)

    assert read.errors == []
    assert read.warnings == [("tong_khong_khop", "Hồi cứu", "I6")]


# --- layout 3: a row a unit


def test_compiled_table_gives_a_return_for_each_unit(vocabulary):
    read = Read(units(), vocabulary)

    assert read.issues == []
    assert [(found.don_vi_id, found.period.label, found.layout) for found in read.returns] == [
        ("tam_ky", "năm 2023", "compiled"),
        ("thang_binh", "năm 2023", "compiled"),
        ("dien_ban", "năm 2023", "compiled"),
    ]
    assert read.values["tam_ky", "năm 2023", RECOGNISED, CT] == 1
    assert read.values["dien_ban", "năm 2023", RECOGNISED, "chua_phan"] == 7
    assert read.values["thang_binh", "năm 2023", AWARDED, "chua_phan"] == 0
    assert ("dien_ban", "năm 2023", AWARDED, "chua_phan") not in read.values
    assert [(figure.cell, figure.value) for figure in read.returns[2].figures] == [("C5", 7)]


@given(st.permutations(range(8)), st.permutations(range(2, 6)), st.integers(0, 3))
def test_order_of_units_and_columns_never_changes_the_figures(columns, rows, titles):
    grid = [["Tiêu đề"]] * titles + [UNITS[0], [UNITS[1][column] for column in columns]]
    grid += [[UNITS[row][column] for column in columns] for row in rows]

    read = Read(units(grid), SHARED)

    assert read.errors == []
    assert read.values == Read(units(), SHARED).values


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("TỔNG HỢP 6 THÁNG ĐẦU NĂM 2023", "6 tháng đầu năm 2023"),
        ("Kết quả giai đoạn 2009-2024", "giai đoạn 2009-2024"),
        ("Năm 2023 (kèm theo Báo cáo ngày 10 tháng 1 năm 2024)", "năm 2023"),
    ],
)
def test_period_is_read_from_the_title(vocabulary, title, label):
    read = Read(units(titled(title)), vocabulary)

    assert read.errors == []
    assert {found.period.label for found in read.returns} == {label}


@pytest.mark.parametrize(
    ("title", "rule"),
    [
        ("TỔNG HỢP MÔ HÌNH", "ky_trong"),
        ("Tam Kỳ, ngày 10 tháng 12 năm 2023", "ky_trong"),
        ("Năm 23", "ky_trong"),
        ("9 tháng năm 2023", "ky_la"),
        ("6 tháng cuối năm 2023", "ky_la"),
        ("Quý III năm 2023", "ky_la"),
        ("Năm 2022 và năm 2023", "ky_la"),
        ("Tính đến năm 2023", "ky_la"),
        ("Phong trào tỉnh Quảng Nam 2023", "ky_trong"),
        ("Năm 2008", "nam_ngoai_pham_vi"),
        ("Năm 2025", "don_vi_khong_ton_tai"),
    ],
)
def test_title_without_a_period_the_program_takes_is_refused(vocabulary, title, rule):
    assert Read(units(titled(title)), vocabulary).rules == {rule}


def test_half_year_and_year_in_two_title_lines_are_refused(vocabulary):
    read = Read(units([["KẾT QUẢ 6 THÁNG ĐẦU NĂM"], *UNITS]), vocabulary)

    assert read.errors == [("ky_la", "Tổng hợp", "A1")]


def test_period_may_stand_on_the_page_of_facts(vocabulary):
    facts = info(("Kỳ báo cáo", "Giai đoạn"), ("Từ năm", 2009), ("Đến năm", 2024))

    read = Read(units(titled("TỔNG HỢP"), **facts), vocabulary)

    assert read.errors == []
    assert {found.period.label for found in read.returns} == {"giai đoạn 2009-2024"}


def test_period_may_be_labelled_above_the_table(vocabulary):
    read = Read(units([["Kỳ báo cáo", "6 tháng đầu năm"], ["Năm", 2023], *UNITS[1:]]), vocabulary)

    assert read.errors == []
    assert {found.period.label for found in read.returns} == {"6 tháng đầu năm 2023"}


def test_title_and_page_of_facts_that_disagree_are_refused(vocabulary):
    read = Read(units(**info(("Kỳ báo cáo", "Năm"), ("Năm", 2022))), vocabulary)

    assert read.errors == [("ky_mau_thuan", "Tổng hợp", "B2")]


def test_each_sheet_has_its_own_period(vocabulary):
    book = Workbook("xlsx", [sheet("2022", titled("Năm 2022")), sheet("2023", UNITS)])

    read = Read(book, vocabulary)

    assert read.issues == []
    assert [found.period.label for found in read.returns] == ["năm 2022"] * 3 + ["năm 2023"] * 3


def test_same_unit_and_period_on_two_sheets_is_refused(vocabulary):
    book = Workbook("xlsx", [sheet("A", UNITS), sheet("B", UNITS[:3])])

    assert Read(book, vocabulary).errors == [("trung_ky", "B", "")]


def test_sheet_with_numbers_but_no_table_is_warned_about(vocabulary):
    book = Workbook("xlsx", [sheet("A", UNITS), sheet("B", [["Tên huyen", "Kinh tế"], ["Tam Kỳ", 5]])])

    read = Read(book, vocabulary)

    assert read.errors == []
    assert read.warnings == [("trang_khong_doc", "B", "")]


@pytest.mark.parametrize(
    "label",
    ["Trà My", "Giang", "Phường Tam Kỳ", "P. Tam Kỳ", "X. Thăng Bình", "UBND huyện Thăng Bình", "Thăng Bìnk", "Xã A"],
)
@pytest.mark.parametrize("values", [[5, 5], ["-", "-"], ["chưa có", None], [None, None]])
def test_row_of_no_known_unit_is_refused_with_or_without_figures(vocabulary, label, values):
    read = Read(units([*UNITS[:3], [2, label, *values], *UNITS[3:]]), vocabulary)

    assert read.errors == [("don_vi_la", "Tổng hợp", "B4")]


def test_unit_twice_is_refused(vocabulary):
    read = Read(units([*UNITS[:5], [4, "Thành phố Tam Kỳ", 1], UNITS[5]]), vocabulary)

    assert read.errors == [("trung_dong", "Tổng hợp", "B6")]


def test_group_and_subtotal_rows_are_compared_and_passed_over(vocabulary):
    grid = [
        *UNITS[:2],
        ["I", "Đồng bằng", 18, 5, 9, 3, 1, 3],
        *UNITS[2:4],
        [None, "Cộng đồng bằng", 18, 5, 9, 3, 1, 3],
        ["II", "Miền núi"],
        UNITS[4],
        [None, "Cộng", 7],
        UNITS[5],
    ]

    read = Read(units(grid), vocabulary)

    assert read.issues == []
    assert read.values == Read(units(), vocabulary).values


def test_group_row_that_is_no_sum_may_be_a_misspelt_unit_and_is_refused(vocabulary):
    grid = [*UNITS[:2], ["I", "Tam Ký Anh", 12, 4, 5, 2, 1, 3], [1, "Thăng Bình", 6, 1, 4, 1, 0, 0]]

    read = Read(units(grid), vocabulary)

    assert read.errors == [("don_vi_la", "Tổng hợp", "B3")]
    assert "không bằng tổng" in read.messages


def test_misspelt_unit_among_rows_numbered_in_roman_is_refused_even_where_it_looks_like_a_sum(vocabulary):
    grid = [["Năm 2023"], ["TT", "Đơn vị", "Kinh tế"], ["I", "Tam Kỳ", 3], ["II", "Hội Ann", 5], ["III", "Đại Lộc", 5]]

    assert Read(units(grid), vocabulary).errors == [("don_vi_la", "Tổng hợp", "B4")]


def test_wrong_total_row_is_warned_about_cell_by_cell(vocabulary):
    grid = copy(UNITS)
    grid[5][2], grid[5][4] = 26, 10

    read = Read(units(grid), vocabulary)

    assert read.errors == []
    assert read.warnings == [("tong_khong_khop", "Tổng hợp", "C6"), ("tong_khong_khop", "Tổng hợp", "E6")]


def test_total_over_a_blank_column_is_said_and_not_loaded(vocabulary):
    grid = [[*row, value] for row, value in zip(UNITS, [None, "Tin, bài", None, None, None, 50], strict=True)]

    read = Read(units(grid), vocabulary)

    assert read.warnings == [("tong_khong_khop", "Tổng hợp", "I6")]
    assert "không nạp số tổng" in read.messages


# --- headings of both


HEADS = ["TT", "Đơn vị", "Đăng ký", None, None, None, "Công nhận", None, None, None, "Kiểm tra"]
FOUR = ["KT", "VH-XH", "QP,AN", "HTCT"]


def test_groups_of_registered_and_recognised_over_four_fields_each(vocabulary):
    grid = [["Năm 2023"], HEADS, [None, None, *FOUR, *FOUR], [1, "Tam Kỳ", 1, 2, 3, 4, 5, 6, 7, 8, 9]]

    read = Read(units(grid), vocabulary)

    assert read.issues == []
    assert [(figure.indicator_id, figure.linh_vuc_id, figure.value) for figure in read.returns[0].figures] == [
        (RECOGNISED, KT, 5),
        (RECOGNISED, VH, 6),
        (RECOGNISED, QP, 7),
        (RECOGNISED, CT, 8),
        (REGISTERED, KT, 1),
        (REGISTERED, VH, 2),
        (REGISTERED, QP, 3),
        (REGISTERED, CT, 4),
        ("kiem_tra", None, 9),
    ]


def test_groups_may_stand_above_the_line_of_the_key(vocabulary):
    above = [None, None, "Mô hình đăng ký mới", None, None, None, "Mô hình được công nhận"]
    grid = [["Năm 2023"], above, ["TT", "Đơn vị", *FOUR, *FOUR], [1, "Tam Kỳ", 1, 2, 3, 4, 5, 6, 7, 8]]

    read = Read(units(grid), vocabulary)

    assert read.issues == []
    assert read.values["tam_ky", "năm 2023", REGISTERED, CT] == 4
    assert read.values["tam_ky", "năm 2023", RECOGNISED, CT] == 8


def test_headings_in_three_lines(vocabulary):
    grid = [
        ["Năm 2023"],
        ["TT", "Đơn vị", "Mô hình công nhận", None, None, None, None, "Khen thưởng"],
        [None, None, "Tổng số", "Trong đó"],
        [None, None, None, *FOUR],
        [1, "Tam Kỳ", 10, 1, 2, 3, 4, 2],
    ]

    read = Read(units(grid), vocabulary)

    assert read.issues == []
    assert read.values["tam_ky", "năm 2023", RECOGNISED, CT] == 4
    assert read.values["tam_ky", "năm 2023", AWARDED, "chua_phan"] == 2


def test_total_beside_fields_grouped_as_among_them(vocabulary):
    grid = [
        ["Năm 2023"],
        ["TT", "Đơn vị", "Tổng số", "Trong đó", None, None, None, "Khen thưởng"],
        [None, None, None, *FOUR],
        [1, "Tam Kỳ", 11, 1, 2, 3, 4, 0],
    ]

    read = Read(units(grid), vocabulary)

    assert read.errors == []
    assert read.warnings == [("tong_khong_khop", "Tổng hợp", "C4")]
    assert read.values["tam_ky", "năm 2023", AWARDED, "chua_phan"] == 0


def test_fields_over_indicators_mean_the_same(vocabulary):
    grid = [
        ["Năm 2023"],
        ["Đơn vị", "Kinh tế", None, "VH-XH", None],
        [None, "Đăng ký", "Công nhận", "Đăng ký", "Công nhận"],
        ["Tam Kỳ", 1, 2, 3, 4],
    ]

    read = Read(units(grid), vocabulary)

    assert read.issues == []
    assert read.values["tam_ky", "năm 2023", REGISTERED, VH] == 3


@pytest.mark.parametrize(
    ("title", "counted"),
    [
        ("Mô hình năm 2023", RECOGNISED),
        ("Mô hình đăng ký năm 2023", REGISTERED),
        ("MÔ HÌNH ĐĂNG KÍ NĂM 2023", REGISTERED),
        ("Mô hình được công nhận năm 2023", RECOGNISED),
        ("Công tác xây dựng Đảng kỳ báo cáo năm 2023", RECOGNISED),
        ("Công nhân, lao động năm 2023", RECOGNISED),
        ("Xây dựng, nhân rộng mô hình năm 2023", RECOGNISED),
    ],
)
def test_title_says_what_bare_field_columns_count(vocabulary, title, counted):
    read = Read(units([[title], ["Đơn vị", "Kinh tế"], ["Tam Kỳ", 5]]), vocabulary)

    assert read.errors == []
    assert read.values == {("tam_ky", "năm 2023", counted, KT): 5}


@pytest.mark.parametrize("title", ["Mô hình đăng ký và công nhận năm 2023", "Mô hình được khen thưởng năm 2023"])
def test_title_that_leaves_open_what_field_columns_count_is_refused(vocabulary, title):
    read = Read(units([[title], ["Đơn vị", "Kinh tế"], ["Tam Kỳ", 5]]), vocabulary)

    assert read.rules == {"tieu_de_khong_ro"}


@pytest.mark.parametrize(
    ("heading", "value", "errors"),
    [
        ("Tỷ lệ", "83,07%", [("tieu_de_la", "Tổng hợp", "I2")]),
        ("Số hộ", 5, [("tieu_de_la", "Tổng hợp", "I2")]),
        ("Số hộ", None, []),
        ("Nhận xét", "Tốt", []),
        ("Kinh tế - văn hóa xã hội", 5, [("tieu_de_la", "Tổng hợp", "I2")]),
        ("Xã hội", 5, [("tieu_de_la", "Tổng hợp", "I2")]),
        ("Phát triển kinh tế", 5, [("trung_cot", "Tổng hợp", "I2")]),
        ("Khen thưởng", 5, [("trung_cot", "Tổng hợp", "I2")]),
        (None, 5, [("cot_khong_ten", "Tổng hợp", "I2")]),
        ("Khác", 5, []),
    ],
)
def test_column_that_is_unknown_or_doubled_over_figures_is_refused(vocabulary, heading, value, errors):
    grid = [UNITS[0], [*UNITS[1], heading], [*UNITS[2], value]]

    assert Read(units(grid), vocabulary).errors == errors


def test_group_heading_that_is_unknown_over_fields_is_refused(vocabulary):
    grid = [["Năm 2023"], ["Đơn vị", "Mô hình đạt hiệu quả", None], [None, "KT", "VH-XH"], ["Tam Kỳ", 5, 6]]

    assert Read(units(grid), vocabulary).rules == {"tieu_de_la"}


def test_two_columns_of_other_models_are_each_a_figure(vocabulary):
    grid = [["Năm 2023"], ["Đơn vị", "Kinh tế", "Khác", "Vùng đồng bào có đạo"], ["Tam Kỳ", 5, 1, 2]]

    read = Read(units(grid), vocabulary)

    assert read.errors == []
    assert [(figure.linh_vuc_id, figure.value) for figure in read.returns[0].figures] == [
        (KT, 5),
        ("khac", 1),
        ("khac", 2),
    ]


def test_field_under_an_activity_is_refused(vocabulary):
    grid = [["Năm 2023"], ["Đơn vị", "Kiểm tra", None], [None, "KT", "VH-XH"], ["Tam Kỳ", 5, 6]]

    assert Read(units(grid), vocabulary).rules == {"chi_tieu_khong_linh_vuc"}


@pytest.mark.parametrize("value", ["chưa có", "x", "12*", 1.5, Odd("error", "#N/A"), 100_001])
@pytest.mark.parametrize("place", [(2, 3), (5, 3), (2, 2)])
def test_cell_that_is_no_count_is_refused_in_rows_and_totals(vocabulary, value, place):
    grid = copy(UNITS)
    row, column = place
    grid[row][column] = value

    read = Read(units(grid), vocabulary)

    assert [cell for _, _, cell in read.errors] == ["ABCDEFGH"[column] + str(row + 1)]


def test_unit_row_without_figures_is_an_empty_return(vocabulary):
    read = Read(units([*UNITS[:2], [1, "Tam Kỳ"], [2, "Hội An", "-", "-"]]), vocabulary)

    assert read.issues == []
    assert [(found.don_vi_id, found.state) for found in read.returns] == [("tam_ky", "trong"), ("hoi_an", "trong")]


def test_file_name_of_a_unit_that_is_not_in_the_table_is_refused(vocabulary):
    assert Read(units(), vocabulary, "Hoi An 2023.xlsx").rules == {"ten_tep_khac_don_vi"}
    assert Read(units(), vocabulary, "Tam Ky 2023.xlsx").rules == set()
