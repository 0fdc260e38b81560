"""Sessions that were signed out: every process on the data folder knows them, until their time is over anyway."""

from pathlib import Path

from dashboard.access import ended
from tests.browsing import free_port
from tests.lan import opened_to_others, serving

DAY = 86_400.0


def test_a_session_signed_out_is_ended_and_no_other(tmp_path: Path) -> None:
    assert not ended.is_ended(tmp_path, "a", DAY)
    ended.end(tmp_path, "a", DAY, now=0)
    assert ended.is_ended(tmp_path, "a", DAY)
    ended.end(tmp_path, "b", DAY, now=0)

    told = [ended.is_ended(tmp_path, *one) for one in (("a", DAY), ("b", DAY), ("c", DAY), ("a", 3 * DAY))]
    assert told == [True, True, False, False]


def test_days_that_are_over_are_deleted_and_others_stay(tmp_path: Path) -> None:
    for mark, ends_at in (("a", 0.0), ("b", 2.5 * DAY), ("c", 1e300)):
        ended.end(tmp_path, mark, ends_at, now=0)

    ended.end(tmp_path, "d", 5 * DAY, now=2.9 * DAY)

    assert sorted(path.stem for path in (tmp_path / "audit" / "ended").iterdir()) == [
        "1970-01-03",
        "1970-01-06",
        "2242-03-16",
    ]
    assert ended.is_ended(tmp_path, "b", 2.5 * DAY) and ended.is_ended(tmp_path, "c", 1e300)


def test_who_signs_out_at_one_process_is_out_at_the_other_and_after_a_restart(tmp_path: Path) -> None:
    with opened_to_others(tmp_path) as lan:
        visitor = lan.visitor("lanh_dao")
        cookie = {"Cookie": visitor.cookies, "Host": lan.base.removeprefix("http://")}

        def at_another_process() -> int:
            port = free_port()
            with serving(tmp_path, port, DVK_SIGN_IN=str(tmp_path / "secrets.toml")):
                return visitor.http.get(f"http://127.0.0.1:{port}/tong_quan", headers=cookie).status_code

        assert at_another_process() == 200
        visitor.http.get("/auth/logout")
        assert at_another_process() == 401
