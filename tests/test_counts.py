"""The strict number rule: what is a count, what is unknown, and what is refused with which question."""

import pickle

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from etl.counts import NotACount, parse_count
from etl.sheets import Odd

LARGEST = 100_000
WANTED = "cần một số nguyên từ 0 trở lên"


def refusal(value: object, largest: int = LARGEST) -> NotACount:
    with pytest.raises(NotACount) as caught:
        parse_count(value, largest)  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1.236", 1236),
        ("1,236", 1236),
        ("1 236", 1236),
        ("1\u00a0236", 1236),
        ("1\u202f236", 1236),
        ("1\u3000236", 1236),
        (" 1.236 ", 1236),
        ("1.236\u00a0", 1236),
        ("\u200b1.236\ufeff", 1236),
        ("1.236,0", 1236),
        ("1,236.0", 1236),
        ("1 236,0", 1236),
        ("12.0", 12),
        ("12,0", 12),
        ("0016", 16),
        ("'16", 16),
        ("'1.236", 1236),
        ("１２３６", 1236),
        ("16,000", 16000),
        ("100.000", 100_000),
        ("0", 0),
        ("0,0", 0),
        ("000", 0),
        (1236, 1236),
        (0, 0),
        (1236.0, 1236),
        (1235.9999999999, 1236),
        (-0.0, 0),
    ],
)
def test_a_count_is_read_in_every_spelling_people_use(typed, meant):
    assert parse_count(typed, LARGEST) == meant


def test_zeros_in_front_count_for_nothing_however_many():
    assert parse_count("0" * 5000 + "16", LARGEST) == 16
    assert refusal("0" * 60 + "16*").message.endswith("Có phải 16?")


def test_digits_are_counted_up_to_fifteen_what_spreadsheets_keep():
    assert parse_count("9" * 15, 10**17) == 10**15 - 1
    assert refusal("1" + "0" * 15, 10**17).rule == "so_qua_lon"
    assert refusal("9" * 15 + "*", 10**17).message.endswith(f"Có phải {10**15 - 1}?")
    assert "?" not in refusal("9" * 16 + "*", 10**17).message


@pytest.mark.parametrize("typed", [None, "", "  ", "\u00a0", "\u200b", "-", "–", "—", "−", " - ", "--", "N/A", "n/a"])
def test_blank_and_dash_are_unknown_and_never_zero(typed):
    assert parse_count(typed, LARGEST) is None


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("1.36", "so_khong_ro"),
        ("1,2", "so_khong_ro"),
        ("1.23", "so_khong_ro"),
        ("1.2360", "so_khong_ro"),
        ("1.236.0", "so_khong_ro"),
        ("1.236,00", "so_khong_ro"),
        ("1.236 500", "so_khong_ro"),
        ("1  236", "so_khong_ro"),
        ("1\n236", "so_khong_ro"),
        ("1\t236", "so_khong_ro"),
        ("0.236", "so_khong_ro"),
        ("012.345", "so_khong_ro"),
        ("1236.500", "so_khong_ro"),
        ("1'236", "so_khong_ro"),
        (".5", "so_khong_ro"),
        ("5.", "so_khong_ro"),
        ("hơn 100", "so_khong_ro"),
        ("105/130", "so_khong_ro"),
        ("12*", "so_khong_ro"),
        ("1_236", "so_khong_ro"),
        ("1e3", "so_khong_ro"),
        ("0x10", "so_khong_ro"),
        ("+16", "so_khong_ro"),
        ("2O23", "so_khong_ro"),
        ("١٢٣", "so_khong_ro"),
        ("१२", "so_khong_ro"),
        ("²", "so_khong_ro"),
        ("½", "khong_phai_so"),
        ("①", "so_khong_ro"),
        ("inf", "khong_phai_so"),
        ("NaN", "khong_phai_so"),
        ("mười", "khong_phai_so"),
        ("x", "khong_phai_so"),
        ("...", "khong_phai_so"),
        ("-5", "so_am"),
        ("−5", "so_am"),
        ("-0", "so_am"),
        ("(5)", "so_am"),
        ("83,07%", "o_phan_tram"),
        ("#REF!", "o_loi"),
        ("#N/A", "o_loi"),
        ("#DIV/0!", "o_loi"),
        ("#VALUE!", "o_loi"),
        ("#NAME?", "o_loi"),
        ("#NUM!", "o_loi"),
        ("#NULL!", "o_loi"),
        ("#SPILL!", "o_loi"),
        ("#CALC!", "o_loi"),
        ("Err:508", "o_loi"),
        ("4/4/2024", "o_ngay_thang"),
        ("4/4/24", "o_ngay_thang"),
        ("2024-4-4", "o_ngay_thang"),
        ("2024-04-04 00:00", "o_ngay_thang"),
        ("123/1/2024", "so_khong_ro"),
        ("1/123/2024", "so_khong_ro"),
        ("1/1/20245", "so_khong_ro"),
        ("2024-123-1", "so_khong_ro"),
        ("()", "khong_phai_so"),
        (",0", "so_khong_ro"),
        ("12：", "so_khong_ro"),
        ("2024-04-04", "o_ngay_thang"),
        ("100001", "so_qua_lon"),
        ("9" * 5000, "so_qua_lon"),
        (-3, "so_am"),
        (-2.5, "so_am"),
        (1.236, "so_khong_ro"),
        (16.4, "so_khong_ro"),
        (16.6, "so_khong_ro"),
        (0.5, "so_khong_ro"),
        (-0.5, "so_am"),
        (16.000000002, "so_khong_ro"),
        (float("nan"), "so_khong_ro"),
        (float("inf"), "so_khong_ro"),
        (1e300, "so_qua_lon"),
        (100_001, "so_qua_lon"),
        (10**400, "so_qua_lon"),
        (True, "o_dung_sai"),
    ],
)
def test_whatever_is_not_certainly_a_count_is_refused_by_rule(typed, rule):
    assert refusal(typed).rule == rule


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        (1.236, "Có phải 1236?"),
        (1.36, "Ý là 1360, 136 hay 1?"),
        ("1.36", "Ý là 1360, 136 hay 1?"),
        ("1,2", "Ý là 1200, 12 hay 1?"),
        ("1e3", "Có phải 1000?"),
        ("\u0661\u0662", "Có phải 12?"),
        ("12\n13", "Ý là 12 hay 13?"),
        ("hơn 100", "Có phải 100?"),
        ("khoảng 1.236", "Có phải 1236?"),
        ("105/130", "Ý là 105 hay 130?"),
        ("12*", "Có phải 12?"),
        ("1_236", "Có phải 1236?"),
        ("+16", "Có phải 16?"),
        ("(5)", "Có phải 5?"),
        ("2O23", "Có phải 2023?"),
        ("2o23", "Có phải 2023?"),
        ("l2", "Có phải 12?"),
        ("I2", "Có phải 12?"),
        (-3, "Có phải 3?"),
        ("-1.236", "Có phải 1236?"),
        ("100.000 người", "Có phải 100000?"),
        ("1236 mô hình", "Có phải 1236?"),
    ],
)
def test_a_refusal_asks_for_the_likely_meaning(typed, question):
    assert refusal(typed).message.endswith(question)


@pytest.mark.parametrize("typed", ["inf", "XII", "12 / 15 / 18", "1234.5", "1.236 500", "100.001 người", -100_001])
def test_a_refusal_without_a_likely_meaning_asks_nothing(typed):
    assert "?" not in refusal(typed).message


@pytest.mark.parametrize("word", ["chục", "trăm", "nghìn", "ngàn", "triệu", "tỷ"])
def test_what_stands_before_a_multiple_is_not_asked_for(word):
    assert "?" not in refusal(f"5 {word}").message


@pytest.mark.parametrize(
    ("count", "word"),
    list(enumerate(("không", "Một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"))),
)
def test_a_number_in_words_is_asked_for_in_digits(word, count):
    assert refusal(word).message.endswith(f" Có phải {count}?")


@pytest.mark.parametrize(
    ("cell", "rule", "message"),
    [
        (
            Odd("error", "#REF!"),
            "o_loi",
            f"Ô đang báo lỗi #REF!; {WANTED}. Mở bằng Excel, sửa công thức rồi lưu lại.",
        ),
        (
            Odd("no_cache", "=SUM(B2:B5)"),
            "cong_thuc_chua_tinh",
            "Công thức “=SUM(B2:B5)” chưa có kết quả lưu trong tệp. "
            "Mở bằng Excel, lưu lại rồi gửi, hoặc gõ thẳng con số.",
        ),
        (
            Odd("date", "04/04/2026"),
            "o_ngay_thang",
            f"Đọc được ngày “04/04/2026”; {WANTED}. Có thể Excel đã đổi số vừa gõ thành ngày, "
            "ví dụ 4/4: chuyển định dạng ô sang Số rồi gõ lại.",
        ),
        (
            Odd("percent", "83,07%"),
            "o_phan_tram",
            f"Đọc được tỷ lệ “83,07%”; {WANTED}. Ghi số lượng, không ghi phần trăm.",
        ),
        (
            Odd("scaled", "12"),
            "so_dinh_dang_la",
            f"Ô lưu số 12 nhưng định dạng của ô làm hiện ra số khác; {WANTED}. "
            "Chuyển định dạng ô sang Số rồi kiểm tra lại con số.",
        ),
        (
            Odd("bool", "TRUE"),
            "o_dung_sai",
            f"Đọc được giá trị đúng/sai “TRUE”; {WANTED}. Ghi số lượng bằng chữ số.",
        ),
    ],
)
def test_a_cell_that_is_no_plain_number_is_refused_with_what_to_do(cell, rule, message):
    assert (refusal(cell).rule, refusal(cell).message) == (rule, message)


def test_a_refusal_shows_what_was_read_and_what_is_expected():
    error = refusal("hơn 100")

    assert "hơn 100" in str(error)
    assert "số nguyên từ 0 trở lên" in str(error)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (float("inf"), f"Đọc được “inf”; {WANTED}."),
        (16.4, f"Đọc được số thập phân 16,4; {WANTED}. Ý là 16400, 164 hay 16?"),
        (10.00000001, f"Đọc được số thập phân 10,00000001; {WANTED}."),
        (-2.5, f"Đọc được số âm “-2,5”; {WANTED}."),
        (True, f"Đọc được giá trị đúng/sai “TRUE”; {WANTED}. Ghi số lượng bằng chữ số."),
        ("#ref!", f"Ô đang báo lỗi #ref!; {WANTED}. Mở bằng Excel, sửa công thức rồi lưu lại."),
        ("83,07%", f"Đọc được tỷ lệ “83,07%”; {WANTED}. Ghi số lượng, không ghi phần trăm."),
        (
            "4/4/2026",
            f"Đọc được ngày “4/4/2026”; {WANTED}. Có thể Excel đã đổi số vừa gõ thành ngày, "
            "ví dụ 4/4: chuyển định dạng ô sang Số rồi gõ lại.",
        ),
        (-3, f"Đọc được số âm “-3”; {WANTED}. Có phải 3?"),
        ("-1,5", f"Đọc được số âm “-1,5”; {WANTED}. Ý là 1500, 15 hay 1?"),
        ("(1,5)", f"Đọc được số âm “(1,5)”; {WANTED}. Ý là 1500, 15 hay 1?"),
        (-1e16, f"Đọc được số âm “-1e+16”; {WANTED}."),
        ("chưa rõ", f"Đọc được “chưa rõ”; {WANTED}, viết bằng chữ số; chưa rõ thì để trống."),
        ("12*", f"Đọc được “12*”; {WANTED}, chỉ ghi chữ số. Có phải 12?"),
        ("12\n13", f"Đọc được “12↵13”; {WANTED}, chỉ ghi chữ số. Ý là 12 hay 13?"),
        (
            "100001",
            "Đọc được “100001”, lớn hơn mức cao nhất của một ô (100.000): kiểm tra xem có gõ thừa chữ số không.",
        ),
        (
            1e16,
            "Đọc được “1e+16”, lớn hơn mức cao nhất của một ô (100.000): kiểm tra xem có gõ thừa chữ số không.",
        ),
    ],
)
def test_a_refusal_says_what_was_read_what_is_expected_and_what_was_perhaps_meant(value, message):
    assert refusal(value).message == message


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("9" * 40, "9" * 40),
        ("9" * 41, "9" * 40 + "…"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 60 + "…"),
    ],
)
def test_a_refusal_quotes_long_text_by_its_beginning(typed, read):
    assert f"Đọc được “{read}”" in refusal(typed).message


def test_a_refusal_of_long_or_broken_text_stays_one_short_line():
    error = refusal("dòng 1\nvà 2 " + "x" * 10_000)

    assert len(error.message) < 250
    assert "\n" not in error.message


def test_a_refusal_survives_pickling():
    error = pickle.loads(pickle.dumps(refusal("12*")))

    assert (error.rule, error.message) == ("so_khong_ro", refusal("12*").message)


@given(st.integers(0, LARGEST), st.sampled_from([".", ",", " ", "\u00a0", "\u2009", ""]), st.sampled_from(["", "0"]))
def test_a_grouped_count_is_read_back_whatever_separates_its_thousands(count, mark, tail):
    decimal = "," if mark == "." else "."
    typed = f"{count:,}".replace(",", mark) + (decimal + tail if tail else "")

    assert parse_count(typed, LARGEST) == count


@given(st.text(alphabet="0123456789.,-+()% e_'x/\u00a0\n", max_size=9))
@example("1.236")
def test_accepted_text_holds_exactly_the_digits_of_its_count(typed):
    try:
        count = parse_count(typed, LARGEST)
    except NotACount as error:
        assert error.message
        return

    digits = "".join(char for char in typed if char.isdigit())
    assert digits.lstrip("0") in (str(count), f"{count}0", "") if count is not None else not digits


@given(st.text(max_size=40) | st.integers() | st.floats() | st.booleans() | st.none())
def test_every_value_is_a_count_unknown_or_refused_and_nothing_else(value):
    try:
        count = parse_count(value, LARGEST)
    except NotACount as error:
        assert error.rule and error.message
        return

    assert count is None or (type(count) is int and 0 <= count <= LARGEST)
