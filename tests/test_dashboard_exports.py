"""Files that leave the screen."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from dashboard import exhibits, exports, labels, markup
from dashboard.choice import Choice
from dashboard.exhibits import Exhibit
from dashboard.warehouse import Warehouse
from tests import warehouses


def exhibit_of(folder: Path, *, simulated: bool) -> Exhibit:
    warehouse = Warehouse(warehouses.publish(folder, warehouses.three_districts(simulated=simulated)))
    return exhibits.field_shares(warehouse, Choice(2022, 2024, None))


def lines_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


def test_csv_opens_right_in_excel_and_says_what_it_is(tmp_path: Path) -> None:
    data = exports.to_csv(exhibit_of(tmp_path, simulated=False))

    lines = lines_of(data)
    assert data.startswith(b"\xef\xbb\xbf")
    facts = dict(line for line in lines if len(line) == 2)
    assert facts["Tiêu đề"] == "Xây dựng hệ thống chính trị chỉ chiếm 5,9% số mô hình"
    assert facts["Kỳ số liệu"] == "Giai đoạn 2022-2024"
    assert facts["Tỷ trọng tính"] == "trên 118 mô hình"
    assert "2/3 đơn vị cấp huyện" in facts["Mức đầy đủ"]
    assert "Nguồn" in facts
    assert ["Kinh tế", "32", "27,1%", "32"] in lines
    assert not any(labels.SIMULATED in cell for line in lines for cell in line)


def test_simulated_csv_says_so_first_and_in_every_row(tmp_path: Path) -> None:
    lines = lines_of(exports.to_csv(exhibit_of(tmp_path, simulated=True)))

    table = lines[lines.index([]) + 2 :]
    assert lines[0] == [labels.SIMULATED]
    assert table and all(line[-1] == labels.SIMULATED for line in table)


def test_simulated_picture_carries_the_mark(tmp_path: Path) -> None:
    notes = exhibit_of(tmp_path, simulated=True).figure.layout.annotations

    assert labels.SIMULATED in [note.text for note in notes]


def test_missing_is_words_and_zero_is_zero(tmp_path: Path) -> None:
    exhibit = exhibit_of(tmp_path, simulated=False)
    table = pd.DataFrame({"Đơn vị": ["A", "B"], "Số": [0, None], "Tỷ lệ": [0.5, 1.25]}, dtype=object)

    lines = lines_of(exports.to_csv(replace(exhibit, table=table, shares=())))

    assert lines[-2:] == [["A", "0", "0,5"], ["B", "chưa có số liệu", "1,25"]]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =cmd|'/C calc'!A0", "＝1", "＋1"]
)
def test_text_never_starts_a_formula(text: str) -> None:
    assert exports.safe_text(text).startswith("'")


def test_control_characters_are_removed_and_plain_text_is_left_alone() -> None:
    assert exports.safe_text("Tam\x0b Kỳ\x00") == "Tam Kỳ"
    assert exports.safe_text("Văn hóa - xã hội") == "Văn hóa - xã hội"


def test_table_on_screen_is_escaped_and_written_the_vietnamese_way() -> None:
    frame = pd.DataFrame({"Tên": ["<img src=x onerror=alert(1)>"], "Số": [1236], "Tỷ trọng": [0.248]}, dtype=object)

    html = markup.table(frame, ["Tỷ trọng"])

    assert "<img" not in html
    assert "1.236" in html
    assert "24,8%" in html


def test_marks_that_turn_the_reading_direction_reach_no_screen() -> None:
    name = "b\u00e1o c\u00e1o \u202excl.exe"

    assert "\u202e" not in markup.table(pd.DataFrame({"T\u1ec7p": [name]}, dtype=object))
    assert "\u202e" not in markup.literal(name)


def test_numbers_and_dates_read_the_vietnamese_way() -> None:
    assert (labels.number(1236), labels.percent(0.248), labels.number(None)) == ("1.236", "24,8%", "chưa có số liệu")
    assert (labels.years(2009, 2024), labels.years(2024, 2024)) == ("2009-2024", "2024")
    assert labels.unaccented("Đông Giang, Khen thưởng") == "dong giang, khen thuong"
