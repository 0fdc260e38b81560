"""What a snapshot says of any small sequence of returns, against a plain model of the design's sentences."""

import hashlib
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from etl import build as building
from etl.build import Engine, build, duckdb_engine, open_read_only
from etl.catalogue import load_catalogue
from etl.conform.returns import REGISTER, Conformed, Figure, RegisterRow, Return
from etl.periods import Period
from etl.receipts import subject_of
from etl.store import Store

CATALOGUE = load_catalogue(Path(__file__).resolve().parent.parent / "data" / "catalogue")
UNITS = ("thang_binh", "mttq")
FIELDS: dict[str, tuple[str | None, ...]] = {
    "kiem_tra": (None,),
    "van_ban": (None,),
    "mo_hinh_cong_nhan": ("kinh_te", "khac", "khac"),  # several rows of a table may be "khac"
}
PERIODS = [Period(kind, year, year) for kind in ("nam", "6_thang") for year in (2022, 2023)]
PERIODS += [Period("giai_doan", 2022, 2023), Period("giai_doan", 2020, 2023), Period("giai_doan", 2023, 2023)]
Rows = Counter[tuple[Any, ...]]

quick = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what these tests do not look at: the catalogue's tables, the flags and waiting for the disk."""
    monkeypatch.setattr(building, "dimensions", lambda _: {})
    monkeypatch.setattr("etl.flags.flag_tables", lambda _: {})
    monkeypatch.setattr(os, "fsync", lambda _: None)


# --- small returns, files and what happens to them


@st.composite
def returns(draw: st.DrawFn) -> Return:
    covers = draw(st.frozensets(st.sampled_from([*FIELDS, REGISTER]), min_size=1))
    figures = [
        Figure(indicator_id, linh_vuc_id, value, "Biểu", f"{indicator_id}{row}")
        for indicator_id in FIELDS
        if indicator_id in covers
        for row, linh_vuc_id in enumerate(FIELDS[indicator_id])
        if (value := draw(st.none() | st.integers(0, 3))) is not None
    ]
    names = draw(st.lists(st.sampled_from(["Vườn", "VƯỜN", "Đường"]), max_size=3)) if REGISTER in covers else []
    models = [
        RegisterRow(
            name, "khac", None, None, None, None, draw(st.sampled_from(["duy_tri", "dung"])), *[None] * 3, "B", f"{row}"
        )
        for row, name in enumerate(names)
    ]
    state = "co_so_lieu" if figures else draw(st.sampled_from(["trong", "khong_phat_sinh"]))
    unit, period = draw(st.sampled_from(UNITS)), draw(st.sampled_from(PERIODS))
    return Return(unit, period, "long", state, covers, tuple(figures), tuple(models))


FILE = st.lists(returns(), min_size=1, max_size=2, unique_by=subject_of)
# a new file; an earlier file sent again; a return withdrawn
EVENT = st.one_of(FILE, FILE, st.tuples(st.sampled_from(["again", "withdraw"]), st.integers(0, 9)))


@dataclass
class Entry:
    """A return that was accepted, as the model keeps it."""

    file: int
    sequence: int
    found: Return
    is_withdrawn: bool = False
    return_id: str = ""


@dataclass
class History:
    """What happened to a store and, beside it, to the plain model."""

    store: Store
    folder: Path
    files: list[list[Return]] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    decisions: int = 0

    @property
    def held(self) -> list[Entry]:
        return [entry for entry in self.entries if not entry.is_withdrawn]

    def happen(self, event: Any) -> None:
        if isinstance(event, list):
            self.files.append(event)
            self.send(len(self.files) - 1)
        elif event[0] == "again" and self.files:
            self.send(event[1] % len(self.files))
        elif event[0] == "withdraw" and self.held:
            taken = self.held[event[1] % len(self.held)]
            self.store.withdraw(taken.return_id, "gửi nhầm")
            taken.is_withdrawn = True
            self.decisions += 1

    def send(self, file: int) -> None:
        there = [subject_of(entry.found) for entry in self.held if entry.file == file]
        new = [found for found in self.files[file] if subject_of(found) not in there]
        original = self.folder / f"{file}.csv"
        original.write_text(f"{file}", encoding="utf-8")
        sha256 = hashlib.sha256(original.read_bytes()).hexdigest()
        assert self.store.holds_all_of(sha256) == (not new)
        if not new:
            return
        self.decisions += 1
        accepted = self.store.accept(original, original.name, sha256, Conformed(returns=self.files[file]))
        assert [found.subject for found in accepted] == [subject_of(found) for found in new]
        for found, stored in zip(new, accepted, strict=True):
            self.entries.append(Entry(file, self.decisions, found, return_id=stored.return_id))


@contextmanager
def history(events: list[Any]) -> Iterator[History]:
    with tempfile.TemporaryDirectory() as folder:
        told = History(Store(Path(folder) / "store"), Path(folder))
        for event in events:
            told.happen(event)
        yield told


def tables(store: Store, path: Path, engine: Engine = duckdb_engine) -> dict[str, list[tuple[Any, ...]]]:
    """Build a snapshot and return its tables in their stored order, without when and as what it was built."""
    build(path, store, CATALOGUE, engine=engine)
    with open_read_only(path) as connection:
        names = [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        found = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}
    found["snapshot_info"] = [row for row in found["snapshot_info"] if row[0] not in ("snapshot_id", "built_at")]
    return found


# --- the plain model


def speaker(told: History, unit: str, period: Period, indicator_id: str) -> Entry | None:
    """The return that speaks: the latest received of this unit and period that holds the indicator's row or column."""
    spoken = [
        entry
        for entry in told.held
        if (entry.found.don_vi_id, entry.found.period) == (unit, period) and indicator_id in entry.found.covers
    ]
    return max(spoken, key=lambda entry: entry.sequence, default=None)


def figures(entry: Entry | None, indicator_id: str) -> list[Figure]:
    return [item for item in entry.found.figures if item.indicator_id == indicator_id] if entry else []


def summed(items: list[Figure]) -> dict[str | None, int]:
    return {key: sum(item.value for item in items if item.linh_vuc_id == key) for key in {i.linh_vuc_id for i in items}}


def expected_returns(told: History) -> Rows:
    rows: Rows = Counter()
    for entry in told.held:
        found = entry.found
        speakers = [speaker(told, found.don_vi_id, found.period, item) for item in found.covers]
        replaced = all(other is not entry for other in speakers)
        by = max((other for other in speakers if other), key=lambda other: other.sequence) if replaced else None
        rows[entry.return_id, found.don_vi_id, found.period.kind, found.state, by.return_id if by else None] += 1
    return rows


def expected_values(told: History) -> Rows:
    return Counter(
        (entry.return_id, item.indicator_id, item.linh_vuc_id, item.value, item.cell)
        for entry in told.held
        for item in entry.found.figures
        if speaker(told, entry.found.don_vi_id, entry.found.period, item.indicator_id) is entry
    )


def expected_years(told: History) -> Rows:
    """The annual return's figure; without an annual return that speaks, the half-year's, provisional."""
    rows: Rows = Counter()
    for unit in UNITS:
        for year in (2022, 2023):
            for item in FIELDS:
                annual = speaker(told, unit, Period("nam", year, year), item)
                entry = annual or speaker(told, unit, Period("6_thang", year, year), item)
                for linh_vuc_id, value in summed(figures(entry, item)).items():
                    assert entry is not None
                    rows[unit, year, item, linh_vuc_id, value, annual is None, entry.return_id] += 1
    return rows


def expected_spans(told: History) -> Rows:
    """A figure of several years, where its unit has no figure of that indicator for any year in it."""
    known = {(unit, item, year) for unit, year, item, *_ in expected_years(told)}
    rows: Rows = Counter()
    for unit in UNITS:
        for period in (period for period in PERIODS if period.kind == "giai_doan"):
            for item in FIELDS:
                if any((unit, item, year) in known for year in range(period.from_year, period.to_year + 1)):
                    continue
                entry = speaker(told, unit, period, item)
                for linh_vuc_id, value in summed(figures(entry, item)).items():
                    assert entry is not None
                    rows[unit, period.from_year, period.to_year, item, linh_vuc_id, value, entry.return_id] += 1
    return rows


def expected_models(told: History) -> Rows:
    """Each model once, as the register that reaches furthest says; the same name in any case is the same model."""
    latest: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for unit in UNITS:
        for period in sorted(PERIODS, key=lambda item: (item.end, item.kind == "nam", item.from_year)):
            entry = speaker(told, unit, period, REGISTER)
            met: Counter[str] = Counter()
            for row in entry.found.models if entry else ():
                met[row.name.lower()] += 1  # twins in one register are two models
                latest[unit, row.name.lower(), met[row.name.lower()]] = (
                    row.name,
                    row.status,
                    row.cell,
                    entry.return_id,
                )
    return Counter((key[0], *row) for key, row in latest.items())


def said(covers: set[str], period: Period = PERIODS[0], status: str = "duy_tri") -> list[Return]:
    rows = (RegisterRow("Vườn", "khac", None, None, None, None, status, None, None, None, "B", "1"),)
    models = rows if REGISTER in covers else ()
    return [Return(UNITS[0], period, "long", "trong", frozenset(covers), (), models)]


@quick
@given(st.lists(EVENT, min_size=1, max_size=9))
@example([said({"kiem_tra", "van_ban"}), said({"kiem_tra"}), said({"van_ban"})])
@example([said({REGISTER}, Period("giai_doan", 2022, 2023)), said({REGISTER}, Period("giai_doan", 2020, 2023), "dung")])
def test_tables_say_what_the_design_says(events: list[Any]) -> None:
    with history(events) as told:
        path = told.folder / "a.duckdb"
        build(path, told.store, CATALOGUE)
        with open_read_only(path) as connection:

            def rows(sql: str) -> Rows:
                return Counter(connection.execute(sql).fetchall())

            assert rows(
                "SELECT return_id, don_vi_id, period_kind, state, superseded_by FROM core_return"
            ) == expected_returns(told)
            assert rows(
                "SELECT return_id, indicator_id, linh_vuc_id, value, source_cell FROM core_value"
            ) == expected_values(told)
            assert rows("SELECT * FROM core_year_value") == expected_years(told)
            assert rows("SELECT * FROM core_span_value") == expected_spans(told)
            assert rows(
                "SELECT don_vi_id, name, status, source_cell, return_id FROM core_mo_hinh WHERE NOT named_in_report"
            ) == expected_models(told)
        assert told.store.damage() == []


@settings(quick, max_examples=15)
@given(st.lists(EVENT, min_size=1, max_size=7))
def test_built_again_or_from_the_folder_alone_the_tables_are_the_same(events: list[Any]) -> None:
    with history(events) as told:
        first = tables(told.store, told.folder / "a.duckdb")
        second = tables(told.store, told.folder / "b.duckdb")
        third = tables(Store(told.folder / "store"), told.folder / "c.duckdb")

    assert first == second == third


@settings(quick, max_examples=25)
@given(st.lists(returns(), min_size=2, max_size=6, unique_by=subject_of), st.randoms(use_true_random=False))
def test_order_of_returns_on_different_subjects_changes_nothing(items: list[Return], random: Any) -> None:
    files = {str(number): item for number, item in enumerate(items)}
    found = []
    for names in (sorted(files), random.sample(sorted(files), len(files))):
        with tempfile.TemporaryDirectory() as folder:
            store = Store(Path(folder) / "store")
            for name in names:
                original = Path(folder) / f"{name}.csv"
                original.write_text(name, encoding="utf-8")
                sha256 = hashlib.sha256(original.read_bytes()).hexdigest()
                store.accept(original, original.name, sha256, Conformed(returns=[files[name]]))
            found.append(tables(store, Path(folder) / "a.duckdb"))

    assert found[0] == found[1]
