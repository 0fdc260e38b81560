"""Whether a pinned library has a published hole, asked of a vulnerability database by pip-audit; nothing is installed.

A database that cannot be reached, a proxy that answers "nothing found" to everything, or packages passed over would
all look like good news. So one package that is known to be vulnerable is asked about in the same breath, and the
answer counts only when that one was found and every package of the lock was looked at.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from run import ROOT, pinned

OSV = "https://api.osv.dev/v1/query"
CANARY = "django==1.11"  # dozens of holes published since 2017; never installed
FOUND, COULD_NOT_AUDIT = 1, 4
Report = dict[str, list[dict[str, Any]]]


def main(
    lock: Annotated[Path, typer.Option(help="Tệp khóa phiên bản cần xem.")] = ROOT / "requirements.lock",
    database: Annotated[str, typer.Option(help="Địa chỉ cơ sở dữ liệu lỗ hổng, theo giao thức của OSV.")] = OSV,
) -> None:
    """Xem thư viện nào có lỗ hổng đã công bố: 0 không có, 1 có, 4 không kiểm tra được."""
    pins = pinned(lock)
    report, trouble = ask(pins | {CANARY}, database)
    code, lines = verdict(report, pins, trouble)
    if code == COULD_NOT_AUDIT:
        lines.append(f"Hãy chạy lại trên máy vào được {database}.")
    typer.echo("\n".join(lines))
    raise typer.Exit(code)


def ask(pins: set[str], database: str) -> tuple[Report | None, str]:
    """Return what pip-audit reports of pinned packages; None, and the last line it said, when it reports nothing."""
    with tempfile.TemporaryDirectory() as scratch:
        # A plain list of pins: pip-audit would leave out what only another system installs. No cache but its own:
        # yesterday's answer is no answer.
        requirements = Path(scratch) / "requirements.txt"
        requirements.write_text("\n".join(sorted(pins)) + "\n", encoding="utf-8")
        command = [sys.executable, "-m", "pip_audit", "-r", str(requirements), "--no-deps", "--disable-pip"]
        command += [
            "--vulnerability-service",
            "osv",
            "--osv-url",
            database,
            "--cache-dir",
            str(Path(scratch) / "cache"),
        ]
        command += ["--format", "json", "--aliases", "on", "--progress-spinner", "off"]
        ended = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace")
    try:
        return json.loads(ended.stdout), ""
    except ValueError:
        return None, (ended.stderr.strip().splitlines() or [f"pip-audit: {ended.returncode}"])[-1]


def verdict(report: Report | None, pins: set[str], trouble: str = "") -> tuple[int, list[str]]:
    """Return the exit status and the lines that say why: what was found, nothing found, or could not audit."""
    if report is None:
        return COULD_NOT_AUDIT, [f"KHÔNG KIỂM TRA ĐƯỢC: pip-audit không có kết quả ({trouble})."]
    answers = {
        f"{entry['name']}=={entry['version']}": entry["vulns"] for entry in report["dependencies"] if "vulns" in entry
    }
    found = {pin: answers[pin] for pin in sorted(pins) if answers.get(pin)}
    unseen = sorted(pins - set(answers))
    lines = [_told(pin, hole) for pin, holes in found.items() for hole in holes]
    doubts = []
    if not answers.get(CANARY):
        doubts.append(f"không thấy lỗ hổng nào của gói thử {CANARY}, vốn có nhiều: câu trả lời không đáng tin")
    if unseen:
        doubts.append(f"{len(unseen)}/{len(pins)} gói không được xem: {', '.join(unseen)}")
    if doubts:
        lines.append(f"KHÔNG KIỂM TRA ĐƯỢC: {'; '.join(doubts)}.")
    if found:
        return FOUND, [*lines, f"Có lỗ hổng đã công bố ở {len(found)}/{len(pins)} gói."]
    if doubts or not pins:
        return COULD_NOT_AUDIT, lines or ["KHÔNG KIỂM TRA ĐƯỢC: không có gói nào để xem."]
    return 0, [f"Đã xem {len(pins)} gói, không gói nào có lỗ hổng đã công bố (gói thử {CANARY} được phát hiện đúng)."]


def _told(pin: str, hole: dict[str, Any]) -> str:
    names = ", ".join([hole["id"], *hole.get("aliases", [])])
    fixed = ", ".join(hole.get("fix_versions", []))
    return f"{pin}: {names}; " + (f"đã sửa ở bản {fixed}" if fixed else "chưa có bản sửa")
