"""Decisions about what the store already holds: taking returns back, closing a year, opening it again.

Each is kept with its reason as a receipt, and a new snapshot is published before it is acknowledged. One that was cut
short is finished by asking for it again: what was already decided for the same reason is not decided twice.
"""

from collections.abc import Callable, Iterable

from etl.catalogue import Catalogue
from etl.lock import writer_lock
from etl.publish import publish, published_receipts
from etl.settings import Settings
from etl.store import Store
from etl.versions import closed_sentences

Decided = Callable[..., bool]
"""Says whether a decision was already taken: for the same reason, or by a run that did not come to publish it."""


class Impossible(Exception):
    """A decision that cannot be taken; the message says why and what to do."""


def withdraw(return_ids: Iterable[str], reason: str, settings: Settings, catalogue: Catalogue) -> str:
    """Take returns back, all or none; what each replaced counts again. Return the new snapshot's id.

    Raises Impossible for a return that is not held or whose year is closed; StoreBusy, DamagedStore.
    """
    wanted = list(dict.fromkeys(return_ids))

    def decide(store: Store, decided: Decided) -> None:
        held = {found.return_id: found for found in store.returns}
        left = [return_id for return_id in wanted if not decided("withdrawn", reason, return_id=return_id)]
        for return_id in left:
            if return_id not in held:
                raise Impossible(f"Kho không có báo cáo “{return_id}” đang dùng.")
            for closed in closed_sentences(held[return_id].subject, store):
                raise Impossible(f"{closed}: mở khóa năm rồi rút báo cáo “{return_id}”.")
        for return_id in left:
            store.withdraw(return_id, _said(reason))

    return _decide(decide, settings, catalogue)


def close_year(year: int, reason: str, settings: Settings, catalogue: Catalogue) -> str:
    """Close a year whose figures leadership has settled; return the new snapshot's id. Raises Impossible."""

    def decide(store: Store, decided: Decided) -> None:
        if decided("closed", reason, year=year) and year in store.closed_years:
            return
        if year in store.closed_years:
            raise Impossible(f"Năm {year} đã khóa từ trước (lý do: {store.closed_years[year]}).")
        if not any(found.from_year <= year <= found.to_year for found in store.returns):
            raise Impossible(f"Kho chưa có báo cáo nào của năm {year}: không có gì để khóa.")
        store.close_year(year, _said(reason))

    return _decide(decide, settings, catalogue)


def reopen_year(year: int, reason: str, settings: Settings, catalogue: Catalogue) -> str:
    """Open a closed year again; return the new snapshot's id. Raises Impossible."""

    def decide(store: Store, decided: Decided) -> None:
        if decided("reopened", reason, year=year) and year not in store.closed_years:
            return
        if year not in store.closed_years:
            raise Impossible(f"Năm {year} không khóa.")
        store.reopen_year(year, _said(reason))

    return _decide(decide, settings, catalogue)


def _decide(decide: Callable[[Store, Decided], None], settings: Settings, catalogue: Catalogue) -> str:
    with writer_lock(settings.store):
        store = Store(settings.store)
        published = published_receipts(settings.warehouse)

        def decided(kind: str, reason: str, **facts: object) -> bool:
            told = {"kind": kind, **facts}
            return any(
                told.items() <= receipt.items() and (number >= published or receipt["reason"] == reason.strip())
                for number, receipt in enumerate(store.receipts)
            )

        decide(store, decided)
        return publish(settings.warehouse, store, catalogue)


def _said(reason: str) -> str:
    if not reason.strip():
        raise Impossible("Cần ghi lý do: lý do được giữ trong kho.")
    return reason.strip()
