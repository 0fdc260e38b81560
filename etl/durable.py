"""Writing so that a crash leaves either the old file or the whole new one, never a part.

It knows nothing of what is written; who may write is for `etl.lock`.
"""

import contextlib
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeAlias, TypeVar

T = TypeVar("T")
Contents: TypeAlias = dict[str, Callable[[Path], object]]
"""What writes each file of a folder, by the file's name."""
_WRITERS = 8


def write_durably(path: Path, write: Callable[[Path], object], beside: Path | None = None) -> None:
    """Let `write` fill a temporary file, then make it `path` in one step that survives a power cut.

    beside: the folder, on the same disk, where it is filled; the file's own unless given.
    """
    make_folder(path.parent)
    temporary = (beside or path.parent) / f".{path.name}.{os.getpid()}.tmp"
    try:
        write(temporary)
        sync_file(temporary)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):  # the next holder of the store clears what is left
            temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_bytes_durably(path: Path, content: bytes, beside: Path | None = None) -> None:
    """Write `content` to `path` as `write_durably` does."""
    write_durably(path, lambda temporary: temporary.write_bytes(content), beside)


def write_folders_durably(folders: dict[Path, Contents], beside: Path) -> None:
    """Make new folders in one parent, each with all its files in one step that survives a power cut.

    folders: for each, what writes each of its files, by name. beside: the folder in which they are filled first.
    The disk is waited for side by side: one wait after the other is what takes time.
    """

    def fill(folder: Path) -> Path:
        temporary = beside / f".{folder.name}.{os.getpid()}.tmp"
        if temporary.exists():
            shutil.rmtree(temporary)
        temporary.mkdir()
        for name, write in folders[folder].items():
            write(temporary / name)
            sync_file(temporary / name)
        sync_folder(temporary)
        return temporary

    make_folder(beside)
    filled = _side_by_side(fill, list(folders))
    for parent in {folder.parent for folder in folders}:
        make_folder(parent)
    for folder, temporary in zip(folders, filled, strict=True):
        temporary.replace(folder)
    for parent in {folder.parent for folder in folders}:
        sync_folder(parent)


def write_files_durably(folder: Path, contents: dict[str, bytes]) -> None:
    """Write files to a folder, each whole or not at all, so that a power cut leaves the first of them and no others."""
    make_folder(folder)

    def fill(name: str) -> Path:
        temporary = folder / f".{name}.{os.getpid()}.tmp"
        temporary.write_bytes(contents[name])
        sync_file(temporary)
        return temporary

    for name, temporary in zip(contents, _side_by_side(fill, list(contents)), strict=True):
        temporary.replace(folder / name)  # in their order: file systems keep the order of what is done in one folder
    sync_folder(folder)


def _side_by_side(fill: Callable[[T], Path], items: list[T]) -> list[Path]:
    if len(items) == 1:
        return [fill(items[0])]
    with ThreadPoolExecutor(_WRITERS, thread_name_prefix="write") as threads:
        return list(threads.map(fill, items))


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, so that a power cut does not take them with all they hold."""
    if not folder.exists():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def clear_leftovers(*folders: Path) -> None:
    """Delete what writers that were killed left directly in these folders; only while nobody writes there."""
    for leftover in (found for folder in folders for found in folder.glob(".*.tmp")):
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
