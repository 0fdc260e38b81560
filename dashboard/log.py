"""The log of what went wrong: one JSON object a line in the data folder, each failure with a code to read aloud.

It is for the administrator and stays on the machine: a traceback may hold figures. It may be deleted at any time.
"""

import json
import logging
import re
import secrets
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

FILE = "dashboard.jsonl"
_LOG = logging.getLogger("dashboard")
_BYTES, _FILES = 5 * 1024 * 1024, 5
_LONGEST = 20_000
"""Characters kept of a message or a traceback: nobody can push the log's past out of it with one long text."""
_ALPHABET = "ACEFHKMNPRTUVWXY34679"
"""Without signs that look or sound alike: 0 O, 1 I L, 2 Z, 5 S, 8 B, D Đ, G J Q."""
# What JSON allows inside a text and yet ends a line, steers a terminal or turns the reading direction, or is no UTF-8.
_UNSAFE = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


class _OneLine(logging.Formatter):
    """Formats a record as one JSON object, in one line whatever its texts hold."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's line without its end."""
        found = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _cut(_message(record)),
            "code": getattr(record, "code", ""),
            "page": getattr(record, "page", ""),
            "traceback": _cut(self.formatException(record.exc_info)) if record.exc_info else "",
        }
        return to_line({key: value for key, value in found.items() if value or key == "message"})


class _Lines(RotatingFileHandler):
    """Appends each record with one write to a file opened for it alone; to stderr when that fails.

    Several processes may write the same file: appended writes do not mix, and a file that another process renamed or
    someone deleted is simply made anew. Each renames the file that it finds full; two that do so at once keep one old
    file fewer. Where a system refuses to rename a file that another has open at that moment, it is renamed later.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        try:
            line = f"{self.format(record)}\n".encode()
            path = Path(self.baseFilename)
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists() and path.stat().st_size + len(line) > self.maxBytes:
                with suppress(OSError):
                    self.doRollover()
            with path.open("ab", buffering=0) as stream:
                stream.write(line)
        except Exception:  # logging must never end what it tells of
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (logging's name)
        """Write the record to stderr instead."""
        with suppress(Exception):
            print(self.format(record), file=sys.stderr)


class _Terminal(logging.Handler):
    """Says of each failure in one short sentence by which code the log tells of it."""

    def emit(self, record: logging.LogRecord) -> None:
        """Say it; nothing of a record without a code."""
        code = getattr(record, "code", "")
        if code:
            with suppress(Exception):
                print(f"Có lỗi, mã {code}: xem tệp log/{FILE} trong thư mục dữ liệu.", file=sys.stderr)


_file: _Lines | None = None
_lock = threading.Lock()


def configure(folder: Path) -> None:
    """Send everything that is logged in this process to `folder`/dashboard.jsonl; do nothing when that is so already.

    Cheap enough for every run of a page: the server's libraries make loggers of their own as they go, each with a way
    to the terminal, which is closed here. The terminal gets one short sentence a failure.
    """
    global _file
    path = str((folder / FILE).absolute())
    with _lock:
        if _file is None or _file.baseFilename != path:
            for handler in [*_LOG.root.handlers]:
                if isinstance(handler, _Lines | _Terminal):
                    _LOG.root.removeHandler(handler)
            _file = _Lines(path, maxBytes=_BYTES, backupCount=_FILES - 1, encoding="utf-8", delay=True)
            _file.setFormatter(_OneLine())
            _LOG.root.addHandler(_file)
            _LOG.root.addHandler(_Terminal())
            logging.captureWarnings(capture=True)
            threading.excepthook = _thread_failed
        _adopt_loggers()


def new_code() -> str:
    """Return a code that someone can read over the telephone."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(6))


def failure(what: str, problem: BaseException, *, page: str = "", code: str = "") -> str:
    """Log a problem with its traceback and return the code it is found by.

    what: which part failed, in words of the program, without contents of files or cells.
    """
    code = code or new_code()
    _LOG.error(what, exc_info=problem, extra={"code": code, "page": page})
    return code


def to_line(found: dict[str, Any]) -> str:
    """Return an object as JSON that holds no line break, no control sign and nothing that UTF-8 cannot write."""
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(found, ensure_ascii=False))


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # arguments that do not fit: a slip of whoever logs
        return str(record.msg)


def _cut(text: str) -> str:
    """Return a text, without its middle when it is too long."""
    half = _LONGEST // 2
    return text if len(text) <= _LONGEST else f"{text[:half]} […] {text[-half:]}"


def _adopt_loggers() -> None:
    """Close the ways to the terminal that the libraries' loggers have; their records come up to ours."""
    for logger in [*logging.Logger.manager.loggerDict.values()]:
        if isinstance(logger, logging.Logger):
            for handler in [one for one in logger.handlers if type(one) is logging.StreamHandler]:
                logger.removeHandler(handler)
                logger.propagate = True


def _thread_failed(found: threading.ExceptHookArgs) -> None:
    if found.exc_value is not None and not isinstance(found.exc_value, SystemExit):
        _LOG.error("a thread failed", exc_info=found.exc_value)
