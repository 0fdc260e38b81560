"""The command of `python -m dashboard`: it writes a file to hand out, from the latest or a frozen snapshot.

Exit status: 0 written; 2 wrong use; 4 no snapshot, a damaged one, or a place that cannot be written to.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from dashboard import documents, journal, labels
from dashboard.choice import Choice
from dashboard.data_folder import data_folder
from dashboard.documents import LIST_NAME, NoOfficeError, units_of
from dashboard.downloads import DAYS_TO_REPLY, DOWNLOADS, Wanted
from dashboard.frozen import NoSuchFrozenError, open_as_of
from dashboard.labels import SIMULATED
from dashboard.provenance.trace import known_years
from dashboard.slides import PRESETS
from dashboard.units import unit_names
from dashboard.warehouse import Warehouse, WarehouseError, open_snapshot

WRONG_USE, DAMAGED = 2, 4
WARNED = "Có danh sách cần hỗ trợ: tệp này chỉ dùng nội bộ."

app = typer.Typer(
    help="Xuất số liệu phong trào thi đua “Dân vận khéo” ra tệp.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class What(StrEnum):
    """What can be written."""

    deck = "deck"
    handout = "handout"
    report = "report"
    data = "data"
    letters = "letters"
    profiles = "profiles"


class Preset(StrEnum):
    """Which slides a deck has."""

    short = "5_phut"
    full = "day_du"


class Size(StrEnum):
    """The shape of slides."""

    wide = "16:9"
    old = "4:3"


SUFFIXES = {**{key: found.suffix for key, found in DOWNLOADS.items()}, What.letters: ".zip", What.profiles: ".zip"}


@app.callback()
def main() -> None:
    """Xuất số liệu phong trào thi đua “Dân vận khéo” ra tệp."""


@app.command("export")
def export_command(
    what: Annotated[
        What,
        typer.Argument(
            help="deck: trang chiếu; handout: tài liệu phát; report: phần kết quả của báo cáo; data: số liệu; "
            "letters: công văn nhắc; profiles: hồ sơ đơn vị."
        ),
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="Tệp để ghi.")],
    as_of: Annotated[str, typer.Option("--as-of", help="Mã bản chốt; không có: số liệu mới nhất.")] = "",
    don_vi: Annotated[
        list[str] | None, typer.Option("--don-vi", help="Mã đơn vị; letters, profiles: lặp lại cho nhiều đơn vị.")
    ] = None,
    from_year: Annotated[int | None, typer.Option("--tu", help="Từ năm; không có: năm đầu có số liệu.")] = None,
    to_year: Annotated[int | None, typer.Option("--den", help="Đến năm; không có: năm cuối có số liệu.")] = None,
    with_support: Annotated[
        bool, typer.Option("--with-support", help="deck, data, profiles: kèm danh sách cần hỗ trợ (nội bộ).")
    ] = False,
    slides: Annotated[Preset, typer.Option("--bo", help="deck: bộ trang chiếu.")] = Preset.full,
    size: Annotated[Size, typer.Option("--kho", help="deck: khổ trang chiếu.")] = Size.wide,
    force: Annotated[bool, typer.Option("--force", help="Ghi đè tệp đã có.")] = False,
) -> None:
    """Ghi một tệp để trình bày, phát hoặc gửi."""
    if output.suffix.casefold() != SUFFIXES[what]:
        _fail(WRONG_USE, f"Tệp của “{what}” phải có đuôi {SUFFIXES[what]}.")
    if output.is_dir() or (output.exists() and not force):
        _fail(WRONG_USE, f"{output} đã có. Chọn tên khác, hoặc thêm --force để ghi đè.")
    if not output.parent.is_dir():
        _fail(WRONG_USE, f"Không có thư mục {output.parent}.")
    if as_of and what is What.letters:
        _fail(WRONG_USE, "Công văn nhắc luôn viết theo số liệu mới nhất: bỏ --as-of.")
    warehouse, notices = _opened(as_of)
    with closing(warehouse):
        units = _units(what, warehouse, don_vi or [])
        choice = _choice(warehouse, from_year, to_year)
        wanted = Wanted(with_support, PRESETS[slides.value], size is Size.wide)
        try:
            content, told = _made(what, warehouse, choice, units, wanted)
        except WarehouseError as problem:
            _fail(DAMAGED, str(problem))
        except NoOfficeError as problem:
            _fail(WRONG_USE, str(problem))
    place: Path = journal.folder(data_folder())
    try:
        journal.record(data_folder(), journal.EXPORTED, journal.this_account(), what.value)
        place = output
        write_whole(output, content)
    except OSError as problem:
        _fail(DAMAGED, f"Không ghi được {place} ({problem.strerror}): kiểm tra quyền ghi và chỗ trống.")
    for line in (*notices, *told):
        print(line)
    if warehouse.is_simulated:
        print(f"{SIMULATED}: không phải số thật của đơn vị nào.")
    period = labels.period(choice.from_year, choice.to_year)
    print(f"Đã ghi {output} ({period}, bản số liệu {warehouse.info.get('snapshot_id', '')}).")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all; OSError."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o644)  # as any other file: a temporary one is its owner's alone
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _opened(as_of: str) -> tuple[Warehouse, list[str]]:
    """Open the latest snapshot, or the frozen one of this id; the frozen ones of the sample follow the real ones."""
    data = data_folder()
    try:
        if not as_of:
            return open_snapshot(data)
        try:
            return open_as_of(data, as_of), []
        except NoSuchFrozenError:
            return open_as_of(data / "sample", as_of), []
    except NoSuchFrozenError as problem:
        _fail(WRONG_USE, str(problem))
    except WarehouseError as problem:
        _fail(DAMAGED, str(problem))


def _choice(warehouse: Warehouse, from_year: int | None, to_year: int | None) -> Choice:
    years = known_years(warehouse)
    first, last = from_year or years[0], to_year or years[-1]
    if first not in years or last not in years or first > last:
        _fail(WRONG_USE, f"Kỳ {first}-{last} không hợp lệ: chọn trong {labels.years(years[0], years[-1])}.")
    return Choice(first, last, None)


def _units(what: What, warehouse: Warehouse, asked: list[str]) -> list[str]:
    """Return the ids of the units asked for, refusing more of them than a file can be of."""
    known = unit_names(warehouse)
    unknown = [unit for unit in asked if unit not in known]
    if unknown:
        _fail(WRONG_USE, f"Không có đơn vị {', '.join(unknown)}. Có: {', '.join(known)}.")
    if what in DOWNLOADS and asked and not DOWNLOADS[what].is_of_one:
        _fail(WRONG_USE, f"“{what}” luôn của toàn tỉnh: bỏ --don-vi.")
    if what in DOWNLOADS and len(asked) > 1:
        _fail(WRONG_USE, f"“{what}” chỉ của một đơn vị hoặc toàn tỉnh: dùng --don-vi một lần.")
    return asked


def _made(
    what: What, warehouse: Warehouse, choice: Choice, units: list[str], wanted: Wanted
) -> tuple[bytes, list[str]]:
    """Return a file's content, and what to say of it."""
    internal = [WARNED] if wanted.with_support and what in (What.deck, What.data, What.profiles) else []
    if what in DOWNLOADS:
        of_one = replace(choice, don_vi_id=units[0] if units else None)
        return DOWNLOADS[what].make(warehouse, of_one, wanted), [f"{DOWNLOADS[what].label}.", *internal]
    chosen = units or units_of(warehouse, choice)
    with _progress(SUFFIXES[what]) as progress:
        if what is What.profiles:
            told = [f"Hồ sơ của {len(chosen)} đơn vị.", *internal]
            content = documents.profiles_zip(
                warehouse, choice, chosen, with_support=wanted.with_support, progress=progress
            )
            return content, told
        today = date.today()
        reply_by = today + timedelta(days=DAYS_TO_REPLY)
        told = [
            f"Công văn nhắc trong số {len(chosen)} đơn vị, tính đến {labels.day(today)}, hạn {labels.day(reply_by)}.",
            f"Xem {LIST_NAME} trong tệp để biết đơn vị nào có công văn. "
            "Tệp bị từ chối không được kể ở đây; công văn tải trên màn hình thì có.",
        ]
        content = documents.letters_zip(warehouse, choice, chosen, as_of=today, reply_by=reply_by, progress=progress)
        return content, told


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar in a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"Đang lập {what}", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _fail(status: int, message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(status)
