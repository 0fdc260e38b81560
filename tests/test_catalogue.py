"""The catalogue: every file of ours is read, and an entry that is unknown, missing or contradictory names its line."""

import os
import re
import shutil
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from etl.catalogue import Catalogue, load_catalogue
from etl.catalogue_checks import NEEDED_THRESHOLDS, CatalogueError
from etl.settings import ROOT

FIELDS = ("kinh_te", "van_hoa_xa_hoi", "quoc_phong_an_ninh", "he_thong_chinh_tri")


@pytest.fixture
def folder(repo: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(repo / "data" / "catalogue", tmp_path / "catalogue"))


def damage(path: Path, old: str, new: str) -> int:
    """Replace the one place where `old` stands and return its line."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def complaint(folder: Path) -> str:
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(folder)
    return str(caught.value)


def test_an_unknown_column_stops_with_file_and_line(folder: Path) -> None:
    path = folder / "linh_vuc.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([lines[0] + ",mau_chu", *(line + ",x" for line in lines[1:])]), encoding="utf-8")

    assert complaint(folder) == "linh_vuc.csv, dòng 2: cột hoặc khóa lạ 'mau_chu'"


def test_a_missing_column_stops_with_file_and_line(folder: Path) -> None:
    damage(folder / "deadlines.csv", ",reason\n", "\n")

    # The column that lost its heading is noticed as one cell too many or as the heading that is not there.
    assert complaint(folder).startswith("deadlines.csv, dòng 2: ")
    assert "'reason'" in complaint(folder) or "(thừa)" in complaint(folder)


def test_a_row_that_is_cut_short_stops_with_file_and_line(folder: Path) -> None:
    line = damage(
        folder / "sources.csv", "tthu_thang_binh,Trang tin Huyện ủy Thăng Bình,,Không ghi ngày", "tthu,Trang tin"
    )

    assert complaint(folder) == f"sources.csv, dòng {line}: thiếu cột hoặc khóa 'published_on'"


def test_a_wrong_value_stops_with_file_line_and_value(folder: Path) -> None:
    line = damage(folder / "don_vi_year.csv", "tam_ky,2009,13,", "tam_ky,2009,mười ba,")

    assert complaint(folder).startswith(f"don_vi_year.csv, dòng {line}: commune_count = 'mười ba' không dùng được")


def test_a_unit_of_unknown_kind_stops_with_file_and_line(folder: Path) -> None:
    line = damage(folder / "don_vi.csv", "Thị xã Điện Bàn,thi_xa,", "Thị xã Điện Bàn,thị xã,")

    assert complaint(folder).startswith(f"don_vi.csv, dòng {line}: kind = 'thị xã' không dùng được")


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("don_vi.csv", "2024-12-31,que_son,", "2024-12-31,que_so,", "successor_id = 'que_so' không có trong danh mục"),
        ("don_vi_year.csv", "tam_ky,2009,", "tam_ki,2009,", "don_vi_id = 'tam_ki' không có trong danh mục"),
        (
            "published_totals.csv",
            ",kiem_tra,,2009",
            ",kiemtra,,2009",
            "indicator_id = 'kiemtra' không có trong danh mục",
        ),
        ("published_totals.csv", "tthu_thang_binh,", "tthu,", "source_id = 'tthu' không có trong danh mục"),
        ("named_models.csv", "Nuôi Dúi,kinh_te,", "Nuôi Dúi,kinhte,", "linh_vuc_id = 'kinhte' không có trong danh mục"),
    ],
)
def test_a_dangling_reference_stops_with_file_and_line(
    folder: Path, file: str, old: str, new: str, problem: str
) -> None:
    line = damage(folder / file, old, new)

    assert complaint(folder) == f"{file}, dòng {line}: {problem}"


def test_a_label_of_an_unknown_field_stops_with_file_and_line(folder: Path) -> None:
    line = damage(folder / "labels.csv", "linh_vuc,kinh_te,KT,", "linh_vuc,kinh_tế,KT,")

    assert complaint(folder) == f"labels.csv, dòng {line}: id = 'kinh_tế' không có trong danh mục"


def test_a_doubled_key_stops_with_file_and_line(folder: Path) -> None:
    damage(folder / "events.csv", "sap_xep_xa_2020,", "phat_dong,")

    assert complaint(folder) == "events.csv, dòng 9: event_id = phat_dong đã có ở một dòng trên"


def test_two_units_on_one_tile_stop_with_file_and_line(folder: Path) -> None:
    line = damage(folder / "don_vi.csv", ",2025-06-30,,0,4,", ",2025-06-30,,2,5,")

    assert complaint(folder) == f"don_vi.csv, dòng {line}: tile_row, tile_col = 2, 5 đã có ở một dòng trên"


def test_a_deadline_on_no_day_of_the_calendar_stops_with_file_and_line(folder: Path) -> None:
    line = damage(folder / "deadlines.csv", "nam,12,20", "nam,13,20")

    assert complaint(folder).startswith(f"deadlines.csv, dòng {line}: due_month = '13' không dùng được")


def test_a_unit_that_ends_before_it_begins_stops_with_file_and_line(folder: Path) -> None:
    line = damage(folder / "don_vi.csv", "2008-04-08,2024-12-31", "2028-04-08,2024-12-31")

    assert complaint(folder) == f"don_vi.csv, dòng {line}: valid_from 2028-04-08 sau valid_to 2024-12-31"


def test_a_published_total_of_another_province_stops_with_file_and_line(folder: Path) -> None:
    damage(folder / "province.toml", 'name = "Quảng Nam"', 'name = "Phú Thọ"')

    assert complaint(folder) == (
        "published_totals.csv, dòng 2: territory = 'Quảng Nam': số không ghi don_vi_id là số của Phú Thọ"
    )


def test_a_threshold_the_program_needs_is_missed_by_name(folder: Path) -> None:
    damage(folder / "thresholds.csv", "jump_ratio,", "jum_ratio,")

    assert complaint(folder) == "thresholds.csv: thiếu ngưỡng 'jump_ratio'"


def test_a_form_row_of_no_field_stops_with_its_table(folder: Path) -> None:
    damage(folder / "layouts.toml", 'repeatable_rows = ["khac"]', 'repeatable_rows = ["khác"]')

    assert complaint(folder) == "layouts.toml, [periodic.models]: 'khác' không có trong linh_vuc.csv"


def test_a_missing_toml_key_names_the_line_of_its_table(folder: Path) -> None:
    damage(folder / "layouts.toml", 'den_nam = ["den_nam"]', "")
    table = (folder / "layouts.toml").read_text(encoding="utf-8").split("[long]")[0].count("\n") + 1

    assert complaint(folder) == f"layouts.toml, dòng {table}: thiếu cột hoặc khóa 'long.den_nam'"


def test_a_spelling_with_two_meanings_stops_with_file_and_line(folder: Path) -> None:
    path = folder / "labels.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, "linh_vuc,khac,kt,accepted,", ""]), encoding="utf-8")

    assert complaint(folder) == f"labels.csv, dòng {len(lines) + 1}: nhãn 'kt' đã chỉ một mục khác"


def test_a_signed_report_that_is_no_source_stops_by_name(folder: Path) -> None:
    damage(folder / "province.toml", 'signed_report = "', 'signed_report = "khong_')

    assert complaint(folder).startswith("province.toml: signed_report = 'khong_")


def test_two_fields_of_one_name_stop_by_name(folder: Path) -> None:
    text = (folder / "linh_vuc.csv").read_text(encoding="utf-8")
    (folder / "linh_vuc.csv").write_text(text.replace("Kinh tế", "Khác"), encoding="utf-8")

    assert complaint(folder) == "Hai mục linh_vuc cùng mang tên 'khac': khac và kinh_te"


def test_a_refused_spelling_that_means_something_stops_with_file_and_line(folder: Path) -> None:
    path = folder / "labels.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, "linh_vuc,khac,cái khác,refused,", ""]), encoding="utf-8")

    problem = "nhãn bị từ chối phải để trống id và nêu lý do ở note"
    assert complaint(folder) == f"labels.csv, dòng {len(lines) + 1}: {problem}"


def test_a_district_without_a_tile_stops_with_file_and_line(folder: Path) -> None:
    line = damage(folder / "don_vi.csv", ",2025-06-30,,0,4,", ",2025-06-30,,,4,")

    assert complaint(folder) == (
        f"don_vi.csv, dòng {line}: đơn vị cấp huyện phải có ô trên bản đồ (tile_row, tile_col)"
    )


def test_a_file_that_is_no_text_is_named(folder: Path) -> None:
    (folder / "events.csv").write_bytes(b"\xff\xfe\xfd")

    assert complaint(folder).startswith("events.csv: không đọc được (")


def test_a_missing_toml_file_is_named(folder: Path) -> None:
    (folder / "province.toml").unlink()

    assert complaint(folder).startswith("province.toml: không có tệp này trong thư mục danh mục ")


def test_a_threshold_that_nobody_wrote_is_no_threshold(catalogue: Catalogue) -> None:
    assert catalogue.threshold("share_trials") > 0
    with pytest.raises(KeyError):
        catalogue.threshold("khong_co")


def test_an_unknown_toml_key_stops_with_file_and_line(folder: Path) -> None:
    line = damage(folder / "layouts.toml", 'theme = ["Chủ đề"]', 'them = ["Chủ đề"]')

    # Both are true of the file, a key too many and one too few; which is said first is not promised.
    assert complaint(folder).startswith("layouts.toml, dòng ")
    assert "them" in complaint(folder)
    assert line > 1


def test_a_toml_key_of_the_wrong_kind_stops_with_its_line(folder: Path) -> None:
    line = damage(folder / "province.toml", "first_year = 2009", 'first_year = "đầu"')

    assert complaint(folder).startswith(f"province.toml, dòng {line}: first_year = 'đầu' không dùng được")


def test_an_extra_toml_key_is_named_with_its_line(folder: Path) -> None:
    line = damage(folder / "province.toml", 'level = "tỉnh"', 'level = "tỉnh"\ncolour = "red"') + 1

    assert complaint(folder) == f"province.toml, dòng {line}: cột hoặc khóa lạ 'colour'"


def test_broken_toml_names_the_file_and_the_line(folder: Path) -> None:
    damage(folder / "province.toml", 'level = "tỉnh"', "level = tỉnh")

    assert complaint(folder).startswith("province.toml: ")
    assert "line 3" in complaint(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "events.csv").unlink()

    assert complaint(folder).startswith("events.csv: không có tệp này")


def test_there_are_eighteen_districts_and_nong_son_ends_in_que_son(catalogue: Catalogue) -> None:
    districts = [unit for unit in catalogue.don_vi if unit.is_district]
    nong_son = catalogue.unit_by_id["nong_son"]

    assert len(districts) == 18
    assert nong_son.successor_id == "que_son"
    assert str(nong_son.valid_to) == "2024-12-31"
    assert {str(unit.valid_to) for unit in districts if unit is not nong_son} == {"2025-06-30"}


@pytest.mark.parametrize(("year", "communes"), [(2013, 244), (2024, 241), (2025, 233)])
def test_communes_of_the_districts_add_up_to_the_provinces(catalogue: Catalogue, year: int, communes: int) -> None:
    assert sum(row.commune_count or 0 for row in catalogue.don_vi_year if row.year == year) == communes


def test_every_district_has_communes_in_every_year_it_existed(catalogue: Catalogue) -> None:
    known = {(row.don_vi_id, row.year) for row in catalogue.don_vi_year if row.commune_count}

    for unit in catalogue.don_vi:
        if unit.is_district and unit.valid_to:
            years = range(catalogue.province.first_year, unit.valid_to.year + 1)
            assert [year for year in years if (unit.don_vi_id, year) not in known] == [], unit.label


def test_no_two_districts_share_a_tile(catalogue: Catalogue) -> None:
    tiles = Counter((unit.tile_row, unit.tile_col) for unit in catalogue.don_vi if unit.is_district)

    assert [tile for tile, units in tiles.items() if units > 1] == []


def signed(catalogue: Catalogue, indicator_id: str, linh_vuc_id: str | None = None) -> int | None:
    (row,) = (
        row
        for row in catalogue.published_totals
        if (row.source_id, row.indicator_id, row.linh_vuc_id)
        == (catalogue.province.signed_report, indicator_id, linh_vuc_id)
    )
    return row.value


def test_the_fields_of_the_signed_report_miss_seven_of_its_total(catalogue: Catalogue) -> None:
    fields = [signed(catalogue, "mo_hinh_cong_nhan", field) or 0 for field in FIELDS]

    assert fields == [1621, 3391, 957, 564]
    assert sum(fields) == 6533
    assert (signed(catalogue, "mo_hinh_cong_nhan") or 0) - sum(fields) == 7
    assert signed(catalogue, "mo_hinh_xay_dung") == 6540


def test_nineteen_typical_models_are_six_seven_three_and_three(catalogue: Catalogue) -> None:
    fields = [signed(catalogue, "mo_hinh_dien_hinh", field) or 0 for field in FIELDS]

    assert fields == [6, 7, 3, 3]
    assert signed(catalogue, "mo_hinh_dien_hinh") == sum(fields) == 19


@pytest.mark.parametrize(
    ("indicator_id", "value"),
    [
        ("mo_hinh_khen_thuong", 1360),
        ("mo_hinh_khen_thuong_cap_tinh", 185),
        ("kiem_tra", 1236),
        ("hoi_nghi", 793),
        ("van_ban", 2229),
        ("hoi_thi", 93),
        ("toa_dam", 563),
        ("cam_nang", 30),
        ("tin_bai", 1577),
    ],
)
def test_the_signed_report_counts_activities_once(catalogue: Catalogue, indicator_id: str, value: int) -> None:
    assert signed(catalogue, indicator_id) == value


def test_fifty_four_named_models_stand_in_fifty_nine_rows_and_none_in_nong_son(catalogue: Catalogue) -> None:
    assert len(catalogue.named_models) == 59
    assert {row.model_no for row in catalogue.named_models} == set(range(1, 55))
    assert "nong_son" not in {row.don_vi_id for row in catalogue.named_models}


def test_printed_values_are_the_numbers_their_text_shows(catalogue: Catalogue) -> None:
    for row in catalogue.published_totals:
        if row.value is not None and row.value_text.replace(".", "").isdigit():
            assert int(row.value_text.replace(".", "")) == row.value, row.citation


def test_annual_and_half_year_returns_have_a_deadline(catalogue: Catalogue) -> None:
    assert {row.period_kind for row in catalogue.deadlines} == {"nam", "6_thang"}


def folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def test_every_total_of_the_signed_report_quotes_a_sentence_that_is_in_it(catalogue: Catalogue, repo: Path) -> None:
    folder = Path(os.environ.get("DVK_REFERENCE") or repo.parent / "shared" / "reference")
    reports = sorted(folder.glob("report_*.txt"))
    if not reports:
        pytest.skip("the text of the signed report is not on this machine (DVK_REFERENCE)")
    text = folded(reports[-1].read_text(encoding="utf-8"))

    for row in catalogue.published_totals:
        if row.source_id == catalogue.province.signed_report:
            section, _, sentence = row.citation.partition(": ")
            assert section.startswith(("Mục ", "Chú thích "))
            assert folded(sentence) in text, row.citation
            assert folded(row.value_text) in folded(sentence), row.citation


# --- thresholds


def test_every_threshold_that_the_program_compares_with_is_asked_of_a_catalogue(catalogue: Catalogue) -> None:
    program = [path.read_text(encoding="utf-8") for path in (ROOT / "etl" / "flags").rglob("*.py")]
    queries = [path.read_text(encoding="utf-8") for path in (ROOT / "dashboard" / "metrics").glob("*.sql")]
    used = {name for text in program for name in re.findall(r'(?:thresholds|limits)\["(\w+)"\]', text)}
    used |= {name for text in queries for name in re.findall(r"dim_threshold WHERE rule = '(\w+)'", text)}

    assert len(used) > 30
    assert used <= set(NEEDED_THRESHOLDS)
    assert set(NEEDED_THRESHOLDS) == {row.rule for row in catalogue.thresholds}
