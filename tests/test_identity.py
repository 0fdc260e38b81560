"""Who reports and for which period: certain, or refused with the reason."""

from datetime import date

import pytest

from etl.catalogue import Catalogue
from etl.conform.period_text import UnclearPeriod, period_in_text, period_of_row, year_of
from etl.periods import Period
from etl.sheets import Odd
from etl.vocabulary import Vocabulary
from tests.grids import INFO, MODELS, Read, copy, periodic


@pytest.fixture(scope="module")
def vocabulary(catalogue: Catalogue) -> Vocabulary:
    return Vocabulary(catalogue)


def info(**facts) -> list[list[object]]:
    return [[label.replace("_", " "), value] for label, value in facts.items()]


# --- periods in running text


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("TỔNG HỢP NĂM 2023", Period("nam", 2023, 2023)),
        ("Tong hop nam 2023", Period("nam", 2023, 2023)),
        ("kết quả 6 tháng đầu năm 2023", Period("6_thang", 2023, 2023)),
        ("06 tháng đầu năm 2023", Period("6_thang", 2023, 2023)),
        ("6 tháng năm 2023", Period("6_thang", 2023, 2023)),
        ("SÁU THÁNG ĐẦU NĂM 2023", Period("6_thang", 2023, 2023)),
        ("giai đoạn 2009-2024", Period("giai_doan", 2009, 2024)),
        ("giai đoạn 2009 – 2024", Period("giai_doan", 2009, 2024)),
        ("từ năm 2009 đến năm 2024", Period("giai_doan", 2009, 2024)),
        ("15 năm thực hiện (2009 - 2024)", Period("giai_doan", 2009, 2024)),
        ("12 tháng năm 2023", Period("nam", 2023, 2023)),
        ("Thăng Bình, ngày 10 tháng 12 năm 2023", None),
        ("Thăng Bình, ngày … tháng … năm 2023", None),
        ("Thăng Bình, ngày 10/12/2023", None),
        ("Phong trào tỉnh Quảng Nam 2023", None),
        ("Năm 2023 (kèm Báo cáo ngày 5 tháng 1 năm 2024)", Period("nam", 2023, 2023)),
        ("Nghị quyết nhiệm kỳ 2020-2025, năm 2023", Period("nam", 2023, 2023)),
        ("năm 23", None),
        ("năm 2O23", None),
    ],
)
def test_period_is_read_from_a_title(text, period):
    assert period_in_text(text) == period


@pytest.mark.parametrize(
    "text",
    [
        "6 tháng cuối năm 2023",
        "9 tháng năm 2023",
        "09 tháng đầu năm 2023",
        "Quý I năm 2023",
        "quý 2 năm 2023",
        "năm 2022 và năm 2023",
        "năm 2023 so với năm 2022",
        "đến năm 2023",
        "từ năm 2009 đến nay",
        "từ đầu năm 2023 đến nay",
        "6 THÁNG ĐẦU NĂM",
        "giai đoạn 2024-2009",
        "năm học 2022-2023",
    ],
)
def test_period_that_the_program_does_not_take_is_refused(text):
    with pytest.raises(UnclearPeriod):
        period_in_text(text)


@pytest.mark.parametrize(
    ("value", "period"),
    [
        (2009, Period("nam", 2009, 2009)),
        (2009.0, Period("nam", 2009, 2009)),
        ("Năm 2009", Period("nam", 2009, 2009)),
        ("2009-2010", Period("giai_doan", 2009, 2010)),
        ("2009 – 2010", Period("giai_doan", 2009, 2010)),
        ("Giai đoạn 2009 đến 2010", Period("giai_doan", 2009, 2010)),
        ("6 tháng đầu năm 2024", Period("6_thang", 2024, 2024)),
        (23, None),
        ("23", None),
        ("2O23", None),
        ("2009, 2010", None),
        ("2009-2009", None),
        ("2010-2009", None),
        (2009.5, None),
        (Odd("date", "2009-01-01"), None),
    ],
)
def test_row_is_a_year_a_span_or_a_half_year(value, period):
    assert period_of_row(value) == period


def test_year_has_four_digits_of_our_own():
    assert [year_of(value) for value in (2023, "2023", "năm 2023", "２０２３")] == [2023] * 4
    assert [year_of(value) for value in ("23", "20233", "٢٠٢٣", "2.023", None)] == [None] * 5


# --- the unit and period of a periodic return


def test_labels_may_stand_in_any_order_with_brackets_numbers_and_colons(vocabulary):
    read = Read(
        periodic(
            [
                ["BÁO CÁO"],
                ["3. Năm báo cáo:", 2023],
                ["2. Kỳ báo cáo (chọn):", None, "6 tháng đầu năm"],
                ["1. Đơn vị báo cáo: TP.Hội An"],
                ["Ngày chốt số liệu", "30/06/2023", "Ngày gửi", "2023-07-02"],
            ]
        ),
        vocabulary,
    )

    assert read.errors == []
    (only,) = read.returns
    assert (only.don_vi_id, only.period) == ("hoi_an", Period("6_thang", 2023, 2023))
    assert (only.as_of_on, only.sent_on) == (date(2023, 6, 30), date(2023, 7, 2))


@pytest.mark.parametrize(
    ("facts", "rule", "cell"),
    [
        ({"Kỳ_báo_cáo": "Năm", "Năm": 2023}, "don_vi_trong", ""),
        ({"Đơn_vị_báo_cáo": "Trà My", "Kỳ_báo_cáo": "Năm", "Năm": 2023}, "don_vi_la", "B1"),
        ({"Đơn_vị_báo_cáo": "UBND huyện Thăng Bình", "Kỳ_báo_cáo": "Năm", "Năm": 2023}, "don_vi_la", "B1"),
        ({"Đơn_vị_báo_cáo": "Thăng Bình", "Năm": 2023}, "ky_trong", ""),
        ({"Đơn_vị_báo_cáo": "Thăng Bình", "Kỳ_báo_cáo": "Năm"}, "nam_trong", "B2"),
        ({"Đơn_vị_báo_cáo": "Thăng Bình", "Kỳ_báo_cáo": "Quý I", "Năm": 2023}, "ky_la", "B2"),
        ({"Đơn_vị_báo_cáo": "Thăng Bình", "Kỳ_báo_cáo": "9 tháng", "Năm": 2023}, "ky_la", "B2"),
        ({"Đơn_vị_báo_cáo": "Thăng Bình", "Kỳ_báo_cáo": "6 tháng cuối năm", "Năm": 2023}, "ky_la", "B2"),
        ({"Đơn_vị_báo_cáo": "Thăng Bình", "Kỳ_báo_cáo": "Năm", "Năm": 23}, "nam_la", "B3"),
        ({"Đơn_vị_báo_cáo": "Thăng Bình", "Kỳ_báo_cáo": "Năm", "Năm": "2O23"}, "nam_la", "B3"),
        ({"Đơn_vị_báo_cáo": "Thăng Bình", "Kỳ_báo_cáo": "Năm", "Năm": Odd("date", "1/1/2023")}, "nam_la", "B3"),
        ({"Đơn_vị_báo_cáo": "Thăng Bình", "Kỳ_báo_cáo": "Năm", "Năm": 2008}, "nam_ngoai_pham_vi", "B3"),
        (
            {"Đơn_vị_báo_cáo": "Công an tỉnh", "Kỳ_báo_cáo": "Năm", "Năm": date.today().year + 1},
            "nam_ngoai_pham_vi",
            "B3",
        ),
        ({"Đơn_vị_báo_cáo": "Thăng Bình", "Kỳ_báo_cáo": "Năm", "Năm": 2025}, "don_vi_khong_ton_tai", "B3"),
        ({"Đơn_vị_báo_cáo": "Nông Sơn", "Kỳ_báo_cáo": "6 tháng đầu năm", "Năm": 2025}, "don_vi_khong_ton_tai", "B3"),
        ({"Đơn_vị_báo_cáo": "Thăng Bình", "Kỳ_báo_cáo": "Giai đoạn", "Từ_năm": 2009}, "nam_trong", "B2"),
        ({"Đơn_vị_báo_cáo": "Thăng Bình", "Kỳ_báo_cáo": "Giai đoạn", "Từ_năm": 2012, "Đến_năm": 2009}, "ky_la", "B2"),
        ({"Đơn_vị_báo_cáo": "Thăng Bình", "Kỳ_báo_cáo": "Năm 2022", "Năm": 2023}, "ky_mau_thuan", "B3"),
        ({"Đơn_vị_báo_cáo": "Thăng Bình", "Kỳ_báo_cáo": "Năm", "Năm": 2023, "Từ_năm": 2009}, "ky_mau_thuan", "B4"),
    ],
)
def test_unit_or_period_that_is_not_certain_is_refused(vocabulary, facts, rule, cell):
    read = Read(periodic(info(**facts)), vocabulary)

    assert read.errors == [(rule, "Thông tin" if cell else "", cell)]


def test_refusal_of_a_unit_that_ended_names_its_successor(vocabulary):
    read = Read(periodic(info(**{"Đơn_vị": "Nông Sơn", "Kỳ": "Năm", "Năm": 2025})), vocabulary)

    assert "số liệu từ đó ghi ở Huyện Quế Sơn" in read.messages


@pytest.mark.parametrize(
    ("unit", "kind", "years", "label"),
    [
        ("Quế Sơn", "6 tháng đầu năm", {"Năm": 2025}, "6 tháng đầu năm 2025"),
        ("Nông Sơn", "Năm", {"Năm": 2024}, "năm 2024"),
        ("Nông Sơn", "Giai đoạn", {"Từ_năm": 2009, "Đến_năm": 2024}, "giai đoạn 2009-2024"),
        ("Huyện Điện Bàn", "Cả năm", {"Năm": "2020"}, "năm 2020"),
        ("Hội Nông dân tỉnh", "6 tháng", {"Năm": "năm 2023"}, "6 tháng đầu năm 2023"),
        ("Thăng Bình", "6 tháng đầu năm 2023", {}, "6 tháng đầu năm 2023"),
    ],
)
def test_period_in_which_the_unit_existed_is_accepted(vocabulary, unit, kind, years, label):
    read = Read(periodic(info(**{"Đơn_vị_báo_cáo": unit, "Kỳ_báo_cáo": kind} | years)), vocabulary)

    assert read.errors == []
    assert read.returns[0].period.label == label


def test_unit_stated_twice_in_two_ways_is_refused(vocabulary):
    read = Read(periodic([*INFO, ["Đơn vị báo cáo", "Quế Sơn"]]), vocabulary)

    assert read.errors == [("thong_tin_mau_thuan", "Thông tin", "B4")]


def test_signatures_under_the_facts_contradict_nothing(vocabulary):
    read = Read(periodic([*INFO, ["Người lập biểu", "Lê Thị A"], [], ["Người lập biểu", "Trưởng Ban"]]), vocabulary)

    assert read.issues == []


def test_unit_stated_twice_in_the_same_way_is_accepted(vocabulary):
    read = Read(periodic([*INFO, ["Đơn vị báo cáo", "huyện thăng bình"]]), vocabulary)

    assert read.errors == []


@pytest.mark.parametrize(
    ("title", "rule"),
    [
        ("Huyện Quế Sơn - năm 2023", "don_vi_mau_thuan"),
        ("Huyện Thăng Bình - năm 2022", "ky_mau_thuan"),
        ("6 tháng đầu năm 2023", "ky_mau_thuan"),
    ],
)
def test_title_of_a_form_that_contradicts_its_first_page_is_refused(vocabulary, title, rule):
    read = Read(periodic(models=[[title], [], *MODELS]), vocabulary)

    assert read.rules == {rule}


@pytest.mark.parametrize(
    "title",
    [
        "Huyện Thăng Bình - năm 2023",
        "Phong trào giai đoạn 2021-2025",
        "Tam Kỳ, ngày 10 tháng 1 năm 2024",
        "Ban Dân vận Tỉnh ủy Quảng Nam",
        "Lĩnh vực văn hóa xã hội an ninh",
    ],
)
def test_title_that_fits_is_accepted(vocabulary, title):
    read = Read(periodic(models=[[title], [], *MODELS]), vocabulary)

    assert read.issues == []


def test_date_that_cannot_be_read_is_warned_about(vocabulary):
    read = Read(periodic([*INFO, ["Ngày gửi", "31/2/2023"]]), vocabulary)

    assert read.errors == []
    assert read.warnings == [("ngay_khong_ro", "Thông tin", "B4")]


# --- the file's name


@pytest.mark.parametrize(
    ("name", "errors", "warnings"),
    [
        ("thang_binh_2023.xlsx", [], []),
        ("BC_ThangBinh2023.xlsx", [], []),
        ("bao cao 2023.xlsx", [], []),
        ("que_son_2023.xlsx", ["ten_tep_khac_don_vi"], []),
        ("BC_QueSon.xlsx", ["ten_tep_khac_don_vi"], []),
        ("thang_binh_2022.xlsx", [], ["ten_tep_khac_nam"]),
        ("van hoa xa hoi an ninh.xlsx", [], []),
    ],
)
def test_file_name_of_another_unit_is_refused_and_of_another_year_warned(vocabulary, name, errors, warnings):
    read = Read(periodic(), vocabulary, name)

    assert [rule for rule, _, _ in read.errors] == errors
    assert [rule for rule, _, _ in read.warnings] == warnings


def test_facts_above_the_tables_do_when_there_is_no_page_for_them(vocabulary):
    book = periodic(models=[*copy(INFO), [], *copy(MODELS)])
    book.sheets.pop(0)

    read = Read(book, vocabulary)

    assert read.errors == []
    assert read.returns[0].don_vi_id == "thang_binh"
