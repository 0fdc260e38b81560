"""What a form carries over from the period before, and how it is told from what a sender typed."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from etl.carried import Carried
from etl.catalogue import Catalogue
from etl.examining import examine
from etl.periods import Period
from etl.template import Content, write_template
from etl.vocabulary import Vocabulary
from tests.files import load, run_etl, through_libreoffice
from tests.grids import INFO, Read, copy
from tests.grids import periodic as grid

TABLES = ["Thông tin", "Biểu 01", "Biểu 02", "Biểu 03"]
YEAR_2023, YEAR_2024 = Period("nam", 2023, 2023), Period("nam", 2024, 2024)
KEPT = {("mo_hinh_duy_tri", "kinh_te"): 9, ("mo_hinh_duy_tri", "van_hoa_xa_hoi"): 20, ("mo_hinh_dang_ky", "kinh_te"): 2}
MODELS: list[dict[str, str | int]] = [
    {
        "name": "Tiếng kẻng an ninh",
        "linh_vuc": "quoc_phong_an_ninh",
        "commune": "Xã Một",
        "host": "Công an xã",
        "kind": "tap_the",
        "start_year": 2021,
        "status": "duy_tri",
        "award_level": "huyen",
        "theme": "khac",
        "area_kind": "khong",
    },
    {"name": "=HYPERLINK(1)", "linh_vuc": "chua_phan", "status": "cong_nhan"},
    {"name": "Đã thôi", "linh_vuc": "kinh_te", "status": "dung"},
]


def sent(catalogue: Catalogue, data: Path, period: Period, content: Content, unit: str = "thang_binh") -> None:
    """Load a unit's filled form."""
    path = data.parent / f"{unit}_{period.to_year}_{period.kind}.xlsx"
    write_template(catalogue, catalogue.unit_by_id[unit], period, path, content)
    (file,) = load(path, data=data)["files"]
    assert file["returns"], file["issues"]


def asked(data: Path, output: Path, *options: str, unit: str = "thang_binh", year: int = 2024) -> Any:
    """Ask for a unit's prefilled form; return (what the command says, the form as openpyxl reads it)."""
    done = run_etl("template", "--don-vi", unit, "--ky", year, *options, "--prefill", "-o", output, data=data)
    assert done.returncode == 0, done.stderr
    return done.stdout, openpyxl.load_workbook(output)


def kept(book: Any) -> dict[str, Any]:
    """Return the column Duy trì, by field."""
    return {row[0]: row[3] for row in book["Biểu 01"].iter_rows(min_row=7, max_col=4, values_only=True)}


def register(book: Any) -> list[tuple[Any, ...]]:
    return [row[1:11] for row in book["Biểu 03"].iter_rows(min_row=7, max_col=11, values_only=True) if row[1]]


@pytest.fixture
def data(catalogue: Catalogue, tmp_path: Path) -> Path:
    """A store with one unit's return for 2023."""
    folder = tmp_path / "data"
    sent(catalogue, folder, YEAR_2023, Content(values=KEPT, models=MODELS))
    return folder


def test_register_is_carried_over_without_what_was_dropped(data: Path, tmp_path: Path) -> None:
    said, book = asked(data, tmp_path / "form.xlsx")

    assert register(book) == [
        (
            "Tiếng kẻng an ninh",
            "Quốc phòng - an ninh",
            "Xã Một",
            "Công an xã",
            "Tập thể",
            2021,
            "Duy trì",
            "Cấp huyện",
            "Chủ đề khác",
            "Không thuộc địa bàn đặc thù",
        ),
        ("=HYPERLINK(1)", "Chưa phân lĩnh vực", None, None, None, None, "Công nhận", None, None, None),
    ]
    assert book["Biểu 03"]["B8"].data_type == "s"
    assert "chuyển 2 mô hình từ báo cáo năm 2023" in said


def test_kept_models_are_carried_over_in_a_style_of_their_own(data: Path, tmp_path: Path) -> None:
    _, book = asked(data, tmp_path / "form.xlsx")
    sheet = book["Biểu 01"]
    rule = next(rule for rule in sheet.data_validations.dataValidation if "D7" in rule.sqref)

    assert kept(book) == dict.fromkeys(kept(book)) | {"Kinh tế": 9, "Văn hóa - xã hội": 20}
    assert {sheet[cell].fill.fgColor.rgb for cell in ("D7", "D8")} == {"FFCFE2F3"}
    assert sheet["D9"].fill.fgColor.rgb == sheet["B7"].fill.fgColor.rgb == "FFFFFDF2"
    assert rule.prompt == "Số kỳ trước chuyển sang (năm 2023): sửa lại cho đúng kỳ này."
    assert "Ô nền xanh: số kỳ trước chuyển sang" in sheet["A4"].value
    assert sheet["B7"].value is None
    assert any("chưa phải số của kỳ này" in str(cell.value) for (cell,) in book["Thông tin"].iter_rows(max_col=1))


def test_form_that_comes_back_with_the_carried_figures_is_warned_about(
    data: Path, catalogue: Catalogue, tmp_path: Path
) -> None:
    _, book = asked(data, tmp_path / "form.xlsx")
    as_it_was = examine(tmp_path / "form.xlsx", "form.xlsx", catalogue.folder)
    book["Biểu 01"]["D7"] = 8
    book.save(tmp_path / "form.xlsx")
    changed = examine(tmp_path / "form.xlsx", "form.xlsx", catalogue.folder)

    assert [(issue.rule, issue.level, issue.cell) for issue in as_it_was.issues] == [("so_ky_truoc", "canh_bao", "D7")]
    assert changed.issues == []


@pytest.mark.parametrize("editor", ["openpyxl", pytest.param("libreoffice", marks=pytest.mark.libreoffice)])
def test_prefilled_form_filled_in_keeps_its_rules_and_loads(
    data: Path, tmp_path: Path, editor: str, request: pytest.FixtureRequest
) -> None:
    path = tmp_path / "form.xlsx"
    asked(data, path)
    if editor == "libreoffice":
        path = through_libreoffice(request.getfixturevalue("soffice"), path, tmp_path)
    book = openpyxl.load_workbook(path)
    rules = [rule for sheet in TABLES for rule in book[sheet].data_validations.dataValidation]
    book["Biểu 01"]["D7"], book["Biểu 01"]["C7"] = 11, 4
    book["Biểu 03"]["B9"], book["Biểu 03"]["C9"] = "Mô hình mới", "Kinh tế"
    book.save(path)

    (file,) = load(path, data=data)["files"]

    assert file["status"] in ("accepted", "accepted_with_warnings")
    assert "so_ky_truoc" not in {issue["rule"] for issue in file["issues"]}
    assert any("Số kỳ trước chuyển sang (năm 2023)" in (rule.prompt or "") for rule in rules)
    assert {rule.formula1.removeprefix("=") for rule in rules if rule.type == "list"} >= {
        "ds_linh_vuc",
        "ds_tinh_trang",
    }
    assert all("Chọn một mục" in rule.error for rule in rules if rule.type == "list")
    assert all(book[sheet].protection.sheet for sheet in TABLES)
    assert book["Biểu 01"]["A7"].protection.locked and not book["Biểu 01"]["D7"].protection.locked
    assert "ds_linh_vuc" in book.defined_names


@pytest.mark.libreoffice
def test_carried_figures_are_known_again_after_libreoffice(
    soffice: str, data: Path, catalogue: Catalogue, tmp_path: Path
) -> None:
    asked(data, tmp_path / "form.xlsx")
    path = through_libreoffice(soffice, tmp_path / "form.xlsx", tmp_path)

    assert "so_ky_truoc" in {issue.rule for issue in examine(path, path.name, catalogue.folder).issues}


def test_unit_without_an_earlier_return_gets_the_empty_form(data: Path, tmp_path: Path) -> None:
    for unit, year in (("tam_ky", 2024), ("thang_binh", 2023)):
        said, book = asked(data, tmp_path / "form.xlsx", unit=unit, year=year)

        assert "biểu mẫu để trống" in said
        assert register(book) == []
        assert set(kept(book).values()) == {None}


def test_only_what_is_in_force_and_earlier_is_carried(catalogue: Catalogue, data: Path, tmp_path: Path) -> None:
    sent(catalogue, data, Period("6_thang", 2024, 2024), Content(values={("mo_hinh_duy_tri", "kinh_te"): 12}))
    sent(catalogue, data, YEAR_2024, Content(values={("mo_hinh_duy_tri", "kinh_te"): 99}))
    corrected = KEPT | {("mo_hinh_duy_tri", "kinh_te"): 10}
    sent(catalogue, data, YEAR_2023, Content(values=corrected, models=MODELS[:1]))

    _, half_year = asked(data, tmp_path / "half.xlsx", "--6-thang")
    said, year = asked(data, tmp_path / "year.xlsx")

    assert kept(half_year)["Kinh tế"] == 10
    assert kept(year) == dict.fromkeys(kept(year)) | {"Kinh tế": 12}
    assert len(register(year)) == 1  # the half-year left Biểu 03 blank, which says nothing
    assert "chuyển từ báo cáo 6 tháng đầu năm 2024" in said
    assert "1 mô hình từ báo cáo năm 2023" in said


def test_successor_does_not_take_its_predecessors_models(catalogue: Catalogue, tmp_path: Path) -> None:
    data = tmp_path / "data"
    sent(catalogue, data, YEAR_2023, Content(values=KEPT, models=MODELS), unit="nong_son")

    said, book = asked(data, tmp_path / "form.xlsx", unit="que_son")
    ended = run_etl(
        "template", "--don-vi", "nong_son", "--ky", "2025", "--prefill", "-o", tmp_path / "a.xlsx", data=data
    )

    assert "Huyện Nông Sơn không tự chuyển sang" in said
    assert register(book) == []
    assert ended.returncode == 2
    assert "Huyện Quế Sơn" in ended.stderr


def test_form_carried_from_simulated_returns_bears_their_mark(catalogue: Catalogue, tmp_path: Path) -> None:
    data = tmp_path / "data"
    sent(catalogue, data, YEAR_2023, Content(values=KEPT, models=MODELS, simulated=True))

    _, book = asked(data, tmp_path / "form.xlsx")

    assert {book[sheet]["A5"].value for sheet in TABLES} == {"DỮ LIỆU MÔ PHỎNG"}
    assert examine(tmp_path / "form.xlsx", "form.xlsx", catalogue.folder).is_simulated


def test_damaged_store_is_a_sentence_and_exit_4(data: Path, tmp_path: Path) -> None:
    for path in (data / "store" / "files").glob("*/models.parquet"):
        path.write_bytes(b"")

    done = run_etl(
        "template", "--don-vi", "thang_binh", "--ky", "2024", "--prefill", "-o", tmp_path / "a.xlsx", data=data
    )

    assert done.returncode == 4
    assert "Traceback" not in done.stderr


def test_carried_figures_and_those_of_the_period_are_told_apart(catalogue: Catalogue, tmp_path: Path) -> None:
    carried = Carried("năm 2023", {("mo_hinh_duy_tri", "kinh_te"): 7})
    content = Content(values={("mo_hinh_duy_tri", "van_hoa_xa_hoi"): 3}, carried=carried)

    write_template(catalogue, catalogue.unit_by_id["thang_binh"], YEAR_2024, tmp_path / "a.xlsx", content)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Biểu 01"]

    assert (sheet["D7"].value, sheet["D8"].value) == (7, 3)
    assert sheet["D7"].fill.fgColor.rgb != sheet["D8"].fill.fgColor.rgb
    assert [str(group.sqref) for group in sheet.conditional_formatting if "D7" in group.sqref] == ["D7"]


@pytest.mark.parametrize(
    ("present", "said", "expected"),
    [
        (1, 1, []),
        (3, 2, [("bieu_mau_cu", "ghi_chu")]),
        (3, 4, [("bieu_mau_la", "canh_bao")]),
        (3, 0, [("bieu_mau_la", "canh_bao")]),
        (3, "mới", [("bieu_mau_la", "canh_bao")]),
        (3, None, []),
    ],
)
def test_version_of_the_form_is_read_and_never_stops_a_return(
    catalogue: Catalogue, present: int, said: object, expected: list[tuple[str, str]]
) -> None:
    newer = replace(catalogue, layouts=catalogue.layouts.model_copy(update={"version": present}))

    read = Read(grid(info=[*copy(INFO), ["Phiên bản biểu mẫu", said]]), Vocabulary(newer))

    assert [(issue.rule, issue.level) for issue in read.issues if issue.rule.startswith("bieu_mau")] == expected
    assert len(read.figures) > 20
