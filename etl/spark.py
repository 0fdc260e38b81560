"""Past one machine: the SELECTs that fill the core tables, answered by Spark over Parquet; the rest stays with DuckDB.

Spark answers `in_force.sql` and the queries of the core tables, each translated by sqlglot, over the staged returns and
the store's figures and registers. Schema, dimensions, checks and flags are DuckDB's, on the tables that come back, and
so is the order of rows: a snapshot holds the same rows in the same order whichever engine answered.
"""

import errno
import os
import re
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from etl.build import in_parquet
from etl.settings import ROOT
from etl.stage import Staged

if TYPE_CHECKING:  # an extra: only a build that asks for Spark imports it
    from pyspark.sql import SparkSession

JAVA = 17
_SETTINGS = ROOT / "etl" / "spark_conf"


class SparkMissing(Exception):
    """Spark cannot run here; the message says what to install."""


@contextmanager
def spark_engine(queries: Mapping[str, str], staged: Mapping[str, Staged], folder: Path) -> Iterator[dict[str, str]]:
    """Answer queries in their order; give for each the query with which DuckDB reads its answer from Parquet.

    queries: DuckDB's SQL, by the name under which later ones read its answer. staged: the tables they start from.
    folder: where Parquet lies meanwhile; on a cluster every machine must see it under this very path.
    Raises SparkMissing, and OSError when Spark fails, as on a full disk.
    """
    missing = what_is_missing()
    if missing:
        raise SparkMissing(missing)
    with tempfile.TemporaryDirectory(prefix=".building-spark-", dir=folder) as kept:
        with _session(folder) as spark:
            for name, table in staged.items():
                if not isinstance(table, list):
                    pq.write_table(table, Path(kept) / name)
                _give(spark, name, table if isinstance(table, list) else [Path(kept) / name])
            for name, query in queries.items():
                spark.sql(in_spark(query)).write.parquet(str(Path(kept) / name))
                _give(spark, name, [Path(kept) / name])
        yield {name: in_parquet(sorted((Path(kept) / name).glob("*.parquet"))) for name in queries}


def in_spark(query: str) -> str:
    """Return DuckDB's SQL in Spark's; raise sqlglot's UnsupportedError for what Spark has no word for."""
    import sqlglot

    return sqlglot.transpile(query, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)[0]


def what_is_missing() -> str:
    """Return a sentence on what to install before Spark can run here, "" when nothing is missing."""
    missing = [name for name in ("pyspark", "sqlglot") if find_spec(name) is None]
    if _java_version() < JAVA:
        missing.append(f"Java {JAVA} trở lên")
    if not missing:
        return ""
    return (
        f"Chưa dựng được bằng Spark vì máy này thiếu {', '.join(missing)}: "
        f"cài các thư viện của requirements-spark.txt và Java {JAVA} trở lên rồi chạy lại"
    )


@contextmanager
def _session(folder: Path) -> Iterator["SparkSession"]:
    """Start Spark with the settings of its own folder, on this machine where there is none; stop it afterwards."""
    if not {"SPARK_CONF_DIR", "SPARK_HOME"} & set(os.environ):
        os.environ["SPARK_CONF_DIR"] = str(_SETTINGS)
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas")  # no pandas here
            named = SparkSession.builder.appName("dan-van-kheo")
            # a day is the same day everywhere; an overflow is an error, as it is in DuckDB
            meant = named.config("spark.sql.session.timeZone", "UTC").config("spark.sql.ansi.enabled", "true")
            spark = meant.getOrCreate()
            try:
                yield spark
            finally:
                spark.stop()
    except (PySparkException, Py4JError) as problem:
        said = " ".join(str(problem).split("\n\tat ")[0].split())
        raise OSError(errno.EIO, f"Spark: {said}", str(folder)) from problem


def _give(spark: "SparkSession", name: str, paths: list[Path]) -> None:
    """Let queries read Parquet files, or a folder of them, under a name."""
    # Hadoop takes a path for a pattern
    patterns = [re.sub(r"([*?[\]{}\\])", r"\\\1", path.as_posix()) for path in paths]
    spark.read.parquet(*patterns).createOrReplaceTempView(name)


def _java_version() -> int:
    """Return the major version of the Java that Spark would start, 0 where there is none."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which(str(Path(home, "bin", "java")) if home else "java")
    said = subprocess.run([java, "-version"], capture_output=True, text=True).stderr if java else ""
    version = re.search(r'version "(\d+)', said)
    return int(version[1]) if version else 0
