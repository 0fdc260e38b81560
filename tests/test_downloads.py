"""The part “Tải về” of the page Trình chiếu: what is offered, under which names, and that it is what was asked for."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from pptx import Presentation
from streamlit.testing.v1 import AppTest

from dashboard.choice import Choice
from dashboard.downloads import DOWNLOADS, Wanted, file_name
from dashboard.slides import picked
from dashboard.warehouse import Warehouse
from etl.catalogue import Catalogue
from tests import warehouses
from tests.test_frozen import freeze_rows
from tests.test_pages import open_page, text_of

PART: Mapping[str, str] = {"hoi_nghi": "tai_ve"}


def publish(folder: Path, monkeypatch: pytest.MonkeyPatch, *, simulated: bool) -> None:
    monkeypatch.setenv("DVK_DATA", str(folder))
    place = folder / "sample" / "warehouse" if simulated else folder / "warehouse"
    warehouses.publish(place, warehouses.three_districts(simulated=simulated))


def offered(app: AppTest) -> dict[str, str]:
    """Return the labels of the buttons that hand out a file, by their keys."""
    found = {}
    for element in app.get("download_button"):
        key = element.proto.id.rsplit("-", 1)[-1]
        found[key] = element.proto.label
    return found


def test_everything_that_can_be_made_at_once_is_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tmp_path, monkeypatch, simulated=False)

    app = open_page("trinh_chieu", **PART)

    assert not app.exception
    assert offered(app) == {
        "tai_deck": "Tải bộ trang chiếu (.pptx)",
        "tai_handout": "Tải tài liệu phát (.docx)",
        "tai_report": "Tải phần kết quả của báo cáo (.docx)",
        "tai_data": "Tải số liệu (.xlsx)",
    }


@pytest.mark.parametrize("simulated", [False, True])
def test_a_file_s_name_says_period_unit_internal_use_and_simulation(tmp_path: Path, simulated: bool) -> None:
    warehouse = Warehouse(warehouses.publish(tmp_path, warehouses.three_districts(simulated=simulated)))
    mark = "_mo_phong" if simulated else ""

    whole = file_name("deck", ".pptx", warehouse, Choice(2022, 2024, None))
    one = file_name("data", ".xlsx", warehouse, Choice(2024, 2024, "tam_ky"), with_support=True)

    assert whole == f"trang_chieu_2022-2024{mark}.pptx"
    assert one == f"so_lieu_tam_ky_2024_noi_bo{mark}.xlsx"


def test_profiles_are_made_when_asked_for_and_forgotten_when_something_else_is_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path, monkeypatch, simulated=True)
    app = open_page("trinh_chieu", **PART)
    app.multiselect[0].set_value(["hoi_an"])

    app.button(key="lap_profiles").click().run()

    assert not app.exception
    assert offered(app)["tai_profiles"] == "Tải hồ sơ đơn vị (.zip)"
    with zipfile.ZipFile(io.BytesIO(app.session_state["goi_profiles"][1])) as bundle:
        assert bundle.namelist() == ["ho_so_hoi_an_2022-2024_mo_phong.docx"]

    app.multiselect[0].set_value(["tam_ky"]).run()
    assert "tai_profiles" not in offered(app)


def test_letters_are_made_of_the_latest_figures_only(
    tmp_path: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DVK_DATA", str(tmp_path))
    freeze_rows(tmp_path, warehouses.one_district(), "Tổng duyệt", "ban-1", catalogue)
    warehouses.publish(tmp_path / "warehouse", warehouses.three_districts(simulated=False))

    latest = open_page("trinh_chieu", **PART)
    latest.button(key="lap_letters").click().run()
    with zipfile.ZipFile(io.BytesIO(latest.session_state["goi_letters"][1])) as bundle:
        assert "danh_sach.txt" in bundle.namelist() and len(bundle.namelist()) > 1
    assert not latest.exception

    frozen = open_page("trinh_chieu", **PART, ban="ban-1")
    assert "Công văn nhắc luôn viết theo số liệu mới nhất" in text_of(frozen)
    assert [button.key for button in frozen.button if button.key == "lap_letters"] == []


def test_without_a_snapshot_there_is_nothing_to_take_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVK_DATA", str(tmp_path))

    app = open_page("trinh_chieu", **PART)

    assert not app.exception and offered(app) == {}


@pytest.mark.parametrize("rows", [warehouses.published_only, warehouses.one_district])
@pytest.mark.parametrize("key", DOWNLOADS)
def test_published_totals_or_one_district_are_enough_for_every_file(tmp_path: Path, rows: object, key: str) -> None:
    assert callable(rows)
    warehouse = Warehouse(warehouses.publish(tmp_path, rows()))

    content = DOWNLOADS[key].make(warehouse, Choice(2022, 2024, None), Wanted(with_support=True, wide=False))

    assert zipfile.is_zipfile(io.BytesIO(content))


def test_a_deck_takes_the_slides_chosen_for_presenting_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path, monkeypatch, simulated=False)
    own = ("linh_vuc", "mo_dau")

    chosen = open_page("trinh_chieu", **PART, trang=",".join(own))
    usual = open_page("trinh_chieu", **PART)

    sets = [next(box for box in app.selectbox if box.label == "Bộ trang").options for app in (chosen, usual)]
    assert sets == [["2 trang đã chọn ở phần Trình chiếu", "5 phút", "Đầy đủ"], ["5 phút", "Đầy đủ"]]
    warehouse = Warehouse(warehouses.publish(tmp_path / "b", warehouses.three_districts()))
    deck = DOWNLOADS["deck"].make(warehouse, Choice(2022, 2024, None), Wanted(slides=own))
    made = [slide.shapes.title.text for slide in Presentation(io.BytesIO(deck)).slides]
    assert made == [slide.title for slide in picked(warehouse, Choice(2022, 2024, None), own)]
    assert len(made) == 2
