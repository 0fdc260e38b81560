"""What the commands print: the end of a load, the state of a store, progress, JSON for other programs."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from etl.catalogue import Catalogue
from etl.frozen import frozen_json, frozen_snapshots
from etl.loading import FileResult, LoadResult
from etl.periods import Period, unit_existed
from etl.publish import current
from etl.settings import Settings
from etl.store import Store
from etl.versions import change_text


def status_of_store(settings: Settings, catalogue: Catalogue) -> dict[str, Any]:
    """Return what `status` prints: what the store and the warehouse hold."""
    store = Store(settings.store)
    annual = [found for found in store.returns if found.period_kind == "nam"]
    latest = max((found.to_year for found in annual), default=None)
    expected = [
        unit
        for unit in catalogue.don_vi
        if latest and unit.is_district and unit_existed(unit, Period("nam", latest, latest))
    ]
    sent = {found.don_vi_id for found in annual if found.to_year == latest}
    quarantine = settings.store / "quarantine"
    return {
        "snapshot_id": current(settings.warehouse),
        "returns": len(store.returns),
        "is_simulated": store.is_simulated,
        "latest_year": latest,
        "expected_districts": len(expected),
        "reported_districts": sum(unit.don_vi_id in sent for unit in expected),
        "missing_districts": [unit.label for unit in expected if unit.don_vi_id not in sent],
        "closed_years": sorted(store.closed_years),
        "frozen": [frozen_json(found) for found in frozen_snapshots(settings.store)],
        "quarantined": sum(1 for _ in quarantine.iterdir()) if quarantine.exists() else 0,
    }


def load_json(result: LoadResult) -> dict[str, Any]:
    """Return what `load --json` prints: the snapshot, each file's end, its returns and issues, and what was skipped."""
    return {
        "snapshot_id": result.snapshot_id,
        "files": [_file_json(item) for item in result.files],
        "skipped": [{"path": str(path), "reason": reason} for path, reason in result.skipped],
    }


def _file_json(item: FileResult) -> dict[str, Any]:
    names = ("return_id", "don_vi_id", "period_kind", "from_year", "to_year")
    return {
        "path": str(item.path),
        "status": item.status,
        "returns": [
            {name: getattr(taken.found, name) for name in names}
            | {"supersedes": taken.supersedes, "changes": [asdict(change) for change in taken.changes]}
            for taken in item.returns
        ],
        "issues": [
            {name: getattr(issue, name) for name in ("rule", "level", "sheet", "cell", "message")}
            for issue in item.issues
        ],
    }


def print_load(result: LoadResult, dry_run: bool, catalogue: Catalogue) -> None:
    """Say what became of every file, and what to do next."""
    words = {
        "accepted": "nhận",
        "accepted_with_warnings": "nhận, có cảnh báo",
        "rejected": "TỪ CHỐI",
        "duplicate": "trùng",
    }
    for item in result.files:
        if item.status in ("rejected", "accepted_with_warnings"):
            print(f"{words[item.status]}: {item.path}")
            for issue in item.issues:
                place = " ".join(part for part in (issue.sheet, issue.cell) if part)
                print(f"    {f'[{place}] ' if place else ''}{issue.message}")
        for taken in item.returns if item.status != "duplicate" else ():
            if taken.supersedes:
                print(f"thay bản trước: {taken.found.return_id} thay {taken.supersedes}")
            for change in taken.changes:
                print(f"    {change_text(change, catalogue)}")
    for path, reason in result.skipped:
        print(f"bỏ qua: {path} ({reason})")
    counts = {word: sum(item.status == status for item in result.files) for status, word in words.items()}
    print("; ".join(f"{word}: {count}" for word, count in counts.items() if count) or "Không có tệp nào để nạp.")
    if dry_run:
        print("Chỉ kiểm tra, chưa nạp gì.")
    elif result.is_new_snapshot:
        print(f"Đã dựng bản {result.snapshot_id}. Mở bằng: python run.py")
    else:
        print("Kho không thay đổi.")
    if result.is_any_rejected:
        print("Sửa theo lời nhắc ở trên rồi nạp lại.")
    if any(item.is_quarantined for item in result.files):
        print("Bản gốc của tệp bị từ chối được giữ nguyên trong store/quarantine.")


def print_json(value: dict[str, Any]) -> None:
    """Print a value as UTF-8 JSON, whatever the terminal's encoding."""
    sys.stdout.buffer.write((json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode())
    sys.stdout.buffer.flush()


@contextmanager
def progress_bar(what: str, quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar in a terminal; elsewhere, and for --json, show nothing."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
