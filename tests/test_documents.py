"""Documents to hand out: every figure is the snapshot's and says where it comes from; what is missing is a gap."""

import io
import json
import os
import re
import subprocess
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from dashboard import documents
from dashboard.choice import Choice
from dashboard.documents.cited import cited
from dashboard.documents.sheet import completeness
from dashboard.exhibits.support import rank_sentence
from dashboard.labels import SIMULATED, number, percent
from dashboard.topics.headlines import headlines
from dashboard.warehouse import Warehouse, records
from etl.build import build
from etl.catalogue import Catalogue
from etl.store import Store
from tests import flagged, warehouses
from tests.payloads import PAYLOADS, shown
from tests.test_don_vi import model
from tests.warehouses import Rows

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ALL = Choice(2022, 2024, None)
LAST = Choice(2024, 2024, None)
REPORTED = Choice(2009, 2024, None)
AS_OF, REPLY_BY = date(2024, 12, 31), date(2025, 1, 10)


def opened(folder: Path, rows: Rows) -> Warehouse:
    return Warehouse(warehouses.publish(folder, rows))


def part(content: bytes, name: str = "word/document.xml") -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return ElementTree.fromstring(package.read(name))


def lines(content: bytes, name: str = "word/document.xml") -> list[str]:
    """Return the text of every paragraph, in reading order."""
    return [text_of(paragraph) for paragraph in part(content, name).iter(f"{W}p")]


def text_of(element: ElementTree.Element) -> str:
    return "".join(node.text or "" for node in element.iter(f"{W}t"))


def body(content: bytes) -> str:
    return "\n".join(lines(content))


def tables(content: bytes) -> list[list[list[str]]]:
    """Return every table as rows of texts."""
    return [
        [[text_of(cell) for cell in row.iter(f"{W}tc")] for row in table.iter(f"{W}tr")]
        for table in part(content).iter(f"{W}tbl")
    ]


def commented(content: bytes) -> list[tuple[str, str]]:
    """Return each commented text with what its comment says."""
    said = {
        comment.get(f"{W}id"): text_of(comment) for comment in part(content, "word/comments.xml").iter(f"{W}comment")
    }
    found, open_now = [], {}
    for node in part(content).iter():
        if node.tag == f"{W}commentRangeStart":
            open_now[node.get(f"{W}id")] = ""
        elif node.tag == f"{W}t":
            open_now = {key: text + (node.text or "") for key, text in open_now.items()}
        elif node.tag == f"{W}commentRangeEnd":
            found.append((open_now.pop(node.get(f"{W}id")), said[node.get(f"{W}id")]))
    return found


def uncommented(content: bytes) -> str:
    """Return the text that no comment is about, a line a paragraph."""
    text, depth = "", 0
    for node in part(content).iter():
        depth += {f"{W}commentRangeStart": 1, f"{W}commentRangeEnd": -1}.get(node.tag, 0)
        text += "\n" if node.tag == f"{W}p" else (node.text or "") if node.tag == f"{W}t" and not depth else ""
    return text


def gaps(content: bytes) -> list[str]:
    """Return the texts that are marked as missing."""
    return [text_of(run) for run in part(content).iter(f"{W}r") if run.find(f"{W}rPr/{W}highlight") is not None]


def headers(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = [name for name in package.namelist() if re.fullmatch(r"word/header\d+\.xml", name)]
    return ["".join(lines(content, name)) for name in names]


def every_document(warehouse: Warehouse, choice: Choice) -> list[bytes]:
    return [
        documents.handout(warehouse, choice),
        documents.report_section(warehouse, choice),
        documents.profile(warehouse, choice, "tam_ky", with_support=True),
    ]


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Warehouse:
    """Return the project's own snapshot without a return: what the signed report printed, and nothing else."""
    folder = tmp_path_factory.mktemp("signed")
    build(folder / "cong_bo.duckdb", Store(folder / "store"), catalogue)
    return Warehouse(folder / "cong_bo.duckdb")


# --- the report


def test_from_the_published_totals_alone_the_report_says_what_the_signed_one_said(signed: Warehouse) -> None:
    text = body(documents.report_section(signed, REPORTED))

    for said in (
        "2.229 văn bản",
        "1.236 cuộc kiểm tra, đánh giá",
        "công nhận 6.540 mô hình",
        "793 hội nghị sơ kết, tổng kết",
        "1.360 mô hình được biểu dương, khen thưởng, trong đó 185 mô hình",
        "93 hội thi và 563 buổi tọa đàm",
        "30 cẩm nang",
        "1.577 tin, bài",
        "Có 1.621 mô hình, chiếm 24,8%",
        "Có 3.391 mô hình, chiếm 51,9%",
        "Có 957 mô hình, chiếm 14,6%",
        "Có 564 mô hình, chiếm 8,6%",
        "cộng lại được 6.533 mô hình, ít hơn tổng số 7 mô hình",
        "19 mô hình điển hình",
        "Kinh tế 6 mô hình; Văn hóa - xã hội 7 mô hình; Quốc phòng - an ninh 3 mô hình; "
        "Xây dựng hệ thống chính trị 3 mô hình.",
    ):
        assert said in text
    assert "1.545" not in text  # 185 stands inside 1.360 and is never added
    assert "[chưa có số liệu" not in text


def test_every_figure_of_the_report_has_its_source_beside_it(signed: Warehouse) -> None:
    content = documents.report_section(signed, REPORTED)
    printed = [row for row in records(signed.query("ledger_printed")) if row["is_signed"]]
    sentences = {(number(row["value"]), row["citation"].rstrip(".")) for row in printed}

    told = commented(content)
    assert all("Nguồn: " in said for _, said in told)
    figures = [text for text, _ in told if re.fullmatch(r"[\d.,]+%?", text)]
    assert len(figures) == 10 + 1 + 8 + 2 + 5  # totals, the total again, fields and shares, sum and rest, typical
    reckoned = ("Tỷ trọng", "4 lĩnh vực cộng lại", "Mô hình chưa rõ thuộc lĩnh vực nào")
    for text, said in told:
        if text in figures and not said.startswith(reckoned):
            assert any(text == figure and sentence in said for figure, sentence in sentences)
    results = uncommented(content).partition("KẾT QUẢ ĐẠT ĐƯỢC")[2].partition("Về số liệu")[0]
    assert not re.findall(r"\d+", re.sub(r"2009-2024|(?m:^\d\. )", "", results))


def test_the_appendix_lists_every_figure_once_with_unit_period_source_and_completeness(signed: Warehouse) -> None:
    content = documents.report_section(signed, REPORTED)

    head, *rows = tables(content)[-1]
    assert head == ["Nội dung", "Số", "Đơn vị tính", "Kỳ", "Nguồn", "Mức đầy đủ"]
    assert len({row[0] for row in rows}) == len(rows) == 25
    assert all(all(row) for row in rows)


def test_the_report_has_the_partys_layout_and_leaves_number_day_and_name_open(signed: Warehouse) -> None:
    content = documents.report_section(signed, REPORTED)

    (names, title), (sign, day) = tables(content)[0]
    assert (names, title) == ("TỈNH ỦY QUẢNG NAM*", "ĐẢNG CỘNG SẢN VIỆT NAM")
    assert sign.split() == ["Số", "-BC/TU"]
    assert day.split()[:-1] == ["Quảng", "Nam,", "ngày", "tháng", "năm"]
    foot = tables(content)[-2][0]
    assert foot[0].startswith("Nơi nhận:- ") and foot[1] == "T/M BAN THƯỜNG VỤ"


def test_a_province_that_names_no_issuer_gets_gaps_to_fill_in(tmp_path: Path) -> None:
    text = body(documents.report_section(opened(tmp_path, warehouses.published_only()), ALL))

    for gap in ("[cơ quan ban hành]", "[nơi ban hành]", "[nơi nhận]", "[thẩm quyền ký]"):
        assert gap in text


def test_a_figure_that_nobody_gives_is_a_marked_gap(tmp_path: Path) -> None:
    content = documents.report_section(opened(tmp_path, warehouses.published_only()), ALL)

    assert "[chưa có số liệu: Hội nghị sơ kết, tổng kết, giai đoạn 2022-2024]" in gaps(content)
    assert "0 hội nghị" not in body(content)
    assert "cần bổ sung trước khi trình ký" in body(content)


def test_another_period_is_told_from_its_returns_with_the_printed_figure_beside(tmp_path: Path) -> None:
    warehouse = opened(tmp_path, warehouses.three_districts(simulated=False))

    content = documents.report_section(warehouse, LAST)

    totals = {row["indicator_id"]: row["value"] for row in records(warehouse.query("totals", **LAST.params))}
    fields = {row["label"]: row for row in records(warehouse.query("fields", **LAST.params)) if row["is_main"]}
    recognised = totals["mo_hinh_cong_nhan"]
    text = body(content)
    assert f"công nhận {number(recognised)}* mô hình. (Để đối chiếu: " in text
    assert "Mô hình công nhận: Báo cáo 10/10/2024 ghi 107, giai đoạn 2022-2024.)" in text
    for label, row in fields.items():
        assert f"Có {number(row['value'])}* mô hình, chiếm {percent(row['value'] / recognised)} tổng số" in text
        assert f"(Để đối chiếu: Mô hình công nhận, lĩnh vực {label}: Báo cáo 10/10/2024 ghi " in text
    (said,) = {said for figure, said in commented(content) if figure == f"{number(recognised)}*"}
    assert "tạm tính" in said  # Tam Kỳ's 2024 is half a year
    assert "mã thu)" in said and "ô của" in said and "đủ ở 3/3 cấp huyện, 1/1 khác" in said


def test_too_few_returns_make_no_figure_of_the_province(tmp_path: Path) -> None:
    warehouse = opened(tmp_path, warehouses.one_district())

    whole, year = (documents.report_section(warehouse, choice) for choice in (ALL, LAST))

    assert "công nhận 107 mô hình" in body(whole)
    (said,) = {said for text, said in commented(whole) if text == "107"}
    assert "báo cáo của các đơn vị mới cộng được 18 (đủ ở 0/3 cấp huyện, 0/1 khác)" in said
    gap = "[chưa có số liệu: Mô hình công nhận, năm 2024; báo cáo của các đơn vị mới cộng được 18"
    assert any(text.startswith(gap) for text in gaps(year))
    assert "Báo cáo 10/10/2024 ghi 107, giai đoạn 2022-2024" in body(year)


@pytest.mark.parametrize("choice", [ALL, LAST], ids=str)
@pytest.mark.parametrize("rows", [warehouses.three_districts, warehouses.one_district, warehouses.published_only])
def test_figures_of_the_report_are_those_of_the_snapshot(tmp_path: Path, rows: Any, choice: Choice) -> None:
    warehouse = opened(tmp_path, rows())
    totals = {row["indicator_id"]: row for row in records(warehouse.query("totals", **choice.params))}

    found = cited(warehouse, choice)

    for key, row in totals.items():
        counts, prints = row["value"], row["published_value"] if row["is_comparable"] else None
        assert found[key].value in (counts, prints)
        assert (found[key].value is None) == (found[key].text is None)
        if counts is None and prints is None:
            assert found[key].value is None


def test_what_was_chosen_once_stands_in_any_period_with_its_own(signed: Warehouse) -> None:
    text = body(documents.report_section(signed, Choice(2020, 2024, None)))

    assert "Đã lựa chọn 19 mô hình điển hình" in text and "Quốc phòng - an ninh 3 mô hình" in text
    assert "theo Báo cáo 10/10/2024, tổng kết giai đoạn 2009-2024" in text
    # A part of another period's figure is no part of this one's.
    assert "trong đó [chưa có số liệu: Mô hình, điển hình được khen thưởng cấp tỉnh, giai đoạn 2020-2024]" in text


# --- the handout


def test_the_handout_holds_the_figures_of_the_first_screen(signed: Warehouse) -> None:
    content = documents.handout(signed, REPORTED)

    rows = [row for table in tables(content) for row in table]
    for card in headlines(signed, REPORTED):
        assert [card.label, card.value, card.unit, card.comparison] in [row[:4] for row in rows]
    assert ["Kinh tế", "1.621", "24,8%"] in rows and ["Chưa phân lĩnh vực", "7", "0,1%"] in rows
    assert ["6", "7", "3", "3"] in rows
    assert "815 / 6.791 = 12,00%" in body(content)
    assert "Chưa có số liệu từng năm" in body(content) and "Chưa có số liệu của từng huyện" in body(content)


def test_the_handout_shows_years_places_and_flags_of_the_returns(tmp_path: Path) -> None:
    warehouse = opened(tmp_path, flagged.reviewed())

    content = documents.handout(warehouse, ALL)

    years = warehouse.query("years", **ALL.params, indicator_id="mo_hinh_cong_nhan")
    (row,) = [row for table in tables(content) for row in table if row[0] == "Mô hình" and len(row) == 4]
    assert [cell.rstrip("*†~") for cell in row[1:]] == ["?" if v is None else number(v) for v in years["value"]]
    units = {
        row["label"]: row
        for row in records(warehouse.query("unit_totals", **ALL.params, indicator_id="mo_hinh_cong_nhan"))
    }
    places = next(table for table in tables(content) if "Mỗi xã mỗi năm" in table[0])
    cells = {row[start]: row[start + 1 : start + 3] for row in places[1:] for start in (0, 4) if row[start]}
    assert cells == {
        label: [number(row["value"]), number(row["rate"], 2)] for label, row in units.items() if row["is_district"]
    }
    text = body(content)
    assert "Cảnh báo · Toàn tỉnh: Toàn tỉnh ít HTCT. Câu thứ hai. Chắc chắn của F1." in text
    assert "1. Làm việc riêng với 1 đơn vị có cảnh báo “Tỷ lệ mô hình thấp”." in text


def test_the_handout_names_no_unit_for_what_it_lacks(tmp_path: Path) -> None:
    text = body(documents.handout(opened(tmp_path, flagged.with_scores(flagged.reviewed())), ALL))

    assert "Nghiêm trọng · 1 đơn vị: Huyện có ít hơn hẳn mức chung?" in text
    assert "Tam Kỳ ít hơn hẳn" not in text and "Cần hỗ trợ" not in text


def test_every_table_of_the_handout_says_unit_period_source_and_completeness(tmp_path: Path) -> None:
    for name, rows in (("mau", flagged.reviewed()), ("mot", warehouses.one_district())):
        content = documents.handout(opened(tmp_path / name, rows), ALL)
        elements = list(part(content).find(f"{W}body") or [])
        for place, element in enumerate(elements):
            if element.tag != f"{W}tbl":
                continue
            head = text_of(next(element.iter(f"{W}tr")))
            under = text_of(elements[place + 1])
            assert "Nguồn: " in under
            assert "Đơn vị tính" in head + under
            assert "iai đoạn 2022-2024" in under or "Được chọn" in head or "Lĩnh vực" not in head


# --- profiles


def test_a_profile_holds_the_units_own_figures_beside_the_provinces(tmp_path: Path) -> None:
    warehouse = opened(tmp_path, flagged.with_scores(flagged.reviewed()))
    own = Choice(2022, 2024, "tam_ky")

    content = documents.profile(warehouse, own, "tam_ky", with_support=False)

    rows = [row for table in tables(content) for row in table]
    for card in headlines(warehouse, own, ("mo_hinh_cong_nhan", "kiem_tra")):
        assert [card.label, card.value, card.unit, card.comparison] in [row[:4] for row in rows]
    grid = {row[0]: row[1:] for row in rows if len(row) == 4}
    found = warehouse.query("field_years", **own.params)
    for field in ("Kinh tế", "Xây dựng hệ thống chính trị"):
        assert grid[field] == [number(value) for value in found.loc[found["label"] == field, "value"]]
    assert grid["Báo cáo năm"][0] == "✓"
    assert "Nghiêm trọng · Tỷ lệ mô hình thấp: Tam Kỳ ít hơn hẳn mức chung. Nên làm: Việc của F3." in body(content)


def test_the_score_stands_in_a_profile_only_when_it_is_asked_for(tmp_path: Path) -> None:
    warehouse = opened(tmp_path, flagged.with_scores(flagged.reviewed()))
    own = Choice(2022, 2024, "tam_ky")

    plain, internal = (
        body(documents.profile(warehouse, own, "tam_ky", with_support=with_support)) for with_support in (False, True)
    )

    assert rank_sentence(warehouse, own) in internal and "Chỉ dùng nội bộ" in internal
    assert "Chưa phân định" not in plain and "hạng" not in plain


def test_a_unit_without_a_return_is_not_held_to_have_zero(tmp_path: Path) -> None:
    warehouse = opened(tmp_path, warehouses.published_only())

    content = documents.profile(warehouse, ALL, "hoi_an", with_support=True)

    grid = {row[0]: row[1:] for table in tables(content) for row in table}
    assert grid["Kinh tế"] == ["?", "?", "?"]
    assert grid["Mô hình công nhận"][0] == "?"
    assert "Chưa có báo cáo nào của Hội An" in body(content) and "nan" not in body(content).lower()


def test_a_profile_of_nobody_is_refused(tmp_path: Path) -> None:
    warehouse = opened(tmp_path, warehouses.three_districts())

    with pytest.raises(documents.UnknownUnitError, match="khong_co"):
        documents.profile(warehouse, ALL, "khong_co", with_support=False)
    with pytest.raises(documents.UnknownUnitError, match="khong_co"):
        documents.profiles_zip(warehouse, ALL, ["tam_ky", "khong_co"])


def test_all_profiles_come_in_one_file_and_say_how_far_they_are(tmp_path: Path) -> None:
    rows = warehouses.three_districts()
    rows["dim_don_vi"][2]["label"] = "Tám Kỳ"  # but for its marks the name of another unit
    warehouse = opened(tmp_path, rows)
    told: list[tuple[int, int]] = []

    bundle = documents.profiles_zip(warehouse, ALL, progress=lambda done, of: told.append((done, of)))

    with zipfile.ZipFile(io.BytesIO(bundle)) as files:
        names = files.namelist()
        assert files.read(names[0]) == documents.profile(warehouse, ALL, "hoi_an", with_support=False)
    assert names == [
        "ho_so_hoi_an_2022-2024_mo_phong.docx",
        "ho_so_tam_ky_2022-2024_mo_phong.docx",
        "ho_so_tam_ky_2_2022-2024_mo_phong.docx",
        "ho_so_mttq_viet_nam_tinh_2022-2024_mo_phong.docx",
    ]
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_file_names_are_harmless_whatever_a_unit_is_called(tmp_path: Path) -> None:
    rows = warehouses.three_districts(simulated=False)
    for unit, name in zip(rows["dim_don_vi"], ("../../đường/dẫn", "<b>|:*?", "日本"), strict=False):
        unit["label"] = name
    bundle = documents.profiles_zip(opened(tmp_path, rows), ALL, ["tam_ky", "hoi_an", "nam_giang"])

    with zipfile.ZipFile(io.BytesIO(bundle)) as files:
        assert files.namelist() == [
            "ho_so_duong_dan_2022-2024.docx",
            "ho_so_b_2022-2024.docx",
            "ho_so_don_vi_2022-2024.docx",
        ]


# --- letters


def test_units_that_owe_get_a_letter_and_the_others_are_listed(tmp_path: Path) -> None:
    warehouse = opened(tmp_path, warehouses.three_districts(simulated=False))
    choice = Choice(2022, 2022, None)

    bundle = documents.letters_zip(warehouse, choice, as_of=AS_OF, reply_by=REPLY_BY)

    with zipfile.ZipFile(io.BytesIO(bundle)) as files:
        names = files.namelist()
        listed = files.read("danh_sach.txt").decode("utf-8-sig")
        letter = body(files.read(names[0]))
    assert names == ["nhac_bao_cao_nam_giang_2022.docx", "danh_sach.txt"]
    assert "Kính gửi: Ban Dân vận Huyện ủy Nam Giang" in letter and "năm 2022" in letter
    owing, others = listed.split("Không nợ báo cáo")
    assert "- Nam Giang: nhac_bao_cao_nam_giang_2022.docx" in owing
    assert re.findall("^- (.*)\r$", others, re.MULTILINE) == ["Hội An", "Tam Kỳ", "MTTQ Việt Nam tỉnh"]


def test_without_an_office_in_the_catalogue_there_are_no_letters(tmp_path: Path) -> None:
    rows = warehouses.three_districts()
    rows["snapshot_info"] = [row for row in rows["snapshot_info"] if row["key"] != "letter"]

    with pytest.raises(documents.NoOfficeError, match=r"province\.toml"):
        documents.letters_zip(opened(tmp_path, rows), ALL, as_of=AS_OF, reply_by=REPLY_BY)


# --- all of them


@pytest.mark.parametrize("is_simulated", [True, False])
def test_every_page_of_simulated_data_is_marked_and_no_other(tmp_path: Path, is_simulated: bool) -> None:
    warehouse = opened(tmp_path, flagged.reviewed(simulated=is_simulated))

    for content in every_document(warehouse, ALL):
        kinds = {node.get(f"{W}type") for node in part(content).iter(f"{W}headerReference")}
        found = headers(content)
        assert len(found) == len(kinds) or not is_simulated
        assert all((SIMULATED in text) == is_simulated for text in found)
        assert bool(found) or not is_simulated


def test_every_document_names_its_snapshot(tmp_path: Path) -> None:
    rows = flagged.reviewed()
    rows["snapshot_info"] = warehouses.info(returns=9, simulated=True, snapshot_id="ban_so_7")
    for content in every_document(opened(tmp_path, rows), ALL):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            assert any(b"ban_so_7" in package.read(name) for name in package.namelist())


def test_the_same_snapshot_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = warehouses.publish(tmp_path, flagged.with_scores(flagged.reviewed()))
    first = every_document(Warehouse(path), ALL)
    bundles = [documents.profiles_zip(Warehouse(path), ALL, with_support=True) for _ in range(2)]
    again = every_document(Warehouse(path), ALL)

    assert first == again and bundles[0] == bundles[1]
    for content in (*first, bundles[0]):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert all(str(date.today()).encode() not in part_bytes(content) for content in first)


def part_bytes(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return b"".join(package.read(name) for name in package.namelist())


@pytest.mark.parametrize("first", range(0, len(PAYLOADS), 4))  # as many as a page names
def test_hostile_names_stay_text(tmp_path: Path, first: int) -> None:
    payloads = PAYLOADS[first : first + 4]
    rows = flagged.with_scores(flagged.reviewed())
    rows["core_mo_hinh"] = [
        model(payload, "hoi_an", named_in_report=True, model_no=place, footnote=13, host=payload, return_id=None)
        for place, payload in enumerate(payloads)
    ]
    rows["flag"] = [flagged.flag("F1", "canh_bao", payloads[0], action=payloads[1])]
    rows["flag"] += [flagged.flag("F3", "canh_bao", payloads[1], don_vi_id="tam_ky", action=payloads[2])]
    rows["dim_don_vi"][0]["full_label"] = payloads[2]
    contents = every_document(opened(tmp_path, rows), ALL)

    handout, report, profile = (body(content) for content in contents)
    assert shown(payloads[0]) in handout and shown(payloads[1]) in handout
    assert profile.startswith(shown(payloads[2])) and f"{shown(payloads[1])} Nên làm: {shown(payloads[2])}" in profile
    for payload in payloads:
        assert f"“{shown(payload)}”" in report and f"“{shown(payload)}”" in profile
    for content in contents:
        assert_nothing_is_live(content)


def assert_nothing_is_live(content: bytes) -> None:
    """No part links out of the file, and the only field counts pages."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                root = ElementTree.fromstring(package.read(name))
                assert not [node for node in root.iter() if node.get("TargetMode") == "External"]
                assert not list(root.iter(f"{W}hyperlink")) and not list(root.iter(f"{W}instrText"))
                assert {node.get(f"{W}instr") for node in root.iter(f"{W}fldSimple")} <= {"PAGE"}


def test_words_of_another_province_come_from_its_catalogue(tmp_path: Path) -> None:
    rows = warehouses.three_districts()
    facts = {row["key"]: row["value"] for row in warehouses.info(returns=9, simulated=True)}
    facts |= {"province": "Nơi Khác", "movement": "Phong trào khác", "commission": "Ban Khác"}
    facts["letter"] = json.dumps({**warehouses.LETTER, "place": "Nơi Khác"})
    rows["snapshot_info"] = [{"key": key, "value": value} for key, value in facts.items()]
    for content in every_document(opened(tmp_path, rows), ALL):
        said = part_bytes(content).decode("utf-8", "ignore")
        assert "Phong trào khác" in said or "PHONG TRÀO KHÁC" in said
        assert "Quảng Nam" not in said and "Dân vận khéo" not in said


def test_completeness_names_only_groups_that_are_there() -> None:
    row = {"complete_district_count": 1, "district_count": 3, "complete_other_count": 0, "other_count": 0}
    assert completeness(row) == "đủ ở 1/3 cấp huyện"


# --- on paper


def pages(soffice: str, folder: Path, contents: dict[str, bytes]) -> dict[str, int]:
    """Return how many pages LibreOffice lays each document on; the test is skipped where it has no Writer."""
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    order = [soffice, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "pdf"]
    files: Sequence[str] = [str(folder / name) for name in contents]
    done = subprocess.run([*order, "--outdir", str(folder / "pdf"), *files], capture_output=True, timeout=300)
    made = {path.stem: path.read_bytes() for path in (folder / "pdf").glob("*.pdf")}
    if not made and not os.environ.get("DVK_REQUIRE_ALL"):
        pytest.skip("this LibreOffice has no Writer")
    assert len(made) == len(contents), done.stderr
    return {name: len(re.findall(rb"/Type\s*/Page\b", content)) for name, content in made.items()}


@pytest.mark.libreoffice
def test_a_profile_fits_one_page_and_the_handout_two(soffice: str, loaded_sample: Path, tmp_path: Path) -> None:
    folder = loaded_sample / "warehouse"
    warehouse = Warehouse(folder / f"{(folder / 'CURRENT').read_text(encoding='utf-8').strip()}.duckdb")
    bundle = documents.profiles_zip(warehouse, REPORTED, with_support=True)
    with zipfile.ZipFile(io.BytesIO(bundle)) as files:
        contents = {name: files.read(name) for name in files.namelist()}

    counted = pages(soffice, tmp_path, {**contents, "tai_lieu.docx": documents.handout(warehouse, REPORTED)})

    assert counted.pop("tai_lieu") == 2
    assert set(counted.values()) == {1} and len(counted) == 29
