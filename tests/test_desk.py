"""The desk of the screens: what a clerk hands in, is told, undoes and closes."""

from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.catalogue import Catalogue
from etl.desk import Desk, Refused, Upload
from etl.examining import _SPARE
from etl.file_names import safe_name
from etl.settings import Settings
from tests.files import load, periodic, query, write_file


@pytest.fixture
def settings(tmp_path: Path, catalogue: Catalogue) -> Settings:
    return Settings(tmp_path / "data", catalogue.folder)


@pytest.fixture
def desk(settings: Settings) -> Desk:
    return Desk(settings, settings.data)


def upload(folder: Path, recognised: object = 4, name: str = "thang_binh_2023.xlsx") -> Upload:
    """Return Thăng Bình's return of 2023 as a browser hands it over."""
    sheets = periodic()
    sheets["Biểu 01"] = [*sheets["Biểu 01"][:1], ["Kinh tế", 5, recognised, 9, 1, 1, 0], *sheets["Biểu 01"][2:5]]
    return name, write_file(folder / f"{recognised}.xlsx", sheets).read_bytes()


SUBJECT = ("thang_binh", "nam", 2023, 2023)


def test_examining_tells_every_file_and_changes_nothing(tmp_path: Path, desk: Desk, settings: Settings) -> None:
    told = []

    outcomes = desk.examine(
        [upload(tmp_path), upload(tmp_path, "1.23", "sai.xlsx")], progress=lambda *step: told.append(step)
    )

    assert [(one.name, one.status) for one in outcomes] == [
        ("thang_binh_2023.xlsx", "accepted"),
        ("sai.xlsx", "rejected"),
    ]
    assert outcomes[0].brought[0].label == "Thăng Bình, năm 2023"
    assert [(issue.sheet, issue.cell) for issue in outcomes[1].issues] == [("Biểu 01", "C2")]
    assert told == [(1, 2), (2, 2)]
    assert not list((settings.store / "receipts").glob("*.json")) and desk.held_back() == []


def test_taking_loads_and_the_history_tells_versions_with_what_they_changed(tmp_path: Path, desk: Desk) -> None:
    sent = upload(tmp_path, 4)
    desk.take([sent])
    desk.take([upload(tmp_path, 7)])

    first, second = desk.versions(SUBJECT)

    assert desk.subjects() == {SUBJECT: "Thăng Bình, năm 2023"}
    assert (first.standing, second.standing) == ("đã bị thay", "đang dùng")
    assert second.changes == ("Mô hình công nhận · Kinh tế: 4 → 7 (Biểu 01 C2)",)
    assert desk.original(first.sha256) == sent[1]


def test_a_withdrawn_version_stays_in_the_history_with_its_reason(
    tmp_path: Path, desk: Desk, settings: Settings
) -> None:
    desk.take([upload(tmp_path, 4)])
    (newer,) = desk.take([upload(tmp_path, 7)])

    desk.withdraw([newer.brought[0].return_id], "gửi nhầm")

    assert [(one.standing, one.reason) for one in desk.versions(SUBJECT)] == [("đang dùng", ""), ("đã rút", "gửi nhầm")]
    assert query(
        settings.data, "SELECT value FROM core_value WHERE source_cell = 'C2' AND source_sheet = 'Biểu 01'"
    ) == [(4,)]


def test_a_held_back_file_names_its_unit_and_comes_back_to_correct(tmp_path: Path, desk: Desk) -> None:
    desk.take([upload(tmp_path, "1.23", "../../sai.xlsx")])

    (held,) = desk.held_back()

    assert (held.file_name, held.subjects) == ("sai.xlsx", (SUBJECT,))
    (tmp_path / "sua.xlsx").write_bytes(desk.correction_of(held.sha256))
    marked = openpyxl.load_workbook(tmp_path / "sua.xlsx")["Biểu 01"]["C2"]
    assert marked.value == "1.23" and "1.23" in marked.comment.text


def test_a_file_accepted_later_is_no_longer_held_back(tmp_path: Path, desk: Desk) -> None:
    desk.take([upload(tmp_path)])
    newer = upload(tmp_path, 7)
    desk.close_year(2023, "đã duyệt")
    desk.take([newer])
    assert len(desk.held_back()) == 1

    desk.reopen_year(2023, "đơn vị xin sửa")
    desk.take([newer])

    assert desk.held_back() == []


def test_refusals_are_sentences_for_a_clerk(tmp_path: Path, desk: Desk) -> None:
    desk.take([upload(tmp_path)])

    with pytest.raises(Refused, match="Cần ghi lý do"):
        desk.close_year(2023, " ")
    with pytest.raises(Refused, match="không tồn tại suốt kỳ năm 2025"):
        desk.form("nong_son", "nam", 2025)
    with pytest.raises(Refused, match="chọn kỳ khác, hoặc lập cho Huyện Quế Sơn"):
        desk.form("nong_son", "nam", 2025)
    with pytest.raises(Refused, match="không còn trong số tệp bị giữ lại"):
        desk.correction_of("0" * 64)


def test_a_form_carries_the_last_register_and_loads_again(tmp_path: Path, desk: Desk) -> None:
    desk.take([upload(tmp_path)])

    name, content = desk.form("thang_binh", "nam", 2024)

    (tmp_path / name).write_bytes(content)
    assert name == "thang_binh_2024.xlsx"
    assert openpyxl.load_workbook(tmp_path / name)["Biểu 01"]["D7"].value == 9


def test_an_original_that_was_altered_is_not_handed_out(tmp_path: Path, desk: Desk, settings: Settings) -> None:
    desk.take([upload(tmp_path), upload(tmp_path, "1.23", "sai.xlsx")])
    kept = {path.parent.parent.name: path for path in settings.store.glob("*/*/original*")}
    was_there = [desk.has_original(path.parent.name) for path in kept.values()]
    for path in kept.values():
        path.write_bytes(b"PK")

    assert sorted(kept) == ["files", "quarantine"] and was_there == [True, True]
    assert [desk.has_original(path.parent.name) for path in kept.values()] == [False, False]
    assert [desk.original(path.parent.name) for path in kept.values()] == [None, None]


def test_simulated_files_begin_no_store_on_screen(tmp_path: Path, desk: Desk) -> None:
    sheets = periodic()
    sheets["Biểu 01"].insert(0, ["DỮ LIỆU MÔ PHỎNG"])
    simulated = ("a.xlsx", write_file(tmp_path / "a.xlsx", sheets).read_bytes())

    (said,) = desk.examine([simulated])

    assert [issue.rule for issue in said.issues] == ["tron_mo_phong"]
    assert [one.status for one in desk.take([simulated, upload(tmp_path)])] == ["rejected", "accepted"]


def test_a_form_made_from_the_sample_says_so_in_its_name(tmp_path: Path, settings: Settings) -> None:
    sheets = periodic()
    sheets["Biểu 01"].insert(0, ["DỮ LIỆU MÔ PHỎNG"])
    load(write_file(tmp_path / "a.xlsx", sheets), data=settings.data / "sample")

    name, _ = Desk(settings, settings.data / "sample").form("thang_binh", "nam", 2024)

    assert name == "thang_binh_2024_mo_phong.xlsx"


def test_an_examination_leaves_a_child_ready_that_the_load_takes_and_ends(tmp_path: Path, desk: Desk) -> None:
    desk.examine([upload(tmp_path, "1.23")])
    ready = _SPARE._child

    desk.take([upload(tmp_path, "1.23")])

    assert ready is not None and not ready.is_alive()
    assert _SPARE._child is None


def test_a_held_back_file_that_was_lost_hides_no_other(tmp_path: Path, desk: Desk, settings: Settings) -> None:
    desk.take([upload(tmp_path, "1.23"), upload(tmp_path, "1.24", "b.xlsx")])
    next((settings.store / "quarantine").glob("*/original.xlsx")).unlink()

    found = desk.held_back()

    assert sorted(one.file_name for one in found) == ["b.xlsx", "thang_binh_2023.xlsx"]
    lost = next(one.sha256 for one in found if one.original is None)
    with pytest.raises(Refused, match="không còn"):
        desk.correction_of(lost)


def test_a_load_cut_short_hides_no_file_that_is_held_back(tmp_path: Path, desk: Desk, settings: Settings) -> None:
    desk.take([upload(tmp_path, "1.23")])
    begun = settings.store / "quarantine" / ("0" * 64)
    begun.mkdir()
    (begun / ".original.xlsx.7.tmp").write_bytes(b"PK")

    found = desk.held_back()

    assert [one.file_name for one in found] == ["thang_binh_2023.xlsx"]


def test_over_the_sample_files_held_back_are_the_installations_own(tmp_path: Path, settings: Settings) -> None:
    desk = Desk(settings, settings.data / "sample")

    desk.take([upload(tmp_path, "1.23")])

    assert [found.file_name for found in desk.held_back()] == ["thang_binh_2023.xlsx"]
    assert desk.original(desk.held_back()[0].sha256) is not None
    assert desk.subjects() == {}


def test_nothing_is_undone_through_the_sample(tmp_path: Path, settings: Settings) -> None:
    desk = Desk(settings, settings.data / "sample")

    assert not desk.may_change


@given(st.text(max_size=300))
def test_whatever_a_file_is_called_it_is_written_beside_nothing_else(name: str) -> None:
    safe = safe_name(name)

    assert safe and Path(safe).name == safe and safe not in (".", "..")
    assert len(safe.encode()) < 255


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../x.xlsx", "x.xlsx"),
        ("C:\\Temp\\Thăng Bình 2023.xlsx", "Thăng Bình 2023.xlsx"),
        ("a\nb.csv", "a_b.csv"),
        ("...", "tep"),
    ],
)
def test_a_file_keeps_its_own_name(name: str, safe: str) -> None:
    assert safe_name(name) == safe
