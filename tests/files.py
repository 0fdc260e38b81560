"""Real files for the tests: rows of values written as .xlsx, .xlsm, .xls, .ods or .csv; commands run for real."""

import csv
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import openpyxl
import xlwt

from etl.build import open_read_only
from etl.catalogue import load_catalogue
from etl.loading import load as load_paths
from etl.saying import load_json
from etl.settings import Settings

Rows = list[list[Any]]
ROOT = Path(__file__).resolve().parent.parent
FILE_TYPES = ("xlsx", "xlsm", "xls", "ods", "csv")

RETROSPECTIVE: dict[str, Rows] = {
    "Biểu tổng hợp": [
        ["BAN DÂN VẬN HUYỆN ỦY THĂNG BÌNH"],
        ["KẾT QUẢ XÂY DỰNG MÔ HÌNH “DÂN VẬN KHÉO”"],
        ["Năm", "Kinh tế", "Văn hóa - xã hội", "Quốc phòng - an ninh", "Hệ thống chính trị", "Tổng", "Kiểm tra"],
        [2021, 3, 7, 2, 1, 13, 4],
        [2022, 4, 9, 1, 0, 14, 5],
        ["Tổng cộng", 7, 16, 3, 1, 27, 9],
    ]
}
COMPILED: dict[str, Rows] = {
    "Tổng hợp": [
        ["TỔNG HỢP MÔ HÌNH “DÂN VẬN KHÉO” NĂM 2023"],
        ["TT", "Đơn vị", "Tổng số", "Kinh tế", "Văn hóa - xã hội", "Quốc phòng - an ninh", "HTCT", "Khen thưởng"],
        [1, "TP. Tam Kỳ", 12, 4, 5, 2, 1, 3],
        [2, "Huyện Nông Sơn", 6, 1, 4, 1, 0, 0],
        ["", "Cộng", 18, 5, 9, 3, 1, 3],
    ]
}
LONG: dict[str, Rows] = {
    "so_lieu": [
        ["don_vi", "ky", "tu_nam", "den_nam", "chi_tieu", "linh_vuc", "gia_tri"],
        ["tam_ky", "nam", 2023, 2023, "mo_hinh_cong_nhan", "kinh_te", "1.236"],
        ["tam_ky", "nam", 2023, 2023, "kiem_tra", "", 6],
        ["hoi_an", "giai_doan", 2009, 2024, "mo_hinh_cong_nhan", "", 501],
    ]
}


def periodic(unit: str = "Huyện Thăng Bình", year: object = 2023, **changes: Rows) -> dict[str, Rows]:
    """Return the sheets of a periodic return; `changes` replace sheets by "info", "models" or "activities"."""
    info: Rows = [["Đơn vị báo cáo", unit], ["Kỳ báo cáo", "Năm"], ["Năm", year], ["Ngày gửi", "15/12/2023"]]
    models: Rows = [
        ["Lĩnh vực", "Đăng ký", "Công nhận", "Duy trì", "Nhân rộng", "Khen thưởng", "Dừng"],
        ["Kinh tế", 5, 4, 9, 1, 1, 0],
        ["Văn hóa - xã hội", 9, 8, 20, 2, 3, 1],
        ["Quốc phòng - an ninh", 3, 2, 5, 0, 0, 0],
        ["Xây dựng hệ thống chính trị", 2, 1, 3, 0, 0, 0],
        ["Tổng cộng", 19, 15, 37, 3, 4, 1],
    ]
    activities: Rows = [
        ["Chỉ tiêu", "Đơn vị tính", "Số lượng", "Ghi chú"],
        ["Văn bản chỉ đạo, hướng dẫn", "văn bản", 7, ""],
        ["Kiểm tra, đánh giá", "cuộc", 4, ""],
        ["Hội nghị sơ kết, tổng kết", "hội nghị", 2, ""],
        ["Hội thi", "hội thi", 0, ""],
        ["Tọa đàm", "buổi", 1, ""],
        ["Cẩm nang", "cẩm nang", "", ""],
        ["Tin, bài", "tin, bài", 5, ""],
        ["Xã, phường, thị trấn có mô hình", "xã", 22, ""],
    ]
    return {
        "Thông tin": changes.get("info", info),
        "Biểu 01": changes.get("models", models),
        "Biểu 02": changes.get("activities", activities),
    }


def write_file(path: Path, sheets: dict[str, Rows]) -> Path:
    """Write sheets of rows to a file of the type that its suffix names; return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    writers = {"xlsx": _write_xlsx, "xlsm": _write_xlsx, "xls": _write_xls, "ods": _write_ods, "csv": _write_csv}
    writers[path.suffix[1:]](path, sheets)
    return path


def run_etl(*arguments: object, data: Path, catalogue: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run `python -m etl` on a data folder."""
    environment = {**os.environ, "DVK_DATA": str(data), "PYTHONUTF8": "1"}
    if catalogue is not None:
        environment["DVK_CATALOGUE"] = str(catalogue)
    command = [sys.executable, "-m", "etl", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8")


def through_libreoffice(soffice: str, path: Path, folder: Path) -> Path:
    """Open an .xlsx in LibreOffice and save it, as a clerk's machine may; return the saved file, below `folder`."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    order = [soffice, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "saved"), str(path)]
    subprocess.run(order, check=True, capture_output=True, timeout=120)
    return folder / "saved" / path.name


def load(*paths: Path, data: Path, catalogue: Path | None = None) -> dict[str, Any]:
    """Load paths in this process and return what `--json` prints."""
    settings = Settings(data=data, catalogue=catalogue or ROOT / "data" / "catalogue")
    return load_json(load_paths(paths, settings, load_catalogue(settings.catalogue)))


def statuses(answer: dict[str, Any]) -> dict[str, str]:
    """Return what became of each file, by its name."""
    return {Path(item["path"]).name: item["status"] for item in answer["files"]}


def query(data: Path, sql: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query on the current snapshot."""
    snapshot_id = (data / "warehouse" / "CURRENT").read_text(encoding="utf-8")
    with open_read_only(data / "warehouse" / f"{snapshot_id}.duckdb") as connection:
        return connection.execute(sql).fetchall()


def all_tables(data: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return every table of the current snapshot in its stored order, without when and as what it was built."""
    names = [name for (name,) in query(data, "SELECT table_name FROM duckdb_tables() ORDER BY ALL")]
    tables = {name: query(data, f"SELECT * FROM {name}") for name in names}
    tables["snapshot_info"] = [row for row in tables["snapshot_info"] if row[0] not in ("snapshot_id", "built_at")]
    return tables


def _write_xlsx(path: Path, sheets: dict[str, Rows]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append([None if value == "" else value for value in row])
    book.save(path)


def _write_xls(path: Path, sheets: dict[str, Rows]) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    for name, rows in sheets.items():
        page = book.add_sheet(name)
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                if value != "":
                    page.write(row, column, value)
    book.save(str(path))


def _write_ods(path: Path, sheets: dict[str, Rows]) -> None:
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>"
        + "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets.items()
    )
    names = {"office": "office", "table": "table", "text": "text"}
    spaces = " ".join(f'xmlns:{key}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for key, name in names.items())
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("mimetype", kind)
        parts.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>{tables}"
            "</office:spreadsheet></office:body></office:document-content>",
        )
        parts.writestr(
            "META-INF/manifest.xml",
            f'{manifest}<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
            "</manifest:manifest>",
        )


def _ods_cell(value: object) -> str:
    if value == "":
        return "<table:table-cell/>"
    text = f"<text:p>{escape(str(value))}</text:p>"
    if isinstance(value, int):
        return f'<table:table-cell office:value-type="float" office:value="{value}">{text}</table:table-cell>'
    return f'<table:table-cell office:value-type="string">{text}</table:table-cell>'


def _write_csv(path: Path, sheets: dict[str, Rows]) -> None:
    (rows,) = sheets.values()
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
