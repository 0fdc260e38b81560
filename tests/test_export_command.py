"""`python -m dashboard export`: each kind of file, from the latest or a frozen snapshot, and what it refuses."""

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from pptx import Presentation
from typer.testing import CliRunner

from dashboard import documents, journal
from dashboard.choice import Choice
from dashboard.cli import app
from dashboard.data_folder import data_folder
from dashboard.deck import to_pptx
from dashboard.labels import SIMULATED
from dashboard.slides import PRESETS
from dashboard.warehouse import Warehouse
from dashboard.workbooks import workbook
from etl.catalogue import Catalogue
from tests import warehouses
from tests.test_frozen import freeze_rows

ROOT = Path(__file__).parent.parent
WHOLE = Choice(2022, 2024, None)
SUFFIXES = {
    "deck": ".pptx",
    "handout": ".docx",
    "report": ".docx",
    "data": ".xlsx",
    "letters": ".zip",
    "profiles": ".zip",
}
RUNNER = CliRunner()


@pytest.fixture
def data(tmp_path: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One district was frozen as ban-1; the latest, with all three, is thu."""
    folder = tmp_path / "data"
    monkeypatch.setenv("DVK_DATA", str(folder))
    freeze_rows(folder, warehouses.one_district(), "Tổng duyệt", "ban-1", catalogue)
    warehouses.publish(folder / "warehouse", warehouses.three_districts(simulated=False))
    return folder


def export(what: str, output: Path, *options: str) -> tuple[int, str]:
    """Run the command; return its exit status and everything it said."""
    done = RUNNER.invoke(app, ["export", what, "-o", str(output), *options])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def opens(content: bytes, suffix: str) -> int:
    """Return how many parts a file has when it is opened as what it claims to be."""
    counts: dict[str, Callable[[io.BytesIO], int]] = {
        ".pptx": lambda stream: len(Presentation(stream).slides),
        ".docx": lambda stream: len(Document(stream).paragraphs),
        ".xlsx": lambda stream: len(openpyxl.load_workbook(stream).sheetnames),
        ".zip": lambda stream: len(zipfile.ZipFile(stream).namelist()),
    }
    return counts[suffix](io.BytesIO(content))


@pytest.mark.parametrize("what", SUFFIXES)
def test_every_kind_is_written_and_said(data: Path, tmp_path: Path, what: str) -> None:
    output = tmp_path / f"ra{SUFFIXES[what]}"

    status, said = export(what, output)

    assert status == 0
    assert f"Đã ghi {output} (giai đoạn 2022-2024, bản số liệu thu)." in said
    assert SIMULATED not in said
    assert opens(output.read_bytes(), output.suffix) > 0
    assert [path.name for path in tmp_path.iterdir() if path != data] == [output.name]


@pytest.mark.parametrize("snapshot", ["thu", "ban-1"])
def test_what_it_writes_is_what_the_snapshot_gives(data: Path, tmp_path: Path, snapshot: str) -> None:
    folder = "warehouse" if snapshot == "thu" else "store/frozen"
    warehouse = Warehouse(data / folder / f"{snapshot}.duckdb")
    as_of = ["--as-of", snapshot] if snapshot != "thu" else []
    asked = {
        "deck": to_pptx(warehouse, WHOLE, PRESETS["day_du"]),
        "handout": documents.handout(warehouse, WHOLE),
        "report": documents.report_section(warehouse, WHOLE),
        "data": workbook(warehouse, WHOLE),
        "profiles": documents.profiles_zip(warehouse, WHOLE),
    }

    for what, content in asked.items():
        output = tmp_path / f"{what}{SUFFIXES[what]}"
        status, said = export(what, output, *as_of)
        assert status == 0 and f"bản số liệu {snapshot}" in said
        assert output.read_bytes() == content, what


def test_a_real_process_writes_it_and_speaks_vietnamese(data: Path, tmp_path: Path) -> None:
    output = tmp_path / "tài liệu.docx"
    command = [sys.executable, "-m", "dashboard", "export", "handout", "-o", str(output), "--tu", "2023"]
    environment = {**os.environ, "DVK_DATA": str(data), "PYTHONIOENCODING": "utf-8"}

    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8")

    assert (done.returncode, done.stderr) == (0, "")
    assert f"Đã ghi {output} (giai đoạn 2023-2024, bản số liệu thu)." in done.stdout
    assert opens(output.read_bytes(), ".docx") > 0


def test_options_choose_slides_shape_unit_and_support(data: Path, tmp_path: Path) -> None:
    warehouse = Warehouse(data / "warehouse" / "thu.duckdb")
    deck, sheets = tmp_path / "a.pptx", tmp_path / "b.xlsx"

    assert export("deck", deck, "--bo", "5_phut", "--kho", "4:3")[0] == 0
    status, said = export("data", sheets, "--don-vi", "tam_ky", "--tu", "2022", "--den", "2023", "--with-support")

    assert deck.read_bytes() == to_pptx(warehouse, WHOLE, PRESETS["5_phut"], wide=False)
    assert status == 0 and "chỉ dùng nội bộ" in said
    assert sheets.read_bytes() == workbook(warehouse, Choice(2022, 2023, "tam_ky"), with_support=True)


def test_bundles_hold_the_units_asked_for(data: Path, tmp_path: Path) -> None:
    profiles, letters = tmp_path / "a.zip", tmp_path / "b.zip"

    assert export("profiles", profiles, "--don-vi", "tam_ky", "--don-vi", "hoi_an")[0] == 0
    status, said = export("letters", letters, "--don-vi", "nam_giang")

    assert opens(profiles.read_bytes(), ".zip") == 2
    with zipfile.ZipFile(letters) as bundle:
        listed = bundle.read("danh_sach.txt").decode("utf-8-sig")
    assert status == 0 and "Công văn nhắc trong số 1 đơn vị" in said
    assert "Nam Giang" in listed and "Tam Kỳ" not in listed


def test_simulated_figures_are_said_to_be_simulated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVK_DATA", str(tmp_path / "data"))
    warehouses.publish(tmp_path / "data" / "sample" / "warehouse", warehouses.three_districts(simulated=True))

    status, said = export("report", tmp_path / "a.docx")

    assert status == 0 and f"{SIMULATED}: không phải số thật của đơn vị nào." in said


@pytest.mark.parametrize(
    ("what", "name", "options", "said"),
    [
        ("data", "a.xlsx", ["--as-of", "khong-co"], "Không có bản chốt mang mã này"),
        ("data", "a.xlsx", ["--as-of", "../warehouse/thu"], "Không có bản chốt mang mã này"),
        ("data", "a.xlsx", ["--tu", "1999"], "Kỳ 1999-2024 không hợp lệ: chọn trong 2022-2024."),
        ("data", "a.xlsx", ["--tu", "2024", "--den", "2022"], "Kỳ 2024-2022 không hợp lệ"),
        ("data", "a.xlsx", ["--don-vi", "sao_hoa"], "Không có đơn vị sao_hoa. Có: "),
        ("data", "a.xlsx", ["--don-vi", "tam_ky", "--don-vi", "hoi_an"], "chỉ của một đơn vị hoặc toàn tỉnh"),
        ("report", "a.docx", ["--don-vi", "tam_ky"], "luôn của toàn tỉnh"),
        ("letters", "a.zip", ["--as-of", "ban-1"], "luôn viết theo số liệu mới nhất"),
        ("data", "a.pptx", [], "phải có đuôi .xlsx"),
        ("data", "khong_co/a.xlsx", [], "Không có thư mục"),
        ("bay", "a.xlsx", [], "bay"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    data: Path, tmp_path: Path, what: str, name: str, options: list[str], said: str
) -> None:
    status, told = export(what, tmp_path / name, *options)

    assert status == 2 and said in told
    assert list(tmp_path.iterdir()) == [data]


def test_a_file_that_is_there_is_kept_unless_told_otherwise(data: Path, tmp_path: Path) -> None:
    output = tmp_path / "a.docx"
    output.write_bytes(b"cu")

    status, said = export("handout", output)
    assert (status, output.read_bytes()) == (2, b"cu") and "--force" in said

    assert export("handout", output, "--force")[0] == 0
    assert opens(output.read_bytes(), ".docx") > 0


def test_no_snapshot_and_a_damaged_one_are_told_apart_from_wrong_use(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (data / "store" / "frozen" / "ban-1.duckdb").write_bytes(b"hong")
    status, said = export("data", tmp_path / "a.xlsx", "--as-of", "ban-1")
    assert status == 4 and "Không mở được bản chốt này" in said

    (data / "warehouse" / "thu.duckdb").write_bytes(b"hong")
    for path in (data / "warehouse").glob("ban-1.duckdb"):
        path.write_bytes(b"hong")
    status, said = export("data", tmp_path / "a.xlsx")
    assert status == 4 and "Bản số liệu bị hỏng" in said

    monkeypatch.setenv("DVK_DATA", str(tmp_path / "trong"))
    status, said = export("data", tmp_path / "a.xlsx")
    assert status == 4 and "Chưa có bản số liệu nào được công bố." in said
    assert not (tmp_path / "a.xlsx").exists()


def test_a_folder_is_never_replaced_by_a_file(data: Path, tmp_path: Path) -> None:
    output = tmp_path / "a.docx"
    (output / "giu").mkdir(parents=True)

    status, said = export("handout", output, "--force")

    assert status == 2 and "đã có" in said and (output / "giu").is_dir()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no folder here that takes no file even from root")
def test_a_place_that_takes_no_file_is_said(data: Path) -> None:
    status, said = export("handout", Path("/proc/a.docx"))

    assert status == 4 and "Không ghi được /proc/a.docx" in said


def test_an_export_is_written_to_the_journal(data: Path, tmp_path: Path) -> None:
    export("deck", tmp_path / "a.pptx")

    assert [(entry.event, entry.what) for entry in journal.entries(data_folder())] == [(journal.EXPORTED, "deck")]
