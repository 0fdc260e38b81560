"""The deck opened with other libraries: every figure the warehouse's, every slide marked, nothing outside or live."""

import io
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from math import cos, radians, sin
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest
from pptx import Presentation
from pptx.util import Emu

from dashboard.choice import Choice
from dashboard.deck import to_pptx
from dashboard.deck.charts import COUNTS
from dashboard.deck.page import Box
from dashboard.deck.shapes import add_table, add_tiles
from dashboard.fitting import count_lines, fitted, text_width
from dashboard.labels import SIMULATED, number, percent
from dashboard.slides import NAMES, PRESETS, Slide, picked
from dashboard.warehouse import Warehouse
from tests import flagged, warehouses
from tests.payloads import PAYLOADS, shown
from tests.warehouses import Rows

ALL = Choice(2022, 2024, None)
EVERY = tuple(NAMES)
TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"


def warehouse_of(folder: Path, rows: Rows) -> Warehouse:
    return Warehouse(warehouses.publish(folder, rows))


def opened(content: bytes) -> Any:
    return Presentation(io.BytesIO(content))


def texts(shape: Any) -> Iterator[str]:
    """Yield the texts of a shape, those of a table's cells too."""
    if shape.has_text_frame:
        yield shape.text_frame.text
    if getattr(shape, "has_table", False) and shape.has_table:
        yield from (cell.text_frame.text for row in shape.table.rows for cell in row.cells)


def said(slide: Any) -> str:
    return "\n".join(text for shape in slide.shapes for text in texts(shape))


def chart_of(slide: Any) -> Any:
    return next(shape.chart for shape in slide.shapes if getattr(shape, "has_chart", False) and shape.has_chart)


def pair(warehouse: Warehouse, choice: Choice, **asked: Any) -> list[tuple[Slide, Any]]:
    """Return every slide as data beside the same slide of the file."""
    wide = asked.pop("wide", True)
    data = picked(warehouse, choice, EVERY, **asked)
    return list(zip(data, opened(to_pptx(warehouse, choice, EVERY, wide=wide, **asked)).slides, strict=True))


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return warehouse_of(tmp_path_factory.mktemp("usual"), flagged.reviewed())


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return warehouse_of(tmp_path_factory.mktemp("real"), warehouses.three_districts(simulated=False))


def test_every_figure_of_a_chart_is_the_warehouses_in_the_chart_and_in_its_workbook(usual: Warehouse) -> None:
    charted = [(data, slide) for data, slide in pair(usual, ALL) if data.kind == "chart"]

    assert {"linh_vuc", "cac_nam", "linh_vuc_cac_nam", "kiem_tra", "muc_tieu"} <= {data.key for data, _ in charted}
    for data, slide in charted:
        assert data.chart is not None
        chart = chart_of(slide)
        drawn = {series.name: list(series.values) for series in chart.plots[0].series}
        expected = {name: data.table[name].tolist() for name in data.chart.series}
        assert drawn == expected, data.key
        book = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
        columns = list(book.active.iter_cols(values_only=True))
        for column in columns[1:]:
            rounded = [None if value is None else float(f"{value:.16G}") for value in expected[column[0]]]
            assert list(column[1:]) == rounded, data.key  # a sheet holds 16 digits
        assert [column[0] for column in columns[1:]] == list(expected), data.key
        assert list(columns[0][1:]) == list(chart.plots[0].categories), data.key


def test_years_in_the_deck_are_the_sums_of_the_returns(usual: Warehouse) -> None:
    slide = next(slide for data, slide in pair(usual, ALL) if data.key == "cac_nam")

    sums = {2022: 0, 2023: 0, 2024: 1}
    for (_, year), values in warehouses.RECOGNISED.items():
        sums[year] += sum(values)
    assert list(chart_of(slide).plots[0].series[0].values) == list(sums.values())


def test_every_figure_of_cards_tiles_and_tables_stands_on_its_slide(usual: Warehouse) -> None:
    for data, slide in pair(usual, ALL, with_support=True):
        text = said(slide)
        assert data.title in text, data.key
        for one in data.numbers:
            assert one.value in text.split("\n"), data.key
        for tile in data.tiles:
            assert f"{tile.label}\n{tile.text}" in text, data.key
        table = data.table if data.kind == "table" else data.table[list(data.beside)]
        for column in table.columns:
            for value in table[column]:
                told = percent(value) if column in data.shares else number(value) if isinstance(value, int) else value
                assert (told if isinstance(told, str) else "?" if told is None else number(told, 2)) in text, data.key


def test_counts_are_written_the_vietnamese_way_by_their_format_and_shares_as_text(usual: Warehouse) -> None:
    found = {data.key: chart_of(slide) for data, slide in pair(usual, ALL) if data.kind == "chart"}

    assert found["kiem_tra"].plots[0].data_labels.number_format == COUNTS
    shares = found["linh_vuc_yeu"].plots[0].series[0]
    labels = [shares.points[place].data_label.text_frame.text for place in range(4)]
    assert labels == [number(value, 2) for value in shares.values]
    # A format with a decimal point would follow the reader's system.
    formats = {chart.value_axis.tick_labels.number_format for chart in found.values() if chart.value_axis.visible}
    assert formats <= {COUNTS}


def test_missing_is_a_gap_with_a_question_mark_and_zero_is_zero(usual: Warehouse) -> None:
    charts = {
        unit: chart_of(next(s for d, s in pair(usual, Choice(2022, 2024, unit)) if d.key == "cac_nam"))
        for unit in ("hoi_an", "nam_giang")
    }

    hoi_an = charts["hoi_an"].plots[0]
    assert [name.rstrip("*†") for name in hoi_an.categories] == ["2022", "2023 ?", "2024"]
    assert list(hoi_an.series[0].values)[1] is None
    assert 'dispBlanksAs val="gap"' in charts["hoi_an"].part._element.xml
    assert list(charts["nam_giang"].plots[0].series[0].values)[2] == 0


def test_a_district_without_figures_is_hatched(tmp_path: Path) -> None:
    found = {data.key: slide for data, slide in pair(warehouse_of(tmp_path, warehouses.one_district()), ALL)}

    tiles = {shape.text_frame.text.split("\n")[0]: shape for shape in found["dia_ban"].shapes if shape.has_text_frame}
    assert tiles["Tam Kỳ"].text_frame.text == "Tam Kỳ\n?"
    assert "pattFill" in tiles["Tam Kỳ"]._element.xml
    assert "pattFill" not in tiles["Hội An"]._element.xml


@pytest.mark.parametrize("wide", [True, False])
def test_simulated_data_is_marked_on_every_slide_whatever_was_chosen(usual: Warehouse, wide: bool) -> None:
    for asked in ({}, {"with_support": True}):
        deck = opened(to_pptx(usual, ALL, EVERY, wide=wide, **asked))
        assert len(deck.slides) > 10
        for slide in deck.slides:
            marks = [shape for shape in slide.shapes if shape.has_text_frame and shape.text_frame.text == SIMULATED]
            assert len(marks) == 1
            assert marks[0] is not None and slide.shapes[-1].text_frame.text == SIMULATED  # over everything
    assert deck.core_properties.keywords == SIMULATED


def test_real_data_carries_no_mark(real: Warehouse) -> None:
    deck = opened(to_pptx(real, ALL, EVERY))

    assert not any(SIMULATED in said(slide) for slide in deck.slides)


def test_every_slide_has_notes_a_page_number_a_source_and_the_snapshot(real: Warehouse) -> None:
    for data, slide in pair(real, ALL):
        assert slide.notes_slide.notes_text_frame.text.split("\n") == list(data.spoken), data.key
        assert "Bản số liệu thu" in said(slide), data.key
        if data.kind != "cover":
            assert 'type="slidenum"' in ElementTree.tostring(slide._element, encoding="unicode"), data.key
        if data.source:
            assert data.foot in said(slide), data.key


@pytest.mark.parametrize(("wide", "ratio"), [(True, 16 / 9), (False, 4 / 3)])
def test_both_formats_keep_every_shape_on_the_slide(usual: Warehouse, wide: bool, ratio: float) -> None:
    deck = opened(to_pptx(usual, ALL, EVERY, wide=wide, with_support=True))

    assert deck.slide_width / deck.slide_height == pytest.approx(ratio, abs=0.001)
    for slide in deck.slides:
        for shape in slide.shapes:
            left, top, right, bottom = outline(shape)
            assert left >= -1 and top >= -1, shape.name
            assert right <= deck.slide_width + 1 and bottom <= deck.slide_height + 1, shape.name


def outline(shape: Any) -> tuple[float, float, float, float]:
    """Return the box around a shape as it is turned; a table is as high as its rows."""
    height = shape.height
    if getattr(shape, "has_table", False) and shape.has_table:
        height = max(height, sum(row.height for row in shape.table.rows))
    angle = radians(getattr(shape, "rotation", 0.0))
    wide = abs(shape.width * cos(angle)) + abs(height * sin(angle))
    high = abs(shape.width * sin(angle)) + abs(height * cos(angle))
    middle = shape.left + shape.width / 2, shape.top + height / 2
    return middle[0] - wide / 2, middle[1] - high / 2, middle[0] + wide / 2, middle[1] + high / 2


@pytest.mark.parametrize(("wide", "choice"), [(False, ALL), (True, Choice(2022, 2024, "tam_ky"))])
def test_texts_stay_inside_their_places_even_when_names_are_absurdly_long(
    tmp_path: Path, wide: bool, choice: Choice
) -> None:
    rows = flagged.reviewed()
    rows["dim_don_vi"][0]["label"] = "Huyện có cái tên dài vô cùng " * 12
    for row in rows["core_mo_hinh"]:
        row["name"] = "Mô hình " + "rất dài " * 60 + "Đ" * 200
    warehouse = warehouse_of(tmp_path, rows)

    for slide in opened(to_pptx(warehouse, choice, EVERY, wide=wide, with_support=True)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame and shape.text_frame.text and "slidenum" not in shape._element.xml:
                room = Emu(shape.height).inches + 0.06
                assert needed(shape.text_frame, Emu(shape.width).inches) <= room, shape.text_frame.text


def needed(frame: Any, width: float) -> float:
    """Return the height that a text frame's lines take, in inches."""
    height = 0.0
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            lines = count_lines(run.text, width, run.font.size.pt, bold=bool(run.font.bold))
            height += lines * run.font.size.pt * 1.22 / 72
    return height


def test_axis_labels_are_at_most_six_words_long(tmp_path: Path) -> None:
    rows = warehouses.three_districts()
    rows["dim_linh_vuc"][3]["label"] = "Xây dựng hệ thống chính trị trong sạch vững mạnh"

    for data, slide in pair(warehouse_of(tmp_path, rows), ALL):
        if data.kind == "chart":
            assert all(len(str(name).split()) <= 6 for name in chart_of(slide).plots[0].categories), data.key


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_names_stand_on_slides_as_they_were_sent_and_do_nothing(tmp_path: Path, payload: str) -> None:
    rows = flagged.reviewed()
    for row in rows["core_mo_hinh"]:
        row["name"] = payload
    rows["dim_don_vi"][0]["label"] = payload
    rows["dim_linh_vuc"][0]["label"] = payload
    warehouse = warehouse_of(tmp_path, rows)
    keys = ("linh_vuc", "dia_ban", "canh_bao", "mo_hinh_neu_ten")
    content = to_pptx(warehouse, ALL, keys, with_support=True)

    seen = dict(zip(keys, map(said, opened(content).slides), strict=True))
    literal = shown(payload)
    assert literal in seen["mo_hinh_neu_ten"].split("\n")
    assert literal in seen["dia_ban"]
    charts = [name for _, name in parts(content, "ppt/charts/")]
    assert any(literal in text for text in charts)
    assert_harmless(content)


def parts(content: bytes, folder: str) -> list[tuple[str, str]]:
    """Return the texts of every XML part in a folder of the file."""
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        return [
            (name, "\n".join(node.text or "" for node in ElementTree.fromstring(made.read(name)).iter()))
            for name in made.namelist()
            if name.startswith(folder) and name.endswith(".xml")
        ]


def assert_harmless(content: bytes) -> None:
    """Every part is well-formed; nothing leads outside; the workbooks hold no formula and no link."""
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        for name in made.namelist():
            data = made.read(name)
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(data)
                assert b'TargetMode="External"' not in data and b"hlinkClick" not in data, name
            if name.endswith(".xlsx"):
                with zipfile.ZipFile(io.BytesIO(data)) as book:
                    for sheet in (part for part in book.namelist() if part.endswith((".xml", ".rels"))):
                        assert not re.search(rb"<f>|<f |hyperlink|TargetMode", book.read(sheet)), sheet


def test_the_same_snapshot_gives_the_same_bytes_in_another_process(usual: Warehouse, repo: Path) -> None:
    script = (
        "import sys, pathlib\n"
        "from dashboard.choice import Choice\nfrom dashboard.deck import to_pptx\nfrom dashboard.slides import NAMES\n"
        "from dashboard.warehouse import Warehouse\n"
        "w = Warehouse(pathlib.Path(sys.argv[1]))\n"
        "sys.stdout.buffer.write(to_pptx(w, Choice(2022, 2024, None), tuple(NAMES)))\n"
    )
    made = subprocess.run(
        [sys.executable, "-c", script, str(usual.path)],
        cwd=repo,
        env={"PYTHONHASHSEED": "7", "TZ": "Asia/Ho_Chi_Minh", "PATH": "", "LANG": "C.UTF-8"},
        capture_output=True,
        check=True,
    ).stdout

    assert made == to_pptx(usual, ALL, EVERY)
    with zipfile.ZipFile(io.BytesIO(made)) as bundle:
        assert {entry.date_time for entry in bundle.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert opened(made).core_properties.created.isoformat() == "2024-10-12T08:00:00"


def test_published_totals_alone_make_a_deck_without_districts_or_years(tmp_path: Path) -> None:
    found = {data.key: slide for data, slide in pair(warehouse_of(tmp_path, warehouses.published_only()), ALL)}

    assert "107" in said(found["tong_quan"]) and "1.236" in said(found["tong_quan"])
    assert list(chart_of(found["linh_vuc"]).plots[0].series[0].values) == [32, 61, 10, 3, 1]
    assert not {"cac_nam", "dia_ban"} & set(found)


@pytest.mark.parametrize("unit", ["hoi_an", "tam_ky", "mttq"])
def test_a_deck_of_one_unit_is_made_whether_it_reported_or_not(tmp_path: Path, unit: str) -> None:
    warehouse = warehouse_of(tmp_path, warehouses.one_district())

    deck = opened(to_pptx(warehouse, Choice(2022, 2024, unit), EVERY))

    assert len(deck.slides) >= 2


def test_a_snapshot_without_figures_and_an_empty_choice_make_decks_that_open(tmp_path: Path) -> None:
    rows = warehouses.published_only()
    rows["published_total"], rows["core_mo_hinh"], rows["dim_event"] = [], [], []
    warehouse = warehouse_of(tmp_path, rows)

    assert len(opened(to_pptx(warehouse, ALL, EVERY)).slides) >= 2
    assert len(opened(to_pptx(warehouse, ALL, [])).slides) == 0


def test_the_cover_names_who_speaks_of_what_and_when(real: Warehouse) -> None:
    cover = said(opened(to_pptx(real, ALL, PRESETS["5_phut"])).slides[0])

    for part in ("TỈNH ỦY QUẢNG NAM", "BAN DÂN VẬN", "Phong trào “Dân vận khéo” Quảng Nam", "Giai đoạn 2022-2024"):
        assert part in cover.split("\n")


def test_a_table_writes_shares_counts_and_what_is_not_known_each_in_its_way() -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    table = pd.DataFrame([["Tam Kỳ", 0.125, 1234, 2.5, None]], columns=["Đơn vị", "Tỷ lệ", "Số", "Mức", "Trống"])

    add_table(slide, table.astype(object), ["Tỷ lệ"], Box(1, 1, 8, 2), name="Bảng")

    assert [cell.text for cell in slide.shapes[0].table.rows[1].cells] == ["Tam Kỳ", "12,5%", "1.234", "2,50", "?"]


def test_tiles_of_no_district_leave_the_slide_empty() -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])

    add_tiles(slide, [], Box(1, 1, 8, 2))

    assert len(slide.shapes) == 0


def test_a_letter_as_wide_as_it_is_high_takes_more_room_than_a_vietnamese_one() -> None:
    assert text_width("漢", 12) > text_width("ă", 12)


def test_long_text_shrinks_first_and_is_cut_last() -> None:
    short = fitted("Một câu ngắn", 5, 1, (30.0, 20.0, 10.0))
    longer = fitted("Một câu dài hơn một dòng ở cỡ lớn nhất rất nhiều chữ nữa", 5, 0.6, (30.0, 20.0, 10.0))
    longest = fitted("Rất dài " * 200, 5, 0.6, (30.0, 20.0, 10.0))

    assert (short.size, short.text) == (30.0, "Một câu ngắn")
    assert longer.size < 30.0 and not longer.text.endswith("…")
    assert longest.size == 10.0 and longest.text.endswith("…") and longest.height <= 0.6


@pytest.mark.libreoffice
def test_libreoffice_renders_every_slide(usual: Warehouse, soffice: str, tmp_path: Path) -> None:
    (tmp_path / "bai.pptx").write_bytes(to_pptx(usual, ALL, PRESETS["5_phut"]))
    profile = f"-env:UserInstallation=file://{tmp_path}/lo"

    subprocess.run(
        [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "bai.pptx")],
        capture_output=True,
        timeout=180,
    )

    if not (tmp_path / "bai.pdf").exists() and not os.environ.get("DVK_REQUIRE_ALL"):
        pytest.skip("this LibreOffice has no Impress")
    assert (tmp_path / "bai.pdf").read_bytes().startswith(b"%PDF")
