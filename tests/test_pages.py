"""Every page through app.py, as a viewer meets it."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from tests import warehouses

ROOT = Path(__file__).parent.parent
PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DVK_DATA", str(tmp_path))
    return tmp_path


def open_page(page: str, **link: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.run()
    app.switch_page(f"pages/{page}.py")
    for name, value in link.items():
        app.query_params[name] = value
    return app.run()


def text_of(app: AppTest) -> str:
    """Return everything the page says, without markup."""
    bodies = [element.proto.body for element in app.get("html")]
    notes = [element.value for kind in (app.info, app.warning, app.error) for element in kind]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", "\n".join([*bodies, *notes]))).split())


def charts_of(app: AppTest) -> list[Any]:
    """Return the page's charts, each checked: where plotly does not know a property, or its value, it raises."""
    charts = [chart.proto.spec for chart in app.get("plotly_chart")]
    for chart in charts:
        go.Figure(json.loads(chart))
    return charts


@pytest.mark.parametrize("page", PAGES)
def test_page_shows_without_error_and_marks_simulated_data(page: str, data: Path) -> None:
    warehouses.publish(data / "sample" / "warehouse", warehouses.three_districts())

    app = open_page(page)

    assert not app.exception and not app.error
    assert "DỮ LIỆU MÔ PHỎNG" in text_of(app)
    assert all("DỮ LIỆU MÔ PHỎNG" in chart or "M\\u00d4 PH" in chart for chart in charts_of(app))


def test_overview_shows_the_warehouses_totals_beside_the_signed_reports(data: Path) -> None:
    warehouses.publish(data / "sample" / "warehouse", warehouses.three_districts())

    text = text_of(open_page("tong_quan"))

    assert re.search(r"Mô hình công nhận 118 mô hình Báo cáo 10/10/2024: 107; thừa 11", text)
    assert re.search(r"Kiểm tra, đánh giá 1\.245 cuộc Báo cáo 10/10/2024: 1\.236; thừa 9", text)
    assert "Báo cáo 10/10/2024: 9; khớp" in text
    assert "Xây dựng hệ thống chính trị chỉ chiếm 5,9% số mô hình" in text
    assert "Số liệu chốt đến 30/9/2024 · 3/3 đơn vị cấp huyện đã báo cáo năm 2024" in text
    assert "tỷ trọng trên 118 mô hình" in text
    assert "2/3 đơn vị cấp huyện đủ số liệu" in text


def test_real_figures_carry_no_mark_of_simulation(data: Path) -> None:
    warehouses.publish(data / "warehouse", warehouses.three_districts(simulated=False))

    app = open_page("tong_quan")

    assert "MÔ PHỎNG" not in text_of(app)
    assert not any("MÔ PHỎNG" in chart or "M\\u00d4 PH" in chart for chart in charts_of(app))


def test_page_of_years_shows_the_indicator_of_its_first_chart_once(data: Path) -> None:
    warehouses.publish(data / "sample" / "warehouse", warehouses.three_districts())

    same = open_page("nam", chi_tieu="mo_hinh_cong_nhan")
    other = open_page("nam", chi_tieu="kiem_tra")

    assert not same.exception and not same.error and len(charts_of(same)) == 1
    assert "là biểu đồ đầu trang" in text_of(same)
    assert not other.error and len(charts_of(other)) == 2


@pytest.mark.parametrize("page", PAGES)
def test_page_survives_a_single_district(page: str, data: Path) -> None:
    warehouses.publish(data / "warehouse", warehouses.one_district())

    app = open_page(page)

    assert not app.exception and not app.error
    assert "1/3 đơn vị cấp huyện đã báo cáo năm 2024" in text_of(app)


def test_one_district_does_not_pass_for_the_province(data: Path) -> None:
    warehouses.publish(data / "warehouse", warehouses.one_district())

    text = text_of(open_page("linh_vuc"))

    assert "Chưa đủ số liệu để kết luận lĩnh vực nào yếu" in text
    assert "0/3 đơn vị cấp huyện đủ số liệu" in text


def test_published_totals_stand_alone_until_a_return_comes(data: Path) -> None:
    warehouses.publish(data / "warehouse", warehouses.published_only())

    text = text_of(open_page("tong_quan"))

    assert re.search(r"Mô hình công nhận 107 mô hình Số của Báo cáo 10/10/2024; chưa có báo cáo", text)
    assert "Chưa có báo cáo nào của các đơn vị" in text
    assert "Chưa có số liệu của từng huyện" in text


@pytest.mark.parametrize("page", PAGES)
def test_empty_store_says_what_to_do(page: str, data: Path) -> None:
    app = open_page(page)

    assert not app.exception and not app.error
    assert "Chưa có số liệu" in text_of(app)
    assert "python -m etl load" in text_of(app)
    assert "python run.py" in text_of(app)


def test_damaged_store_is_explained_without_a_traceback(data: Path) -> None:
    folder = data / "warehouse"
    folder.mkdir()
    (folder / "CURRENT").write_text("hong")
    (folder / "hong.duckdb").write_bytes(b"x" * 4096)

    app = open_page("tong_quan")

    assert not app.exception
    assert "python -m etl verify" in app.error[0].value


@pytest.mark.parametrize(
    "link",
    [
        {"tu": "abc", "don_vi": "';--"},
        {"den": "20240"},
        {"don_vi": "x" * 10_000},
        {"tu": "²⁰²²"},
        {"chi_tieu": "../x"},
        {"nam": "abc"},
    ],
)
def test_bad_link_gives_the_default_with_a_notice(link: dict[str, str], data: Path) -> None:
    warehouses.publish(data / "sample" / "warehouse", warehouses.three_districts())

    app = open_page("hoat_dong", **link)

    assert not app.exception and not app.error
    assert "Đường dẫn có giá trị không dùng được" in text_of(app)
    assert app.selectbox(key="tu").value == 2022
    assert app.selectbox(key="chi_tieu").value == "kiem_tra"
    assert app.selectbox(key="don_vi").value == ""


def test_link_chooses_period_unit_and_indicator(data: Path) -> None:
    warehouses.publish(data / "sample" / "warehouse", warehouses.three_districts())

    app = open_page("hoat_dong", tu="2022", den="2022", don_vi="tam_ky", chi_tieu="mo_hinh_cong_nhan")

    text = text_of(app)
    assert re.search(r"Mô hình công nhận 18 mô hình", text)
    assert "Tam Kỳ: 18 mô hình (2022)" in text
    assert app.query_params["don_vi"] == "tam_ky"
    assert app.query_params["chi_tieu"] == "mo_hinh_cong_nhan"


def test_choice_is_kept_on_the_next_page(data: Path) -> None:
    warehouses.publish(data / "sample" / "warehouse", warehouses.three_districts())
    app = open_page("tong_quan")

    app.selectbox(key="don_vi").set_value("hoi_an").run()
    app.selectbox(key="den").set_value(2022).run()
    app.switch_page("pages/linh_vuc.py").run()

    assert "Hội An" in text_of(app)
    assert app.selectbox(key="den").value == 2022
    assert app.query_params["don_vi"] == "hoi_an"


def test_thresholds_decided_for_the_province_judge_no_single_unit(data: Path) -> None:
    warehouses.publish(data / "sample" / "warehouse", warehouses.three_districts())

    text = text_of(open_page("linh_vuc", don_vi="tam_ky"))

    assert "Tam Kỳ: Xây dựng hệ thống chính trị ít nhất, 4,3% số mô hình" in text
    assert "Tam Kỳ: Xây dựng hệ thống chính trị và Quốc phòng - an ninh dưới ngưỡng theo dõi" not in text
    assert "Xây dựng hệ thống chính trị và Quốc phòng - an ninh dưới ngưỡng theo dõi" in text


def test_period_typed_backwards_is_turned_round_and_said(data: Path) -> None:
    warehouses.publish(data / "sample" / "warehouse", warehouses.three_districts())

    text = text_of(open_page("tong_quan", tu="2024", den="2023"))

    assert "đang hiển thị giai đoạn 2023-2024" in text


def test_every_indicator_of_the_warehouse_is_offered(data: Path) -> None:
    rows = warehouses.three_districts()
    rows["dim_indicator"].append(
        {**rows["dim_indicator"][3], "indicator_id": "van_nghe", "label": "Hội diễn văn nghệ", "position": 99}
    )
    warehouses.publish(data / "sample" / "warehouse", rows)

    app = open_page("hoat_dong", chi_tieu="van_nghe")

    assert "Hội diễn văn nghệ" in app.selectbox(key="chi_tieu").options
    assert "Chưa có số liệu từng năm: Hội diễn văn nghệ" in text_of(app)


def test_non_district_units_are_listed_apart(data: Path) -> None:
    warehouses.publish(data / "sample" / "warehouse", warehouses.three_districts())

    text = text_of(open_page("hoat_dong", chi_tieu="mo_hinh_cong_nhan"))

    assert "3/3 đơn vị cấp huyện có số liệu: 108 mô hình" in text
    assert "1/1 cơ quan cấp tỉnh và đảng bộ trực thuộc có số liệu: 10 mô hình" in text


def test_dictionary_is_searched_without_diacritics(data: Path) -> None:
    warehouses.publish(data / "sample" / "warehouse", warehouses.three_districts())
    app = open_page("tu_dien")

    app.text_input(key="tim").set_value("khen thuong").run()
    assert "Mô hình được khen thưởng" in text_of(app)
    assert "Hội nghị đối thoại" not in text_of(app)
    app.text_input(key="tim").set_value("không có từ này").run()
    assert "Không có mục nào" in text_of(app)


@pytest.mark.parametrize("page", PAGES)
def test_page_run_without_the_router_shows_nothing(page: str, data: Path) -> None:
    warehouses.publish(data / "sample" / "warehouse", warehouses.three_districts())

    app = AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=30).run()

    assert not app.exception
    assert [note.value for note in app.info] == [
        "Trang này chỉ xem được từ trang chính của chương trình. Hãy mở lại từ địa chỉ gốc."
    ]
    assert not app.get("html") and not app.get("plotly_chart")


@pytest.mark.parametrize("page", PAGES)
def test_page_starts_with_its_guard_and_stays_thin(page: str) -> None:
    lines = (ROOT / "pages" / f"{page}.py").read_text(encoding="utf-8").splitlines()
    statements = [line for line in lines[1:] if line and not line.startswith(("from ", "import "))]

    assert statements[0] == "context = ui.require_router()"
    assert len(lines) < 45


def test_error_in_a_page_reaches_the_log_and_not_the_viewer(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    warehouses.publish(data / "sample" / "warehouse", warehouses.three_districts())
    monkeypatch.setattr("dashboard.exhibits.field_shares", lambda *_: 1 / 0)

    app = open_page("tong_quan")

    assert not app.exception
    assert "ZeroDivision" not in text_of(app)
    assert "đã được ghi lại" in app.error[0].value
