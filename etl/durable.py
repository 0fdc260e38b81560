"""Writing so that a crash leaves either the old file or the whole new one, never a part."""

import contextlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path


def write_durably(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a temporary file, then make it `path` in one step that survives a power cut."""
    make_folder(path.parent)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        write(temporary)
        sync_file(temporary)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):  # the next holder of the store clears what is left
            temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_bytes_durably(path: Path, content: bytes) -> None:
    """Write `content` to `path` as `write_durably` does."""
    write_durably(path, lambda temporary: temporary.write_bytes(content))


def write_folder_durably(folder: Path, contents: dict[str, Callable[[Path], object]], beside: Path) -> None:
    """Make a new folder with all its files in one step that survives a power cut.

    contents: what writes each file, by its name. beside: an existing folder where it is filled; leftovers of runs that
    were cut short, `.*.tmp`, are cleared there.
    """
    for leftover in beside.glob(".*.tmp"):
        shutil.rmtree(leftover)
    temporary = beside / f".{folder.name}.{os.getpid()}.tmp"
    temporary.mkdir()
    for name, write in contents.items():
        write(temporary / name)
        sync_file(temporary / name)
    sync_folder(temporary)
    make_folder(folder.parent)
    temporary.replace(folder)
    sync_folder(folder.parent)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, so that a power cut does not take them with all they hold."""
    if not folder.exists():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def clear_leftovers(folder: Path) -> None:
    """Delete what writers that were killed left below a folder; only while nobody writes there."""
    for leftover in sorted(folder.rglob(".*.tmp")):
        if leftover.is_dir():
            shutil.rmtree(leftover)
        else:
            leftover.unlink(missing_ok=True)


def sync_file(path: Path) -> None:
    """Make a file's content survive a power cut."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Make a folder's entries survive a power cut, where the system can (Windows cannot open a folder)."""
    with contextlib.suppress(PermissionError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
