"""Who may do what, row by row: what claims grant, and what the desk does for each role."""

import inspect
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import journal
from dashboard.access.rights import AT_THE_MACHINE, NOBODY, ROLES, Right, Viewer, viewer_of
from dashboard.ui.allowed import AllowedDesk, exporting
from dashboard.ui.desk import Desk as DeskSeen
from etl.catalogue import Catalogue
from etl.desk import Desk, Refused
from etl.receipts import returns_of
from etl.settings import Settings
from etl.store import Store
from tests.files import COMPILED, load, periodic, query, write_file

OWN, OTHER = "thang_binh", "hoi_an"
MAY = {
    # right: lanh_dao, ban_dan_van, don_vi over its own unit, don_vi over another, don_vi over every unit, no role
    "xem": (True, True, True, True, True, False),
    "xem_bao_cao": (True, True, True, False, False, False),
    "xem_can_ho_tro": (True, True, False, False, False, False),
    "xem_nhat_ky": (True, True, False, False, False, False),
    "nop": (False, True, True, False, False, False),
    "rut": (False, True, False, False, False, False),
    "khoa_nam": (False, True, False, False, False, False),
    "chot": (False, True, False, False, False, False),
    "xuat": (False, True, False, False, False, False),
}


def viewer(*roles: str, sub: str = "a", **claims: Any) -> Viewer:
    return viewer_of({"sub": sub, "roles": list(roles), **claims}, {})


# --- what claims grant


def test_the_table_of_rights_is_this_one() -> None:
    asked = [("lanh_dao", None), ("ban_dan_van", None), (f"don_vi:{OWN}", OWN), (f"don_vi:{OWN}", OTHER)]
    asked += [(f"don_vi:{OWN}", None), ("", None)]

    found = {right.value: tuple(viewer(role).may(right, unit) for role, unit in asked) for right in Right}

    assert found == MAY
    assert all(AT_THE_MACHINE.may(right) for right in Right) and not any(NOBODY.may(right) for right in Right)


@pytest.mark.parametrize("role", ["lanh_dao", "ban_dan_van"])
@pytest.mark.parametrize("right", list(Right))
def test_a_role_of_the_province_is_over_every_unit(role: str, right: Right) -> None:
    assert viewer(role).may(right, OWN) == viewer(role).may(right, OTHER) == viewer(role).may(right)


@pytest.mark.parametrize(
    "word",
    [
        *("", "LANH_DAO", "Ban_dan_van", "ban_dan_van:", "ban_dan_van:thang_binh", "don_vi", "don_vi:", "admin", "*"),
        *("DON_VI:thang_binh", "xem", "lanh_dao;ban_dan_van", "lanh_dao\u200b", "lãnh đạo", ":thang_binh"),
    ],
)
def test_a_word_that_is_no_role_grants_nothing(word: str) -> None:
    assert viewer(word).grants == frozenset() and viewer_of({"sub": "a", "roles": word}, {}).grants == frozenset()


def test_two_roles_together_grant_what_either_grants() -> None:
    both = viewer("lanh_dao", f"don_vi:{OWN}")

    assert both.grants == viewer("lanh_dao").grants | viewer(f"don_vi:{OWN}").grants
    assert both.may(Right.UPLOAD, OWN) and not both.may(Right.UPLOAD, OTHER) and not both.may(Right.WITHDRAW)
    assert both.units(Right.UPLOAD) == {OWN} and both.units(Right.VIEW_RETURNS) is None
    assert viewer(f"don_vi:{OWN}", f"don_vi:{OTHER}").units(Right.UPLOAD) == {OWN, OTHER}


@pytest.mark.parametrize(
    ("claim", "roles"),
    [
        ("lanh_dao", ("lanh_dao",)),
        ("lanh_dao, don_vi:thang_binh", ("lanh_dao", "don_vi:thang_binh")),
        ("lanh_dao don_vi:thang_binh lanh_dao", ("lanh_dao", "don_vi:thang_binh")),
        (["lanh_dao"], ("lanh_dao",)),
        (["lanh_dao", 7, None, ["ban_dan_van"], {"ban_dan_van": 1}], ("lanh_dao",)),
        ([["ban_dan_van"]], ()),
        ({"ban_dan_van": True}, ()),
        ({"roles": ["ban_dan_van"]}, ()),
        (7, ()),
        (True, ()),
        (None, ()),
        (b"ban_dan_van", ()),
    ],
)
def test_roles_are_words_in_a_list_or_a_text_and_nothing_else(claim: object, roles: tuple[str, ...]) -> None:
    assert viewer_of({"sub": "a", "roles": claim}, {}).roles == roles


@pytest.mark.parametrize(
    ("claims", "is_let_in"),
    [
        ({"sub": "x", "email": "a@example.org", "email_verified": True}, True),
        ({"sub": "x", "email": "A@Example.org", "email_verified": True}, True),
        ({"sub": "x", "email": "a@example.org"}, False),
        ({"sub": "x", "email": "a@example.org", "email_verified": False}, False),
        ({"sub": "x", "email": "a@example.org", "email_verified": "true"}, False),
        ({"sub": "x", "email": "a@example.org", "email_verified": 1}, False),
        ({"sub": "x", "email": "a@example.org.evil", "email_verified": True}, False),
        ({"sub": "x", "email": " a@example.org", "email_verified": True}, False),
        ({"sub": "x", "name": "a@example.org", "preferred_username": "a@example.org"}, False),
        ({"sub": "id-7"}, True),
        ({"sub": "ID-7"}, False),
        ({"sub": ""}, False),
        ({"email": "a@example.org"}, False),
        ({"email": ["a@example.org"], "email_verified": True, "sub": {"id-7": 1}}, False),
    ],
)
def test_people_csv_counts_for_the_providers_own_id_or_a_verified_address(
    claims: dict[str, Any], is_let_in: bool
) -> None:
    people = {"a@example.org": ("lanh_dao",), "id-7": ("lanh_dao",)}

    assert viewer_of(claims, people).may(Right.VIEW) == is_let_in


def test_who_has_no_account_is_nobody_whatever_roles_they_bring() -> None:
    assert viewer_of({"roles": ["ban_dan_van"]}, {}) == NOBODY
    assert viewer_of({"roles": ["ban_dan_van"], "email": "a@example.org"}, {}) == NOBODY


KNOWN = tuple(ROLES)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
NAMES_OF_CLAIMS = ["sub", "email", "email_verified", "roles", "role", "groups", "name", "preferred_username"]


@given(st.dictionaries(st.sampled_from(NAMES_OF_CLAIMS), JSON, max_size=8))
def test_no_claims_raise_and_without_a_known_word_none_grants(claims: dict[str, Any]) -> None:
    found = viewer_of(claims, {})

    assert found.said.isprintable() and len(found.said) <= 400
    if not any(word in json.dumps(claims.get("roles")) for word in KNOWN):
        assert found.grants == frozenset() and not any(found.may_anywhere(right) for right in Right)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Nguyễn Thị Hoa", "Nguyễn Thị Hoa"),
        ("a\nb\r\n\tc\u2028d", "a b c d"),
        ("gpj.\u202eexe\u2066", "gpj. exe"),
        ("x" * 2000, "x" * 99 + "…"),
        ("\ud800a\x00\x1b[31m", "a [31m"),
        ({"vi": "Hoa"}, ""),
        (["Hoa"], ""),
        (7, ""),
    ],
)
def test_a_name_is_one_short_line_whatever_the_provider_says(name: object, shown: str) -> None:
    found = viewer("lanh_dao", name=name)

    assert found.name == shown
    assert found.said == (f"{shown} (a)" if shown else "a")


# --- what the desk does for each role


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Path:
    """A store with a year of two units, a closed year, and a file held back of each unit and of nobody known."""
    folder = tmp_path_factory.mktemp("filled")
    units = {OWN: "Huyện Thăng Bình", OTHER: "Thành phố Hội An"}
    for unit, label in units.items():
        load(write_file(folder / "in" / f"{unit}.xlsx", periodic(label, 2022)), data=folder)
        wrong = periodic(label)
        wrong["Biểu 01"][1][2] = "1.36"
        load(write_file(folder / "in" / f"{unit}_sai.xlsx", wrong), data=folder)
    load(write_file(folder / "in" / "vo_danh.xlsx", periodic("Huyện Không Có")), data=folder)
    load(write_file(folder / "in" / "cu.xlsx", periodic("Huyện Thăng Bình", 2020)), data=folder)
    Desk(Settings(folder, catalogue.folder), folder).close_year(2020, "đã duyệt")
    return folder


@pytest.fixture
def data(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DVK_DATA", str(tmp_path / "data"))
    shutil.copytree(filled, tmp_path / "data")
    return tmp_path / "data"


def desk_of(data: Path, catalogue: Catalogue, who: Viewer) -> AllowedDesk:
    units = who.units(Right.UPLOAD)
    return AllowedDesk(Desk(Settings(data, catalogue.folder), data, by=who.said, units=units), who)


def bytes_of(data: Path) -> dict[str, bytes]:
    store = data / "store"
    return {str(path.relative_to(store)): path.read_bytes() for path in sorted(store.rglob("*")) if path.is_file()}


def refusals(data: Path) -> list[journal.Entry]:
    return [one for one in journal.entries(data) if one.event == journal.REFUSED]


def sha_of(data: Path, unit: str) -> str:
    """The accepted file of a unit."""
    return next(
        one["sha256"]
        for one in Store(data / "store").receipts
        if one["kind"] == "accepted" and unit in {found.don_vi_id for found in returns_of(one)}
    )


def held_of(data: Path, unit: str) -> str:
    found = Desk(Settings(data, Path()), data).held_back()
    return next(one.sha256 for one in found if [subject[0] for subject in one.subjects] == ([unit] if unit else []))


def return_of(data: Path) -> str:
    return str(query(data, "SELECT return_id FROM core_return WHERE don_vi_id = 'hoi_an'")[0][0])


def upload(folder: Path, unit: str = "Huyện Thăng Bình", year: int = 2023) -> tuple[str, bytes]:
    name = f"{unit}_{year}.xlsx"
    return name, write_file(folder / "up" / name, periodic(unit, year)).read_bytes()


def snapshot_of(data: Path) -> str:
    return (data / "warehouse" / "CURRENT").read_text(encoding="utf-8")


LANH_DAO, BAN_DAN_VAN, DON_VI, NO_ROLE = viewer("lanh_dao"), viewer("ban_dan_van"), viewer(f"don_vi:{OWN}"), viewer()
WHO = {"lanh_dao": LANH_DAO, "ban_dan_van": BAN_DAN_VAN, "don_vi": DON_VI, "khong_vai_tro": NO_ROLE}

Action = Callable[[AllowedDesk, Path], Any]
ACTIONS: dict[str, tuple[Action, str]] = {
    # what is asked of the desk -> which of the roles may; asks nobody's rights where all four stand
    "examine": (lambda desk, data: desk.examine([upload(data.parent)]), "ban_dan_van don_vi"),
    "take": (lambda desk, data: desk.take([upload(data.parent)]), "ban_dan_van don_vi"),
    "correction": (lambda desk, data: desk.correction(upload(data.parent), []), "ban_dan_van don_vi"),
    "correction_of its own": (
        lambda desk, data: desk.correction_of(held_of(data, OWN)),
        "lanh_dao ban_dan_van don_vi",
    ),
    "correction_of another's": (lambda desk, data: desk.correction_of(held_of(data, OTHER)), "lanh_dao ban_dan_van"),
    "correction_of nobody's": (lambda desk, data: desk.correction_of(held_of(data, "")), "lanh_dao ban_dan_van"),
    "original of its own": (lambda desk, data: desk.original(sha_of(data, OWN)), "lanh_dao ban_dan_van don_vi"),
    "original of another's": (lambda desk, data: desk.original(sha_of(data, OTHER)), "lanh_dao ban_dan_van"),
    "original held back, its own": (
        lambda desk, data: desk.original(held_of(data, OWN)),
        "lanh_dao ban_dan_van don_vi",
    ),
    "original held back, another's": (lambda desk, data: desk.original(held_of(data, OTHER)), "lanh_dao ban_dan_van"),
    "original held back, nobody's": (lambda desk, data: desk.original(held_of(data, "")), "lanh_dao ban_dan_van"),
    "original of no file": (lambda desk, data: desk.original("0" * 64), "lanh_dao ban_dan_van"),
    "versions of its own": (
        lambda desk, data: desk.versions((OWN, "nam", 2022, 2022)),
        "lanh_dao ban_dan_van don_vi",
    ),
    "versions of another's": (lambda desk, data: desk.versions((OTHER, "nam", 2022, 2022)), "lanh_dao ban_dan_van"),
    "withdraw": (lambda desk, data: desk.withdraw([return_of(data)], "nhầm"), "ban_dan_van"),
    "close_year": (lambda desk, data: desk.close_year(2022, "đã duyệt"), "ban_dan_van"),
    "reopen_year": (lambda desk, data: desk.reopen_year(2020, "xin sửa"), "ban_dan_van"),
    "freeze": (lambda desk, data: desk.freeze("Hội nghị", "Tổ số liệu", "", snapshot_of(data)), "ban_dan_van"),
    "form of its own": (lambda desk, data: desk.form(OWN, "nam", 2023), "ban_dan_van don_vi"),
    "form of another's": (lambda desk, data: desk.form(OTHER, "nam", 2023), "ban_dan_van"),
    "acts": (lambda desk, data: desk.acts(), "lanh_dao ban_dan_van"),
    "closed_years": (lambda desk, data: desk.closed_years(), "lanh_dao ban_dan_van don_vi khong_vai_tro"),
    "has_original": (
        lambda desk, data: desk.has_original(sha_of(data, OTHER)),
        "lanh_dao ban_dan_van don_vi khong_vai_tro",
    ),
    "senders": (lambda desk, data: desk.senders(sha_of(data, OTHER)), "lanh_dao ban_dan_van don_vi khong_vai_tro"),
}
FILTERED = {"held_back", "subjects"}
"""Refuse nobody: they leave out what the viewer may not see, as tests below show."""
OWN_METHODS = {"may", "own_units", "may_have_original"}
"""What the desk with rights has beyond the desk itself."""


@pytest.mark.parametrize("role", list(WHO))
@pytest.mark.parametrize("action", list(ACTIONS))
def test_the_desk_does_for_each_role_what_the_table_says(
    action: str, role: str, data: Path, catalogue: Catalogue
) -> None:
    do, allowed = ACTIONS[action]
    desk, before = desk_of(data, catalogue, WHO[role]), bytes_of(data)

    if role in allowed.split():
        do(desk, data)
        assert refusals(data) == []
    else:
        with pytest.raises(Refused, match="không có quyền"):
            do(desk, data)
        (line,) = journal.entries(data)
        assert (line.event, line.who) == (journal.REFUSED, WHO[role].said)
        assert bytes_of(data) == before


def test_no_method_of_the_desk_is_forgotten() -> None:
    def public(of: type) -> set[str]:
        return {name for name, _ in inspect.getmembers(of) if not name.startswith("_")} - {"Refused"}

    asked = {name.partition(" ")[0] for name in ACTIONS}
    assert public(Desk) == public(DeskSeen) == asked | FILTERED | {"may_change"}
    assert public(AllowedDesk) == public(Desk) | OWN_METHODS


def test_lists_leave_out_what_a_unit_may_not_see(data: Path, catalogue: Catalogue) -> None:
    held = {name: [one.file_name for one in desk_of(data, catalogue, who).held_back()] for name, who in WHO.items()}
    units = {name: {one[0] for one in desk_of(data, catalogue, who).subjects()} for name, who in WHO.items()}

    everything = ["hoi_an_sai.xlsx", "thang_binh_sai.xlsx", "vo_danh.xlsx"]
    assert {name: sorted(files) for name, files in held.items()} == {
        "lanh_dao": everything,
        "ban_dan_van": everything,
        "don_vi": ["thang_binh_sai.xlsx"],
        "khong_vai_tro": [],
    }
    assert units == {"lanh_dao": {OWN, OTHER}, "ban_dan_van": {OWN, OTHER}, "don_vi": {OWN}, "khong_vai_tro": set()}
    assert refusals(data) == []


def test_an_original_that_was_fetched_is_written_down_with_who_and_which(data: Path, catalogue: Catalogue) -> None:
    desk_of(data, catalogue, DON_VI).original(sha_of(data, OWN))

    (line,) = journal.entries(data)
    assert (line.event, line.who, line.what) == (journal.FETCHED, "a", f"tệp {sha_of(data, OWN)[:8]}")


@pytest.mark.parametrize("role", list(WHO))
@pytest.mark.parametrize("with_support", [False, True])
def test_a_file_is_made_only_for_who_may_export_and_written_down(role: str, with_support: bool, data: Path) -> None:
    if role == "ban_dan_van":
        exporting(WHO[role], "Bộ trang chiếu", with_support=with_support)
    else:
        with pytest.raises(Exception, match="không có quyền"):
            exporting(WHO[role], "Bộ trang chiếu", with_support=with_support)

    (line,) = journal.entries(data)
    assert line.event == (journal.EXPORTED if role == "ban_dan_van" else journal.REFUSED)


# --- what a unit's account hands in


def kept(data: Path) -> dict[str, bytes]:
    """What the store holds, without the note of who wrote to it last."""
    return {name: content for name, content in bytes_of(data).items() if name != "writer.txt"}


def unit_takes(data: Path, catalogue: Catalogue, *uploads: tuple[str, bytes]) -> list[Any]:
    return list(desk_of(data, catalogue, DON_VI).take(list(uploads)))


def test_a_units_file_is_taken_from_its_own_account_and_the_receipt_names_it(data: Path, catalogue: Catalogue) -> None:
    who = viewer(f"don_vi:{OWN}", sub="tb", name="Tổ số liệu Thăng Bình")

    (outcome,) = desk_of(data, catalogue, who).take([upload(data.parent)])

    assert outcome.status == "accepted_with_warnings"
    assert Store(data / "store").receipts[-1]["by"] == "Tổ số liệu Thăng Bình (tb)"
    assert desk_of(data, catalogue, who).versions((OWN, "nam", 2023, 2023))[-1].by == "Tổ số liệu Thăng Bình (tb)"


def test_of_another_units_file_nothing_is_kept_and_the_unit_is_named(data: Path, catalogue: Catalogue) -> None:
    before = kept(data)

    (outcome,) = unit_takes(data, catalogue, upload(data.parent, "Thành phố Hội An"))

    assert outcome.status == "rejected" and "Hội An" in outcome.issues[0].message
    assert kept(data) == before


def test_another_units_file_with_errors_is_not_kept_either(data: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    wrong, before = periodic("Thành phố Hội An", 2024), kept(data)
    wrong["Biểu 01"][1][2] = "1.36"

    (outcome,) = unit_takes(data, catalogue, ("a.xlsx", write_file(tmp_path / "a.xlsx", wrong).read_bytes()))

    assert outcome.status == "rejected" and "Hội An" in outcome.issues[0].message
    assert "1.36" not in str(outcome.issues)
    assert kept(data) == before


def test_a_compiled_file_of_several_units_is_not_kept_and_they_are_named(
    data: Path, catalogue: Catalogue, tmp_path: Path
) -> None:
    rows = COMPILED["Tổng hợp"]
    own = {"Tổng hợp": [*rows[:2], [1, "Huyện Thăng Bình", *rows[2][2:]], rows[3], rows[4]]}
    before = kept(data)

    (outcome,) = unit_takes(data, catalogue, ("a.xlsx", write_file(tmp_path / "a.xlsx", own).read_bytes()))

    assert outcome.status == "rejected" and "Nông Sơn" in outcome.issues[0].message
    assert kept(data) == before


def test_of_another_units_file_that_was_taken_before_nothing_is_told(data: Path, catalogue: Catalogue) -> None:
    accepted = next((data / "store").rglob(f"*{sha_of(data, OTHER)}*"))
    content = accepted.read_bytes() if accepted.is_file() else next(accepted.glob("original*")).read_bytes()
    before = kept(data)

    (outcome,) = unit_takes(data, catalogue, ("lai.xlsx", content))

    assert (outcome.status, outcome.brought) == ("rejected", ()) and "Hội An" in outcome.issues[0].message
    assert kept(data) == before


def test_a_record_names_an_account_whatever_name_it_went_by() -> None:
    now = viewer(f"don_vi:{OWN}", sub="tb", name="Tên mới")

    assert now.is_named_by("Tên cũ (tb)") and now.is_named_by("tb") and now.is_named_by(now.said)
    assert not any(now.is_named_by(by) for by in ("", "Tên mới", "tb (a)", "Tên mới (atb)", "a"))
    assert not any(AT_THE_MACHINE.is_named_by(by) for by in ("", "a", " ()"))


def test_a_file_that_names_no_unit_is_held_back_for_who_handed_it_in_alone(data: Path, catalogue: Catalogue) -> None:
    name, content = upload(data.parent, "Huyện Chưa Từng Có")

    (outcome,) = unit_takes(data, catalogue, (name, content))

    assert outcome.status == "rejected"
    held = {one.file_name: one.sha256 for one in desk_of(data, catalogue, DON_VI).held_back()}
    neighbour = desk_of(data, catalogue, viewer(f"don_vi:{OTHER}", sub="b"))
    assert set(held) == {"thang_binh_sai.xlsx", name}
    assert name not in [one.file_name for one in neighbour.held_back()]
    assert desk_of(data, catalogue, DON_VI).original(held[name]) == content
    assert not neighbour.may_have_original(held[name])
