"""Layout 4, the long table: a row a figure, of any units and periods."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.catalogue import Catalogue
from etl.sheets import Odd, Workbook
from etl.vocabulary import Vocabulary
from tests.grids import Read, sheet, workbook
from tests.test_conform_wide import SHARED

HEAD = ["don_vi", "ky", "tu_nam", "den_nam", "chi_tieu", "linh_vuc", "gia_tri"]
ROWS = [
    ["Tam Kỳ", "Năm", 2023, 2023, "Công nhận", "Kinh tế", "1.236"],
    ["Tam Kỳ", "Năm", 2023, 2023, "kiem_tra", None, 6],
    ["TP Hội An", "Giai đoạn", 2009, 2024, "mo_hinh_cong_nhan", None, 501],
    ["Hội An", "6 tháng đầu năm", "2023", "2023", "Khen thưởng", "khac", None],
]


@pytest.fixture(scope="module")
def vocabulary(catalogue: Catalogue) -> Vocabulary:
    return Vocabulary(catalogue)


def long(*rows, head=HEAD, name="so_lieu"):
    return workbook(**{name: [head, *rows]})


def test_long_table_gives_a_return_for_each_unit_and_period(vocabulary):
    read = Read(long(*ROWS), vocabulary)

    assert read.issues == []
    assert [(found.don_vi_id, found.period.label, found.layout, found.state) for found in read.returns] == [
        ("tam_ky", "năm 2023", "long", "co_so_lieu"),
        ("hoi_an", "giai đoạn 2009-2024", "long", "co_so_lieu"),
        ("hoi_an", "6 tháng đầu năm 2023", "long", "trong"),
    ]
    assert read.values == {
        ("tam_ky", "năm 2023", "mo_hinh_cong_nhan", "kinh_te"): 1236,
        ("tam_ky", "năm 2023", "kiem_tra", None): 6,
        ("hoi_an", "giai đoạn 2009-2024", "mo_hinh_cong_nhan", "chua_phan"): 501,
    }
    assert [(figure.sheet, figure.cell) for figure in read.returns[0].figures] == [("so_lieu", "G2"), ("so_lieu", "G3")]
    assert read.returns[0].covers == {"mo_hinh_cong_nhan", "kiem_tra"}
    assert read.returns[2].covers == {"mo_hinh_khen_thuong"}


@given(st.permutations(range(7)), st.permutations(ROWS), st.integers(0, 3))
def test_order_of_columns_and_rows_never_changes_the_figures(columns, rows, titles):
    grid = [["Bảng số liệu"]] * titles + [[row[column] for column in columns] for row in [HEAD, *rows]]

    read = Read(workbook(so_lieu=grid), SHARED)

    assert read.errors == []
    assert read.values == Read(long(*ROWS), SHARED).values


@pytest.mark.parametrize(
    ("column", "value", "rule", "cell"),
    [
        (0, "Trà My", "don_vi_la", "A2"),
        (0, "UBND huyện Thăng Bình", "don_vi_la", "A2"),
        (0, None, "don_vi_la", "A2"),
        (1, "Quý I", "ky_la", "B2"),
        (1, "9 tháng", "ky_la", "B2"),
        (1, None, "ky_la", "B2"),
        (2, 23, "nam_la", "C2"),
        (2, "2O23", "nam_la", "C2"),
        (3, None, "nam_la", "D2"),
        (3, 2024, "nam_la", "C2"),
        (2, Odd("date", "2023-01-01"), "nam_la", "C2"),
        (4, "Số hộ", "chi_tieu_la", "E2"),
        (4, None, "chi_tieu_la", "E2"),
        (4, "Kiểm tra", "chi_tieu_khong_linh_vuc", "F2"),
        (5, "Kinh tế - xã hội", "linh_vuc_la", "F2"),
        (5, "Tổng", "linh_vuc_la", "F2"),
        (6, "12*", "so_khong_ro", "G2"),
        (6, "chưa có", "khong_phai_so", "G2"),
        (6, 1.236, "so_khong_ro", "G2"),
    ],
)
def test_problem_of_a_row_is_refused_in_its_cell(vocabulary, column, value, rule, cell):
    row = [*ROWS[0]]
    row[column] = value

    read = Read(long(row, ROWS[2]), vocabulary)

    assert read.errors == [(rule, "so_lieu", cell)]


@pytest.mark.parametrize(
    ("first", "last", "rule"), [(2008, 2008, "nam_ngoai_pham_vi"), (2025, 2025, "don_vi_khong_ton_tai")]
)
def test_impossible_year_is_refused_once_for_each_unit_and_period(vocabulary, first, last, rule):
    rows = [["Nông Sơn", "Năm", first, last, "Công nhận", field, 5] for field in ("KT", "VHXH", "QPAN")]

    read = Read(long(*rows), vocabulary)

    assert read.errors == [(rule, "so_lieu", "C2")]


def test_span_of_one_year_is_refused(vocabulary):
    read = Read(long(["Tam Kỳ", "Giai đoạn", 2023, 2023, "Công nhận", "KT", 5]), vocabulary)

    assert read.errors == [("nam_la", "so_lieu", "C2")]


@pytest.mark.parametrize("repeat", [ROWS[0], ["TP. Tam Kỳ", "Cả năm", 2023, 2023, "mo_hinh_cong_nhan", "KT", 9]])
def test_figure_twice_is_refused_also_in_other_words(vocabulary, repeat):
    assert Read(long(*ROWS, repeat), vocabulary).errors == [("trung_dong", "so_lieu", "G6")]


def test_figure_twice_on_two_sheets_is_refused(vocabulary):
    book = Workbook("xlsx", [sheet("A", [HEAD, *ROWS]), sheet("B", [HEAD, ROWS[1]])])

    assert Read(book, vocabulary).errors == [("trung_dong", "B", "G2")]


def test_other_models_may_come_in_several_rows(vocabulary):
    rows = [["Tam Kỳ", "Năm", 2023, 2023, "Công nhận", field, 5] for field in ("Khác", "Vùng đồng bào có đạo")]

    read = Read(long(*rows), vocabulary)

    assert read.errors == []
    assert [figure.value for figure in read.returns[0].figures] == [5, 5]


def test_notes_have_a_column_and_a_line_of_their_own(vocabulary):
    read = Read(
        long([*ROWS[0], "theo Báo cáo 12"], [*ROWS[1], 2], ["Ghi chú: số liệu đã chốt"], head=[*HEAD, "ghi_chu"]),
        vocabulary,
    )

    assert read.errors == []
    assert len(read.values) == 2


def test_field_column_may_be_absent(vocabulary):
    read = Read(long(*([*row[:5], row[6]] for row in ROWS[:2]), head=[*HEAD[:5], HEAD[6]]), vocabulary)

    assert read.values == {
        ("tam_ky", "năm 2023", "mo_hinh_cong_nhan", "chua_phan"): 1236,
        ("tam_ky", "năm 2023", "kiem_tra", None): 6,
    }


@pytest.mark.parametrize(
    ("head", "errors"),
    [
        ([*HEAD, "luy_ke"], ["tieu_de_la"]),
        ([*HEAD, None], ["cot_khong_ten"]),
        ([*HEAD, "gia_tri"], ["trung_cot"]),
        (["don_vi", "ky", "tu_nam", None, "chi_tieu", "linh_vuc", "gia_tri"], ["cot_khong_ten", "thieu_cot"]),
    ],
)
def test_column_that_is_unknown_doubled_or_missing_is_refused(vocabulary, head, errors):
    read = Read(long([*ROWS[0], 5][: len(head)], head=head), vocabulary)

    assert [rule for rule, _, _ in read.errors] == errors


def test_a_heading_over_nothing_is_passed_over(vocabulary):
    assert Read(long(*ROWS, head=[*HEAD, "Người nhập"]), vocabulary).issues == []


def test_head_alone_is_refused(vocabulary):
    assert Read(long(), vocabulary).errors == [("khong_co_bao_cao", "", "")]


def test_file_full_of_errors_is_refused_in_no_time_with_the_first_of_them(vocabulary):
    rows = [[f"Đơn vị {number}", *ROWS[0][1:]] for number in range(5000)]

    read = Read(long(*rows), vocabulary)

    assert len(read.issues) == 501
    assert read.issues[-1].rule == "qua_nhieu_loi"
    assert read.returns == []
