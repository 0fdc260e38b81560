"""A hostile or huge file costs its own reading child, never the program that takes it in."""

import csv
import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.files import COMPILED, RETROSPECTIVE, ROOT, write_file

GROWTH = 64 * 2**20
CHILD = 2**30
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

# Plays the server: loads each file by itself and says how much more memory that took at its height.
SERVER = """
import json, resource, sys
from pathlib import Path
from etl.catalogue import load_catalogue
from etl.loading import load
from etl.settings import ROOT, Settings

def kilobytes(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1])

first, second, *paths = map(Path, sys.argv[2:])
settings = Settings(data=Path(sys.argv[1]), catalogue=ROOT / "data" / "catalogue")
catalogue = load_catalogue(settings.catalogue)
load([first], settings, catalogue)
ends = {}
for path in (second, *paths):
    Path("/proc/self/clear_refs").write_text("5")  # the height is counted anew
    before = kilobytes("VmRSS")
    (result,) = load([path], settings, catalogue).files
    ends[path.name] = [result.status, [issue.rule for issue in result.issues][:3], (kilobytes("VmHWM") - before) * 1024]
children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
print(json.dumps({"files": ends, "children": children}))
"""


def last_row(path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    for row in RETROSPECTIVE["Biểu tổng hợp"]:
        page.append(row)
    page["C1048576"] = 5
    book.save(path)


def sparse(path: Path) -> None:
    rows = (f'<row r="{row}"><c r="XFD{row}"><v>1</v></c></row>' for row in range(1, 1_048_576, 6))
    package(path, sheet="".join(rows))


def full(path: Path) -> None:
    """Write as many cells as are read at all, all of them in one table."""
    head = ["Năm", "Kinh tế", "Văn hóa - xã hội", "Quốc phòng - an ninh", "HTCT"]
    letters = "ABCDE"
    title = "".join(
        f'<c r="{a}2" t="inlineStr"><is><t>{text}</t></is></c>' for a, text in zip(letters, head, strict=True)
    )
    rows = (
        f'<row r="{row}">' + "".join(f'<c r="{a}{row}"><v>{row}</v></c>' for a in letters) + "</row>"
        for row in range(3, 39_990)
    )
    unit = '<row r="1"><c r="A1" t="inlineStr"><is><t>BAN DÂN VẬN HUYỆN ỦY THĂNG BÌNH</t></is></c></row>'
    package(path, sheet=f'{unit}<row r="2">{title}</row>{"".join(rows)}')


def many_bad_figures(path: Path) -> None:
    """Write a table in which nothing is right, so that every cell has something to be said about it."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["don_vi", "ky", "tu_nam", "den_nam", "chi_tieu", "linh_vuc", "gia_tri"])
        writer.writerows(["huyện lạ", "quý", f"20O{n % 10}", "x", "không có", "gộp", "hơn 100"] for n in range(28_000))


def bomb(path: Path) -> None:
    package(path, sheet=" " * (255 * 2**20))


def long_texts(path: Path) -> None:
    rng = random.Random(0)  # text that hardly shrinks, or it would be refused as a bomb
    texts = "".join(f"<si><t>{rng.randbytes(16_000).hex()}</t></si>" for _ in range(1_000))
    rows = "".join(f'<row r="{n + 1}"><c r="A{n + 1}" t="s"><v>{n}</v></c></row>' for n in range(1_000))
    package(path, sheet=rows, strings=texts)


def forged_counts(path: Path) -> None:
    package(
        path,
        sheet='<row r="1" spans="1:16384"><c r="A1" t="s"><v>0</v></c></row>',
        strings="<si><t>x</t></si>",
        before='<dimension ref="A1:XFD1048576"/>',
        count='count="4294967295" uniqueCount="4294967295"',
    )


def entity_bomb(path: Path) -> None:
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    package(path, sheet="", prologue=f'<!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">{levels}]>', before="&a11;")


def repeated_ods(path: Path) -> None:
    many = 'table:number-rows-repeated="1048576"'
    cell = '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
    write_file(path, {"Biểu": [["x"]]})
    with zipfile.ZipFile(path) as package_in:
        parts = {name: package_in.read(name) for name in package_in.namelist()}
    row = f"<table:table-row {many}>{cell}</table:table-row></table:table>".encode()
    parts["content.xml"] = parts["content.xml"].replace(b"</table:table>", row)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package_out:
        for name, part in parts.items():
            package_out.writestr(name, part)


def long_table(path: Path, size: int) -> None:
    line = "Thăng Bình,nam,2023,2023,mo_hinh_cong_nhan,kinh_te,5\n".encode()
    path.write_bytes(b"don_vi,ky,tu_nam,den_nam,chi_tieu,linh_vuc,gia_tri\n" + line * (size // len(line)))


def large_csv(path: Path) -> None:
    long_table(path, 20 * 2**20 - 1000)


def many_rows(path: Path) -> None:
    long_table(path, 15 * 2**20)


def endless_line(path: Path) -> None:
    path.write_bytes(b"a" * 15 * 2**20)


def commas_only(path: Path) -> None:
    path.write_bytes(b"," * 15 * 2**20)


def package(path: Path, sheet: str, strings: str = "", before: str = "", count: str = "", prologue: str = "") -> None:
    """Write a workbook of one sheet from the XML of its rows."""
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    plain = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{plain}"><Relationship Id="a" Type="{relations}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{plain}"><Relationship Id="a" '
        f'Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="b" '
        f'Type="{relations}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{relations}"><sheets><sheet name="Biểu" sheetId="1" '
        'r:id="a"/></sheets></workbook>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}" {count}>{strings}</sst>',
        "xl/worksheets/sheet1.xml": f'{prologue}<worksheet xmlns="{MAIN}">{before}<sheetData>{sheet}</sheetData>'
        "</worksheet>",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)


NASTY: dict[str, tuple[Callable[[Path], None], str]] = {
    "last_row.xlsx": (last_row, ""),
    "sparse.xlsx": (sparse, "khong_ro_bieu"),
    "full.xlsx": (full, "nam_la"),
    "many_bad_figures.csv": (many_bad_figures, "don_vi_la"),
    "bomb.xlsx": (bomb, "bom_nen"),
    "long_texts.xlsx": (long_texts, "khong_ro_bieu"),
    "forged_counts.xlsx": (forged_counts, "khong_ro_bieu"),
    "entity_bomb.xlsx": (entity_bomb, "xml_nguy_hiem"),
    "repeated.ods": (repeated_ods, "qua_nhieu_o"),
    "large.csv": (large_csv, "tep_qua_lon"),
    "many_rows.csv": (many_rows, "qua_nhieu_o"),
    "endless_line.csv": (endless_line, "csv_sai_cau_truc"),
    "commas_only.csv": (commas_only, "khong_ro_bieu"),
}


@pytest.fixture(scope="module")
def ends(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """Return how each nasty file ended in one server, and the memory its children took at their height."""
    if not Path("/proc/self/clear_refs").exists():
        pytest.skip("no /proc on this machine: memory is not measured")
    folder = tmp_path_factory.mktemp("nasty")
    for name, (write, _) in NASTY.items():
        write(folder / name)
    warm_up = [
        write_file(folder / "first.xlsx", RETROSPECTIVE),
        write_file(folder / "second.xlsx", COMPILED),
    ]
    paths = [*warm_up, *(folder / name for name in NASTY)]
    command = [sys.executable, "-c", SERVER, str(folder / "data"), *map(str, paths)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", NASTY)
def test_nasty_file_ends_as_it_should_and_leaves_the_servers_memory_alone(ends: dict[str, dict], name: str) -> None:
    status, rules, growth = ends["files"][name]
    expected = NASTY[name][1]

    if expected:  # on a busy machine the clock may come first
        assert status == "rejected"
        assert rules[0] in (expected, "qua_thoi_gian")
    else:
        assert (status, rules) in (("accepted_with_warnings", ["o_lac"]), ("rejected", ["qua_thoi_gian"]))
    building = ends["files"]["second.xlsx"][2] if status != "rejected" else 0  # what any accepted file costs
    assert growth < building + GROWTH


def test_reading_children_stay_below_a_gigabyte(ends: dict[str, dict]) -> None:
    assert 0 < ends["children"] < CHILD
