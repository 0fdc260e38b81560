"""Frozen snapshots: figures that stay put, viewing pages as of one, and what changed since."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import duckdb
import pytest
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from dashboard import exhibits, frozen, markup
from dashboard.exhibits.differences import Side
from dashboard.provenance.trace import Slice
from dashboard.topics.differences import BY_NO_RETURN, differences, flag_differences
from dashboard.warehouse import LacksDataError, Warehouse
from etl import publish as publishing
from etl.catalogue import Catalogue
from etl.decisions import Impossible, withdraw
from etl.desk import Desk, Refused
from etl.frozen import freeze, frozen_damage, frozen_path, frozen_snapshots
from etl.publish import DamagedSnapshot, current, path_of
from etl.settings import Settings
from etl.store import digest_of
from tests import warehouses
from tests.browsing import served, settled
from tests.files import load, periodic, run_etl, write_file
from tests.test_pages import open_page
from tests.test_store import Killed, kill_at

ROOT = Path(__file__).parent.parent
REHEARSAL = "Tổng duyệt"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Settings:
    """Thăng Bình's 2023, frozen, then sent again: 7 instead of 4 models, inspections left blank, and 2022 besides."""
    folder = tmp_path_factory.mktemp("loaded")
    settings = Settings(folder / "data", catalogue.folder)
    load(write_file(folder / "cu.xlsx", periodic()), data=settings.data)
    freeze(settings, REHEARSAL, "Chánh Văn phòng", "trước hội nghị")
    sheets = periodic()
    sheets["Biểu 01"][1][2], sheets["Biểu 01"][5][2] = 7, 18
    sheets["Biểu 02"][2][2] = ""
    load(write_file(folder / "moi.xlsx", sheets), data=settings.data)
    load(write_file(folder / "them.xlsx", periodic(year=2022)), data=settings.data)
    return settings


@pytest.fixture
def settings(loaded: Settings, tmp_path: Path) -> Settings:
    """A copy of it to change."""
    return replace(loaded, data=shutil.copytree(loaded.data, tmp_path / "data"))


def opened(settings: Settings) -> tuple[Warehouse, Warehouse]:
    """Return what was frozen first and the latest."""
    (first,) = frozen.frozen_snapshots(settings.data)
    return frozen.open_frozen(first), Warehouse(path_of(settings.warehouse, str(current(settings.warehouse))))


# --- freezing


def test_a_frozen_snapshot_keeps_its_figures_whatever_is_loaded_later(loaded: Settings) -> None:
    before, after = opened(loaded)

    recognised = Slice("mo_hinh_cong_nhan", 2023, 2023, "thang_binh").params
    values = [int(one.query("slice_total", **recognised)["value"].iloc[0]) for one in (before, after)]
    assert values == [15, 18]


def test_its_record_says_who_froze_what_and_why(loaded: Settings) -> None:
    (record,) = frozen_snapshots(loaded.store)
    (read,) = frozen.frozen_snapshots(loaded.data)

    assert (record.name, record.who, record.note) == (REHEARSAL, "Chánh Văn phòng", "trước hội nghị")
    assert (read.snapshot_id, read.name, read.frozen_on, read.who, read.note) == (
        record.snapshot_id,
        record.name,
        record.frozen_on,
        record.who,
        record.note,
    )
    assert digest_of(read.path) == record.sha256


def test_a_name_a_snapshot_and_something_to_freeze_are_asked_for(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(Impossible, match="Cần đặt tên"):
        freeze(settings, " \n ")
    with pytest.raises(Impossible, match="dài quá 100"):
        freeze(settings, "x" * 101)
    with pytest.raises(Impossible, match=r"Đã có bản chốt “Tổng duyệt” ngày .*: đặt tên khác"):
        freeze(settings, " tổng  DUYỆT ")
    with pytest.raises(Impossible, match="Số liệu vừa đổi sang bản mới"):
        freeze(settings, "Khác", seen="bản đã xem")
    with pytest.raises(Impossible, match="Chưa có bản số liệu nào"):
        freeze(replace(settings, data=tmp_path / "trong"), "Khác")
    assert [one.name for one in frozen_snapshots(settings.store)] == [REHEARSAL]


def test_the_same_snapshot_is_frozen_once_and_its_name_is_told(settings: Settings) -> None:
    freeze(settings, "Hội nghị")

    with pytest.raises(Impossible, match=r"đã chốt là “Hội nghị” ngày .*dùng lại bản chốt ấy"):
        freeze(settings, "Tên khác")

    assert [one.name for one in frozen_snapshots(settings.store)] == ["Hội nghị", REHEARSAL]


def test_a_damaged_snapshot_is_not_frozen(settings: Settings) -> None:
    flip_a_byte(path_of(settings.warehouse, str(current(settings.warehouse))))

    with pytest.raises(DamagedSnapshot, match="đã bị thay đổi"):
        freeze(settings, "Hội nghị")

    assert len(frozen_snapshots(settings.store)) == 1 and frozen_damage(settings.store) == []


def test_pruning_keeps_what_was_frozen(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "KEPT", 1)
    (first,) = frozen_snapshots(settings.store)

    load(write_file(tmp_path / "nua.xlsx", periodic(year=2021)), data=settings.data)

    assert not path_of(settings.warehouse, first.snapshot_id).exists()
    assert frozen_damage(settings.store) == []
    assert opened(settings)[0].info["snapshot_id"] == first.snapshot_id


def flip_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def damage_copy(settings: Settings) -> None:
    flip_a_byte(frozen_path(settings.store, frozen_snapshots(settings.store)[0].snapshot_id))


def lose_copy(settings: Settings) -> None:
    frozen_path(settings.store, frozen_snapshots(settings.store)[0].snapshot_id).unlink()


def rename_record(settings: Settings) -> None:
    (record,) = (settings.store / "frozen").glob("*.json")
    record.write_text(record.read_text(encoding="utf-8").replace("Chánh", "Phó"), encoding="utf-8")


def break_record(settings: Settings) -> None:
    (record,) = (settings.store / "frozen").glob("*.json")
    record.write_text("{", encoding="utf-8")


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (damage_copy, "đã bị thay đổi sau khi chốt"),
        (lose_copy, "thiếu tệp"),
        (rename_record, "Phiếu chốt .*json của kho đã bị thay đổi"),
        (break_record, "không đọc được phiếu chốt"),
    ],
)
def test_damage_to_a_frozen_snapshot_is_found(
    harm: Callable[[Settings], None], sentence: str, settings: Settings
) -> None:
    assert frozen_damage(settings.store) == []

    harm(settings)

    (found,) = frozen_damage(settings.store)
    assert re.search(sentence, found)


def test_killed_at_any_step_a_freeze_is_whole_or_not_there_and_can_be_made_again(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed, step = [], 0
    while listed[-1:] != [2]:
        step += 1
        own = replace(settings, data=shutil.copytree(settings.data, tmp_path / f"{step}"))
        with monkeypatch.context() as patches:
            kill_at(step, patches)
            try:
                freeze(own, "Hội nghị")
                killed = False
            except Killed:
                killed = True
        listed.append(len(frozen_snapshots(own.store)) if killed else 2)
        assert len(frozen.frozen_snapshots(own.data)) == len(frozen_snapshots(own.store))
        assert frozen_damage(own.store) == []
        if listed[-1] == 1:
            freeze(own, "Hội nghị")
            assert len(frozen_snapshots(own.store)) == 2 and frozen_damage(own.store) == []
            assert not list((own.store / "frozen").glob(".*"))
    assert len(listed) > 5


# --- commands and desk


def test_the_command_freezes_and_the_others_tell_of_it(settings: Settings) -> None:
    made = run_etl("freeze", "--name", "Hội nghị", "--who", "Trưởng ban", data=settings.data)
    again = run_etl("freeze", "--name", "Hội nghị 2", data=settings.data)
    status = json.loads(run_etl("status", "--json", data=settings.data).stdout)
    told = run_etl("status", data=settings.data).stdout
    whole = run_etl("verify", data=settings.data)
    damage_copy(settings)
    damaged = run_etl("verify", data=settings.data)

    assert (made.returncode, again.returncode, whole.returncode, damaged.returncode) == (0, 2, 0, 4)
    assert "Đã chốt “Hội nghị”: bản " in made.stdout and "dùng lại bản chốt ấy" in again.stderr
    assert [(one["name"], one["who"]) for one in status["frozen"]] == [
        ("Hội nghị", "Trưởng ban"),
        (REHEARSAL, "Chánh Văn phòng"),
    ]
    assert "“Hội nghị”, Trưởng ban chốt ngày " in told
    assert "2 bản chốt" in whole.stdout
    assert "HỎNG: Bản chốt “Hội nghị”" in damaged.stderr


def test_the_desk_freezes_the_store_on_screen_and_refuses_in_words(settings: Settings) -> None:
    desk = Desk(settings, settings.data)

    with pytest.raises(Refused, match="Số liệu vừa đổi"):
        desk.freeze("Hội nghị", "", "", "bản đã xem")
    desk.freeze("Hội nghị", "Trưởng ban", "", str(current(settings.warehouse)))

    assert [one.name for one in frozen_snapshots(settings.store)] == ["Hội nghị", REHEARSAL]


# --- what differs


def test_differences_name_the_very_return_of_every_figure(loaded: Settings) -> None:
    found = differences(*opened(loaded))

    mine = {(one.indicator_id, one.linh_vuc_id): one for one in found if one.from_year == 2023}
    changed, gone = mine["mo_hinh_cong_nhan", "kinh_te"], mine["kiem_tra", None]
    assert len(mine) == 2
    assert (changed.kind, changed.before, changed.after) == ("doi", 4, 7)
    assert re.fullmatch(r"nạp sau: moi\.xlsx \(báo cáo thang_binh-2023-\w+\)", changed.cause)
    assert (gone.kind, gone.before, gone.after) == ("mat", 4, None)
    assert gone.cause.startswith("nạp sau và để trống số này: moi.xlsx")
    added = [one for one in found if one.from_year == 2022]
    assert {one.kind for one in added} == {"moi"} and len(added) == len(found) - 2
    assert all(one.cause.startswith("nạp sau: them.xlsx") for one in added)


def test_a_return_taken_back_is_named_where_the_older_figure_returns(settings: Settings, catalogue: Catalogue) -> None:
    freeze(settings, "Hội nghị")
    newer, _ = frozen.frozen_snapshots(settings.data)
    found = differences(*opened_two(newer, settings))
    assert found == []
    (cause,) = [
        one.cause for one in differences(*opened_first(settings)) if one.indicator_id == "kiem_tra" and one.before
    ]
    withdraw([re.findall(r"thang_binh-2023-\w+", cause)[0]], "nhầm", settings, catalogue)

    found = differences(*opened_two(newer, settings))

    assert {(one.indicator_id, one.linh_vuc_id, one.before, one.after) for one in found} == {
        ("mo_hinh_cong_nhan", "kinh_te", 7, 4),
        ("kiem_tra", None, None, 4),
    }
    assert all(one.cause.startswith("rút moi.xlsx") for one in found)


def opened_two(one: frozen.Frozen, settings: Settings) -> tuple[Warehouse, Warehouse]:
    return frozen.open_frozen(one), Warehouse(path_of(settings.warehouse, str(current(settings.warehouse))))


def opened_first(settings: Settings) -> tuple[Warehouse, Warehouse]:
    return opened_two(frozen.frozen_snapshots(settings.data)[-1], settings)


def test_a_figure_that_no_return_changed_is_put_down_to_the_program(tmp_path: Path) -> None:
    rows = warehouses.three_districts()
    before = Warehouse(warehouses.publish(tmp_path / "a", rows))
    rows["core_value"] = [
        {**row, "value": row["value"] + (row["return_id"] == "hoi_an-2022" and row["indicator_id"] == "kiem_tra")}
        for row in rows["core_value"]
    ]

    (found,) = differences(before, Warehouse(warehouses.publish(tmp_path / "b", rows)))

    assert (found.before, found.after, found.cause) == (5, 6, BY_NO_RETURN)


def test_flags_are_counted_by_whom_they_name_not_by_their_years(tmp_path: Path) -> None:
    def flag(rule: str, unit: str, year: int, level: str = "canh_bao") -> dict[str, Any]:
        texts = dict.fromkeys(("statement", "action", "usual", "certainty"), "…")
        return {
            "rule": rule,
            "kind": "QD",
            "level": level,
            "don_vi_id": unit,
            "from_year": year,
            "to_year": year,
            "evidence": "{}",
            **texts,
        }

    rule = {"rule": "F1", "kind": "QD", "label": "Quy tắc thử", "question": "?", "formula": "…", "needs": "…"}
    rows = warehouses.three_districts()
    rows["dim_rule"] = [{**rule, "position": 1}]
    rows["flag"] = [flag("F1", "hoi_an", 2023), flag("F1", "tam_ky", 2023), flag("F1", "nam_giang", 2023)]
    before = Warehouse(warehouses.publish(tmp_path / "a", rows))
    rows["flag"] = [flag("F1", "hoi_an", 2024), flag("F1", "mttq", 2024), flag("F1", "tam_ky", 2024, "chua_du_so_lieu")]

    (found,) = flag_differences(before, Warehouse(warehouses.publish(tmp_path / "b", rows)))

    assert (found.label, found.before, found.after, found.appeared, found.cleared) == ("Quy tắc thử", 3, 2, 1, 2)


def sides(settings: Settings) -> tuple[Side, Side]:
    before, after = opened(settings)
    return Side(before, "bản trước", "truoc"), Side(after, "bản sau", frozen.LATEST)


def test_totals_before_and_after_are_the_warehouses_own(loaded: Settings) -> None:
    before, after = sides(loaded)

    found = exhibits.total_changes(before, after, None)

    rows = found.table.set_index("Chỉ tiêu")
    assert list(rows.loc["Mô hình công nhận", ["Trước", "Sau", "Chênh"]]) == [15, 33, 18]
    assert list(rows.loc["Kiểm tra, đánh giá", ["Trước", "Sau", "Chênh"]]) == [4, 4, 0]
    assert "mô hình công nhận từ 15 thành 33" in found.title.lower()
    assert all(str(snapshot.warehouse.info["snapshot_id"]) in found.source for snapshot in (before, after))


def test_every_number_of_a_difference_leads_to_its_cells_in_its_own_snapshot(loaded: Settings) -> None:
    before, after = sides(loaded)

    found = exhibits.figure_changes(before, after, None)

    assert found.slices is not None and len(found.table)
    for side, column in ((before, "Trước"), (after, "Sau")):
        for value, lead in zip(found.table[column], found.slices[column], strict=True):
            assert (value is None) == (lead is None)
            if lead is not None:
                assert lead.link.endswith(f"&ban={side.link}")
                named = Slice.from_link(side.warehouse, lead.link)
                assert named and value == side.warehouse.query("slice_total", **named.params)["value"].iloc[0]


def test_a_long_list_says_how_much_of_it_is_shown(loaded: Settings) -> None:
    before, after = sides(loaded)
    whole = exhibits.figure_changes(before, after, None)

    short = exhibits.figure_changes(before, after, None, limit=3)

    assert len(short.table) == 3 and short.title == whole.title
    assert f"Đang hiện 3/{len(whole.table)} con số; tệp tải về có đủ." in short.notes
    assert exhibits.figure_changes(before, before, None).title == "Không con số nào khác với bản trước"


# --- viewing as of a frozen snapshot


def freeze_rows(data: Path, rows: warehouses.Rows, name: str, snapshot_id: str, catalogue: Catalogue) -> None:
    """Publish a snapshot of these rows and freeze it."""
    rows["snapshot_info"] = warehouses.info(returns=len(rows["core_return"]), simulated=False, snapshot_id=snapshot_id)
    path = warehouses.publish(data / "warehouse", rows, snapshot_id)
    (data / "warehouse" / "CURRENT").write_text(snapshot_id)
    path.with_suffix(".sha256").write_text(digest_of(path))
    freeze(Settings(data, catalogue.folder), name)


@pytest.fixture
def data(tmp_path: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One district was frozen as ban-1; the latest, with all three, is thu."""
    monkeypatch.setenv("DVK_DATA", str(tmp_path))
    freeze_rows(tmp_path, warehouses.one_district(), REHEARSAL, "ban-1", catalogue)
    warehouses.publish(tmp_path / "warehouse", warehouses.three_districts(simulated=False))
    return tmp_path


def html_of(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def text_of(app: AppTest) -> str:
    notes = [element.value for kind in (app.info, app.warning, app.error) for element in kind]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", "\n".join([html_of(app), *notes]))).replace("\\", "").split())


BANNER = "Đang xem bản chốt “Tổng duyệt”, chốt ngày"


def test_a_link_shows_a_page_as_of_a_frozen_snapshot_and_says_so(data: Path) -> None:
    latest, as_of = text_of(open_page("tong_quan")), text_of(open_page("tong_quan", ban="ban-1"))

    assert "3/3 đơn vị cấp huyện đã báo cáo" in latest and BANNER not in latest
    assert "1/3 đơn vị cấp huyện đã báo cáo" in as_of
    assert BANNER in as_of and "không phải số mới nhất" in as_of


@pytest.mark.parametrize("page", sorted(path.stem for path in (ROOT / "pages").glob("*.py")))
def test_every_page_says_which_snapshot_it_shows_and_its_links_keep_to_it(page: str, data: Path) -> None:
    app = open_page(page, ban="ban-1")

    assert not app.exception and not app.error
    links = re.findall(r'href="([^"#]+)"', html_of(app))
    if page in ("nop_bao_cao", "nhat_ky"):
        assert "Trang này luôn làm việc với số liệu mới nhất" in text_of(app) and BANNER not in text_of(app)
        assert page == "nhat_ky" or "3/3 đơn vị cấp huyện đã báo cáo" in text_of(app)
        assert not [link for link in links if "ban=ban-1" in link]
    else:
        assert BANNER in text_of(app)
        assert [link for link in links if "ban=" not in link] == []
    assert app.session_state["ban"] == "ban-1"


@pytest.mark.parametrize("ban", ["khong-co", "../warehouse/thu", "ban-1.duckdb", "x" * 10_000])
def test_a_link_that_names_no_frozen_snapshot_shows_the_latest_with_a_notice(ban: str, data: Path) -> None:
    text = text_of(open_page("tong_quan", ban=ban))

    assert "Đường dẫn có giá trị không dùng được" in text
    assert "3/3 đơn vị cấp huyện đã báo cáo" in text and BANNER not in text


def test_the_sidebar_turns_to_a_frozen_snapshot_and_back_with_the_whole_period_of_each(
    tmp_path: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DVK_DATA", str(tmp_path))
    freeze_rows(tmp_path, {**warehouses.one_district(), "published_total": []}, REHEARSAL, "ban-1", catalogue)
    warehouses.publish(tmp_path / "warehouse", warehouses.three_districts(simulated=False))
    app = open_page("tong_quan")

    app.selectbox(key="ban").set_value("ban-1").run()
    assert BANNER in text_of(app)
    assert (app.selectbox(key="tu").value, app.selectbox(key="den").value) == (2024, 2024)
    app.selectbox(key="ban").set_value(frozen.LATEST).run()

    assert "3/3 đơn vị cấp huyện đã báo cáo" in text_of(app) and "ban" not in app.query_params
    assert (app.selectbox(key="tu").value, app.selectbox(key="den").value) == (2022, 2024)


def drop(data: Path, table: str) -> None:
    with duckdb.connect(str(data / "store" / "frozen" / "ban-1.duckdb")) as connection:
        connection.execute(f"DROP TABLE {table}")
    record = data / "store" / "frozen" / "ban-1.json"
    told = json.loads(record.read_text(encoding="utf-8"))
    del told["receipt_sha256"]
    told["sha256"] = digest_of(data / "store" / "frozen" / "ban-1.duckdb")
    seal = hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    record.write_text(json.dumps({**told, "receipt_sha256": seal}, ensure_ascii=False), encoding="utf-8")


def test_what_an_older_program_did_not_build_is_said_and_the_rest_still_opens(data: Path) -> None:
    drop(data, "flag")

    whole, lacking = open_page("linh_vuc", ban="ban-1"), open_page("mat_can_doi", ban="ban-1")

    assert not whole.error and BANNER in text_of(whole)
    (said,) = lacking.error
    assert said.value.startswith(f"{LacksDataError()} (mã ")
    assert BANNER in text_of(lacking)


def test_an_older_snapshot_that_lacks_what_every_page_needs_gives_way_to_the_latest(data: Path) -> None:
    drop(data, "dim_don_vi")

    text = text_of(open_page("tong_quan", ban="ban-1"))

    assert "do phiên bản khác của chương trình dựng" in text and "Đang xem số liệu mới nhất" in text
    assert "3/3 đơn vị cấp huyện đã báo cáo" in text and BANNER not in text


def test_a_lost_copy_gives_way_to_the_latest_with_a_notice(data: Path) -> None:
    (data / "store" / "frozen" / "ban-1.duckdb").unlink()

    text = text_of(open_page("tong_quan", ban="ban-1"))

    assert "Không mở được bản chốt này" in text and "3/3 đơn vị cấp huyện đã báo cáo" in text


def test_an_id_opens_only_what_was_frozen(data: Path) -> None:
    assert frozen.open_as_of(data, "ban-1").info["snapshot_id"] == "ban-1"
    for unknown in ("thu", "../../warehouse/thu", ""):
        with pytest.raises(frozen.NoSuchFrozenError):
            frozen.open_as_of(data, unknown)


def test_links_within_the_program_alone_are_led_on() -> None:
    text = '<a href="nguon?a=1&amp;b=2">x</a><a href="tu_dien">x</a><a href="p?ban=moi_nhat">x</a><a href="#a">x</a>'

    assert re.findall(r'href="([^"]*)"', markup.as_of(text, "b-1")) == [
        "nguon?a=1&amp;b=2&amp;ban=b-1",
        "tu_dien?ban=b-1",
        "p?ban=moi_nhat",
        "#a",
    ]
    outside = '<a href="https://example.org/x">x</a> href=&quot;nguon&quot;'
    assert markup.as_of(outside, "b-1") == outside


def test_every_link_is_drawn_where_the_snapshot_is_kept() -> None:
    drawing = [path.name for path in (ROOT / "dashboard" / "ui").glob("*.py") if "st.html(" in path.read_text("utf-8")]

    # the others draw style sheets, and what brings figures where there are none: no links
    assert sorted(drawing) == ["context.py", "frame.py", "link.py", "slides.py", "trouble.py"]


# --- on screen


def test_the_screen_freezes_the_latest_lists_it_and_compares(data: Path) -> None:
    seal = data / "warehouse" / "thu.duckdb"
    seal.with_suffix(".sha256").write_text(digest_of(seal))
    (data / "warehouse" / "CURRENT").write_text("thu")
    app = open_page("trinh_chieu", hoi_nghi="ban_chot")
    assert "tổng số đổi so với bản chốt “Tổng duyệt”" in text_of(app)

    (listed,) = [element.proto.body for element in app.get("html") if 'class="dvk-list"' in element.proto.body]
    assert "&amp;ban=moi_nhat" in listed

    app.text_input[0].set_value("Hội nghị <b>2024</b>")
    app.text_input[1].set_value("Trưởng ban")
    app.button[0].click().run()

    assert [one.name for one in frozen.frozen_snapshots(data)] == ["Hội nghị <b>2024</b>", REHEARSAL]
    text = text_of(app)
    assert "Số liệu mới nhất đã chốt là “Hội nghị" in text and "&lt;b&gt;2024&lt;/b&gt;" in html_of(app)
    assert "Hội An" in text


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("served")
    freeze_rows(folder, warehouses.one_district(), REHEARSAL, "ban-1", catalogue)
    warehouses.publish(folder / "warehouse", warehouses.three_districts(simulated=False))
    with served(folder) as address:
        yield address


@pytest.mark.browser
def test_a_number_of_a_frozen_snapshot_leads_to_its_cells_there(address: str, page: Page) -> None:
    page.goto(f"{address}/tong_quan?ban=ban-1")
    expect(page.locator(".dvk-banner")).to_contain_text(BANNER)
    settled(page).locator(".dvk-card a.dvk-trace").first.click()

    page.wait_for_url("**/nguon?*ban=ban-1*")
    expect(page.locator(".dvk-banner")).to_contain_text(BANNER)
    expect(page.locator(".dvk-figure .dvk-value")).to_have_text("18 mô hình")

    settled(page).get_by_role("link", name="Về số liệu mới nhất").click()
    expect(page.locator(".dvk-fresh")).to_contain_text("3/3 đơn vị cấp huyện")
    expect(page.locator(".dvk-banner")).to_have_count(0)
