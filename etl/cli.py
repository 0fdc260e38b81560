"""The commands of `python -m etl`: each says what it did and what to do next, in Vietnamese; it decides nothing itself.

Exit status: 0 all accepted; 1 something was rejected; 2 wrong use; 3 the store is held by another load;
4 the store or a snapshot is damaged.
"""

import functools
import re
import sys
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from etl.backup_file import DamagedBackup
from etl.build import duckdb_engine
from etl.catalogue import Catalogue, load_catalogue
from etl.catalogue_checks import CatalogueError
from etl.decisions import Impossible, close_year, reopen_year, withdraw
from etl.frozen import freeze, frozen_path, frozen_snapshots
from etl.labels import date_text
from etl.loading import load as load_paths
from etl.lock import StoreBusy, writer_lock
from etl.periods import Period, absence
from etl.publish import DamagedSnapshot, current, publish, snapshot_damage
from etl.receipts import DamagedStore
from etl.saying import load_json, print_json, print_load, progress_bar, status_of_store
from etl.settings import Settings, read_settings
from etl.spark import SparkMissing, spark_engine
from etl.store import Store
from etl.verify import examine
from etl.vocabulary import UnknownLabel, Vocabulary

REJECTED, WRONG_USE, BUSY, DAMAGED = 1, 2, 3, 4

app = typer.Typer(
    help="Nạp báo cáo phong trào thi đua “Dân vận khéo” và dựng kho số liệu.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
JsonOption = Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON cho chương trình khác đọc.")]


class Engine(StrEnum):
    """What answers the SQL of `etl/sql/`."""

    DUCKDB = "duckdb"
    SPARK = "spark"


def with_exit_codes(command: Callable[..., None]) -> Callable[..., None]:
    """Turn the errors a command may meet into one Vietnamese sentence and the contract's exit status."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except StoreBusy as problem:
            _fail(BUSY, str(problem))
        except (DamagedStore, DamagedSnapshot) as problem:
            _fail(DAMAGED, f"{problem}. Chạy “python -m etl verify” để xem hết.")
        except DamagedBackup as problem:
            _fail(DAMAGED, f"{problem}. Chưa có gì trong kho bị thay đổi: dùng bản sao lưu khác.")
        except Impossible as problem:
            _fail(WRONG_USE, str(problem))
        except SparkMissing as problem:
            _fail(WRONG_USE, f"{problem}.")
        except CatalogueError as problem:
            _fail(WRONG_USE, f"Danh mục sai: {problem}")
        except OSError as problem:
            where = f" {problem.filename}" if problem.filename else ""
            _fail(DAMAGED, f"Không đọc hoặc ghi được{where} ({problem.strerror}): kiểm tra quyền ghi và chỗ trống.")

    return run


@app.command("load")
@with_exit_codes
def load_command(
    paths: Annotated[list[Path], typer.Argument(help="Tệp hoặc thư mục báo cáo.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ kiểm tra, không nạp.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="Lý do nhận bản có ngày chốt cũ hơn bản đang dùng.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Nạp báo cáo: kiểm tra từng tệp, giữ vào kho, dựng lại kho số liệu."""
    settings, catalogue = _open()
    with progress_bar("Đang nạp", quiet=as_json) as progress:
        result = load_paths(paths, settings, catalogue, dry_run=dry_run, reason=reason, progress=progress)
    if as_json:
        print_json(load_json(result))
    else:
        print_load(result, dry_run, catalogue)
    if result.is_any_rejected:
        raise typer.Exit(REJECTED)


@app.command("sample")
@with_exit_codes
def sample_command(
    folder: Annotated[Path, typer.Argument(help="Thư mục để ghi các tệp mẫu.")],
    seed: Annotated[int, typer.Option(help="Hạt giống: cùng số cho cùng dữ liệu.")] = 2024,
    scale: Annotated[int, typer.Option(min=1, help="Nhân số đơn vị lên bấy nhiêu lần.")] = 1,
) -> None:
    """Ghi bộ báo cáo MÔ PHỎNG của mọi đơn vị, cộng đúng bằng các tổng của báo cáo đã ký."""
    from etl.sample import write_sample

    _, catalogue = _open()
    count = write_sample(catalogue, folder, seed=seed, scale=scale)
    if not count:
        print("Danh mục chưa có tổng số nào của báo cáo đã ký (published_totals.csv): không có gì để mô phỏng.")
        return
    print(f"Đã ghi {count} tệp mô phỏng vào {folder}.")
    its_own = f"DVK_CATALOGUE={folder / 'catalogue'} " if scale > 1 else ""
    print(f"Nạp vào một thư mục dữ liệu riêng: {its_own}DVK_DATA=… python -m etl load {folder}")


@app.command("template")
@with_exit_codes
def template_command(
    don_vi: Annotated[str, typer.Option("--don-vi", help="Mã, mã hành chính hoặc tên đơn vị.")],
    ky: Annotated[str, typer.Option("--ky", help="Năm (2025) hoặc giai đoạn (2009-2024).")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Tệp .xlsx để ghi.")],
    half_year: Annotated[bool, typer.Option("--6-thang", help="Biểu 6 tháng đầu năm.")] = False,
    is_prefilled: Annotated[
        bool, typer.Option("--prefill", help="Chuyển sang danh sách mô hình và số duy trì của kỳ trước.")
    ] = False,
) -> None:
    """Ghi biểu mẫu báo cáo định kỳ của một đơn vị và một kỳ."""
    from etl.template import write_template

    settings, catalogue = _open()
    unit = catalogue.unit_by_id[_unit_id(don_vi, catalogue)]
    period = _period(ky, half_year)
    if reason := absence(unit, period, catalogue.unit_by_id):
        _fail(WRONG_USE, f"{reason}.")
    content = None
    if is_prefilled:
        from etl.prefill import prefill, what_was_carried

        store = Store(settings.store)
        content = prefill(store, catalogue, unit, period)
        for sentence in what_was_carried(content, store, catalogue, unit, period):
            print(sentence)
    write_template(catalogue, unit, period, output, content)
    print(f"Đã ghi biểu mẫu {period.label} của {unit.full_label}: {output}")


@app.command("correction")
@with_exit_codes
def correction_command(
    what: Annotated[str, typer.Argument(help="Tệp báo cáo, mã báo cáo trong kho, hoặc đầu mã tệp bị từ chối.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Tệp .xlsx để ghi.")],
) -> None:
    """Ghi lại tệp của đơn vị, tô màu và ghi chú những ô cần sửa, kèm trang kê mọi chỗ cần sửa."""
    from etl.correction import counted, write_correction
    from etl.correction.what import NothingFound, find

    settings, catalogue = _open()
    if output.suffix.lower() != ".xlsx":
        _fail(WRONG_USE, f"-o “{output}”: tệp sửa lỗi luôn là .xlsx, hãy đặt tên có đuôi .xlsx.")
    try:
        found = find(what, settings, catalogue)
    except NothingFound as problem:
        _fail(WRONG_USE, f"{problem}.")
    if output.exists() and output.samefile(found.path):
        _fail(WRONG_USE, f"-o “{output}” là chính tệp gốc: ghi ra một tệp khác.")
    if found.is_in_order:
        print(f"{found.name}: không có gì cần sửa, không ghi tệp nào.")
        return
    is_marked = write_correction(found.path, found.name, found.issues, output, catalogue.layouts)
    print(f"Đã ghi {output}: {counted(found.issues)}.")
    if is_marked:
        print(f"Gửi tệp này cho đơn vị; sửa các ô đã tô màu, lưu lại rồi nạp: python -m etl load {output}")
    else:
        print("Không mở được tệp gốc để tô màu: tệp vừa ghi chỉ có danh sách. Sửa trên tệp gốc rồi nạp lại tệp gốc.")


@app.command("build")
@with_exit_codes
def build_command(
    engine: Annotated[
        Engine, typer.Option(help="Máy truy vấn; spark khi số liệu quá lớn cho một máy.")
    ] = Engine.DUCKDB,
) -> None:
    """Dựng lại kho số liệu từ kho báo cáo."""
    settings, catalogue = _open()
    with writer_lock(settings.store):
        store = Store(settings.store)
        answering = spark_engine if engine is Engine.SPARK else duckdb_engine
        snapshot_id = publish(settings.warehouse, store, catalogue, engine=answering)
    print(f"Đã dựng bản {snapshot_id} từ {len(store.returns)} báo cáo.")


@app.command("withdraw")
@with_exit_codes
def withdraw_command(
    return_id: Annotated[str, typer.Argument(help="Mã báo cáo, như lệnh load đã in.")],
    reason: Annotated[str, typer.Option("--reason", help="Lý do rút, được giữ trong kho.")],
) -> None:
    """Rút một báo cáo, có lý do; báo cáo trước nó có hiệu lực trở lại."""
    settings, catalogue = _open()
    snapshot_id = withdraw([return_id], reason, settings, catalogue)
    print(f"Đã rút {return_id}. Bản hiện hành: {snapshot_id}.")


@app.command("close")
@with_exit_codes
def close_command(
    year: Annotated[int, typer.Argument(help="Năm đã chốt số liệu.")],
    reason: Annotated[str, typer.Option("--reason", help="Lý do khóa, được giữ trong kho.")],
) -> None:
    """Khóa số liệu một năm: không nhận, không rút báo cáo nào của năm đó."""
    settings, catalogue = _open()
    snapshot_id = close_year(year, reason, settings, catalogue)
    print(f"Đã khóa số liệu năm {year}. Bản hiện hành: {snapshot_id}. Mở lại: python -m etl reopen {year} --reason …")


@app.command("reopen")
@with_exit_codes
def reopen_command(
    year: Annotated[int, typer.Argument(help="Năm đang khóa.")],
    reason: Annotated[str, typer.Option("--reason", help="Lý do mở lại, được giữ trong kho.")],
) -> None:
    """Mở khóa số liệu một năm, có lý do."""
    settings, catalogue = _open()
    snapshot_id = reopen_year(year, reason, settings, catalogue)
    print(f"Đã mở khóa số liệu năm {year}. Bản hiện hành: {snapshot_id}.")


@app.command("freeze")
@with_exit_codes
def freeze_command(
    name: Annotated[str, typer.Option("--name", help="Tên bản chốt, ví dụ “Hội nghị tổng kết 2024”.")],
    by: Annotated[str, typer.Option("--who", help="Người chốt; không ghi thì là tài khoản đang chạy lệnh.")] = "",
    note: Annotated[str, typer.Option("--note", help="Ghi chú, được giữ cùng bản chốt.")] = "",
) -> None:
    """Chốt bản số liệu hiện hành: giữ mãi một bản sao có tên, mọi trang xem lại được theo bản ấy."""
    settings, _ = _open()
    made = freeze(settings, name, by, note)
    print(f"Đã chốt “{made.name}”: bản {made.snapshot_id}, {frozen_path(settings.store, made.snapshot_id)}")
    print("Xem lại: chọn bản này ở “Bản số liệu” trong cột bên trái của bảng điều khiển.")


@app.command("status")
@with_exit_codes
def status_command(as_json: JsonOption = False) -> None:
    """Cho biết kho đang giữ gì: bản hiện hành, số báo cáo, kỳ mới nhất, tệp bị từ chối."""
    settings, catalogue = _open()
    status = status_of_store(settings, catalogue)
    damage = snapshot_damage(settings.warehouse)
    if damage:
        raise DamagedSnapshot("; ".join(damage))
    if as_json:
        print_json(status)
        return
    for frozen in status["frozen"]:
        by = f"{frozen['who']} chốt ngày {_day(frozen['frozen_on'])}"
        print(f"Bản chốt: {frozen['snapshot_id']} “{frozen['name']}”, {by}")
    if not status["returns"]:
        print(f"Kho {settings.store} chưa có báo cáo nào. Nạp bằng: python -m etl load THƯ_MỤC")
        return
    kind = "DỮ LIỆU MÔ PHỎNG" if status["is_simulated"] else "báo cáo thật"
    print(f"Bản hiện hành: {status['snapshot_id']} ({kind})")
    print(f"Số báo cáo: {status['returns']}; tệp bị từ chối đang giữ: {status['quarantined']}")
    latest = status["latest_year"]
    missing = ", ".join(status["missing_districts"]) or "không có"
    print(f"Năm {latest}: {status['reported_districts']}/{status['expected_districts']} đơn vị cấp huyện đã gửi.")
    print(f"Chưa gửi: {missing}")
    if status["closed_years"]:
        print(f"Năm đã khóa số liệu: {', '.join(map(str, status['closed_years']))}")


@app.command("backup")
@with_exit_codes
def backup_command(
    file: Annotated[Path, typer.Argument(help="Tệp .zip để ghi, tốt nhất ở ổ đĩa khác.")],
    force: Annotated[bool, typer.Option("--force", help="Ghi đè tệp đã có.")] = False,
) -> None:
    """Sao lưu kho báo cáo và nhật ký vào một tệp; các lần nạp vẫn chạy được trong lúc sao lưu."""
    from etl.backup import make_backup

    settings = read_settings()
    with progress_bar("Đang sao lưu", quiet=False) as progress:
        made = make_backup(settings, file, force=force, progress=progress)
    size = f"{made.size / 2**20:.1f} MB".replace(".", ",")
    print(f"Đã sao lưu {made.receipts} biên nhận, {made.files} tệp ({size}) và đọc lại đúng từng tệp: {file}")
    print(f"sha256: {made.sha256}")
    print("Cất ở ổ đĩa hoặc máy khác. Khi cần: python -m etl restore TỆP")


@app.command("restore")
@with_exit_codes
def restore_command(
    file: Annotated[Path, typer.Argument(help="Tệp sao lưu.")],
) -> None:
    """Khôi phục kho từ bản sao lưu: kiểm cả bản trước, chỉ thay phần mất hoặc hỏng, không xóa gì."""
    from etl.restore import restore

    settings, catalogue = _open()
    if not file.is_file():
        _fail(WRONG_USE, f"Không có tệp “{file}”.")
    with progress_bar("Đang khôi phục", quiet=False) as progress:
        done = restore(file, settings, catalogue, progress)
    newer = f", trong đó {done.newer} mới hơn bản sao lưu" if done.newer else ""
    print(f"Đã khôi phục {settings.store}: đặt lại {done.files} tệp; kho có {done.receipts} biên nhận{newer}.")
    if done.aside:
        print(f"Những gì hỏng hoặc vướng được chuyển sang {done.aside}, không xóa gì.")
    for sentence in done.again:
        print(f"Cần làm: {sentence}.")
    for path in done.lists:
        load_again = path.parent / "load_again"
        also = f"; nạp lại các tệp: python -m etl load {load_again}" if load_again.exists() else ""
        print(f"Việc cần làm được ghi ở {path}{also}")
    print(f"Bản hiện hành: {done.snapshot_id or '(chưa có)'}. Kiểm tra lại: python -m etl verify")


@app.command("verify")
@with_exit_codes
def verify_command() -> None:
    """Kiểm tra từng tệp của kho, từng bản dựng và nhật ký có còn nguyên vẹn."""
    settings, _ = _open()
    found = examine(settings)
    for sentence in found.notes:
        print(f"Ghi chú: {sentence}.")
    for sentence in found.damage:
        print(f"HỎNG: {sentence}.", file=sys.stderr)
    if found.damage:
        _fail(DAMAGED, f"Có {len(found.damage)} chỗ hỏng.")
    count = len(Store(settings.store).receipts)
    frozen = len(frozen_snapshots(settings.store))
    now = current(settings.warehouse) or "(chưa có)"
    print(f"Nguyên vẹn: {count} biên nhận, {frozen} bản chốt, bản hiện hành {now}.")


def _open() -> tuple[Settings, Catalogue]:
    settings = read_settings()
    return settings, load_catalogue(settings.catalogue)


def _unit_id(text: str, catalogue: Catalogue) -> str:
    for unit in catalogue.don_vi:
        if text in (unit.don_vi_id, unit.gso_code):
            return unit.don_vi_id
    try:
        return Vocabulary(catalogue).unit(text)
    except UnknownLabel as problem:
        return _fail(WRONG_USE, f"--don-vi: {problem}.")


def _period(text: str, half_year: bool) -> Period:
    match = re.fullmatch(r"(20\d\d)(?:-(20\d\d))?", text)
    try:
        if match and match[2] and not half_year:
            return Period("giai_doan", int(match[1]), int(match[2]))
        if match and not match[2]:
            return Period("6_thang" if half_year else "nam", int(match[1]), int(match[1]))
    except ValueError as problem:
        return _fail(WRONG_USE, f"--ky: {problem}.")
    return _fail(WRONG_USE, f"--ky “{text}” không rõ: ghi 2025, hoặc 2009-2024 cho giai đoạn.")


def _day(text: str) -> str:
    return date_text(date.fromisoformat(text))


def _fail(code: int, sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr)
    raise typer.Exit(code)
