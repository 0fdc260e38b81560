"""Reporting periods: their days, their deadlines, and which units existed in them."""

from datetime import date

import pytest

from etl.catalogue_rows import Deadline, DonVi
from etl.periods import Period, absence, due_on, unit_existed

ANNUAL_DEADLINE = Deadline(
    period_kind="nam", due_month=12, due_day=20, decided_by="Ban Dân vận", decided_on=date(2024, 1, 1), reason=""
)


def unit(valid_from: date | None, valid_to: date | None) -> DonVi:
    blank = dict.fromkeys(("former_kind", "gso_code", "terrain", "successor_id", "tile_row", "tile_col"))
    return DonVi(
        don_vi_id="nong_son",
        label="Nông Sơn",
        full_label="Huyện Nông Sơn",
        kind="huyen",
        valid_from=valid_from,
        valid_to=valid_to,
        note="",
        **blank,
    )


@pytest.mark.parametrize(
    ("period", "start", "end", "label"),
    [
        (Period("nam", 2023, 2023), date(2023, 1, 1), date(2023, 12, 31), "năm 2023"),
        (Period("6_thang", 2023, 2023), date(2023, 1, 1), date(2023, 6, 30), "6 tháng đầu năm 2023"),
        (Period("giai_doan", 2009, 2024), date(2009, 1, 1), date(2024, 12, 31), "giai đoạn 2009-2024"),
    ],
)
def test_period_knows_its_days_and_its_name(period: Period, start: date, end: date, label: str) -> None:
    assert (period.start, period.end, period.label) == (start, end, label)


def test_period_refuses_to_run_backwards() -> None:
    with pytest.raises(ValueError, match="trước khi bắt đầu"):
        Period("giai_doan", 2024, 2009)


def test_a_year_refuses_to_span_several() -> None:
    with pytest.raises(ValueError, match="giai đoạn"):
        Period("nam", 2023, 2024)


def test_return_is_due_in_the_last_year_of_its_period() -> None:
    assert due_on(Period("nam", 2023, 2023), [ANNUAL_DEADLINE]) == date(2023, 12, 20)


def test_period_without_deadline_is_never_due() -> None:
    assert due_on(Period("giai_doan", 2009, 2024), [ANNUAL_DEADLINE]) is None


@pytest.mark.parametrize(
    ("period", "existed"),
    [
        (Period("nam", 2008, 2008), False),
        (Period("nam", 2009, 2009), True),
        (Period("nam", 2024, 2024), True),
        (Period("6_thang", 2025, 2025), False),
        (Period("giai_doan", 2009, 2024), True),
        (Period("giai_doan", 2009, 2025), False),
    ],
)
def test_unit_existed_only_in_periods_within_its_dates(period: Period, existed: bool) -> None:
    assert unit_existed(unit(date(2008, 4, 8), date(2024, 12, 31)), period) is existed


def test_missing_dates_are_open() -> None:
    assert unit_existed(unit(None, None), Period("giai_doan", 1930, 2090))


def test_half_year_fits_a_unit_that_ended_on_its_last_day() -> None:
    assert unit_existed(unit(None, date(2025, 6, 30)), Period("6_thang", 2025, 2025))


@pytest.mark.parametrize(
    ("ended", "said"),
    [
        (date(2024, 12, 31), "kết thúc ngày 31/12/2024, kỳ cuối nhận được là năm 2024"),
        (date(2024, 6, 30), "kết thúc ngày 30/6/2024, kỳ cuối nhận được là 6 tháng đầu năm 2024"),
        (date(2024, 6, 29), "kết thúc ngày 29/6/2024, kỳ cuối nhận được là năm 2023"),
    ],
)
def test_a_unit_that_ended_without_a_successor_is_told_its_last_period(ended: date, said: str) -> None:
    gone = unit(None, ended)

    assert (
        absence(gone, Period("nam", 2025, 2025), {}) == f"Huyện Nông Sơn không tồn tại suốt kỳ năm 2025: đơn vị {said}"
    )
    assert absence(gone, Period("nam", 2023, 2023), {}) == ""


def test_a_unit_that_ended_names_who_reports_from_then_on() -> None:
    heir = unit(None, None).model_copy(update={"full_label": "Huyện Quế Sơn"})
    gone = unit(None, date(2024, 12, 31)).model_copy(update={"successor_id": "que_son"})

    assert absence(gone, Period("nam", 2025, 2025), {"que_son": heir}).endswith("số liệu từ đó ghi ở Huyện Quế Sơn")


def test_before_a_unit_began_the_old_one_reports() -> None:
    assert absence(unit(date(2008, 4, 8), None), Period("nam", 2008, 2008), {}) == (
        "Huyện Nông Sơn không tồn tại suốt kỳ năm 2008: đơn vị có từ ngày 8/4/2008, trước đó ghi ở đơn vị cũ"
    )
