"""run.py: what it says when it cannot start, and what it does not do twice."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a folder with two locks and an empty virtual environment that looks whole."""
    (tmp_path / "requirements.lock").write_text("streamlit==1.67.0\n")
    (tmp_path / "requirements-dev.lock").write_text("pytest==9.2.0\nstreamlit==1.67.0\n")
    python = run.venv_python(tmp_path / ".venv")
    python.parent.mkdir(parents=True)
    python.touch()
    write_settings(tmp_path, "3.11.7")
    return tmp_path


def write_settings(project: Path, version: str, home: str = str(Path(sys.executable).parent)) -> None:
    (project / ".venv" / "pyvenv.cfg").write_text(f"home = {home}\nversion = {version}\n")


@pytest.fixture
def installs(project: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Take the place of commands that run.py starts; return the requirements files they were to install."""
    asked: list[str] = []

    def start(command: list[str], log: Path, sentence: str = "", environment: dict[str, str] | None = None) -> int:
        if "-r" in command:
            asked.append(Path(command[-1]).name)
        return 0

    monkeypatch.setattr(run, "VENV", project / ".venv")
    monkeypatch.setattr(run, "run_logged", start)
    return asked


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_an_old_python_gets_one_sentence_that_names_both_versions() -> None:
    sentence = run.too_old_sentence((3, 8, 10))

    assert "cần Python 3.11 trở lên" in sentence
    assert "Python 3.8" in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 2)])
def test_a_new_python_is_not_turned_away(version: tuple[int, ...]) -> None:
    assert run.too_old_sentence(version) == ""


def test_a_busy_port_is_refused_and_the_next_free_one_named(taken_port: int) -> None:
    with pytest.raises(run.CannotStartError) as caught:
        run.check_port(taken_port)

    named = int(str(caught.value).rpartition("--port ")[2])
    assert f"Cổng {taken_port} đang được dùng" in str(caught.value)
    assert named > taken_port
    assert run.is_free(named)


def test_a_busy_port_ends_the_program_before_anything_is_installed(taken_port: int, installs: list[str]) -> None:
    assert run.main(["--no-browser", "--port", str(taken_port)]) == 1
    assert installs == []


def test_a_port_left_a_moment_ago_is_free() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]

    run.check_port(port)


@pytest.mark.parametrize("port", ["0", "70000", "tám nghìn"])
def test_an_impossible_port_is_wrong_use(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run.parse(["--port", port])

    assert caught.value.code == 2
    assert "--port" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ([], []),
        (["--lan", "--plain-http"], ["--lan", "--plain-http"]),
        (["--behind-proxy"], ["--behind-proxy"]),
        (["--behind-proxy", "--plain-http"], ["--behind-proxy", "--plain-http"]),
    ],
)
def test_the_server_is_told_who_may_come(asked: list[str], told: list[str]) -> None:
    assert run.lan_options(run.parse(asked)) == told


@pytest.mark.parametrize("asked", [["--plain-http"], ["--lan", "--behind-proxy"]])
def test_ways_that_contradict_are_wrong_use(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run.parse(asked)

    assert caught.value.code == 2
    assert "--behind-proxy" in capsys.readouterr().err


def test_requirements_are_installed_once(project: Path, installs: list[str]) -> None:
    run.set_up(project / "requirements.lock")
    run.set_up(project / "requirements.lock")

    assert installs == ["requirements.lock"]


def test_changed_requirements_are_installed_again(project: Path, installs: list[str]) -> None:
    run.set_up(project / "requirements.lock")
    (project / "requirements.lock").write_text("streamlit==1.67.1\n")
    run.set_up(project / "requirements.lock")

    assert installs == ["requirements.lock", "requirements.lock"]


def test_line_ends_alone_are_no_change(project: Path, installs: list[str]) -> None:
    run.set_up(project / "requirements.lock")
    (project / "requirements.lock").write_bytes(b"streamlit==1.67.0\r\n")
    run.set_up(project / "requirements.lock")

    assert installs == ["requirements.lock"]


def test_the_tests_requirements_bring_the_programs_with_them(project: Path, installs: list[str]) -> None:
    run.set_up(project / "requirements-dev.lock")
    run.set_up(project / "requirements.lock")

    assert installs == ["requirements-dev.lock"]


def test_a_lock_that_the_tests_one_does_not_hold_is_installed_by_itself(project: Path, installs: list[str]) -> None:
    run.set_up(project / "requirements-dev.lock")
    (project / "requirements.lock").write_text("streamlit==1.67.1\n")
    run.set_up(project / "requirements.lock")

    assert installs == ["requirements-dev.lock", "requirements.lock"]


def test_an_interrupted_install_is_done_again_from_scratch(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def start(command: list[str], *rest: object) -> int:
        if "-r" in command:
            asked.append(command)
            if len(asked) == 2:
                raise KeyboardInterrupt
        return 0

    monkeypatch.setattr(run, "VENV", project / ".venv")
    monkeypatch.setattr(run, "run_logged", start)
    run.set_up(project / "requirements.lock")
    (project / "requirements.lock").write_text("streamlit==1.67.1\n")
    with pytest.raises(KeyboardInterrupt):
        run.set_up(project / "requirements.lock")
    (project / "requirements.lock").write_text("streamlit==1.67.0\n")

    assert not run.is_usable(project / ".venv")
    run.set_up(project / "requirements.lock")
    assert run.is_installed(project / ".venv", project / "requirements.lock")
    assert len(asked) == 3


def test_an_environment_of_an_old_or_removed_python_is_not_used(project: Path, installs: list[str]) -> None:
    run.set_up(project / "requirements.lock")

    write_settings(project, "3.9.18")
    assert not run.is_installed(project / ".venv", project / "requirements.lock")

    write_settings(project, "3.11.7", home=str(project / "gone"))
    assert not run.is_installed(project / ".venv", project / "requirements.lock")


def test_a_folder_that_cannot_be_written_to_is_named(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "blocked").touch()
    monkeypatch.setattr(run, "VENV", project / "blocked" / ".venv")
    monkeypatch.setattr(run, "start_child", lambda *args, **streams: subprocess.Popen([sys.executable, "-c", ""]))

    with pytest.raises(run.CannotStartError, match="Không ghi được vào"):
        run.set_up(project / "requirements.lock")


@pytest.mark.parametrize("with_uv", [False, True], ids=["pip", "uv"])
def test_no_network_on_the_first_run_gets_one_sentence(repo: Path, tmp_path: Path, with_uv: bool) -> None:
    if with_uv and subprocess.run(["uv", "--version"], capture_output=True).returncode != 0:
        pytest.skip("no uv on this machine")
    for name in ("run.py", "requirements.lock"):
        shutil.copy(repo / name, tmp_path / name)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
    nowhere = "http://127.0.0.1:9/simple"
    environment |= {
        "PIP_INDEX_URL": nowhere,
        "PIP_RETRIES": "0",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_CACHE_DIR": "1",
    }
    environment |= {"UV_INDEX_URL": nowhere, "UV_HTTP_RETRIES": "0", "UV_NO_CONFIG": "1", "UV_NO_CACHE": "1"}
    if not with_uv:
        environment["PATH"] = str(tmp_path)

    ended = subprocess.run(
        [sys.executable, "run.py", "--no-browser", "--port", str(run.next_free(18500))],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        encoding="utf-8",
    )

    assert ended.returncode == 1
    assert ended.stderr == ""
    assert ended.stdout.splitlines()[-1].startswith("Không tải được thư viện vì máy không vào được mạng: ")
    assert not list((tmp_path / ".venv").glob("installed-*"))


# --- the sample


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Take the place of etl; return the folders it was asked to fill."""
    folders: list[Path] = []

    def build(python: Path, fresh: Path) -> bool:
        folders.append(fresh)
        (fresh / "warehouse").mkdir()
        (fresh / "warehouse" / "CURRENT").write_text(f"snapshot {len(folders)}")
        return True

    monkeypatch.setattr(run, "build_sample", build)
    monkeypatch.setattr(run, "program_digest", lambda: "first program")
    return folders


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_sample_is_built_once_and_swapped_in_whole(tmp_path: Path, built: list[Path]) -> None:
    run.ensure_data(Path("python"), tmp_path / "data")
    run.ensure_data(Path("python"), tmp_path / "data")

    assert len(built) == 1
    assert names(tmp_path / "data") == ["sample"]
    assert (tmp_path / "data" / "sample" / "warehouse" / "CURRENT").read_text() == "snapshot 1"


def test_another_program_or_catalogue_builds_the_sample_anew(
    tmp_path: Path, built: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    run.ensure_sample(Path("python"), tmp_path)
    monkeypatch.setattr(run, "program_digest", lambda: "second program")
    run.ensure_sample(Path("python"), tmp_path)

    assert names(tmp_path) == ["sample"]
    assert (tmp_path / "sample" / "warehouse" / "CURRENT").read_text() == "snapshot 2"


def test_what_was_frozen_of_the_sample_outlives_it(
    tmp_path: Path, built: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    run.ensure_sample(Path("python"), tmp_path)
    frozen = tmp_path / "sample" / "store" / "frozen"
    frozen.mkdir(parents=True)
    (frozen / "ban-1.json").write_text("{}")

    monkeypatch.setattr(run, "program_digest", lambda: "second program")
    run.ensure_sample(Path("python"), tmp_path)

    assert len(built) == 2 and names(frozen) == ["ban-1.json"]


def test_a_sample_that_cannot_be_built_leaves_the_old_one(
    tmp_path: Path, built: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(python: Path, fresh: Path) -> None:
        raise run.CannotStartError("Không dựng được")

    run.ensure_sample(Path("python"), tmp_path)
    monkeypatch.setattr(run, "program_digest", lambda: "second program")
    monkeypatch.setattr(run, "build_sample", fail)
    with pytest.raises(run.CannotStartError):
        run.ensure_sample(Path("python"), tmp_path)

    assert names(tmp_path) == ["sample"]
    assert (tmp_path / "sample" / "warehouse" / "CURRENT").read_text() == "snapshot 1"


def test_a_catalogue_without_published_totals_opens_an_empty_store_and_no_sample_of_another(
    tmp_path: Path, built: list[Path], monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    run.ensure_sample(Path("python"), tmp_path)
    monkeypatch.setattr(run, "program_digest", lambda: "another catalogue")
    monkeypatch.setattr(run, "build_sample", lambda python, fresh: False)
    run.ensure_sample(Path("python"), tmp_path)

    assert names(tmp_path) == ["sample"] and not (tmp_path / "sample" / "warehouse").exists()
    assert "mở với kho trống" in capfdbinary.readouterr().out.decode()


def test_no_sample_is_built_beside_real_returns(tmp_path: Path, built: list[Path]) -> None:
    (tmp_path / "warehouse").mkdir()
    (tmp_path / "warehouse" / "CURRENT").write_text("real")
    run.ensure_data(Path("python"), tmp_path)

    assert built == []


def test_a_warehouse_deleted_or_of_another_program_is_built_again_from_the_returns(
    tmp_path: Path, built: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def build(python: Path, arguments: list[str], data: Path, sentence: str) -> None:
        asked.append(arguments)
        (data / "warehouse").mkdir(exist_ok=True)
        (data / "warehouse" / "CURRENT").write_text("built")

    monkeypatch.setattr(run, "run_etl", build)
    (tmp_path / "store" / "receipts").mkdir(parents=True)
    (tmp_path / "store" / "receipts" / "00000001.json").write_text("{}")
    run.ensure_data(Path("python"), tmp_path)
    run.ensure_data(Path("python"), tmp_path)

    assert asked == [["build"]]
    assert built == []
    monkeypatch.setattr(run, "program_digest", lambda: "another program")
    run.ensure_data(Path("python"), tmp_path)
    assert asked == [["build"], ["build"]]


def test_the_sample_depends_on_the_catalogue_it_is_made_from(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(repo / "data" / "catalogue", tmp_path / "catalogue")
    monkeypatch.setenv("DVK_CATALOGUE", str(tmp_path / "catalogue"))
    before = run.program_digest()
    with (tmp_path / "catalogue" / "labels.csv").open("a", encoding="utf-8") as stream:
        stream.write("linh_vuc,khac,Lĩnh vực khác,accepted,\n")

    assert run.program_digest() != before


def test_the_data_folder_is_absolute_for_children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DVK_DATA", "kho")

    assert run.child_environment()["DVK_DATA"] == str(tmp_path.resolve() / "kho")
