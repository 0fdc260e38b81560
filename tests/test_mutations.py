"""Two thousand damaged copies of one good workbook: each is refused, or loaded exactly as it stands, or asked about.

What stands in a cell is read a second time by a reader and a number rule of their own, which share nothing with
the program's: where the two disagree about an accepted file, one of them is wrong and the test says which cell.
"""

import dataclasses
import faulthandler
import functools
import io
import multiprocessing
import re
import tempfile
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from python_calamine import CalamineWorkbook

from etl.catalogue import load_catalogue
from etl.conform import conform
from etl.conform.returns import Conformed, Return
from etl.issues import Level
from etl.periods import Period
from etl.reading import Unreadable, read_workbook
from etl.template import Content, write_template
from etl.vocabulary import Vocabulary
from tests.files import ROOT
from tests.mutants import mutant

HANG_SECONDS = 15  # what the guard gives a file
PORTION = 50
UNIT, YEAR = "thang_binh", 2023
TABLE_ROW = 6  # where the form's tables begin, below the titles
Key = tuple[str, str | None]
Place = tuple[str, str]


# --- the good workbook


@functools.cache
def vocabulary() -> Vocabulary:
    return Vocabulary(load_catalogue(ROOT / "data" / "catalogue"))


def figures() -> dict[Key, int]:
    """Every figure of the form, no two alike, so that a figure in another's place is noticed."""
    catalogue = vocabulary().catalogue
    fields = [item.linh_vuc_id for item in catalogue.linh_vuc]
    keys = [
        (item.indicator_id, name) for item in catalogue.indicators for name in (fields if item.by_linh_vuc else [None])
    ]
    return {key: 37 * number for number, key in enumerate(keys, 1)}


@functools.cache
def good() -> bytes:
    catalogue = vocabulary().catalogue
    models = [{"name": f"Mô hình số {n}", "linh_vuc": "kinh_te", "start_year": YEAR} for n in range(1, 6)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        content = Content(figures(), models)
        write_template(catalogue, catalogue.unit_by_id[UNIT], Period("nam", YEAR, YEAR), path, content)
        return path.read_bytes()


# --- the second reader


@dataclass
class Seen:
    """What the second reader sees: the cells, and among them the figures, printed totals and what is reported on."""

    cells: dict[Place, Any]
    figures: dict[Key, list[Place]] = field(default_factory=dict)
    totals: dict[str, list[Place]] = field(default_factory=dict)
    unit: str = ""
    year: object = None
    titles: str = ""


def look(content: bytes) -> Seen | None:
    """Read a workbook the second way; None where neither of two other readers opens it."""
    for read in (_pages_by_openpyxl, _pages_by_calamine):
        try:
            pages = read(content)
        except Exception:
            continue
        seen = Seen({})
        for name, cells in pages.items():
            _look_at_page(plain(name, str), cells, seen)
        return seen
    return None


Page = dict[tuple[int, int], Any]
"""What stands at (row, column), counted from one."""


def _pages_by_openpyxl(content: bytes) -> dict[str, Page]:
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    return {page.title: {place: cell.value for place, cell in page._cells.items()} for page in book.worksheets}


def _pages_by_calamine(content: bytes) -> dict[str, Page]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    grids = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    return {
        name: {(row, column): value for row, values in enumerate(grid, 1) for column, value in enumerate(values, 1)}
        for name, grid in grids.items()
    }


def _look_at_page(page: str, cells: Page, seen: Seen) -> None:
    """Note what stands under a known heading and beside a known label, as the form has them."""
    catalogue = vocabulary().catalogue
    fields = {plain(item.label): item.linh_vuc_id for item in catalogue.linh_vuc}
    headings = {plain(item.short_label): item.indicator_id for item in catalogue.indicators if item.by_linh_vuc}
    labels = {plain(item.label): item.indicator_id for item in catalogue.indicators if not item.by_linh_vuc}
    rows: dict[int, dict[int, Any]] = {}
    for (row, column), value in sorted(cells.items()):
        if value not in (None, ""):
            rows.setdefault(row, {})[column] = value
            seen.cells[page, f"{get_column_letter(column)}{row}"] = value
    columns: dict[int, str] = {}
    for row, values in rows.items():
        texts = {column: plain(value) for column, value in values.items()}
        is_heading = sum(text in headings for text in texts.values()) > 2
        if is_heading:
            columns = {column: headings[text] for column, text in texts.items() if text in headings}
        elif {"số lượng", "chỉ tiêu"} <= set(texts.values()):
            is_heading, columns = True, {column: "" for column, text in texts.items() if text == "số lượng"}
        for column, indicator_id in columns.items():
            place = (page, f"{get_column_letter(column)}{row}")
            for text in () if is_heading else texts.values():
                if indicator_id and text in fields:
                    seen.figures.setdefault((indicator_id, fields[text]), []).append(place)
                elif indicator_id and text == "tổng cộng":
                    seen.totals.setdefault(indicator_id, []).append(place)
                elif not indicator_id and text in labels:
                    seen.figures.setdefault((labels[text], None), []).append(place)
        following = zip(texts, list(values.values())[1:], strict=False)
        for column, beside in following:
            seen.unit = plain(beside) if texts[column] == "đơn vị báo cáo" else seen.unit
            seen.year = beside if texts[column] == "năm" and not isinstance(beside, str) else seen.year
        if row < TABLE_ROW:
            seen.titles += f" {' '.join(texts.values())}"


def plain(value: object, change: Any = str.casefold) -> str:
    """Return text as it is compared here; anything else is no label."""
    text = unicodedata.normalize("NFC", value) if isinstance(value, str) else ""
    return change(re.sub(r"\s+", " ", text).strip())


def count_of(value: object) -> int | str | None:
    """Return the count a cell holds, None for one that says nothing, its text for anything that is no count."""
    if value is None or plain(value) in ("-", "n/a") or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, float | int) and not isinstance(value, bool) and value == int(value):
        return int(value)
    text = plain(value).removeprefix("'")
    if re.fullmatch(r"([0-9]+|[1-9][0-9]{0,2}([., ])[0-9]{3})([.,]0)?", text):
        return int(re.sub(r"[., ]", "", re.sub(r"[.,]0$", "", text)))
    return str(value)


# --- what must hold of a mutant


def judge(content: bytes) -> tuple[str, list[str]]:
    """Return how a mutant ended and everything that is wrong with that."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        path.write_bytes(content)
        try:
            workbook = read_workbook(path, "a.xlsx")
        except Unreadable as refusal:
            return f"unreadable: {refusal.rule}", ["Unreadable without a message"] * (not refusal.message)
    conformed = conform(workbook, "a.xlsx", vocabulary())
    if conformed.is_refused:
        bare = [issue.rule for issue in conformed.issues if issue.level is Level.LOI and not issue.message]
        own = [issue.rule for issue in conformed.issues if issue.rule == "loi_chuong_trinh"]
        return "refused", [*(f"{rule} without a message" for rule in bare), *own]
    if len(conformed.returns) != 1:
        return "accepted", [f"{len(conformed.returns)} returns"]
    (only,) = conformed.returns
    seen = look(content)
    if seen is None:  # the damage is where no figure stands: a style, a merged range
        loaded = {(figure.indicator_id, figure.linh_vuc_id): figure.value for figure in only.figures}
        is_silent = loaded != figures() and not conformed.issues
        return "accepted", ["no other reader opens it, and figures changed without a word"] * is_silent
    return "accepted", [
        *wrong_figures(only, conformed, seen),
        *lost_figures(only, conformed, seen),
        *unsaid_totals(only, conformed, seen),
        *wrong_identity(only, seen),
        *wrong_models(only, conformed, seen),
    ]


def wrong_figures(only: Return, conformed: Conformed, seen: Seen) -> list[str]:
    """Figures that do not stand in their cells, or stand where something else is counted."""
    found = []
    notes = "".join(issue.message for issue in conformed.issues)
    for figure in only.figures:
        place, key = (plain(figure.sheet, str), figure.cell), (figure.indicator_id, figure.linh_vuc_id)
        read = count_of(seen.cells.get(place))
        is_told = read is None and re.search(rf"ô gộp.*\b{figure.cell}\b", notes)  # the second reader drops those
        if read != figure.value and only.state != "khong_phat_sinh" and not is_told:
            found.append(f"{key} loaded as {figure.value} from {place}, which holds {read!r}")
        is_total = place in seen.totals.get(figure.indicator_id, [])
        if not is_total and place not in seen.figures.get(key, [place]):
            found.append(f"{key} loaded from {place}, but stands in {seen.figures[key]}")
    return found


def lost_figures(only: Return, conformed: Conformed, seen: Seen) -> list[str]:
    """Figures in the cells, or of the good workbook, that are neither loaded nor spoken of."""
    loaded = {(plain(figure.sheet, str), figure.cell) for figure in only.figures}
    keys = {(figure.indicator_id, figure.linh_vuc_id) for figure in only.figures}
    named = {(plain(issue.sheet, str), issue.cell) for issue in conformed.issues}
    is_warned = any(issue.level is Level.CANH_BAO for issue in conformed.issues)
    unread = [
        f"{key} = {seen.cells[place]!r} in {place} was passed over"
        for key, places in seen.figures.items()
        for place in places
        if count_of(seen.cells.get(place)) is not None and place not in loaded | named
    ]
    gone = [key for key in figures() if key not in keys and key not in seen.figures and not is_warned]
    return unread + [f"{key} is gone and nothing is said" for key in gone]


def unsaid_totals(only: Return, conformed: Conformed, seen: Seen) -> list[str]:
    """Printed totals that differ from what was loaded, without a warning at their cell."""
    said = {(plain(issue.sheet, str), issue.cell) for issue in conformed.issues if issue.rule.startswith("tong_")}
    added = Counter[str]()
    for figure in only.figures:
        added[figure.indicator_id] += figure.value
    return [
        f"total of {indicator_id} in {place} says {printed!r}, loaded {added[indicator_id]}, no warning"
        for indicator_id, places in seen.totals.items()
        for place in places
        if (printed := count_of(seen.cells.get(place))) not in (None, added[indicator_id]) and place not in said
    ]


def wrong_identity(only: Return, seen: Seen) -> list[str]:
    """A return of another unit or year than the workbook names: in "Thông tin", or where that is blank in a title."""
    catalogue = vocabulary().catalogue
    is_named = any(plain(unit.label) in seen.unit for unit in catalogue.don_vi)
    label, text = plain(catalogue.unit_by_id[only.don_vi_id].label), seen.unit if is_named else seen.titles
    found = [] if label in text else [f"loaded for {only.don_vi_id}, the workbook says {text!r}"]
    if count_of(seen.year) not in (None, only.period.to_year):
        found.append(f"loaded for {only.period.label}, the workbook says {seen.year!r}")
    return found


def wrong_models(only: Return, conformed: Conformed, seen: Seen) -> list[str]:
    """Models whose name stands elsewhere, and names among the others that are neither loaded nor spoken of."""
    texts = {place: plain(str(value), str) for place, value in seen.cells.items()}
    found = [
        f"model {model.name!r} loaded from {model.cell}"
        for model in only.models
        if texts.get((plain(model.sheet, str), model.cell), model.name) != model.name
    ]
    columns = {(plain(model.sheet, str), model.cell.rstrip("0123456789")) for model in only.models}
    listed = {text for (page, cell), text in texts.items() if (page, cell.rstrip("0123456789")) in columns}
    lost = {name for name in listed if re.fullmatch(r"Mô hình số [1-5]", name)} - {model.name for model in only.models}
    if lost and not conformed.issues:
        found.append(f"models {sorted(lost)} were passed over and nothing is said")
    return found


# --- the test


def judge_portion(family: str, seeds: range) -> tuple[Counter[str], list[str]]:
    """Judge one portion in a child process, which ends with a trace when one mutant takes too long."""
    ends: Counter[str] = Counter()
    problems = []
    for seed in seeds:
        faulthandler.dump_traceback_later(HANG_SECONDS, exit=True)
        try:
            end, found = judge(mutant(good(), family, seed))
        except Exception as error:
            end, found = "crashed", [f"{type(error).__name__}: {error}"]
        ends[end.partition(":")[0]] += 1
        problems += [f"{family} {seed}: {problem}" for problem in found]
    faulthandler.cancel_dump_traceback_later()
    return ends, problems


def test_good_workbook_loads_whole_and_without_a_word() -> None:
    assert judge(good()) == ("accepted", [])


def more(only: Return) -> Return:
    first, *others = only.figures
    return dataclasses.replace(only, figures=(dataclasses.replace(first, value=first.value + 1), *others))


def fewer(only: Return) -> Return:
    return dataclasses.replace(only, figures=only.figures[:-1])


def exchanged(only: Return) -> Return:
    one, other, *others = only.figures
    swapped = (dataclasses.replace(one, cell=other.cell), dataclasses.replace(other, cell=one.cell))
    return dataclasses.replace(only, figures=(*swapped, *others))


def of_another_unit(only: Return) -> Return:
    return dataclasses.replace(only, don_vi_id="tam_ky")


def without_a_model(only: Return) -> Return:
    return dataclasses.replace(only, models=only.models[1:])


@pytest.mark.parametrize("fault", [more, fewer, exchanged, of_another_unit, without_a_model])
def test_reading_that_went_wrong_would_be_noticed(
    fault: Callable[[Return], Return], monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = conform

    def faulty(*arguments: Any) -> Conformed:
        conformed = sound(*arguments)
        return dataclasses.replace(conformed, returns=[fault(found) for found in conformed.returns])

    monkeypatch.setattr(f"{__name__}.conform", faulty)

    end, problems = judge(good())

    assert (end, bool(problems)) == ("accepted", True)


def test_two_sheets_of_one_name_are_refused_because_a_place_would_be_two() -> None:
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good())) as before, zipfile.ZipFile(changed, "w") as after:
        for name in before.namelist():
            part = before.read(name).replace('<sheet name="Biểu 01"'.encode(), '<sheet name="BIỂU 02"'.encode())
            after.writestr(name, part)

    assert judge(changed.getvalue()) == ("unreadable: tep_hong", [])


def test_numbers_under_a_merged_cell_are_loaded_and_said_to_be_there(tmp_path: Path) -> None:
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good())) as before, zipfile.ZipFile(changed, "w") as after:
        for name in before.namelist():
            merged = b'<mergeCells><mergeCell ref="A7:B8"/></mergeCells></worksheet>'
            part = before.read(name)
            after.writestr(name, part.replace(b"</worksheet>", merged) if name.endswith("sheet2.xml") else part)
    (tmp_path / "a.xlsx").write_bytes(changed.getvalue())

    notes = read_workbook(tmp_path / "a.xlsx", "a.xlsx").notes

    assert judge(changed.getvalue()) == ("accepted", [])
    assert notes == ["Trang “Biểu 01” có số nằm dưới ô gộp, không hiện ra (B7, B8); các ô đó vẫn được đọc."]


@pytest.mark.parametrize(
    ("family", "mutants", "least"),
    [
        ("bytes", 500, {"unreadable": 300}),
        ("xml", 1200, {"unreadable": 100, "refused": 50, "accepted": 200}),
        ("cells", 300, {"refused": 50, "accepted": 50}),
    ],
)
def test_mutants_are_refused_or_loaded_as_they_stand(family: str, mutants: int, least: dict[str, int]) -> None:
    portions = [range(start, min(start + PORTION, mutants)) for start in range(0, mutants, PORTION)]
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        answers = list(pool.map(functools.partial(judge_portion, family), portions))
    ends = sum((ends for ends, _ in answers), Counter[str]())

    assert [problem for _, problems in answers for problem in problems] == []
    assert {end: ends[end] for end in least if ends[end] < least[end]} == {}, f"too few of one kind: {ends}"
