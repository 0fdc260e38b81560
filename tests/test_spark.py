"""The SQL of the core tables on Spark: translated right, the same tables as DuckDB's, a sentence where there is none.

What needs pyspark and Java is skipped without them, and the reason says what to install.
"""

import random
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlglot

from etl.build import Engine, Queries, core_queries, open_read_only
from etl.conform.returns import REGISTER, Figure, RegisterRow, Return
from etl.spark import in_spark, spark_engine, what_is_missing
from tests.files import all_tables, load, periodic, run_etl, write_file
from tests.test_build_properties import CATALOGUE, FIELDS, PERIODS, History, history, tables

MISSING = what_is_missing()
needs_spark = pytest.mark.skipif(bool(MISSING), reason=MISSING)

UNITS = [unit.don_vi_id for unit in CATALOGUE.don_vi[:6]]
# What these queries are made of, each seen to mean the same in both engines. A word that is new here: look at what
# Spark makes of it, let the comparison below run, then add it.
KNOWN = re.findall(
    r"\w+",
    """
    Alias And Between Boolean CTE Cast Column DataType EQ From Group Identifier Is Join Literal LogicalOr Max Not Null
    Or Order Ordered Paren RowNumber Select Subquery Sum Table TableAlias Union Where Window With
    """,
)


def unknown(query: str) -> set[str]:
    """Return the words of DuckDB's SQL of which nobody has seen what Spark makes of them."""
    nodes = list(sqlglot.parse_one(query, read="duckdb").walk())
    joined = {node.method for node in nodes if isinstance(node, sqlglot.exp.Join)} - {""}
    return {type(node).__name__ for node in nodes} - set(KNOWN) | joined


@pytest.mark.parametrize("name", core_queries())
def test_a_query_holds_only_what_both_engines_understand_alike(name: str) -> None:
    query = core_queries()[name]

    assert unknown(query) == set()
    assert sqlglot.parse_one(in_spark(query), read="spark").named_selects == sqlglot.parse_one(query).named_selects


@pytest.mark.parametrize(
    "query",
    [
        "SELECT strip_accents(name) FROM stage_model",
        "PIVOT core_value ON linh_vuc_id USING sum(value)",
        "SELECT a.x FROM a ASOF JOIN b ON a.x >= b.x",
        "SELECT x FROM a QUALIFY row_number() OVER (ORDER BY x) = 1",
        "SELECT arg_max(x, y) FROM a",
        "SELECT x // 2 FROM a",
    ],
)
def test_what_the_translation_may_get_wrong_is_noticed(query: str) -> None:
    assert unknown(query) != set()


def test_a_moment_without_a_time_zone_stays_without_one() -> None:
    assert "TIMESTAMP_NTZ" in in_spark("SELECT CAST(sent_on AS TIMESTAMP) AS received_at FROM stage_return")


@pytest.mark.parametrize("java", ["", "11.0.2"])
@pytest.mark.skipif(sys.platform == "win32", reason="the Java that is too old is a shell script")
def test_without_a_java_that_will_do_the_command_says_what_to_install(
    java: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, program = tmp_path / "data", tmp_path / "bin" / "java"
    load(write_file(tmp_path / "a.xlsx", periodic()), data=data)
    before = sorted(path.name for path in (data / "warehouse").iterdir())
    program.parent.mkdir()
    if java:
        program.write_text(f"#!/bin/sh\necho 'openjdk version \"{java}\" 2019-01-15' >&2\n")
        program.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))

    done = run_etl("build", "--engine", "spark", data=data)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Chưa dựng được bằng Spark vì máy này thiếu ")
    assert done.stderr.endswith(
        "Java 17 trở lên: cài các thư viện của requirements-spark.txt và Java 17 trở lên rồi chạy lại.\n"
    )
    assert sorted(path.name for path in (data / "warehouse").iterdir()) == before


# --- with Spark


def some_return(draw: random.Random) -> Return:
    """Return what a unit says of a period, with blanks, twins in its register and dates now and then."""
    covers = draw.sample([*FIELDS, REGISTER], draw.randint(1, 4))
    figures = tuple(
        Figure(indicator_id, linh_vuc_id, draw.randint(0, 3), "Biểu “1”", f"{indicator_id}{row}")
        for indicator_id in FIELDS
        if indicator_id in covers
        for row, linh_vuc_id in enumerate(FIELDS[indicator_id])
        if draw.random() < 0.8
    )
    names = draw.choices(["Vườn", "VƯỜN", "Đường hoa 'x'"], k=draw.randint(0, 3)) if REGISTER in covers else []
    models = tuple(
        RegisterRow(name, "khac", None, None, None, draw.choice([None, 2021]), "dung", *[None] * 3, "B", f"{row}")
        for row, name in enumerate(names)
    )
    sent_on = draw.choice([None, date(2023, 12, 1), date(2024, 2, 29)])
    period = draw.choice(PERIODS)
    state = "co_so_lieu" if figures else "trong"
    return Return(
        draw.choice(UNITS), period, "long", state, frozenset(covers), figures, models, as_of_on=sent_on, sent_on=sent_on
    )


def events(count: int) -> list[Any]:
    """Return what happens to a store: files that come, come again, and are withdrawn."""
    draw = random.Random(2024)
    kinds = draw.choices(["file", "again", "withdraw"], weights=[6, 1, 2], k=count)
    return [[some_return(draw)] if kind == "file" else (kind, draw.randint(0, 9)) for kind in kinds]


Types = dict[str, dict[str, str]]


def noting(types: Types) -> Engine:
    """Return the engine that asks Spark and notes the columns and types of its answers."""

    @contextmanager
    def engine(queries: Queries, staged: Any, folder: Path) -> Iterator[Queries]:
        with spark_engine(queries, staged, folder) as answers, duckdb.connect() as connection:
            for name, answer in answers.items():
                found = connection.sql(answer)
                types[name] = dict(zip(found.columns, map(str, found.types), strict=True))
            yield answers

    return engine


def compare(told: History) -> dict[str, list[dict[str, Any]]]:
    """Build by both engines; return the core tables' rows after comparing all rows, and Spark's types."""
    types: Types = {}
    ours = tables(told.store, told.folder / "ours.duckdb")
    theirs = tables(told.store, told.folder / "theirs.duckdb", noting(types))
    assert theirs == ours
    with open_read_only(told.folder / "ours.duckdb") as connection:
        core = {name: connection.table(name) for name in core_queries() if name != "in_force"}
        assert {name: types[name] for name in core} == {
            name: dict(zip(table.columns, map(str, table.types), strict=True)) for name, table in core.items()
        }
        assert not list(told.folder.glob(".*"))
        return {
            name: [dict(zip(table.columns, row, strict=True)) for row in ours[name]] for name, table in core.items()
        }


@needs_spark
def test_spark_answers_every_query_as_duckdb_does_to_the_type() -> None:
    with history(events(40)) as told:
        found = compare(told)

    assert [name for name, rows in found.items() if not rows] == []
    for table, column in (
        ("core_return", "superseded_by"),
        ("core_return", "received_at"),
        ("core_mo_hinh", "start_year"),
    ):
        assert {row[column] is None for row in found[table]} == {True, False}, column
    assert {row["is_provisional"] for row in found["core_year_value"]} == {True, False}


@needs_spark
def test_without_a_return_spark_answers_with_the_models_that_the_report_names() -> None:
    with history([]) as told:
        found = compare(told)

    assert [name for name, rows in found.items() if rows] == ["core_mo_hinh"]


@needs_spark
def test_what_spark_cannot_do_is_told_in_its_words_and_leaves_nothing_behind(tmp_path: Path) -> None:
    too_much = {"x": "SELECT CAST(9223372036854775807 AS BIGINT) + CAST(1 AS BIGINT) AS x"}

    with pytest.raises(OSError, match=r"Spark: \[ARITHMETIC_OVERFLOW\]"), spark_engine(too_much, {}, tmp_path):
        pytest.fail("it had no answer")

    assert list(tmp_path.iterdir()) == []


@needs_spark
def test_the_sample_built_by_spark_is_the_same_row_for_row_in_a_folder_of_any_name(
    loaded_sample: Path, tmp_path: Path
) -> None:
    data = tmp_path / "dữ liệu [1] {a} 'b' 50%20"
    shutil.copytree(loaded_sample / "store", data / "store")
    assert run_etl("build", data=data).returncode == 0
    expected = all_tables(data)

    done = run_etl("build", "--engine", "spark", data=data)

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Đã dựng bản ")
    assert len(done.stderr.splitlines()) <= 1, "Java says which of its modules are young; Spark says nothing"
    assert all_tables(data) == expected
    assert len(expected["core_mo_hinh"]) > 1000
    assert not list((data / "warehouse").glob(".*"))
