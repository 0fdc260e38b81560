"""The supply chain: what the locks hold, what an install takes and refuses, licences, and the audit's three ends."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import metadata
from pathlib import Path

import pytest
import typer
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import run
from bench import audit
from bench.licences import PAGE, Row, identifiers, is_allowed, licences, page, read_rules, row_of

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-spark.lock"]
SYSTEMS = [
    {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"},
    {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix", "platform_machine": "arm64"},
    {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"},
]


# --- the locks


def entries(lock: str) -> dict[str, tuple[str, frozenset[str]]]:
    """Return what a lock pins: of each package the version and the hashes."""
    found = {}
    text = (ROOT / lock).read_text(encoding="utf-8")
    for name, version, rest in re.findall(r"^([\w.-]+)==([^\s;]+)([^\\\n]*(?:\\\n[^\\\n]*)*)", text, re.MULTILINE):
        assert name not in found, f"{lock} pins {name} twice"
        found[name] = version, frozenset(re.findall(r"--hash=sha256:([0-9a-f]{64})\b", rest))
    return found


def required(requirements: str) -> dict[str, str]:
    """Return the direct pins of a requirements file: the version of each package."""
    text = (ROOT / requirements).read_text(encoding="utf-8")
    return {canonicalize_name(name): version for name, version in re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE)}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_pins_with_hashes_and_nothing_else(lock: str) -> None:
    lines = [
        line for line in (ROOT / lock).read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")
    ]
    pin = re.compile(r"[a-z0-9.-]+==[^\s;]+(?: ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}(?: \\)?")

    assert [line for line in lines if not pin.fullmatch(line)] == []
    assert [name for name, (_, hashes) in entries(lock).items() if not hashes] == []
    assert {f"{name}=={version}" for name, (version, _) in entries(lock).items()} == run.pinned(ROOT / lock)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_what_its_requirements_do(lock: str) -> None:
    locked = {name: version for name, (version, _) in entries(lock).items()}
    direct = required(lock.replace(".lock", ".txt"))

    assert len(direct) > 1
    assert direct.items() <= locked.items()


def test_tests_and_spark_run_on_the_very_packages_of_the_program() -> None:
    program, tests, spark = map(entries, LOCKS)

    assert program.items() <= tests.items() & spark.items()
    assert tests["sqlglot"] == spark["sqlglot"]


def test_neither_the_program_nor_its_tests_install_spark() -> None:
    assert [lock for lock in LOCKS if "pyspark" in entries(lock)] == ["requirements-spark.lock"]


@pytest.mark.parametrize("minor", [11, 12, 13, 14])
@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system["sys_platform"])
def test_a_lock_is_whole_on_every_system_and_python(system: dict[str, str], minor: int) -> None:
    environment = {**system, "python_version": f"3.{minor}", "python_full_version": f"3.{minor}.0", "extra": ""}
    environment |= {"platform_python_implementation": "CPython", "implementation_name": "cpython"}
    lacking = []
    for lock in LOCKS:
        locked = entries(lock)
        for package in locked:
            try:
                needs = [Requirement(line) for line in metadata.requires(package) or []]
            except metadata.PackageNotFoundError:
                continue  # one that this system does not need
            for need in needs:
                if need.marker is not None and not need.marker.evaluate(environment):
                    continue
                version = locked.get(canonicalize_name(need.name), ("", frozenset()))[0]
                if not version or not need.specifier.contains(version, prereleases=True):
                    lacking.append(f"{lock}: {package} needs {need}")

    assert lacking == []


# --- installing


def write_wheel(folder: Path, name: str, code: str, tag: str = "py3-none-any") -> str:
    """Write a wheel of one module; return its sha256."""
    path, info = folder / f"{name}-1.0-{tag}.whl", f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo(f"{name}.py"), code)
        archive.writestr(zipfile.ZipInfo(f"{info}/METADATA"), f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(
            zipfile.ZipInfo(f"{info}/WHEEL"),
            f"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: {tag}\n",
        )
        archive.writestr(zipfile.ZipInfo(f"{info}/RECORD"), "")
    return sha256(path.read_bytes()).hexdigest()


class Office:
    """A machine without network: run.py, a lock of two packages, and a folder with a wheel of each.

    Of the second the lock names a wheel for another system too.
    """

    def __init__(self, folder: Path, with_uv: bool) -> None:
        self.folder, self.wheels = folder, folder / "wheels"
        shutil.copy(ROOT / "run.py", folder)
        self.wheels.mkdir()
        first, second = (write_wheel(self.wheels, name, "said = 'as locked'\n") for name in ("first", "second"))
        self.lock = folder / "requirements.lock"
        pins = f"first==1.0 \\\n    --hash=sha256:{first}\nsecond==1.0 \\\n    --hash=sha256:{second}"
        self.lock.write_text(f"{pins} \\\n    --hash=sha256:{self.elsewhere(folder)}\n")
        self.second = self.wheels / "second-1.0-py3-none-any.whl"
        self.whole = self.second.read_bytes()
        self.environment = {name: text for name, text in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
        self.environment |= {"PIP_CONFIG_FILE": os.devnull, "UV_NO_CONFIG": "1", "UV_NO_CACHE": "1"}
        if not with_uv:
            self.environment["PATH"] = str(folder)

    def elsewhere(self, folder: Path) -> str:
        """Write the second package's wheel for another system; return its sha256."""
        return write_wheel(folder, "second", "said = 'elsewhere'\n", "cp311-cp311-sunos_5_sparc")

    def start(self, wheels: str = "wheels") -> str:
        """Run `run.py --wheels`; return the last sentence it said."""
        port = str(run.next_free(18600))
        command = [sys.executable, "run.py", "--no-browser", "--port", port, "--wheels", wheels]
        ended = subprocess.run(command, cwd=self.folder, env=self.environment, capture_output=True, encoding="utf-8")
        assert ended.returncode == 1 and ended.stderr == ""  # the program itself is not there to be started
        return ended.stdout.splitlines()[-1]

    def is_installed(self) -> bool:
        return bool(list((self.folder / ".venv").glob("installed-*")))


@pytest.fixture(scope="module", params=[False, True], ids=["pip", "uv"])
def machine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Office:
    if request.param and subprocess.run(["uv", "--version"], capture_output=True).returncode != 0:
        pytest.skip("no uv on this machine")
    return Office(tmp_path_factory.mktemp("office"), request.param)


@pytest.fixture
def office(machine: Office) -> Iterator[Office]:
    yield machine
    for wheel in machine.wheels.glob("second-*"):
        wheel.unlink()
    machine.second.write_bytes(machine.whole)


def test_a_package_missing_from_the_folder_is_named_with_the_command_that_fetches_it(office: Office) -> None:
    office.second.unlink()

    said = office.start()

    assert said.startswith("Thư mục wheels thiếu gói second")
    assert f"python run.py wheels THƯ_MỤC --platform {run.this_platform()} --python-version {run.this_python()}" in said
    assert not office.is_installed()


def test_a_folder_for_another_system_is_told_from_one_for_this(office: Office) -> None:
    office.second.unlink()
    office.elsewhere(office.wheels)

    assert office.start().startswith("Thư mục wheels thiếu gói second")
    assert not office.is_installed()


def other_code(office: Office) -> None:
    write_wheel(office.wheels, "second", "said = 'something else'\n")


def a_flipped_bit(office: Office) -> None:
    bits = bytearray(office.whole)
    bits[len(bits) // 2] ^= 1
    office.second.write_bytes(bits)


def half_a_file(office: Office) -> None:
    office.second.write_bytes(office.whole[: len(office.whole) // 2])


@pytest.mark.parametrize("change", [other_code, a_flipped_bit, half_a_file], ids=lambda change: change.__name__)
def test_a_package_of_other_bytes_is_refused(office: Office, change: object) -> None:
    change(office)  # type: ignore[operator]

    assert office.start().startswith(
        "Gói second==1.0 không đúng mã kiểm sha256 ghi trong tệp .lock nên không được dùng"
    )
    assert not office.is_installed()


def test_a_folder_without_wheels_is_said_to_have_none(office: Office) -> None:
    assert office.start("nowhere").startswith("Thư mục nowhere không có gói nào (tệp .whl): ")


def test_a_package_whose_hash_the_lock_does_not_name_is_refused(office: Office) -> None:
    whole = office.lock.read_text()
    office.lock.write_text(whole.partition("second==1.0")[0] + "second==1.0\n")
    try:
        said = office.start()
    finally:
        office.lock.write_text(whole)

    assert said.startswith("Gói second==1.0 không đúng mã kiểm sha256")
    assert not office.is_installed()


def test_a_whole_folder_is_installed_without_network(office: Office) -> None:
    office.start()  # ends where the dashboard's own code would be started

    assert office.is_installed()
    python = run.venv_python(office.folder / ".venv")
    said = subprocess.run([python, "-c", "import first, second; print(second.said)"], capture_output=True, text=True)
    assert said.stdout == "as locked\n"


def test_the_folder_of_wheels_may_stand_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVK_WHEELS", "goi")
    assert run.parse([]).wheels == Path("goi")
    assert run.parse(["--wheels", "khac"]).wheels == Path("khac")

    monkeypatch.setenv("DVK_WHEELS", "")
    assert run.parse([]).wheels is None


# --- fetching for another machine


def test_markers_are_left_out_for_another_machine_and_hashes_kept(tmp_path: Path) -> None:
    copy = run.without_markers(ROOT / "requirements.lock", tmp_path / "copy.lock")
    text = copy.read_text(encoding="utf-8")

    assert ";" not in text
    assert run.pinned(copy) == run.pinned(ROOT / "requirements.lock")
    assert text.count("--hash=") == (ROOT / "requirements.lock").read_text(encoding="utf-8").count("--hash=")


def test_a_linux_takes_wheels_of_every_older_glibc_and_another_system_its_own_name() -> None:
    linux = run.wheel_platforms("linux_x86_64")

    assert linux[:2] == ["--platform", "manylinux_2_28_x86_64"]
    assert {"manylinux_2_17_x86_64", "manylinux2014_x86_64"} <= set(linux)
    assert run.wheel_platforms("win_amd64") == ["--platform", "win_amd64"]


@pytest.mark.parametrize("version", ["3", "3.12.1", "py312"])
def test_a_python_version_that_no_wheel_has_is_wrong_use(version: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run.parse_wheels(["goi", "--python-version", version])

    assert caught.value.code == 2
    assert "hãy ghi như 3.12" in capsys.readouterr().err


def test_a_machine_for_which_a_package_was_never_built_is_said_with_the_package(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("pip download -r x\nERROR: No matching distribution found for cffi==2.1.1\n")

    said = run.download_failure(["pip", "download", "-r", "x"], log, "win_amd65, Python 3.11")

    assert said.startswith("Không có gói cffi==2.1.1 dựng sẵn cho win_amd65, Python 3.11: ")


def test_only_the_last_attempt_in_the_log_is_judged(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("pip install\nMax retries exceeded\npip install\nHash mismatch for `cffi==2.1.1`\n")
    assert run.install_failure(["pip", "install"], log, ROOT / LOCKS[0]).startswith(
        "Gói cffi==2.1.1 không đúng mã kiểm"
    )

    log.write_text("pip install\nHash mismatch for `cffi==2.1.1`\npip install\nMax retries exceeded\n")
    assert run.install_failure(["pip", "install"], log, ROOT / LOCKS[0]).startswith(
        "Không tải được thư viện vì máy không vào được mạng"
    )


# --- licences


def test_the_list_of_licences_names_every_library_of_the_lock_and_nothing_else() -> None:
    rows = re.findall(r"^\| ([\w.-]+) \| (\S+) \| (.+) \| <(https?://\S+)> \|$", PAGE.read_text("utf-8"), re.MULTILINE)

    assert {f"{package}=={version}" for package, version, _, _ in rows} == run.pinned(ROOT / LOCKS[0])
    assert [package for package, _, licence, _ in rows if not is_allowed(licence, read_rules()["allowed"])] == []


def test_the_list_of_licences_says_what_the_libraries_say_themselves() -> None:
    rules = read_rules()

    fresh = page(licences(ROOT / LOCKS[0], rules), rules["allowed"])
    assert PAGE.read_text(encoding="utf-8") == fresh, "run python -m bench licences --write"


def test_what_was_read_in_a_licence_text_is_of_a_library_that_is_locked() -> None:
    assert set(read_rules()["read"]) <= {pin.split("==")[0] for pin in run.pinned(ROOT / LOCKS[0])}


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("GPL-3.0-or-later WITH GCC-exception-3.1", True),
        ("GPL-3.0-or-later", False),
        ("Apache-2.0 OR GPL-3.0-only", True),
        ("MIT AND GPL-3.0-only", False),
        ("AGPL-3.0-only AND MIT OR BSD-3-Clause", False),
        ("(MIT OR GPL-3.0-only) AND BSD-3-Clause", False),
        ("", False),
    ],
)
def test_every_part_of_a_licence_must_be_allowed(licence: str, allowed: bool) -> None:
    assert is_allowed(licence, read_rules()["allowed"]) is allowed


def test_a_library_that_is_not_here_in_the_locked_version_has_no_known_licence() -> None:
    assert row_of("rich", "0.1", read_rules()).licence == ""
    assert row_of("nowhere-to-be-found", "1.0", read_rules()) == Row("nowhere-to-be-found", "1.0", "", "")


def test_a_licence_that_asks_for_more_is_explained_under_the_list() -> None:
    used = {one for row in licences(ROOT / LOCKS[0], read_rules()) for part in identifiers(row.licence) for one in part}

    assert {"MPL-2.0", "BSD-4-Clause"} <= used
    assert "- **MPL-2.0**: " in PAGE.read_text(encoding="utf-8")
    assert "LGPL" not in PAGE.read_text(encoding="utf-8")


# --- the audit


HOLE = {"id": "PYSEC-2030-1", "aliases": ["CVE-2030-1"], "summary": "A hole", "affected": []}
Answer = Callable[[str], tuple[int, dict[str, object]]]


class Database:
    """A vulnerability database of OSV's protocol on this machine; remembers what it was asked."""

    def __init__(self, answer: Answer) -> None:
        self.asked: list[str] = []
        database = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                query = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                pin = f"{query['package']['name']}=={query['version']}"
                database.asked.append(pin)
                status, body = answer(pin)
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def log_message(self, *arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def audit(self, lock: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
        """Audit a lock against this database; return the exit status and what was said."""
        try:
            with pytest.raises(typer.Exit) as ended:
                audit.main(lock, f"http://127.0.0.1:{self.server.server_port}/v1/query")
        finally:
            self.server.shutdown()
            self.server.server_close()
        return ended.value.exit_code, capsys.readouterr().out


def knows(*pins: str) -> Answer:
    return lambda pin: (200, {"vulns": [HOLE]} if pin in pins else {})


@pytest.fixture
def small(tmp_path: Path) -> Path:
    lock = tmp_path / "small.lock"
    lock.write_text("colorama==0.4.6 ; sys_platform == 'nowhere' \\\n    --hash=sha256:00\nrich==15.0.0 \\\n")
    return lock


def test_nothing_found_counts_when_everything_was_looked_at_and_the_canary_found(
    capsys: pytest.CaptureFixture[str],
) -> None:
    database, lock = Database(knows(audit.CANARY)), ROOT / LOCKS[0]

    code, said = database.audit(lock, capsys)

    assert code == 0
    assert set(database.asked) == run.pinned(lock) | {audit.CANARY}
    assert said.startswith(f"Đã xem {len(run.pinned(lock))} gói, không gói nào có lỗ hổng đã công bố")


def test_a_library_with_a_hole_is_named_with_the_hole(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = Database(knows(audit.CANARY, "colorama==0.4.6")).audit(small, capsys)

    assert code == audit.FOUND
    assert said.splitlines() == [
        "colorama==0.4.6: PYSEC-2030-1, CVE-2030-1; chưa có bản sửa",
        "Có lỗ hổng đã công bố ở 1/2 gói.",
    ]


def test_a_database_that_finds_nothing_anywhere_is_not_believed(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = Database(knows()).audit(small, capsys)

    assert code == audit.COULD_NOT_AUDIT
    assert said.startswith(f"KHÔNG KIỂM TRA ĐƯỢC: không thấy lỗ hổng nào của gói thử {audit.CANARY}")


def test_a_database_that_fails_for_one_library_could_not_audit(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = knows(audit.CANARY)
    code, said = Database(lambda pin: (500, {}) if pin.startswith("rich") else found(pin)).audit(small, capsys)

    assert code == audit.COULD_NOT_AUDIT
    assert said.startswith("KHÔNG KIỂM TRA ĐƯỢC: pip-audit không có kết quả")


def test_a_database_that_cannot_be_reached_could_not_audit(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nowhere = Database(knows())
    nowhere.server.shutdown()  # first, or its thread would look at a closed socket for ever
    nowhere.server.server_close()
    with pytest.raises(typer.Exit) as ended:
        audit.main(small, f"http://127.0.0.1:{nowhere.server.server_port}/v1/query")

    assert ended.value.exit_code == audit.COULD_NOT_AUDIT
    assert "KHÔNG KIỂM TRA ĐƯỢC" in capsys.readouterr().out


def test_libraries_that_pip_audit_passed_over_were_not_audited() -> None:
    canary = {"name": "django", "version": "1.11", "vulns": [{"id": "PYSEC-2019-1", "fix_versions": ["1.11.29"]}]}
    skipped = {"name": "rich", "skip_reason": "Dependency not found on PyPI and could not be audited: rich (15.0.0)"}

    code, lines = audit.verdict({"dependencies": [canary, skipped], "fixes": []}, {"rich==15.0.0", "attrs==26.1.0"})

    assert code == audit.COULD_NOT_AUDIT
    assert lines == ["KHÔNG KIỂM TRA ĐƯỢC: 2/2 gói không được xem: attrs==26.1.0, rich==15.0.0."]


def test_a_hole_is_told_even_where_the_rest_could_not_be_audited() -> None:
    hole = {"name": "rich", "version": "15.0.0", "vulns": [{"id": "PYSEC-2030-1", "fix_versions": ["15.0.1"]}]}

    code, lines = audit.verdict({"dependencies": [hole], "fixes": []}, {"rich==15.0.0", "attrs==26.1.0"})

    assert code == audit.FOUND
    assert lines[0] == "rich==15.0.0: PYSEC-2030-1; đã sửa ở bản 15.0.1"
    assert "KHÔNG KIỂM TRA ĐƯỢC" in lines[1]


def test_an_empty_lock_is_no_clean_one() -> None:
    canary = {"name": "django", "version": "1.11", "vulns": [{"id": "PYSEC-2019-1", "fix_versions": []}]}

    assert audit.verdict({"dependencies": [canary], "fixes": []}, set())[0] == audit.COULD_NOT_AUDIT


def test_the_canary_is_never_installed() -> None:
    assert not any(audit.CANARY.split("==")[0] in entries(lock) for lock in LOCKS)
