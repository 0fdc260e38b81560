"""Set up, build the sample when there is no data, serve the dashboard and open the browser; or run the tests.

python run.py [--port P] [--no-browser] [--lan] [--wheels FOLDER]
python run.py test [pytest arguments]
python run.py wheels FOLDER [--platform NAME] [--python-version X.Y]

Standard library only, and in a syntax that Python 3.6 can read, so that an old Python gets a sentence
and not a SyntaxError.
"""

import argparse
import contextlib
import hashlib
import os
import platform
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import http.client

OLDEST_PYTHON = (3, 11)
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOGS = VENV / "log"
INTERRUPTED = "install-interrupted"
ADDRESS = "127.0.0.1"
FIRST_PORT = 8501
NOT_CONFIGURED = 2
"""With this exit code the server says that sign-in is not set up."""


def say(sentence: str, end: str = "\n") -> None:
    """Write a sentence to the terminal, as UTF-8 whatever the terminal's locale."""
    sys.stdout.buffer.write((sentence + end).encode("utf-8"))
    sys.stdout.buffer.flush()


def too_old_sentence(version: "tuple[int, ...]") -> str:
    """Return what to tell someone whose Python is `version`, or "" when it will do."""
    if tuple(version[:2]) >= OLDEST_PYTHON:
        return ""
    needed, found = ".".join(map(str, OLDEST_PYTHON)), ".".join(map(str, version[:2]))
    return (
        f"Chương trình cần Python {needed} trở lên, máy này đang chạy Python {found}: "
        "hãy cài bản mới từ python.org rồi chạy lại."
    )


if too_old_sentence(sys.version_info):
    say(too_old_sentence(sys.version_info))
    sys.exit(1)


class CannotStartError(Exception):
    """The program cannot start; the message is the Vietnamese sentence that says why and what to do."""


# --- the virtual environment


def venv_python(venv: Path) -> Path:
    """Return the interpreter of a virtual environment."""
    return venv / "Scripts" / "python.exe" if os.name == "nt" else venv / "bin" / "python"


def requirements_digest(path: Path) -> str:
    """Return a digest of a requirements file; line ends alone do not change it."""
    return hashlib.sha256(path.read_text(encoding="utf-8").encode("utf-8")).hexdigest()


def pinned(lock: Path) -> set[str]:
    """Return the packages that a lock pins, each as `name==version`, for every platform."""
    return set(re.findall(r"^([\w.-]+==[^\s;]+)", lock.read_text(encoding="utf-8"), re.MULTILINE))


def stamp_of(venv: Path, requirements: Path) -> Path:
    """Return the file that says which version of `requirements` stands in `venv`."""
    return venv / f"installed-{requirements.stem}.sha256"


def is_installed(venv: Path, requirements: Path) -> bool:
    """Return whether `venv` works and holds this very version of `requirements`."""
    stamp = stamp_of(venv, requirements)
    return is_usable(venv) and stamp.is_file() and stamp.read_text() == requirements_digest(requirements)


def is_usable(venv: Path) -> bool:
    """Return whether a virtual environment is whole, new enough, and the Python it was made from still exists."""
    settings = venv / "pyvenv.cfg"
    if not venv_python(venv).is_file() or not settings.is_file() or (venv / INTERRUPTED).exists():
        return False
    values = dict(re.findall(r"^(\w+)\s*=\s*(.*?)\s*$", settings.read_text(encoding="utf-8"), re.MULTILINE))
    version = re.findall(r"\d+", values.get("version_info") or values.get("version") or "")
    return Path(values.get("home", "")).is_dir() and tuple(map(int, version[:2])) >= OLDEST_PYTHON


def set_up(requirements: Path, wheels: Path | None = None) -> Path:
    """Return the interpreter that has `requirements` installed; install them only when the file has changed.

    From the folder `wheels` alone when it is given, else from the network. Raises CannotStartError.
    """
    if not is_installed(VENV, requirements):
        try:
            install(VENV, requirements, wheels)
        except OSError as error:
            raise CannotStartError(
                f"Không ghi được vào {error.filename or VENV} ({error.strerror}): "
                "hãy đặt chương trình trong thư mục có quyền ghi và còn chỗ trống rồi chạy lại."
            ) from None
    return venv_python(VENV)


def install(venv: Path, requirements: Path, wheels: Path | None = None) -> None:
    """Install the lock `requirements` into `venv`, made when it is missing. The stamps are written last.

    A lock whose packages are all in this one counts as installed too. Raises CannotStartError.
    An install that was cut off leaves a mark, and the environment is made anew.
    """
    source = [] if wheels is None else ["--no-index", "--find-links", str(folder_of_wheels(wheels))]
    installed = [lock for lock in requirements.parent.glob("*.lock") if pinned(lock) <= pinned(requirements)]
    stamps = {stamp_of(venv, lock): requirements_digest(lock) for lock in installed}
    for stamp in venv.glob("installed-*.sha256"):
        stamp.unlink()
    log = venv / "log" / "install.log"
    if not is_usable(venv):
        create = [sys.executable, "-m", "venv", "--clear", "--without-pip", str(venv)]
        run_logged(create, log, "Đang tạo môi trường chạy")
    command = install_command(venv, requirements, source, log)
    (venv / INTERRUPTED).touch()
    sentence = f"Đang cài các thư viện trong {requirements.name} (chỉ lần đầu hoặc khi tệp này đổi)"
    code = run_logged(command, log, sentence)
    if code == 0 and "--no-compile" in command:
        run_logged([str(venv_python(venv)), "-m", "compileall", "-q", "-j", "0", str(venv / "lib")], log)
    (venv / INTERRUPTED).unlink()
    if code != 0:
        raise CannotStartError(install_failure(command, log, requirements, wheels))
    for stamp, digest in stamps.items():
        stamp.write_text(digest)


def folder_of_wheels(folder: Path) -> Path:
    """Return the folder as an absolute path. Raises CannotStartError when it holds no wheel."""
    if not any(folder.glob("*.whl")):
        raise CannotStartError(
            f"Thư mục {folder} không có gói nào (tệp .whl): hãy chép vào đây thư mục đã tải bằng "
            "“python run.py wheels THƯ_MỤC” trên một máy có mạng rồi chạy lại."
        )
    return folder.resolve()


# What is installed is what the lock names, to the byte; a source package would run code that no hash covers.
_AS_LOCKED = ["--require-hashes", "--only-binary", ":all:"]
_NO_QUESTIONS = ["--no-input", "--disable-pip-version-check"]


def install_command(venv: Path, requirements: Path, source: list[str], log: Path) -> list[str]:
    """Return the command that installs: uv's when a working uv is on PATH, else pip's (put into `venv` first)."""
    python = str(venv_python(venv))
    what = [*_AS_LOCKED, *source, "-r", str(requirements)]
    uv = shutil.which("uv")
    if uv and run_logged([uv, "--version"], log) == 0:
        offline = ["--offline"] if source else []
        return [uv, "pip", "install", "--compile-bytecode", "--python", python, *offline, *what]
    has_pip = run_logged([python, "-m", "pip", "--version"], log) == 0
    if not has_pip and run_logged([python, "-m", "ensurepip"], log) != 0:
        raise CannotStartError(_NO_PIP)
    # Compiled afterwards, on all cores.
    return [python, "-m", "pip", "install", *_NO_QUESTIONS, "--no-compile", *what]


_NO_PIP = (
    "Python trên máy này thiếu pip và venv: "
    "hãy cài thêm (trên Debian, Ubuntu: sudo apt install python3-venv) rồi chạy lại."
)
_OTHER_BYTES = re.compile(r"Hash mismatch for `([^`]+)`|DO NOT MATCH THE HASHES.*\n\s+(\S+) from")
_MISSING = re.compile(
    r"No matching distribution found for (\S+)|Because (?:there is no version of )?([\w.-]+(?:==[\w.]+)?)"
)
_NO_NETWORK = re.compile(
    r"NewConnectionError|ConnectTimeout|ReadTimeout|Max retries|ProxyError|name resolution|getaddrinfo|dns error"
    r"|Network is unreachable|error sending request|client error|Connection refused|timed out",
    re.IGNORECASE,
)


def install_failure(command: list[str], log: Path, lock: Path, wheels: Path | None = None) -> str:
    """Return the sentence for an install, from a folder of wheels or the network, that failed: why, by its log."""
    # The log keeps earlier attempts, which failed for reasons of their own.
    said = log.read_text(encoding="utf-8", errors="replace").rpartition(" ".join(command))[2]
    other = named(_OTHER_BYTES.search(said)) or (spoiled(wheels, lock) if wheels else "")
    missing = named(_MISSING.search(said))
    if other:
        return (
            f"Gói {other} không đúng mã kiểm sha256 ghi trong tệp .lock nên không được dùng: gói có thể bị hỏng "
            "hoặc bị tráo. Hãy tải lại từ nguồn tin cậy; vẫn như vậy thì báo người quản trị."
        )
    if wheels and missing:
        return (
            f"Thư mục {wheels} thiếu gói {missing} cho máy này: hãy tải lại trên một máy có mạng bằng lệnh "
            f"python run.py wheels THƯ_MỤC --platform {this_platform()} --python-version {this_python()}"
        )
    if _NO_NETWORK.search(said) or "from versions: none" in said:
        return (
            "Không tải được thư viện vì máy không vào được mạng: "
            "hãy nối mạng (hoặc hỏi người quản trị về proxy) rồi chạy lại, "
            "hoặc cài từ thư mục gói đã tải sẵn: python run.py --wheels THƯ_MỤC"
        )
    return f"Cài thư viện không thành công: xem lý do ở cuối tệp {log} rồi chạy lại."


def named(found: "re.Match[str] | None") -> str:
    """Return the package that a pattern of several forms has found, or ""."""
    return next((group for group in found.groups() if group), "") if found else ""


def spoiled(wheels: Path, lock: Path) -> str:
    """Return a package of the lock whose file in the folder has none of the hashes the lock names, or "".

    An archive that cannot be opened is told from a missing one by this alone.
    """
    text = lock.read_text(encoding="utf-8")
    for wheel in sorted(wheels.glob("*.whl")):
        name, *version = wheel.name.split("-")[:2]
        package = "==".join([re.sub(r"[_.]+", "-", name).lower(), *version])
        if package in pinned(lock) and hashlib.sha256(wheel.read_bytes()).hexdigest() not in text:
            return package
    return ""


# --- a folder of wheels, for machines without network


def this_platform() -> str:
    """Return this machine's platform as wheels name it, e.g. win_amd64, linux_x86_64, macosx_14_0_arm64."""
    if sys.platform == "darwin":  # there sysconfig names the oldest system that this Python was built for
        return f"macosx_{platform.mac_ver()[0].split('.')[0]}_0_{platform.machine()}"
    return re.sub(r"[-.]", "_", sysconfig.get_platform())


def this_python() -> str:
    """Return this Python's version as wheels need it, e.g. 3.12."""
    return ".".join(map(str, sys.version_info[:2]))


def download_wheels(arguments: list[str]) -> int:
    """Fill a folder with a wheel of every package of the lock, each of the bytes the lock names."""
    options = parse_wheels(arguments)
    folder = Path(options.folder).resolve()
    log = LOGS / "wheels.log"
    python = options.python_version or this_python()
    machine = options.platform or this_platform()
    with tempfile.TemporaryDirectory() as scratch:
        lock = ROOT / "requirements.lock"
        target = []
        if options.platform or options.python_version:
            lock = without_markers(lock, Path(scratch) / lock.name)
            target = ["--python-version", python, *wheel_platforms(machine)]
        what = [*_NO_QUESTIONS, *_AS_LOCKED, "--no-deps", "--dest", str(folder), *target, "-r", str(lock)]
        command = [*pip_of_this_python(log), "download", *what]
        sentence = f"Đang tải các gói trong {lock.name} cho {machine}, Python {python}"
        if run_logged(command, log, sentence) != 0:
            raise CannotStartError(download_failure(command, log, f"{machine}, Python {python}"))
    say(f"Đã có đủ gói trong {folder}. Chép thư mục này cùng chương trình sang máy không có mạng rồi chạy ở đó:")
    say("python run.py --wheels THƯ_MỤC")
    return 0


def parse_wheels(arguments: list[str]) -> argparse.Namespace:
    """Read the command line of `wheels`; a wrong one ends the program with status 2."""
    parser = argparse.ArgumentParser(
        prog="python run.py wheels", description="Tải các gói thư viện vào một thư mục để cài trên máy không có mạng."
    )
    parser.add_argument("folder", metavar="THƯ_MỤC")
    parser.add_argument(
        "--platform", help="cho máy khác: win_amd64, linux_x86_64, macosx_14_0_arm64… (mặc định máy này)"
    )
    parser.add_argument("--python-version", metavar="X.Y", help="cho Python khác, ví dụ 3.12 (mặc định Python này)")
    options = parser.parse_args(arguments)
    if options.python_version and not re.match(r"3\.\d+$", options.python_version):
        parser.error(f"--python-version {options.python_version}: hãy ghi như 3.12")
    return options


def without_markers(lock: Path, copy: Path) -> Path:
    """Write the lock without its environment markers, which pip would judge by this machine; return the copy.

    The folder then holds some packages that only other systems need, which does no harm.
    """
    text = re.sub(r"^([\w.-]+==[^\s;]+) ;.*?( \\)?$", r"\1\2", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)
    copy.write_text(text, encoding="utf-8")
    return copy


def wheel_platforms(machine: str) -> list[str]:
    """Return pip's options for the wheels that a platform takes: for Linux every glibc up to 2.28 (2018)."""
    system, _, processor = machine.partition("_")
    if system != "linux":
        return ["--platform", machine]
    tags = [f"manylinux_2_{minor}_{processor}" for minor in range(28, 4, -1)]
    tags += [f"manylinux{year}_{processor}" for year in ("2014", "2010", "1")]
    return [part for tag in tags for part in ("--platform", tag)]


def pip_of_this_python(log: Path) -> list[str]:
    """Return the command of a pip that runs on this very Python: its own, else one that uv brings."""
    own, uv = [sys.executable, "-m", "pip"], shutil.which("uv")
    if run_logged([*own, "--version"], log) == 0:
        return own
    if uv is None:
        raise CannotStartError(_NO_PIP)
    return [uv, "tool", "run", "--python", sys.executable, "pip"]


def download_failure(command: list[str], log: Path, target: str) -> str:
    """Return the sentence for a download of wheels that failed, from what its log says."""
    said = log.read_text(encoding="utf-8", errors="replace").rpartition(" ".join(command))[2]
    missing = named(_MISSING.search(said))
    if missing and not _OTHER_BYTES.search(said) and not _NO_NETWORK.search(said):
        return f"Không có gói {missing} dựng sẵn cho {target}: hãy xem lại --platform và --python-version."
    return install_failure(command, log, ROOT / "requirements.lock")


# --- the sample


def data_folder() -> Path:
    """Return the folder that holds store/ and warehouse/: DVK_DATA, or data/ beside this file."""
    return Path(os.environ.get("DVK_DATA") or ROOT / "data").resolve()


def program_digest() -> str:
    """Return a digest of everything snapshots are made by: the catalogue, the sources of etl, pinned libraries."""
    catalogue = Path(os.environ.get("DVK_CATALOGUE") or ROOT / "data" / "catalogue")
    sources = [path for path in (ROOT / "etl").rglob("*") if path.suffix in {".py", ".sql"}]
    digest = hashlib.sha256()
    for path in sorted([*sources, *catalogue.glob("*.*"), ROOT / "requirements.lock"]):
        digest.update(path.name.encode("utf-8") + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def ensure_data(python: Path, data: Path) -> None:
    """See that there is something to show: the snapshot of the returns received, else the simulated sample.

    A snapshot that another program or catalogue built is built anew. Raises CannotStartError.
    """
    if not any((data / "store" / "receipts").glob("*.json")):
        if not (data / "warehouse" / "CURRENT").is_file():
            ensure_sample(python, data)
        return
    stamp, digest = data / "warehouse" / "built-from.txt", program_digest()
    if not (data / "warehouse" / "CURRENT").is_file() or not stamp.is_file() or stamp.read_text() != digest:
        run_etl(python, ["build"], data, "Đang dựng lại kho số liệu từ các báo cáo đã nhận")
        stamp.write_text(digest)


def ensure_sample(python: Path, data: Path) -> None:
    """Build the simulated warehouse where there is none, or one of another program or catalogue.

    Built in a fresh folder beside the old one and swapped in whole. Raises CannotStartError.
    """
    sample, digest = data / "sample", program_digest()
    stamp = sample / "built-from.sha256"
    if (sample / "warehouse" / "CURRENT").is_file() and stamp.is_file() and stamp.read_text() == digest:
        return
    fresh = new_folder(data / f"sample-new-{os.getpid()}")
    try:
        if not build_sample(python, fresh):
            say("Danh mục chưa có tổng số nào của báo cáo đã ký để mô phỏng: chương trình mở với kho trống.")
        keep_frozen(sample, fresh)
        (fresh / stamp.name).write_text(digest)
        swap_in(fresh, sample)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def keep_frozen(sample: Path, fresh: Path) -> None:
    """Take over what was frozen of the sample: it is built again, what someone froze is kept for ever."""
    frozen = sample / "store" / "frozen"
    if frozen.is_dir():
        shutil.copytree(str(frozen), str(fresh / "store" / "frozen"))


def new_folder(place: Path) -> Path:
    """Return a fresh folder at `place` that git does not see."""
    try:
        shutil.rmtree(str(place), ignore_errors=True)
        place.mkdir(parents=True)
        (place / ".gitignore").write_text("*\n")
    except OSError as error:
        raise CannotStartError(
            f"Không ghi được vào thư mục dữ liệu {place.parent} ({error.strerror}): "
            "hãy kiểm tra quyền ghi hoặc đặt DVK_DATA sang thư mục khác."
        ) from None
    return place


def build_sample(python: Path, fresh: Path) -> bool:
    """Write the simulated workbooks and load them the way real returns are loaded; return whether there are any."""
    workbooks = fresh / "workbooks"
    run_etl(python, ["sample", str(workbooks)], fresh, "Đang viết các báo cáo mô phỏng")
    if not workbooks.is_dir():
        return False
    run_etl(python, ["load", str(workbooks), "--json"], fresh, "Đang dựng dữ liệu mô phỏng lần đầu (khoảng nửa phút)")
    return True


def run_etl(python: Path, arguments: list[str], data: Path, sentence: str) -> None:
    """Run a command of etl on a data folder. Raises CannotStartError when it fails."""
    log = LOGS / "etl.log"
    environment = {**child_environment(), "DVK_DATA": str(data)}
    if run_logged([str(python), "-m", "etl", *arguments], log, sentence, environment) != 0:
        raise CannotStartError(f"{sentence}: không xong, xem lý do ở cuối tệp {log} rồi chạy lại.")


def swap_in(fresh: Path, place: Path) -> None:
    """Put `fresh` in the place of `place`; where the old folder is held open (Windows), keep the old one."""
    aside = new_folder(place.parent / f"sample-old-{os.getpid()}")
    try:
        if place.exists():
            place.rename(aside / "old")
        fresh.rename(place)
    except OSError:
        if not place.exists() and (aside / "old").exists():
            (aside / "old").rename(place)
        if not place.exists():
            raise CannotStartError(f"Không đặt được dữ liệu mô phỏng vào {place}: hãy kiểm tra quyền ghi.") from None
        say("Dữ liệu mô phỏng cũ đang được chương trình khác mở nên được dùng tiếp.")
    finally:
        shutil.rmtree(str(aside), ignore_errors=True)


# --- child processes


def child_environment() -> dict[str, str]:
    """Return the environment of a child: UTF-8 on every system, the data folder as an absolute path."""
    ours = {"PYTHONUTF8": "1", "DVK_DATA": str(data_folder())}
    return {**os.environ, **ours}


def run_logged(command: list[str], log: Path, sentence: str = "", environment: dict[str, str] | None = None) -> int:
    """Run a command with its output in `log` and return its exit code; `sentence` says meanwhile what goes on."""
    # Not straight into the log: the command may be the one that clears the folder the log is in.
    with tempfile.TemporaryFile() as output:
        streams = {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": subprocess.STDOUT}
        process = start_child(command, environment or child_environment(), **streams)
        with stopping(process):
            code = wait_telling(process, sentence)
        output.seek(0)
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as stream:
            stream.write((" ".join(command) + "\n").encode("utf-8"))
            shutil.copyfileobj(output, stream)
    return code


def wait_telling(process: subprocess.Popen[bytes], sentence: str) -> int:
    """Wait for a process and return its exit code; whoever watches sees `sentence` and the seconds count."""
    if not sentence or not sys.stdout.isatty():
        if sentence:
            say(sentence + "…")
        return process.wait()
    start = time.monotonic()
    while True:
        seconds = f"\r{sentence}… {time.monotonic() - start:.0f} giây"
        try:
            code = process.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            say(seconds, end="")
        else:
            say(seconds)
            return code


def start_child(command: list[str], environment: dict[str, str], **streams: Any) -> subprocess.Popen[bytes]:
    """Start a child in the program's folder; on Linux the kernel ends it when this process is killed."""
    before_exec = die_with_parent if sys.platform == "linux" else None
    return subprocess.Popen(command, cwd=str(ROOT), env=environment, preexec_fn=before_exec, **streams)


def die_with_parent() -> None:
    """Ask Linux to send SIGTERM to this process when its parent ends, however it ends."""
    import ctypes

    pr_set_pdeathsig = 1
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


@contextlib.contextmanager
def stopping(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """End the child with the block: Ctrl+C has reached it too, everything else is passed on."""
    try:
        yield
    except KeyboardInterrupt:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=3)
        raise
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def end_on_signals() -> None:
    """Make the signals that end a program end this one through its `finally` blocks, children first."""

    def end(number: int, frame: object) -> None:
        sys.exit(128 + number)

    for name in ("SIGTERM", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), end)


# --- serving


def is_free(port: int) -> bool:
    """Return whether we may listen on the port and nobody else does. Raises PermissionError when we may not."""
    with socket.socket() as probe:
        if os.name != "nt":  # else a port that was left a moment ago counts as taken for a minute
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except PermissionError:
            raise
        except OSError:
            return False
    return True


def next_free(port: int) -> int:
    """Return the first port above `port` that we may listen on."""
    for candidate in [*range(port + 1, 65536), *range(FIRST_PORT, port)]:
        with contextlib.suppress(PermissionError):
            if is_free(candidate):
                return candidate
    raise CannotStartError("Máy này không còn cổng nào trống: hãy khởi động lại máy rồi chạy lại.")


def check_port(port: int) -> None:
    """Raise CannotStartError, naming the next free port, when this one cannot be served on."""
    try:
        if is_free(port):
            return
        problem = f"Cổng {port} đang được dùng (có thể bảng điều khiển đã mở ở cửa sổ khác)"
    except PermissionError:
        problem = f"Hệ điều hành không cho mở cổng {port}"
    raise CannotStartError(f"{problem}: hãy chạy python run.py --port {next_free(max(port, 1024))}")


def answers(port: int, *, is_lan: bool) -> bool:
    """Return whether the dashboard's server answers on the port; one for other machines may do so encrypted."""
    import http.client  # with ssl slow to load: here it is done while the server starts
    import ssl

    plain = http.client.HTTPConnection(ADDRESS, port, timeout=1)
    if is_healthy(plain):
        return True
    if not is_lan:
        return False
    unchecked = ssl.create_default_context()  # its certificate is for the name that viewers use, not for this machine's
    unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
    return is_healthy(http.client.HTTPSConnection(ADDRESS, port, timeout=1, context=unchecked))


def is_healthy(connection: "http.client.HTTPConnection") -> bool:
    """Return whether a server's health check answers."""
    import http.client

    try:
        connection.request("GET", "/_stcore/health")
        return bool(connection.getresponse().status == 200)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def open_browser(address: str) -> None:
    """Open the default browser; on a Linux without a screen there is none worth opening."""
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return
    import webbrowser

    webbrowser.open(address)


def serve(python: Path, port: int, with_browser: bool, lan: "list[str]") -> int:
    """Serve until the server ends; return its exit code. lan: how other machines may come, none where they may not."""
    command = [str(python), "-m", "dashboard.server", "--port", str(port), *lan]
    address = f"http://{ADDRESS}:{port}"
    process = start_child(command, child_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    with stopping(process):
        while not answers(port, is_lan=bool(lan)):
            if process.poll() == NOT_CONFIGURED:
                return NOT_CONFIGURED  # the server has said why
            if process.poll() is not None:
                raise CannotStartError(
                    f"Máy chủ không khởi động được (mã thoát {process.returncode}): xem các dòng ở trên."
                )
            time.sleep(0.02)
        if "--behind-proxy" in lan:
            say(f"Bảng điều khiển chờ máy chủ web của máy này ở cổng {port}; vào bằng địa chỉ khai trong redirect_uri.")
        elif lan:
            say(f"Bảng điều khiển đang mở cho máy khác ở cổng {port}, tại địa chỉ khai trong redirect_uri.")
        else:
            say(f"Bảng điều khiển đang chạy tại {address}")
        say("Để dừng: nhấn Ctrl+C trong cửa sổ này.")
        if with_browser and not lan:
            open_browser(address)
        return process.wait()


def run_dashboard(arguments: list[str]) -> int:
    """Set up, build what there is to show when it is missing, and serve."""
    options = parse(arguments)
    check_port(options.port)
    python = set_up(ROOT / "requirements.lock", options.wheels)
    ensure_data(python, data_folder())
    try:
        return serve(python, options.port, not options.no_browser, lan_options(options))
    except KeyboardInterrupt:  # the way it is meant to end
        say("\nĐã dừng.")
        return 0


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line; a wrong one ends the program with status 2."""
    parser = argparse.ArgumentParser(
        prog="python run.py", description="Mở bảng điều khiển; “python run.py test” chạy các kiểm thử."
    )
    parser.add_argument("--port", type=int, default=FIRST_PORT, help=f"cổng trên máy này (mặc định {FIRST_PORT})")
    parser.add_argument("--no-browser", action="store_true", help="không tự mở trình duyệt")
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument("--lan", action="store_true", help="cho máy khác vào, mọi người phải đăng nhập")
    ways.add_argument(
        "--behind-proxy",
        action="store_true",
        help="như --lan, nhưng chỉ máy chủ web trên chính máy này nối vào được",
    )
    parser.add_argument("--plain-http", action="store_true", help="chấp nhận không mã hóa đường truyền")
    wheels = os.environ.get("DVK_WHEELS") or None
    parser.add_argument("--wheels", type=Path, default=wheels, help="cài thư viện từ thư mục gói này, không cần mạng")
    options = parser.parse_args(arguments)
    if options.plain_http and not (options.lan or options.behind_proxy):
        parser.error("--plain-http chỉ đi cùng --lan hoặc --behind-proxy")
    if not 1 <= options.port <= 65535:
        parser.error(f"--port {options.port}: cổng phải từ 1 đến 65535")
    return options


def lan_options(options: argparse.Namespace) -> "list[str]":
    """Return what the server is told about other machines, nothing where it serves this one alone."""
    told = {"--lan": options.lan, "--behind-proxy": options.behind_proxy, "--plain-http": options.plain_http}
    return [name for name, is_on in told.items() if is_on]


def run_tests(arguments: list[str]) -> int:
    """Set up with what only tests need and run pytest; return its exit code.

    Without options of pytest's all tests run, a file each on every processor at once.
    """
    python = set_up(ROOT / "requirements-dev.lock")
    options = arguments or ["-n", "auto", "--dist", "loadfile"]
    process = start_child([str(python), "-m", "pytest", *options], {**os.environ, "PYTHONUTF8": "1"})
    with stopping(process):
        return process.wait()


def main(arguments: list[str]) -> int:
    """Do what the command line asks and return the exit code."""
    end_on_signals()
    try:
        if arguments[:1] == ["test"]:
            return run_tests(arguments[1:])
        if arguments[:1] == ["wheels"]:
            return download_wheels(arguments[1:])
        return run_dashboard(arguments)
    except CannotStartError as problem:
        say(str(problem))
        return 1
    except KeyboardInterrupt:
        say("\nĐã dừng.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
