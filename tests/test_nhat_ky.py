"""The page of the audit trail, in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from dashboard import journal
from tests import warehouses
from tests.browsing import fetched, served


@pytest.mark.browser
def test_the_trail_over_the_sample_is_marked_and_tells_the_latest_first(page: Page, tmp_path: Path) -> None:
    warehouses.publish(tmp_path / "sample" / "warehouse", warehouses.three_districts())
    for what in ("deck", "data"):
        journal.record(tmp_path, journal.EXPORTED, "a@example.org", what)

    with served(tmp_path) as address:
        page.goto(f"{address}/nhat_ky")
        file = fetched(page, "Tải nhật ký (CSV)")
        told = file.path().read_text(encoding="utf-8-sig")

    assert file.suggested_filename == "nhat_ky_mo_phong.csv"
    assert told.startswith("DỮ LIỆU MÔ PHỎNG")
    assert told.index("a@example.org;data") < told.index("a@example.org;deck")
