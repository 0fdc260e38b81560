"""Layout 1, the periodic return: what is loaded from which cell, and what is refused where."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.catalogue import Catalogue, load_catalogue
from etl.conform.returns import REGISTER
from etl.sheets import Odd, Workbook
from etl.vocabulary import Vocabulary
from tests.grids import ACTIVITIES, INFO, MODELS, REGISTER_HEADINGS, Read, copy, periodic, sheet, workbook

FIELDS = ("kinh_te", "van_hoa_xa_hoi", "quoc_phong_an_ninh", "he_thong_chinh_tri")
SHARED = Vocabulary(load_catalogue(Path(__file__).resolve().parent.parent / "data" / "catalogue"))
VALUES = {key: value for key, (value, _) in Read(periodic(), SHARED).figures.items()}


@pytest.fixture(scope="module")
def vocabulary(catalogue: Catalogue) -> Vocabulary:
    return Vocabulary(catalogue)


def changed(grid, *changes):
    """Return a copy of a grid with (row, column, value) changes."""
    grid = copy(grid)
    for row, column, value in changes:
        grid[row][column] = value
    return grid


def mark(value):
    return [*INFO, ["Không phát sinh", value]]


def test_figures_are_loaded_with_their_cells(vocabulary):
    read = Read(periodic(), vocabulary)

    assert read.issues == []
    (only,) = read.returns
    assert (only.don_vi_id, only.period.label, only.layout, only.state) == (
        "thang_binh",
        "năm 2023",
        "periodic",
        "co_so_lieu",
    )
    assert read.figures["mo_hinh_cong_nhan", "van_hoa_xa_hoi"] == (9, "C3")
    assert read.figures["mo_hinh_dung", "kinh_te"] == (0, "G2")
    assert read.figures["tin_bai", None] == (16, "C8")
    assert ("mo_hinh_khen_thuong", "he_thong_chinh_tri") not in read.figures
    assert ("toa_dam", None) not in read.figures
    assert len(read.figures) == 28
    assert only.covers == {indicator.indicator_id for indicator in vocabulary.catalogue.indicators}


# --- the shape of real files


@given(st.data())
def test_order_titles_blanks_and_notes_never_change_the_figures(data):
    columns = data.draw(st.permutations(range(1, 7)))
    rows = data.draw(st.permutations(range(1, 8)))
    titles = data.draw(st.integers(0, 4))
    shift = data.draw(st.integers(0, 3))
    has_gaps, has_notes, has_numbers = (data.draw(st.booleans()) for _ in range(3))
    key_at = data.draw(st.integers(0, 6))

    def line(values, number=None):
        ordered = [values[column] for column in columns]
        ordered.insert(key_at, values[0])
        return [None] * shift + ([number] if has_numbers else []) + ordered

    grid = [["Tiêu đề dòng"]] * titles + [line(MODELS[0], "STT")]
    for number, row in enumerate(rows, 1):
        grid += [line(MODELS[row], number)] + [[]] * has_gaps
    if has_notes:
        grid += [
            [],
            ["Ghi chú: số liệu đã đối chiếu với các xã."],
            [None, None, "Thăng Bình, ngày 10 tháng 12 năm 2023"],
            ["Người lập biểu", None, None, "Trưởng Ban"],
            ["Nguyễn Văn A", None, None, "Trần Thị B"],
        ]
    read = Read(periodic(models=grid), SHARED)

    assert read.errors == []
    assert read.warnings == []
    assert {key: value for key, (value, _) in read.figures.items()} == VALUES


@given(st.lists(st.lists(st.one_of(st.none(), st.integers(0, 500)), min_size=4, max_size=4), min_size=6, max_size=6))
def test_printed_total_is_right_exactly_when_it_is_the_sum(columns):
    grid = copy(MODELS)
    for column, values in enumerate(columns, 1):
        for row, value in enumerate(values, 1):
            grid[row][column] = value
        known = [value for value in values if value is not None]
        grid[7][column] = sum(known) if known else None
    read = Read(periodic(models=grid), SHARED)
    assert read.issues == []

    grid[7][3] = (grid[7][3] or 0) + 1
    read = Read(periodic(models=grid), SHARED)

    is_only_total = all(value is None for value in columns[2])
    assert read.warnings == ([] if is_only_total else [("tong_khong_khop", "Biểu 01", "D8")])


def test_group_headings_may_stand_over_the_columns_and_numbers_under_them(vocabulary):
    grid = [
        ["BIỂU 01. MÔ HÌNH"],
        [None, None, "ĐVT: mô hình"],
        ["TT", "Lĩnh vực", "Số lượng mô hình", None, "Trong đó", None, None, None],
        [None, None, "Đăng ký", "Công nhận", "Duy trì", "Nhân rộng", "Khen\nthưởng", "Dừng"],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)"],
        *([number, *row] for number, row in enumerate(MODELS[1:], 1)),
    ]

    read = Read(periodic(models=grid), vocabulary)

    assert read.issues == []
    assert {key: value for key, (value, _) in read.figures.items()} == VALUES


@pytest.mark.parametrize("numbers", [[1, 2, 3, 4, 5, 6, 7], ["A", 1, 2, 3, 4, 5, "6=1+2"]])
def test_row_of_column_numbers_is_no_row(vocabulary, numbers):
    read = Read(periodic(models=[MODELS[0], numbers, *MODELS[1:]]), vocabulary)

    assert read.issues == []


def test_group_rows_and_subtotals_in_the_middle_are_passed_over(vocabulary):
    grid = [
        MODELS[0],
        ["I. Bốn lĩnh vực", 29, 21, 67, 5, 4, 1],
        *MODELS[1:5],
        ["Cộng bốn lĩnh vực", 29, 21, 67, 5, 4, 1],
        ["II. Các mô hình còn lại"],
        *MODELS[5:],
    ]

    read = Read(periodic(models=grid), vocabulary)

    assert read.issues == []
    assert {key: value for key, (value, _) in read.figures.items()} == VALUES


def test_group_row_whose_figures_are_no_sum_is_refused(vocabulary):
    grid = [MODELS[0], ["I. Kinh tế xanh", 5, 5, 5, 5, 5, 5], *MODELS[1:]]

    read = Read(periodic(models=grid), vocabulary)

    assert read.errors == [("linh_vuc_la", "Biểu 01", "A2")]


def test_subtotal_that_does_not_add_up_is_warned_about(vocabulary):
    grid = [*MODELS[:5], ["Cộng bốn lĩnh vực", 29, 99, None, None, None, None], *MODELS[5:]]

    read = Read(periodic(models=grid), vocabulary)

    assert read.errors == []
    assert read.warnings == [("tong_khong_khop", "Biểu 01", "C6")]


def test_label_of_the_total_may_stand_in_the_numbering_column(vocabulary):
    grid = [["STT", *MODELS[0]], *([n, *row] for n, row in enumerate(MODELS[1:7], 1)), ["Tổng cộng", None, *[1] * 6]]

    read = Read(periodic(models=grid), vocabulary)

    assert [rule for rule, _, _ in read.warnings] == ["tong_khong_khop"] * 5
    assert read.errors == []


def test_one_value_far_below_is_said_and_harms_nothing(vocabulary):
    book = periodic()
    book.sheets[1].cells[1_048_575, 2] = 5
    book.sheets[2].cells[1_048_575, 0] = "x"

    read = Read(book, vocabulary)

    assert read.errors == []
    assert read.warnings == [("o_lac", "Biểu 01", "C1048576")]
    assert {key: value for key, (value, _) in read.figures.items()} == VALUES


def test_signature_dates_beside_the_columns_are_no_figures(vocabulary):
    grid = [
        *MODELS,
        [],
        [None, None, None, "Ngày 10/12/2023"],
        [None, None, None, Odd("date", "2023-12-10")],
        [None, None, "ĐT: 0905123456", "Số: 12-BC/HU"],
    ]

    read = Read(periodic(models=grid), vocabulary)

    assert read.issues == []


def test_hidden_sheets_and_rows_are_read_and_noted(vocabulary):
    book = periodic()
    book.sheets[1] = sheet("Biểu 01", MODELS, hidden=True)
    book.sheets[2] = sheet("Biểu 02", ACTIVITIES, hidden_rows=frozenset({2, 5}))

    read = Read(book, vocabulary)

    assert read.notes == [("trang_an", "Biểu 01", ""), ("dong_an", "Biểu 02", "")]
    assert "dòng ẩn: 3" in read.messages
    assert len(read.figures) == 28


def test_both_tables_may_stand_on_one_sheet(vocabulary):
    book = workbook(**{"Thông tin": INFO, "Báo cáo": [*MODELS, [], *ACTIVITIES]})

    read = Read(book, vocabulary)

    assert read.issues == []
    assert len(read.figures) == 28


# --- headings and rows


@pytest.mark.parametrize(
    ("heading", "values", "errors"),
    [
        ("Lũy kế", 5, [("tieu_de_la", "Biểu 01", "H1")]),
        ("Lũy kế", None, []),
        ("Ghi chú", "đã kiểm tra", []),
        ("Công nhận", 5, [("trung_cot", "Biểu 01", "H1")]),
        (None, 5, [("cot_khong_ten", "Biểu 01", "H1")]),
        ("Kiểm tra", 5, [("tieu_de_la", "Biểu 01", "H1")]),
    ],
)
def test_heading_that_is_unknown_or_doubled_over_figures_is_refused(vocabulary, heading, values, errors):
    grid = [[*MODELS[0], heading], *([*row, values] for row in MODELS[1:5]), *MODELS[5:]]

    read = Read(periodic(models=grid), vocabulary)

    assert read.errors == errors


def test_group_heading_that_changes_what_is_counted_is_refused(vocabulary):
    grid = [
        ["Lĩnh vực", "Lũy kế từ năm 2009", None, "Duy trì", "Nhân rộng", "Khen thưởng", "Dừng"],
        [None, "Đăng ký", "Công nhận"],
        *MODELS[1:],
    ]

    read = Read(periodic(models=grid), vocabulary)

    assert read.errors == [("tieu_de_la", "Biểu 01", "B1"), ("tieu_de_la", "Biểu 01", "C1")]


def test_number_under_notes_is_warned_about(vocabulary):
    read = Read(periodic(activities=changed(ACTIVITIES, (1, 3, 7))), vocabulary)

    assert read.errors == []
    assert read.warnings == [("so_o_cot_ghi_chu", "Biểu 02", "D2")]


def test_field_row_twice_is_refused(vocabulary):
    read = Read(periodic(models=[*MODELS[:2], MODELS[1], *MODELS[2:]]), vocabulary)

    assert ("trung_dong", "Biểu 01", "A3") in read.errors


@pytest.mark.parametrize("row", [1, 2, 3, 4])
def test_missing_row_of_one_of_the_four_fields_is_refused(vocabulary, row):
    read = Read(periodic(models=[*MODELS[:row], *MODELS[row + 1 :]]), vocabulary)

    assert read.errors == [("thieu_dong", "Biểu 01", "A1")]


def test_rows_of_other_models_may_be_absent(vocabulary):
    read = Read(periodic(models=[*MODELS[:5], MODELS[7]]), vocabulary)

    assert read.issues == []


def test_several_other_rows_are_each_a_figure(vocabulary):
    grid = [*MODELS[:5], ["Khác", 0, 1, 0, 0, 0, 0], ["Vùng đồng bào có đạo", 0, 2, 0, 0, 0, 0], MODELS[6]]

    read = Read(periodic(models=grid), vocabulary)

    assert read.errors == []
    others = [
        (figure.value, figure.cell)
        for figure in read.returns[0].figures
        if (figure.indicator_id, figure.linh_vuc_id) == ("mo_hinh_cong_nhan", "khac")
    ]
    assert others == [(1, "C6"), (2, "C7")]


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        ("Phát triển kinh tế - văn hóa xã hội", "gộp hai lĩnh vực"),
        ("Kinh tế - xã hội", "tách thành hai dòng"),
        ("Xã hội", "chưa rõ có gồm văn hóa hay không"),
        ("Kinh tê số", "gần nhất là: Kinh tế"),
    ],
)
def test_row_of_a_merged_or_unknown_field_is_refused_with_the_reason(vocabulary, label, reason):
    read = Read(periodic(models=[*MODELS[:5], [label, 1, 1, 1, 1, 1, 1], *MODELS[5:]]), vocabulary)

    assert ("linh_vuc_la", "Biểu 01", "A6") in read.errors
    assert reason in read.messages


def test_words_in_an_unknown_row_are_no_blanks(vocabulary):
    read = Read(periodic(models=[*MODELS[:5], ["Lĩnh vực mới", "chưa có", "-"], *MODELS[5:]]), vocabulary)

    assert read.errors == [("linh_vuc_la", "Biểu 01", "A6")]


def test_figures_without_a_label_are_refused(vocabulary):
    read = Read(periodic(models=[*MODELS[:5], [None, 1], *MODELS[5:]]), vocabulary)

    assert read.errors == [("dong_khong_ten", "Biểu 01", "A6")]


@pytest.mark.parametrize(("name", "index"), [("Biểu 01", 1), ("Biểu 02", 2)])
def test_missing_table_is_refused(vocabulary, name, index):
    book = periodic()
    book.sheets.pop(index)

    read = Read(book, vocabulary)

    assert read.errors == [("thieu_bieu", "", "")]
    assert f"Không thấy {name}" in read.messages


def test_table_twice_is_refused(vocabulary):
    book = periodic()
    book.sheets.append(sheet("Biểu 1", MODELS))

    read = Read(book, vocabulary)

    assert read.errors == [("trung_bieu", "Biểu 1", "A1")]


def test_missing_rows_and_columns_that_silence_an_indicator_are_warned_about(vocabulary):
    book = periodic(models=[row[:6] for row in MODELS], activities=ACTIVITIES[:-1])

    read = Read(book, vocabulary)

    assert read.warnings == [("chi_tieu_vang", "", "")] * 2
    assert "cột “Mô hình dừng”" in read.messages
    assert "dòng “Xã, phường, thị trấn có mô hình”" in read.messages
    assert not {"mo_hinh_dung", "xa_co_mo_hinh"} & read.returns[0].covers


@pytest.mark.parametrize(
    ("row", "errors"),
    [
        (["Số đoàn kiểm tra liên ngành", None, 4], [("chi_tieu_la", "Biểu 02", "A10")]),
        (["Ghi chú dưới bảng"], []),
        (["Kiểm tra", "cuộc", 3], [("trung_dong", "Biểu 02", "A10")]),
        (["Công nhận", None, 3], [("chi_tieu_theo_linh_vuc", "Biểu 02", "A10")]),
        ([None, None, 3], [("dong_khong_ten", "Biểu 02", "A10")]),
    ],
)
def test_row_of_activities_that_is_none_is_refused_over_figures(vocabulary, row, errors):
    read = Read(periodic(activities=[*ACTIVITIES, row]), vocabulary)

    assert read.errors == errors


def test_short_names_of_activities_are_known_in_any_column_order(vocabulary):
    grid = [["STT", "Số lượng", "Ghi chú", "Nội dung"], [1, 4, None, "Văn bản"], [2, 5, None, "Kiểm tra"]]

    read = Read(periodic(activities=grid), vocabulary)

    assert read.errors == []
    assert read.figures["van_ban", None] == (4, "B2")
    assert read.figures["kiem_tra", None] == (5, "B3")


@pytest.mark.parametrize(
    ("headings", "rule"),
    [
        (["Chỉ tiêu", "Số lượng", "Kết quả"], "trung_cot"),
        (["Chỉ tiêu", "Năm trước", "Số lượng"], "tieu_de_la"),
    ],
)
def test_two_columns_of_quantities_are_refused(vocabulary, headings, rule):
    read = Read(periodic(activities=[headings, *([row[0], 1, 2] for row in ACTIVITIES[1:])]), vocabulary)

    assert read.rules == {rule}


def test_quantities_under_two_years_are_refused(vocabulary):
    grid = [["Chỉ tiêu", "Số lượng", None], [None, "Năm trước", "Năm nay"], ["Kiểm tra", 1, 2]]

    read = Read(periodic(activities=grid), vocabulary)

    assert "thieu_cot" in read.rules


# --- totals


def test_total_is_loaded_as_unassigned_only_where_its_whole_column_is_blank(vocabulary):
    blank = [(row, 2, None) for row in range(1, 7)]

    read = Read(periodic(models=changed(MODELS, *blank)), vocabulary)

    assert read.issues == []
    assert read.figures["mo_hinh_cong_nhan", "chua_phan"] == (21, "C8")
    assert not any(("mo_hinh_cong_nhan", field) in read.figures for field in FIELDS)


def test_total_beside_one_field_is_compared_and_not_loaded(vocabulary):
    blank = [(row, 2, None) for row in range(2, 7)]

    read = Read(periodic(models=changed(MODELS, *blank)), vocabulary)

    assert read.errors == []
    assert read.warnings == [("tong_khong_khop", "Biểu 01", "C8")]
    assert [key for key in read.figures if key[0] == "mo_hinh_cong_nhan"] == [("mo_hinh_cong_nhan", "kinh_te")]


def test_a_sum_beside_a_refused_cell_is_not_said_to_be_wrong(vocabulary):
    read = Read(periodic(models=changed(MODELS, (1, 2, "hơn 100"))), vocabulary)

    assert [(rule, cell) for rule, _, cell in read.errors] == [("so_khong_ro", "C2")]
    assert read.warnings == []


def test_total_of_zero_over_blanks_is_no_report_of_zero(vocabulary):
    blank = [(row, 2, None) for row in range(1, 7)]

    read = Read(periodic(models=changed(MODELS, *blank, (7, 2, 0))), vocabulary)

    assert read.warnings == [("tong_0_o_trong", "Biểu 01", "C8")]
    assert not any(key[0] == "mo_hinh_cong_nhan" for key in read.figures)


def test_wrong_total_says_both_numbers_and_changes_nothing(vocabulary):
    read = Read(periodic(models=changed(MODELS, (7, 2, "1.236"))), vocabulary)

    assert read.warnings == [("tong_khong_khop", "Biểu 01", "C8")]
    assert "tổng ghi 1.236, các lĩnh vực cộng lại 21 (chênh 1.215)" in read.messages
    assert {key: value for key, (value, _) in read.figures.items()} == VALUES


# --- numbers


@pytest.mark.parametrize(
    "value",
    [
        "chưa có",
        "không",
        "x",
        "12*",
        "hơn 100",
        "105/130",
        "83,07%",
        "1.36",
        1.236,
        -5,
        100_001,
        Odd("error", "#REF!"),
        Odd("no_cache", "=A1"),
        Odd("date", "4/4/2023"),
        Odd("percent", "5%"),
        Odd("bool", "TRUE"),
    ],
)
@pytest.mark.parametrize(("row", "column", "cell"), [(2, 2, "C3"), (7, 2, "C8")])
def test_cell_that_is_no_count_is_refused(vocabulary, value, row, column, cell):
    read = Read(periodic(models=changed(MODELS, (row, column, value))), vocabulary)

    assert [(place, where) for _, place, where in read.errors] == [("Biểu 01", cell)]


def test_all_problems_of_a_file_are_said_at_once(vocabulary):
    read = Read(
        periodic(
            [["Đơn vị báo cáo", "Trà My"], ["Kỳ báo cáo", "Năm"], ["Năm", 23]],
            changed(MODELS, (1, 1, "mười"), (2, 2, "12*"), (3, 3, 1.236)),
            changed(ACTIVITIES, (1, 2, "nhiều"), (4, 0, "Hội diễn")),
        ),
        vocabulary,
    )

    assert sorted(read.errors) == [
        ("chi_tieu_la", "Biểu 02", "A5"),
        ("don_vi_la", "Thông tin", "B1"),
        ("khong_phai_so", "Biểu 01", "B2"),
        ("khong_phai_so", "Biểu 02", "C2"),
        ("nam_la", "Thông tin", "B3"),
        ("so_khong_ro", "Biểu 01", "C3"),
        ("so_khong_ro", "Biểu 01", "D4"),
    ]
    assert read.returns == []


# --- nothing to report


@pytest.mark.parametrize("sign", ["x", "X", " x ", "có", "✓", "✔\ufe0f", "v"])
def test_mark_makes_every_flow_an_explicit_zero_in_its_own_cell(vocabulary, sign):
    empty = [[row[0]] for row in MODELS[1:]]

    read = Read(periodic(mark(sign), [MODELS[0], *empty], [row[:2] for row in ACTIVITIES[1:]][:0] or EMPTY), vocabulary)

    assert read.errors == []
    (only,) = read.returns
    assert only.state == "khong_phat_sinh"
    flows = [item for item in vocabulary.catalogue.indicators if item.aggregation == "flow"]
    expected = {(item.indicator_id, field) for item in flows for field in (FIELDS if item.by_linh_vuc else (None,))}
    assert read.figures == dict.fromkeys(expected, (0, "B4"))
    assert {figure.sheet for figure in only.figures} == {"Thông tin"}


EMPTY = [ACTIVITIES[0], *([row[0], row[1]] for row in ACTIVITIES[1:])]


def test_mark_beside_a_figure_above_zero_is_refused(vocabulary):
    models = [MODELS[0], ["Kinh tế", 0, 0, 4], *([row[0]] for row in MODELS[2:])]

    read = Read(periodic(mark("x"), models, EMPTY), vocabulary)

    assert read.errors == [("khong_phat_sinh_mau_thuan", "Biểu 01", "D2")]


def test_zeros_typed_beside_the_mark_do_not_contradict_it(vocabulary):
    models = [MODELS[0], *([row[0], 0, 0, None, 0, 0, 0] for row in MODELS[1:5])]

    read = Read(periodic(mark("x"), models, EMPTY), vocabulary)

    assert read.errors == []
    assert not any(key[0] == "mo_hinh_duy_tri" for key in read.figures)


@pytest.mark.parametrize(("sign", "warned"), [("-", False), ("0", True), ("không", True), (0, True), (None, False)])
def test_other_signs_are_no_mark(vocabulary, sign, warned):
    read = Read(periodic(mark(sign)), vocabulary)

    assert read.errors == []
    assert read.returns[0].state == "co_so_lieu"
    assert bool(read.warnings) == warned


def test_mark_is_found_under_a_longer_label(vocabulary):
    book = periodic([*INFO, ["Không phát sinh (đánh dấu x)", "x"]], [MODELS[0], *([r[0]] for r in MODELS[1:])], EMPTY)

    read = Read(book, vocabulary)

    assert read.returns[0].state == "khong_phat_sinh"


def test_return_without_any_figure_is_accepted_as_empty(vocabulary):
    read = Read(periodic(models=[MODELS[0], *([row[0]] for row in MODELS[1:])], activities=EMPTY), vocabulary)

    assert read.errors == []
    assert (read.returns[0].state, read.returns[0].figures) == ("trong", ())
    assert "mo_hinh_cong_nhan" in read.returns[0].covers


def test_form_that_nobody_filled_in_is_refused(vocabulary):
    book = periodic([["Đơn vị báo cáo"], ["Kỳ báo cáo"], ["Năm"]], [MODELS[0], *([r[0]] for r in MODELS[1:])], EMPTY)

    read = Read(book, vocabulary)

    assert {"don_vi_trong", "ky_trong"} == read.rules
    assert read.returns == []


# --- the register


def register(*rows):
    return [["BIỂU 03. DANH SÁCH MÔ HÌNH"], REGISTER_HEADINGS, *rows]


KENG = [1, "Tiếng kẻng an ninh", "QP,AN", "Bình Minh", "Công an xã", "Tập thể", 2019, "Công nhận"]
CAY = [2, "Con đường cây", "Văn hóa - xã hội", None, None, None, "2020", None, "Cấp huyện", "Bảo vệ môi trường"]


def test_models_are_loaded_with_their_cells(vocabulary):
    read = Read(periodic(register=register(KENG, CAY)), vocabulary)

    assert read.issues == []
    first, second = read.returns[0].models
    assert (first.name, first.linh_vuc_id, first.kind, first.start_year, first.status, first.cell) == (
        "Tiếng kẻng an ninh",
        "quoc_phong_an_ninh",
        "tap_the",
        2019,
        "cong_nhan",
        "B3",
    )
    assert (second.theme, second.award_level, second.commune, second.start_year) == ("moi_truong", "huyen", None, 2020)
    assert REGISTER in read.returns[0].covers


def test_register_may_be_absent_or_empty(vocabulary):
    assert REGISTER not in Read(periodic(), vocabulary).returns[0].covers

    read = Read(periodic(register=register()), vocabulary)

    assert read.issues == []
    assert (read.returns[0].models, REGISTER in read.returns[0].covers) == ((), True)


@pytest.mark.parametrize(
    ("column", "value", "rule", "cell"),
    [
        (1, None, "mo_hinh_khong_ten", "B3"),
        (2, "Kinh tế - xã hội", "bieu_03_la", "C3"),
        (5, "Nhóm", "bieu_03_la", "F3"),
        (6, "19", "nam_la", "G3"),
        (6, 2008, "nam_la", "G3"),
        (6, 2099, "nam_la", "G3"),
        (7, "hiệu quả", "bieu_03_la", "H3"),
        (1, Odd("error", "#REF!"), "o_loi", "B3"),
        (3, Odd("no_cache", "=A1"), "o_loi", "D3"),
        (3, "B\u00ecnh M\u0438nh", "bang_ma_la", "D3"),
        (1, "TiÕng kÎng an ninh n¨m", "bang_ma_la", "B3"),
        (1, "Tiáº¿ng káº»ng", "bang_ma_la", "B3"),
    ],
)
def test_problem_of_a_model_is_refused_in_its_cell(vocabulary, column, value, rule, cell):
    row = [*KENG]
    row[column] = value

    read = Read(periodic(register=register(row, CAY)), vocabulary)

    assert read.errors == [(rule, "Biểu 03", cell)]


def test_model_without_a_field_is_unassigned(vocabulary):
    read = Read(periodic(register=register([1, "Mô hình mới"])), vocabulary)

    assert read.issues == []
    assert read.returns[0].models[0].linh_vuc_id == "chua_phan"


def test_totals_notes_and_signatures_are_no_models(vocabulary):
    rows = [
        KENG,
        CAY,
        [None, "Tổng cộng", None, None, None, None, None, "02 mô hình"],
        [],
        [None, "Danh sách có 02 mô hình."],
        [None, None, None, None, None, None, None, "Thăng Bình, ngày 10 tháng 12 năm 2023"],
        [None, "Người lập biểu", None, None, None, None, None, "Trưởng Ban"],
        [None, "Nguyễn Văn A", None, None, None, None, None, "Trần Thị B"],
    ]

    read = Read(periodic(register=register(*rows)), vocabulary)

    assert read.errors == []
    assert len(read.returns[0].models) == 2
    assert read.notes == [("ghi_chu_duoi_bieu", "Biểu 03", "B7")]


def test_column_of_the_register_twice_or_unknown_over_figures_is_refused(vocabulary):
    headings = [*REGISTER_HEADINGS, "Lĩnh vực", "Kinh phí"]

    read = Read(periodic(register=[headings, [*KENG, *[None] * 4, "Khác", 5]]), vocabulary)

    assert [rule for rule, _, _ in read.errors] == ["trung_cot", "tieu_de_la"]


def test_column_of_the_register_with_other_words_is_noted_and_an_empty_one_passed_over(vocabulary):
    headings = [*REGISTER_HEADINGS, "Người phụ trách", "Điện thoại"]

    read = Read(periodic(register=[["Biểu 03"], headings, [*KENG, *[None] * 4, "Ông A"]]), vocabulary)

    assert (read.errors, read.notes) == ([], [("cot_khong_doc", "Biểu 03", "M2")])


def test_only_one_register_may_be_given(vocabulary):
    read = Read(periodic(register=[*register(KENG), [], [], *register(CAY)]), vocabulary)

    assert read.errors == [("trung_bieu", "Biểu 03", "B7")]
    assert read.returns[0].models == ()


def test_a_row_of_the_register_that_names_only_who_leads_is_no_model(vocabulary):
    read = Read(periodic(register=register(KENG, [2, None, None, None, "Công an xã"])), vocabulary)

    assert read.issues == []
    assert [model.name for model in read.returns[0].models] == [KENG[1]]


def test_a_register_full_of_errors_is_refused_with_the_first_of_them(vocabulary):
    read = Read(periodic(register=register(*([n, "Mô hình", "Kinh tế - xã hội"] for n in range(600)))), vocabulary)

    assert len(read.issues) == 501
    assert read.errors[0] == ("bieu_03_la", "Biểu 03", "C3")


def test_a_sum_of_activities_without_a_figure_is_passed_over_and_with_one_refused(vocabulary):
    def read(count: int | None) -> Read:
        return Read(periodic(activities=[*ACTIVITIES, ["Tổng số tin, bài", "tin, bài", count]]), vocabulary)

    assert read(None).issues == []
    assert read(7).errors == [("chi_tieu_la", "Biểu 02", "A10")]


def test_a_heading_of_invisible_letters_heads_nothing(vocabulary):
    assert Read(periodic(activities=[[*ACTIVITIES[0], "\u200b"], *ACTIVITIES[1:]]), vocabulary).issues == []


def test_a_day_in_words_is_asked_about(vocabulary):
    read = Read(periodic([*INFO, ["Ngày chốt số liệu", "hôm qua"]]), vocabulary)

    assert read.warnings == [("ngay_khong_ro", "Thông tin", "B4")]


@pytest.mark.parametrize(("below", "refused"), [(None, ["so_o_gop"]), (9, [])])
def test_a_figure_merged_over_a_row_is_refused_unless_that_row_holds_its_own(vocabulary, below, refused):
    book = periodic(models=changed(MODELS, (2, 2, below)))
    book.sheets[1].merged[1, 2] = (2, 2)

    assert [rule for rule, _, _ in Read(book, vocabulary).errors] == refused


def test_register_page_without_its_heading_is_refused(vocabulary):
    read = Read(periodic(register=[["Danh sách"], KENG]), vocabulary)

    assert read.errors == [("thieu_cot", "Biểu 03", "")]


def test_hostile_text_is_kept_as_it_stands(vocabulary):
    names = ["=cmd|' /C calc'!A0", "<img src=x onerror=alert(1)>", "{{7*7}}", "'); DROP TABLE mo_hinh; --"]

    read = Read(periodic(register=register(*([n, name] for n, name in enumerate(names, 1)))), vocabulary)

    assert [model.name for model in read.returns[0].models] == names


# --- the file as a whole


@pytest.mark.parametrize("where", [(0, (9, 9)), (1, (900, 30)), (2, (0, 8))])
def test_mark_of_simulated_data_is_found_anywhere(vocabulary, where):
    book = periodic()
    index, position = where
    book.sheets[index].cells[position] = "Trang này là dữ liệu mô phỏng. " + "x" * 600

    assert Read(book, vocabulary).conformed.is_simulated
    assert not Read(periodic(), vocabulary).conformed.is_simulated


def test_label_in_letters_of_another_alphabet_is_converted_and_noted(vocabulary):
    read = Read(periodic(models=changed(MODELS, (1, 0, "\u041ainh tế"))), vocabulary)

    assert (read.errors, read.notes) == ([], [("da_chuyen_bang_ma", "Biểu 01", "A2")])
    assert "chữ cái Kirin" in read.messages


def test_unknown_word_in_letters_of_another_alphabet_is_refused_by_name(vocabulary):
    read = Read(periodic(models=changed(MODELS, (1, 0, "\u041ainh t\u0436"))), vocabulary)

    assert ("bang_ma_la", "Biểu 01", "A2") in read.errors
    assert "chữ cái Kirin" in read.messages


def test_file_of_two_layouts_is_refused(vocabulary):
    book = periodic()
    book.sheets.append(sheet("Năm", [["Năm", "Kinh tế"], [2023, 5]]))

    assert Read(book, vocabulary).errors == [("nhieu_loai_bieu", "", "")]


@pytest.mark.parametrize(
    "book", [Workbook("xlsx", []), workbook(Trang=[["Danh sách cán bộ"], [1, "Nguyễn Văn A"]]), workbook(Trang=[])]
)
def test_file_without_any_table_is_refused(vocabulary, book):
    assert Read(book, vocabulary).errors == [("khong_ro_bieu", "", "")]


ODD_WORDS = ["Chỉ tiêu", "Số lượng", "Đơn vị", "Năm", "I", "Tam Kỳ", "2009-2010", "Trong đó", "2023", "1", "x", "-"]
ODD_WORDS += ["don_vi", "gia_tri", "ky", "tu_nam", "den_nam", "chi_tieu", "linh_vuc", "Giai đoạn", "năm 2023", "Cộng"]
ODD_WORDS += ["Đơn vị báo cáo", "Kỳ báo cáo", "huyện Thăng Bình", "Tổng cộng", "Người lập biểu", "6 tháng đầu năm"]
CELLS = st.one_of(
    st.none(),
    st.integers(-5, 3000),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from([Odd("error", "#REF!"), Odd("date", "2023-04-04"), Odd("no_cache", "=A1"), Odd("bool", "TRUE")]),
    st.sampled_from([*MODELS[0], *(row[0] for row in MODELS), *REGISTER_HEADINGS, *ODD_WORDS]),
)


@given(st.lists(st.lists(CELLS, max_size=6), max_size=8), st.sampled_from(["Biểu 01", "Biểu 02", "Thông tin", "A"]))
def test_no_grid_breaks_conform(rows, name):
    for book in (workbook(**{name: rows}), _with(rows)):
        for issue in Read(book, SHARED).issues:
            assert issue.message
            assert issue.rule.isascii()


def _with(rows):
    book = periodic()
    place = random.Random(len(rows)).randrange(3)
    book.sheets[place] = sheet(book.sheets[place].name, [*rows, [], *[INFO, MODELS, ACTIVITIES][place]])
    return book
