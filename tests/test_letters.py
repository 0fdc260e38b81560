"""The letter and the message that remind a unit: every fact of them, the Party's layout, hostile texts."""

import io
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from dashboard.choice import Choice
from dashboard.labels import SIMULATED
from dashboard.letters import (
    Doubt,
    FailingCell,
    Missing,
    NothingToRemind,
    Office,
    Reminder,
    message,
    reminder,
    reminder_for,
)
from dashboard.warehouse import Warehouse
from etl.catalogue import Catalogue
from tests import warehouses

OFFICE = Office(
    **{**warehouses.LETTER, "signature": ("K/T TRƯỞNG BAN", "PHÓ TRƯỞNG BAN"), "copies": ("Như trên", "Lưu")},
    commission="Ban Dân vận Tỉnh ủy Quảng Nam",
    movement="Dân vận khéo",
)
EMPTY = Reminder(
    office=OFFICE,
    addressee="Ban Dân vận Huyện ủy Thăng Bình",
    missing=(),
    failing=(),
    doubts=(),
    counted_on=date(2026, 1, 15),
    reply_by=date(2026, 1, 30),
    written_on=date(2026, 1, 16),
    is_simulated=False,
)
ONE = replace(EMPTY, missing=(Missing("nam", 2025, date(2025, 12, 20)),))
CELLS = tuple(FailingCell("bao cao.xlsx", "Biểu 01", f"C{row}", "hơn 100", "Ghi một số nguyên") for row in range(5, 15))
HOSTILE = "=cmd|' /C calc'!A0 <img src=x onerror=alert(1)> {{7*7}} \x0b\x00\u202e![x](http://vi.du)"


def opened(found: Reminder) -> Any:
    return Document(io.BytesIO(reminder(found)))


def text_of(document: Any) -> str:
    """Return every text of a letter, a line a paragraph, in reading order."""
    return "\n".join(
        "".join(node.text or "" for node in paragraph.iter(qn("w:t")))
        for paragraph in document.element.body.iter(qn("w:p"))
    )


def test_letter_says_what_is_missing_and_by_when_to_answer() -> None:
    text = text_of(opened(ONE))

    assert "Kính gửi: Ban Dân vận Huyện ủy Thăng Bình" in text
    assert "V/v nhắc gửi báo cáo phong trào thi đua “Dân vận khéo”" in text
    assert "- Báo cáo năm 2025 (hạn nộp 20/12/2025)." in text
    assert (
        "Đề nghị Ban Dân vận Huyện ủy Thăng Bình gửi báo cáo còn thiếu về Ban Dân vận Tỉnh ủy Quảng Nam "
        "trước ngày 30/1/2026." in text
    )
    assert "cần sửa" not in text


def test_letter_has_the_partys_layout() -> None:
    document = opened(ONE)

    section, normal = document.sections[0], document.styles["Normal"]
    assert [round(size.mm) for size in (section.page_width, section.page_height)] == [210, 297]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins] == [20, 20, 30, 15]
    assert (normal.font.name, normal.font.size) == ("Times New Roman", Pt(14))
    assert {normal.element.rPr.rFonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "cs", "eastAsia")} == {
        "Times New Roman"
    }
    names, title = document.tables[0].rows[0].cells
    number, day = document.tables[0].rows[1].cells
    assert names.text.split("\n") == ["TỈNH ỦY QUẢNG NAM", "BAN DÂN VẬN", "*"]
    assert title.text == "ĐẢNG CỘNG SẢN VIỆT NAM"
    assert title.paragraphs[0].runs[0].underline and title.paragraphs[0].runs[0].bold
    assert number.text.split("\n")[0].split() == ["Số", "-CV/BDVTU"]
    assert day.text == "Quảng Nam, ngày 16 tháng 01 năm 2026"


def test_letter_leaves_number_day_and_name_to_the_office() -> None:
    document = opened(replace(ONE, written_on=None))

    copies, signing = document.tables[-1].rows[0].cells
    assert document.tables[0].rows[1].cells[1].text.split() == ["Quảng", "Nam,", "ngày", "tháng", "năm", "2026"]
    assert copies.text.split("\n") == ["Nơi nhận:", "- Như trên,", "- Lưu."]
    assert signing.text.split() == ["K/T", "TRƯỞNG", "BAN", "PHÓ", "TRƯỞNG", "BAN"]


def test_a_letter_about_nothing_is_not_written() -> None:
    for write in (reminder, message):
        with pytest.raises(NothingToRemind, match="không có gì để nhắc"):
            write(EMPTY)


def test_failing_cells_stand_in_a_table_for_each_file_whose_heading_comes_again() -> None:
    other = FailingCell("bieu.xls", "", "", "thiếu trang tính Biểu 01", "Dùng lại mẫu đã phát")
    document = opened(replace(EMPTY, failing=(*CELLS, other)))

    first, second = document.tables[1:3]
    assert [cell.text for cell in first.rows[0].cells] == ["Trang tính", "Ô", "Đọc được", "Cần làm"]
    assert [cell.text for cell in first.rows[1].cells] == ["Biểu 01", "C5", "hơn 100", "Ghi một số nguyên"]
    assert len(first.rows) == 1 + len(CELLS)
    assert first.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert [cell.text for cell in second.rows[1].cells][:2] == ["–", "–"]
    assert "- Tệp “bao cao.xlsx”, còn 10 mục cần sửa:" in text_of(document)
    assert "gửi lại tệp đã sửa về" in text_of(document)


def test_what_was_read_has_no_column_where_the_sentence_says_it_all() -> None:
    cell = replace(CELLS[0], found="", wanted="Đọc được “hơn 100”: hãy ghi một số nguyên")
    document = opened(replace(EMPTY, failing=(cell,)))

    heads, row = ([cell.text for cell in line.cells] for line in document.tables[1].rows)
    assert heads == ["Trang tính", "Ô", "Cần làm"]
    assert row == ["Biểu 01", "C5", "Đọc được “hơn 100”: hãy ghi một số nguyên"]


def test_a_letter_does_not_grow_with_a_file_full_of_errors() -> None:
    cells = tuple(replace(CELLS[0], cell=f"C{row}") for row in range(5000))
    document = opened(replace(EMPTY, failing=cells))

    assert len(document.tables[1].rows) == 61
    assert "còn 5000 mục cần sửa" in text_of(document)
    assert "(Còn 4940 mục khác, xem trong tệp sửa gửi kèm.)" in text_of(document)


def test_several_matters_are_numbered_and_asked_for_in_one_sentence() -> None:
    doubt = Doubt("năm 2024", "Biểu 01", "C11", "Tổng ghi 57, cộng được 55")
    text = text_of(opened(replace(ONE, failing=CELLS, doubts=(doubt,))))

    assert "1. Các kỳ báo cáo" in text and "2. Tệp đã gửi" in text and "3. Số liệu đã tiếp nhận" in text
    assert "gửi báo cáo còn thiếu, gửi lại tệp đã sửa và xác nhận các số liệu nêu trên về" in text
    assert "Tổng ghi 57, cộng được 55" in text


def test_years_in_a_row_are_named_as_a_range_and_an_empty_return_by_itself() -> None:
    years = [Missing("nam", year, date(year, 12, 20)) for year in (2011, 2012, 2013, 2014, 2016)]
    empty = Missing("nam", 2015, date(2015, 12, 20), is_empty=True)
    half = Missing("6_thang", 2025, date(2025, 6, 20))
    text = text_of(opened(replace(EMPTY, missing=(*years, empty, half))))

    assert "- Báo cáo năm 2011 đến năm 2014 (04 báo cáo, hạn nộp 20/12 hằng năm);" in text
    assert "- Báo cáo năm 2015 (đã gửi nhưng không có số liệu; hạn nộp 20/12/2015);" in text
    assert "- Báo cáo năm 2016 (hạn nộp 20/12/2016);" in text
    assert "- Báo cáo 6 tháng đầu năm 2025 (hạn nộp 20/6/2025)." in text


@pytest.mark.parametrize("is_simulated", [True, False])
def test_every_page_of_a_simulated_letter_is_marked(is_simulated: bool) -> None:
    section = opened(replace(ONE, is_simulated=is_simulated)).sections[0]

    heads = ["\n".join(line.text for line in head.paragraphs) for head in (section.first_page_header, section.header)]
    assert section.different_first_page_header_footer
    assert [SIMULATED in head for head in heads] == [is_simulated, is_simulated]
    assert (SIMULATED in message(replace(ONE, is_simulated=is_simulated))) == is_simulated


def test_hostile_text_is_shown_literally_and_makes_nothing_live() -> None:
    cell = FailingCell(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    doubt = Doubt(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    content = reminder(replace(ONE, addressee=HOSTILE, failing=(cell,), doubts=(doubt,)))

    shown = "=cmd|' /C calc'!A0 <img src=x onerror=alert(1)> {{7*7}} ![x](http://vi.du)"
    document = Document(io.BytesIO(content))
    assert [cell.text for cell in document.tables[1].rows[1].cells] == [shown] * 4
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        body = package.read("word/document.xml").decode()
        links = package.read("word/_rels/document.xml.rels").decode()
    assert "<img" not in body and "w:hyperlink" not in body and "instrText" not in body
    assert "vi.du" not in links


def test_message_says_the_same_in_few_words() -> None:
    text = message(replace(ONE, failing=CELLS[:2]))

    assert text.splitlines() == [
        "Kính gửi Ban Dân vận Huyện ủy Thăng Bình. Ban Dân vận Tỉnh ủy xin nhắc về báo cáo “Dân vận khéo” "
        "(tính đến 15/1/2026):",
        "- Chưa có số liệu: năm 2025 (hạn nộp 20/12/2025).",
        "- Tệp “bao cao.xlsx” chưa nhận được, còn 2 mục cần sửa: Biểu 01 C5; Biểu 01 C6.",
        "Đề nghị gửi trước ngày 30/1/2026. Trân trọng cảm ơn!",
    ]


def test_message_never_passes_500_characters_and_says_how_much_more_there_is() -> None:
    years = tuple(Missing("nam", year, date(year, 12, 20)) for year in range(2010, 2026, 2))
    cells = tuple(replace(cell, file="t" * 300, sheet="s" * 300) for cell in CELLS)
    long = message(replace(EMPTY, missing=years, failing=cells, doubts=(Doubt("năm 2024", "", "", ""),)))
    longest = message(replace(EMPTY, addressee="a" * 9000, missing=years, failing=cells))

    assert len(long) <= 500 and len(longest) <= 500
    assert "mục khác" in long or "8 kỳ báo cáo" in long
    assert "còn 10 mục cần sửa" in long
    assert long.endswith("Trân trọng cảm ơn!")


# --- gathered from a snapshot


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    rows = warehouses.three_districts()
    rows["check_result"] = [
        {
            "rule": "tong",
            "level": level,
            "return_id": "hoi_an-2024",
            "don_vi_id": "hoi_an",
            "year": 2024,
            "sheet": "Biểu 01",
            "cell": "C9",
            "message": text,
        }
        for level, text in (("canh_bao", "Tổng ghi 12, cộng được 11"), ("ghi_chu", "Dấu cách thừa"))
    ]
    return Warehouse(warehouses.publish(tmp_path_factory.mktemp("letters"), rows))


def gathered(warehouse: Warehouse, unit: str, choice: Choice | None = None) -> Reminder:
    years = choice or Choice(2022, 2024, None)
    found = reminder_for(warehouse, years, unit, as_of=date(2025, 1, 15), reply_by=date(2025, 1, 31))
    assert found is not None
    return found


def test_reminder_gathers_what_a_unit_owes_and_should_confirm(warehouse: Warehouse) -> None:
    found = gathered(warehouse, "hoi_an")

    assert found.addressee == "Ban Dân vận Thành ủy Hội An"
    assert [item.period for item in found.missing] == ["năm 2023"]
    assert [(item.period, item.message) for item in found.doubts] == [("năm 2024", "Tổng ghi 12, cộng được 11")]
    assert found.is_simulated
    assert "Báo cáo năm 2023 (hạn nộp 20/12/2023)" in text_of(opened(found))


def test_reminder_runs_on_to_today_where_figures_end_before_it(tmp_path: Path) -> None:
    real = Warehouse(warehouses.publish(tmp_path, warehouses.three_districts(simulated=False)))
    found = reminder_for(real, Choice(2022, 2024, None), "mttq", as_of=date(2026, 1, 15), reply_by=date(2026, 1, 31))

    assert found is not None
    assert [item.period for item in found.missing] == ["năm 2025"]


def test_a_unit_that_owes_nothing_gets_no_letter(warehouse: Warehouse) -> None:
    found = gathered(warehouse, "mttq")

    assert found.is_empty
    with pytest.raises(NothingToRemind):
        reminder(found)


def test_no_letter_without_an_office_or_for_an_unknown_unit(warehouse: Warehouse, tmp_path: Path) -> None:
    rows = warehouses.three_districts()
    rows["snapshot_info"] = [row for row in rows["snapshot_info"] if row["key"] != "letter"]
    silent = Warehouse(warehouses.publish(tmp_path, rows))
    days = {"as_of": date(2025, 1, 15), "reply_by": date(2025, 1, 31)}

    assert reminder_for(silent, Choice(2022, 2024, None), "hoi_an", **days) is None
    assert reminder_for(warehouse, Choice(2022, 2024, None), "cum_mien_nui", **days) is None


def test_the_catalogue_says_how_every_kind_of_unit_is_addressed(catalogue: Catalogue) -> None:
    letter = catalogue.province.letter
    assert letter is not None
    office = replace(OFFICE, addressees=letter.addressees)

    found = {unit.don_vi_id: office.addressee(unit.model_dump()) for unit in catalogue.don_vi if unit.kind != "cum"}
    assert found["dien_ban"] == "Ban Dân vận Thị ủy Điện Bàn"
    assert found["cong_an"] == "Đảng ủy Công an tỉnh"
    assert all("{" not in text for text in found.values())
    assert {unit.kind for unit in catalogue.don_vi} - {"cum"} == set(letter.addressees)
