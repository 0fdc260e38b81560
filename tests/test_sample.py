"""The simulated sample: it adds up to the signed report, says that it is simulated, and is the same each time."""

import csv
import hashlib
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from python_calamine import CalamineWorkbook

from etl.catalogue import Catalogue, load_catalogue
from etl.catalogue_checks import CatalogueError
from etl.periods import Period, due_on
from etl.sample import SampleReturn, invent_returns, write_sample
from etl.sample_figures import draw_within, signed_totals
from etl.sample_models import PHRASES

FIELDS = {
    "Kinh tế": "kinh_te",
    "Văn hóa - xã hội": "van_hoa_xa_hoi",
    "Quốc phòng - an ninh": "quoc_phong_an_ninh",
    "Xây dựng hệ thống chính trị": "he_thong_chinh_tri",
    "Khác": "khac",
    "Chưa phân lĩnh vực": "chua_phan",
}
REGISTERED, RECOGNISED, AWARDED, KEPT = (
    "mo_hinh_dang_ky",
    "mo_hinh_cong_nhan",
    "mo_hinh_khen_thuong",
    "mo_hinh_duy_tri",
)


@dataclass(frozen=True)
class ReadReturn:
    """One sample workbook as a plain reader sees it."""

    unit: str
    year: int
    info: dict[str, Any]
    values: dict[tuple[str, str | None], int]
    totals: dict[str, Any]
    models: list[dict[str, Any]]
    titles: list[str]


@pytest.fixture(scope="session")
def sample_folder(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    assert write_sample(catalogue, folder) == 29 * 16
    return folder


@pytest.fixture(scope="session")
def returns(catalogue: Catalogue, sample_folder: Path) -> list[ReadReturn]:
    return list(read_all(catalogue, sample_folder))


@pytest.fixture(scope="session")
def extended(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    folder = tmp_path_factory.mktemp("extended") / "catalogue"
    shutil.copytree(catalogue.folder, folder)
    with (folder / "indicators.csv").open("a", encoding="utf-8") as rows:
        rows.write("mo_hinh_so,Mô hình chuyển đổi số,Chuyển đổi số,mô hình,true,flow,15,Mô hình chuyển đổi số.\n")
        rows.write("lop_hoc,Lớp tập huấn,Tập huấn,lớp,false,flow,16,Số lớp tập huấn trong kỳ.\n")
    return load_catalogue(folder)


def read_all(catalogue: Catalogue, folder: Path) -> Iterator[ReadReturn]:
    by_heading = {
        item.short_label if item.by_linh_vuc else item.label: item.indicator_id for item in catalogue.indicators
    }
    for path in sorted(folder.glob("*/*.xlsx")):
        book = CalamineWorkbook.from_path(path)
        sheets = [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names[:4]]
        info, models, activities, register = (sheet[5:] for sheet in sheets)
        values: dict[tuple[str, str | None], int] = {}
        for row in models[1:-1]:
            for heading, cell in zip(models[0][1:], row[1:], strict=True):
                if cell != "":
                    values[by_heading[str(heading)], FIELDS[str(row[0])]] = int(cell)  # type: ignore[arg-type]
        values |= {(by_heading[str(row[0])], None): int(row[2]) for row in activities[1:] if row[2] != ""}  # type: ignore[arg-type]
        yield ReadReturn(
            unit=path.stem[:-5],
            year=int(path.parent.name),
            info={str(row[0]): row[1] for row in info},
            values=values,
            totals={by_heading[str(h)]: cell for h, cell in zip(models[0][1:], models[-1][1:], strict=True)},
            models=[dict(zip(map(str, register[0]), row, strict=True)) for row in register[1:]],
            titles=[str(sheet[4][0]) for sheet in sheets],
        )


def sums(returns: list[ReadReturn]) -> Counter[tuple[str, str | None]]:
    total: Counter[tuple[str, str | None]] = Counter()
    for item in returns:
        for (indicator, field), value in item.values.items():
            total[indicator, field] += value
            if field:
                total[indicator, None] += value
    return total


def by_unit_year_field(item: ReadReturn, indicator: str) -> dict[str | None, int]:
    return {field: value for (name, field), value in item.values.items() if name == indicator}


def test_sample_adds_up_to_every_total_of_the_signed_report(catalogue: Catalogue, returns: list[ReadReturn]) -> None:
    found = sums(returns)

    assert {key: found[key] for key in signed_totals(catalogue)} == signed_totals(catalogue)


def test_signed_totals_are_the_headline_ones(catalogue: Catalogue) -> None:
    totals = signed_totals(catalogue)

    assert totals[RECOGNISED, None] == 6540
    assert totals[AWARDED, None] == 1360
    assert ("mo_hinh_xay_dung", None) not in totals


def test_models_without_a_field_are_the_gap_of_the_report(returns: list[ReadReturn]) -> None:
    assert sums(returns)[RECOGNISED, "chua_phan"] == 6540 - (1621 + 3391 + 957 + 564)


def test_total_rows_are_the_sums_of_their_columns(returns: list[ReadReturn]) -> None:
    for item in returns:
        for indicator, total in item.totals.items():
            column = by_unit_year_field(item, indicator)
            assert total == (sum(column.values()) if column else "")


def test_every_unit_but_the_clusters_reports_every_year(catalogue: Catalogue, returns: list[ReadReturn]) -> None:
    expected = {unit.don_vi_id for unit in catalogue.don_vi if unit.kind != "cum"}
    years: dict[str, set[int]] = defaultdict(set)
    for item in returns:
        years[item.unit].add(item.year)

    assert set(years) == expected
    assert all(found == set(range(2009, 2025)) for found in years.values())


def test_awarded_models_are_recognised_and_recognised_ones_registered(returns: list[ReadReturn]) -> None:
    for item in returns:
        registered = by_unit_year_field(item, REGISTERED)
        recognised = by_unit_year_field(item, RECOGNISED)
        for field, awarded in by_unit_year_field(item, AWARDED).items():
            assert awarded <= recognised[field] <= registered[field]


def test_kept_models_never_outnumber_those_there_were(returns: list[ReadReturn]) -> None:
    earlier: Counter[tuple[str, str | None]] = Counter()
    for item in sorted(returns, key=lambda item: item.year):
        for field, kept in by_unit_year_field(item, KEPT).items():
            assert kept <= earlier[item.unit, field]
        for field, recognised in by_unit_year_field(item, RECOGNISED).items():
            earlier[item.unit, field] += recognised


def test_communes_with_models_fit_the_district_and_its_models(catalogue: Catalogue, returns: list[ReadReturn]) -> None:
    communes = {(row.don_vi_id, row.year): row.commune_count for row in catalogue.don_vi_year}
    for item in returns:
        reached = item.values.get(("xa_co_mo_hinh", None))
        if catalogue.unit_by_id[item.unit].is_district and item.values:
            live = [*by_unit_year_field(item, RECOGNISED).values(), *by_unit_year_field(item, KEPT).values()]
            assert reached is not None
            assert reached <= sum(live)
            assert 1 <= reached <= (communes[item.unit, item.year] or 0)
        else:
            assert reached is None


def test_districts_grow_with_their_communes_and_others_stay_small(
    catalogue: Catalogue, returns: list[ReadReturn]
) -> None:
    districts = {unit.don_vi_id for unit in catalogue.don_vi if unit.is_district}
    of_districts = sums([item for item in returns if item.unit in districts])[RECOGNISED, None]

    assert 0.8 < of_districts / 6540 < 0.95
    assert (
        sums([i for i in returns if i.unit == "thang_binh"])[RECOGNISED, None]
        > sums([i for i in returns if i.unit == "nong_son"])[RECOGNISED, None]
    )


def test_pandemic_years_dip(returns: list[ReadReturn]) -> None:
    yearly = {year: sums([i for i in returns if i.year == year])[RECOGNISED, None] for year in (2019, 2020, 2021, 2024)}

    assert max(yearly[2020], yearly[2021]) < min(yearly[2019], yearly[2024])


def test_a_few_returns_are_late_blank_or_signed_as_nothing(catalogue: Catalogue, returns: list[ReadReturn]) -> None:
    states = Counter()
    for item in returns:
        due = due_on(Period("nam", item.year, item.year), catalogue.deadlines)
        assert due is not None and item.info["Ngày chốt số liệu"] <= item.info["Ngày gửi"]
        states["late"] += item.info["Ngày gửi"] > due
        states["not_arising"] += item.info["Không phát sinh"] == "x"
        states["blank"] += not item.values and item.info["Không phát sinh"] == ""

    assert states == {"late": 8, "not_arising": 4, "blank": 4}


def test_last_returns_stop_before_the_report_was_signed(returns: list[ReadReturn]) -> None:
    last = [item.info for item in returns if item.year == 2024]

    assert {info["Ngày chốt số liệu"] for info in last} == {date(2024, 9, 30)}
    assert max(info["Ngày gửi"] for info in last) <= date(2024, 10, 10)


def test_simulation_is_marked_on_every_sheet_of_every_workbook(returns: list[ReadReturn]) -> None:
    assert {title for item in returns for title in item.titles} == {"DỮ LIỆU MÔ PHỎNG"}
    assert {item.info["Dữ liệu mô phỏng"] for item in returns} == {"x"}


def test_register_lists_each_recognised_model_once(returns: list[ReadReturn]) -> None:
    names: set[tuple[str, str]] = set()
    for item in returns:
        begun = [model for model in item.models if model["Năm bắt đầu"] == item.year]
        listed = Counter(FIELDS[model["Lĩnh vực"]] for model in begun)
        awarded = Counter(FIELDS[m["Lĩnh vực"]] for m in begun if m["Tình trạng"] == "Khen thưởng")
        assert listed == +Counter(by_unit_year_field(item, RECOGNISED))
        assert awarded == +Counter(by_unit_year_field(item, AWARDED))
        names |= {(item.unit, model["Tên mô hình"]) for model in item.models}

    assert len(names) == 6540


def test_register_lists_again_the_earlier_models_that_were_replicated_or_stopped(returns: list[ReadReturn]) -> None:
    begun: set[tuple[str, str]] = set()
    for item in sorted(returns, key=lambda item: item.year):
        earlier = [model for model in item.models if model["Năm bắt đầu"] < item.year]
        stopped = Counter(FIELDS[model["Lĩnh vực"]] for model in earlier if model["Tình trạng"] == "Dừng")
        assert {model["Tình trạng"] for model in earlier} <= {"Nhân rộng", "Dừng"}
        assert stopped == +Counter(by_unit_year_field(item, "mo_hinh_dung"))
        assert {(item.unit, model["Tên mô hình"]) for model in earlier} <= begun
        begun |= {(item.unit, model["Tên mô hình"]) for model in item.models}


def test_places_and_people_of_the_register_are_plainly_invented(returns: list[ReadReturn]) -> None:
    for item in returns:
        assert item.info["Người lập biểu"] == item.info["Người ký"] == "(mô phỏng)"
        for model in item.models:
            assert model["Đơn vị chủ trì"].endswith("(mô phỏng)")
            assert model["Xã, phường, thị trấn"] in ("",) or model["Xã, phường, thị trấn"].endswith("(mô phỏng)")


def test_register_entries_come_from_the_lists(catalogue: Catalogue, returns: list[ReadReturn]) -> None:
    labels = {choice.label for choice in catalogue.lists} | {""}
    for item in returns:
        for model in item.models:
            for column in ("Loại", "Tình trạng", "Cấp khen thưởng", "Chủ đề", "Địa bàn đặc thù"):
                assert model[column] in labels


def test_phrases_belong_to_known_fields_and_themes(catalogue: Catalogue) -> None:
    themes = {choice.id for choice in catalogue.lists if choice.list == "chu_de"}

    assert set(PHRASES) <= set(catalogue.linh_vuc_by_id)
    assert {theme for phrases in PHRASES.values() for _, theme in phrases} <= themes


def test_same_seed_gives_the_same_bytes(catalogue: Catalogue, sample_folder: Path, tmp_path: Path) -> None:
    write_sample(catalogue, tmp_path)

    assert digest(tmp_path) == digest(sample_folder)


def test_another_seed_gives_other_figures_with_the_same_totals(catalogue: Catalogue) -> None:
    first, second = (invented_sums(invent_returns(catalogue, seed)) for seed in (1, 2))

    assert first != second
    assert {key: first[key] for key in signed_totals(catalogue) if key[1]} == {
        key: second[key] for key in signed_totals(catalogue) if key[1]
    }


def test_indicators_added_to_the_catalogue_are_in_the_sample(extended: Catalogue) -> None:
    added = invented_sums(invent_returns(extended, 2024))

    assert 0 < added["mo_hinh_so", "kinh_te"] < 1621
    assert added["lop_hoc", None] > 0


def test_sample_refuses_a_report_without_recognised_models(catalogue: Catalogue, tmp_path: Path) -> None:
    folder = tmp_path / "catalogue"
    shutil.copytree(catalogue.folder, folder)
    lines = (folder / "published_totals.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if "bao_cao_2024,Quảng Nam,,mo_hinh_cong_nhan" not in line]
    (folder / "published_totals.csv").write_text("".join(kept), encoding="utf-8")

    with pytest.raises(CatalogueError, match="mo_hinh_cong_nhan"):
        list(invent_returns(load_catalogue(folder), 2024))


def test_scaled_sample_is_a_larger_country_with_its_own_catalogue(catalogue: Catalogue, tmp_path: Path) -> None:
    assert write_sample(catalogue, tmp_path, scale=3) == 29 * 16 + 2

    larger = load_catalogue(tmp_path / "catalogue")
    with (tmp_path / "ban_03.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))

    assert larger.unit_by_id["tam_ky_2"].label == "Tam Kỳ (bản 2)"
    assert len([unit for unit in larger.don_vi if unit.kind != "cum"]) == 3 * 29
    assert list(rows[0]) == ["don_vi", "ky", "tu_nam", "den_nam", "chi_tieu", "linh_vuc", "gia_tri", "ghi_chu"]
    assert {row["ghi_chu"] for row in rows} == {"DỮ LIỆU MÔ PHỎNG"}
    assert {row["don_vi"] for row in rows} <= {unit.label for unit in larger.don_vi}
    assert 6540 < sum(int(row["gia_tri"]) for row in rows if row["chi_tieu"] == "Mô hình công nhận") < 2 * 6540


def test_no_two_copies_send_the_same_and_a_copy_is_the_same_in_any_scale(catalogue: Catalogue, tmp_path: Path) -> None:
    for scale in (2, 3):
        write_sample(catalogue, tmp_path / str(scale), scale=scale)

    second, third = ((tmp_path / "3" / f"ban_0{copy}.csv").read_text(encoding="utf-8-sig") for copy in (2, 3))
    assert second == (tmp_path / "2" / "ban_02.csv").read_text(encoding="utf-8-sig")
    assert second.replace("(bản 2)", "(bản 3)") != third


def test_drawing_within_caps_is_exact_and_never_exceeds_them() -> None:
    caps = np.array([[3, 0], [5, 1]])

    drawn = draw_within(7, caps, np.ones_like(caps, dtype=float), np.random.default_rng(0))

    assert drawn.sum() == 7
    assert (drawn <= caps).all()


def invented_sums(returns: Iterator[SampleReturn]) -> Counter[tuple[str, str | None]]:
    total: Counter[tuple[str, str | None]] = Counter()
    for item in returns:
        total.update(item.content.values)
    return total


def digest(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*.xlsx")
    }
