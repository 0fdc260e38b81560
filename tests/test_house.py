"""The house rules: who may import whom, what has one place, and that the README tells the truth."""

import ast
import csv
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
import typer

from bench.__main__ import app as bench_app
from dashboard.access.rights import OF_UNITS, ROLES, Right
from dashboard.cli import What
from dashboard.cli import app as dashboard_app
from etl.cli import app as etl_app

ROOT = Path(__file__).resolve().parent.parent
OURS = {"app", "dashboard", "etl", "pages", "run", "bench", "tests"}
MAY_IMPORT = {
    "etl": {"etl"},
    "dashboard": {"dashboard"},
    "pages": {"dashboard"},
    "app.py": {"dashboard"},
    "run.py": set(),
}
EXCEPTIONS = {f"pages/{page}.py": {"etl"} for page in ("nop_bao_cao", "nguon", "nhat_ky", "trinh_chieu")}
BORDERS = {
    "streamlit": (
        "app.py",
        "pages/",
        "dashboard/ui/",
        "dashboard/server/",
        "dashboard/access/gate.py",
        "dashboard/access/security_headers.py",
    ),
    "plotly": ("dashboard/drawing", "dashboard/figures"),
    "duckdb": ("dashboard/warehouse.py", "etl/"),
}
README = (ROOT / "README.md").read_text(encoding="utf-8")


def files(*places: str, suffix: str = ".py") -> list[Path]:
    """Return the files of the places that exist, relative to the root."""
    found = [
        path
        for place in places
        for path in ([ROOT / place] if (ROOT / place).is_file() else (ROOT / place).rglob(f"*{suffix}"))
    ]
    return sorted(path.relative_to(ROOT) for path in found)


PROGRAM = files("app.py", "run.py", "pages", "dashboard", "etl")


def tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), str(path))


def imported(path: Path) -> set[str]:
    """Return the top-level names of everything a file imports, wherever in the file it does."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(path.parts[0] if node.level else str(node.module).split(".")[0])
    return found


@pytest.mark.parametrize("path", PROGRAM, ids=str)
def test_imports_point_one_way(path: Path) -> None:
    allowed = MAY_IMPORT[path.parts[0]] | EXCEPTIONS.get(path.as_posix(), set())

    assert (imported(path) & OURS) - allowed == set()


@pytest.mark.parametrize("path", [*PROGRAM, *files("bench", "tests")], ids=str)
def test_a_module_says_in_its_first_line_what_it_is_for(path: Path) -> None:
    module = tree(path)

    assert ast.get_docstring(module) or not module.body


def name_of(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def run_before(path: Path, modules: set[str]) -> set[str]:
    """Return the modules that run before a file's own lines: what it imports, and their packages but for its own."""
    own, found = name_of(path), set[str]()
    for node in tree(path).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (whole if whole <= modules else {*whole, node.module}) & modules
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names} & modules
    return found | {
        package
        for module in found
        for package in (module.rsplit(".", count)[0] for count in range(1, module.count(".") + 1))
        if package in modules and not f"{own}.".startswith(f"{package}.")
    }


# Rooms that keep to themselves, with all of their side that they may know; what is not listed may know more.
MAY_KNOW = {
    "etl.guard": set[str](),
    "etl.durable": set[str](),
    "etl.file_names": set[str](),
    "etl.statistics": set[str](),
    "etl.text": set[str](),
    "etl.sheets": {"text"},
    "etl.counts": {"sheets", "text"},
    "etl.reading": {"sheets", "text"},
    "etl.lock": {"actor", "durable"},
    "etl.conform": {
        "carried",
        "catalogue_layouts",
        "counts",
        "issues",
        "labels",
        "periods",
        "sheets",
        "text",
        "vocabulary",
    },
    "etl.parsed": {"conform"},
    "etl.store": {"actor", "conform", "durable", "file_names", "parsed", "receipts"},
    "etl.flags": {"labels", "settings", "statistics"},
    "dashboard.access": {"journal"},
    "dashboard.warehouse": {"kept", "labels"},
    "dashboard.figures": {"drawing", "labels", "theme"},
    "dashboard.provenance": {"boundaries", "choice", "labels", "scope", "units", "warehouse"},
    "dashboard.topics": {"boundaries", "choice", "labels", "provenance", "scope", "units", "warehouse"},
    "dashboard.exhibits": {
        "boundaries",
        "choice",
        "exhibit",
        "figures",
        "labels",
        "provenance",
        "scope",
        "theme",
        "topics",
        "units",
        "warehouse",
    },
}


@pytest.mark.parametrize("room", MAY_KNOW)
def test_a_room_knows_only_what_it_may(room: str) -> None:
    side, own = room.split(".")
    modules = {name_of(path): path for path in files(side)}
    inside = [path for name, path in modules.items() if f"{name}.".startswith(f"{room}.")]

    known = {name.split(".")[1] for path in inside for name in run_before(path, set(modules)) if name != side}
    assert inside
    assert known - {own} <= MAY_KNOW[room]


def test_any_module_may_be_imported_first() -> None:
    modules = {name_of(path): path for path in files("dashboard", "etl")}

    order = TopologicalSorter({name: run_before(path, set(modules)) - {name} for name, path in modules.items()})

    order.prepare()  # raises CycleError, with the circle


@pytest.mark.parametrize("path", PROGRAM, ids=str)
def test_libraries_stay_behind_their_borders(path: Path) -> None:
    inside = {library for library, places in BORDERS.items() if path.as_posix().startswith(places)}

    assert (imported(path) & set(BORDERS)) - inside == set()


@pytest.mark.parametrize("path", files("pages"), ids=str)
def test_a_page_imports_only_the_dashboard_and_streamlit(path: Path) -> None:
    allowed = {"dashboard", "streamlit", *sys.stdlib_module_names} | EXCEPTIONS.get(path.as_posix(), set())

    assert imported(path) - allowed == set()


@pytest.mark.parametrize("path", files("pages"), ids=str)
def test_a_page_begins_with_the_guard(path: Path) -> None:
    statements = [
        node
        for node in tree(path).body
        if not isinstance(node, ast.Import | ast.ImportFrom)
        and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    ]

    guarded = "served without app.py unless its first act is to ask for the router"
    assert ast.unparse(statements[0]).endswith("ui.require_router()"), guarded


def test_run_needs_nothing_but_the_standard_library() -> None:
    assert imported(Path("run.py")) - set(sys.stdlib_module_names) == set()


@pytest.mark.parametrize("minor", [7, 8, 9, 10])
def test_run_can_be_read_by_a_python_that_is_too_old(minor: int) -> None:
    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, minor))


def test_every_metric_begins_with_its_grain() -> None:
    without = [
        str(path)
        for path in files("dashboard/metrics", suffix=".sql")
        if not re.match(r"-- \S+ .*\S", (ROOT / path).read_text(encoding="utf-8"))
    ]

    assert without == []


def test_every_requirement_is_pinned_exactly() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-spark.txt"):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            requirement = line.split("#")[0].strip()
            if requirement and not requirement.startswith("-r "):
                assert re.fullmatch(r"[A-Za-z0-9_.\[\]-]+==[A-Za-z0-9_.]+", requirement), f"{name}: {line}"


# --- names of units live in the catalogue


def units() -> set[str]:
    with (ROOT / "data" / "catalogue" / "don_vi.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["kind"] in {"huyen", "thi_xa", "thanh_pho"}]
    return {row["label"] for row in rows} | {row["don_vi_id"] for row in rows}


def documentation(module: ast.Module) -> set[int]:
    """Return the identities of the nodes that are docstrings."""
    bodies = [getattr(node, "body", None) for node in ast.walk(module)]
    firsts = [body[0] for body in bodies if isinstance(body, list) and body]
    return {id(node.value) for node in firsts if isinstance(node, ast.Expr)}


def code_texts() -> Iterator[tuple[Path, str]]:
    """Yield every text of the program's code, comments and docstrings apart."""
    for path in PROGRAM:
        module = tree(path)
        skipped = documentation(module)
        for node in ast.walk(module):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
                yield path, node.value
    for path in files("etl", "dashboard", suffix=".sql"):
        yield path, re.sub(r"--.*", "", (ROOT / path).read_text(encoding="utf-8"))


def test_no_code_knows_the_name_of_a_district() -> None:
    name = re.compile(rf"\b(?:{'|'.join(sorted(units()))})\b")
    found = [(str(path), text) for path, text in code_texts() if name.search(unicodedata.normalize("NFC", text))]

    assert found == []


def test_no_tracked_file_knows_a_folder_of_some_machine() -> None:
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    machine = re.compile(rb"(?<![\w.:/])/(?:root|work|home/\w+|Users/\w+)/|[A-Z]:\\Users\\")
    paths = [ROOT / name for name in tracked.stdout.decode().split("\0") if name]

    assert [path.name for path in paths if path.is_file() and machine.search(path.read_bytes())] == []


# --- the README


def section(heading: str) -> str:
    """Return the README's text under a heading."""
    match = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL)
    assert match, f"README.md has no section {heading!r}"
    return match.group(1)


def table_rows(text: str) -> list[list[str]]:
    """Return the cells of a Markdown table's rows, headings apart."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def test_everything_the_readme_says_to_touch_exists() -> None:
    rows = table_rows(section("Adding things"))

    assert len(rows) >= 5
    for adding, touch in rows:
        paths = [name for name in re.findall(r"`([^`]+)`", touch) if "/" in name or name.endswith(".py")]
        assert paths, f"nothing to touch for {adding}"
        assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_readme_lists_exactly_the_commands_there_are() -> None:
    for package, app, heading in (
        ("etl", etl_app, "Commands"),
        ("dashboard", dashboard_app, "Commands"),
        ("bench", bench_app, "Measuring"),
    ):
        commands = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
        listed = set(re.findall(rf"`python -m {package} (\w+)", section(heading)))

        assert listed == commands


def test_the_readme_names_every_file_and_option_of_the_export() -> None:
    row = next(line for line in section("Commands").splitlines() if line.startswith("| `python -m dashboard export"))
    command = typer.main.get_command(dashboard_app).commands["export"]  # type: ignore[attr-defined]

    options = {name for parameter in command.params for name in parameter.opts if name.startswith("--")}
    assert {name for name in options if name not in row} == {"--output"}  # said as -o
    assert {what.value for what in What} == set(re.findall(r"`(deck|handout|report|data|letters|profiles)`", row))


def test_the_readme_says_of_every_role_what_it_may() -> None:
    rows = [row for row in table_rows(section("Opening it to the office")) if row[0].startswith("`")]

    told = {row[0].strip("`"): row[2:] for row in rows}
    expected = {
        right: [
            ("its own" if role == "don_vi" and right in OF_UNITS else "yes") if right in rights else "no"
            for role, rights in ROLES.items()
        ]
        for right in Right
    }
    assert told == expected


def data_dictionary() -> str:
    """Return the README's table of tables, from the schema and its comments."""
    schema = (ROOT / "etl" / "sql" / "schema.sql").read_text(encoding="utf-8")
    lines = ["| table | one row | columns |", "|---|---|---|"]
    for name, grain, body in re.findall(
        r"^CREATE TABLE (\w+) \( *-- one row (.*)\n((?:    .*\n)+)\);", schema, re.MULTILINE
    ):
        columns = re.findall(r"^    ([a-z]\w*) ", body, re.MULTILINE)
        lines.append(f"| `{name}` | {grain.strip()} | {', '.join(columns)} |")
    assert len(lines) - 2 == schema.count("CREATE TABLE"), "a table of schema.sql has no grain comment"
    return "\n".join(lines)


def test_the_readme_lists_exactly_the_tables_and_columns_there_are() -> None:
    expected = data_dictionary()

    assert expected in section("Data dictionary"), f"README.md, Data dictionary, should hold:\n\n{expected}\n"
