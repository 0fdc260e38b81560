"""`python -m dashboard`: the read side's commands."""

import io
import sys

from dashboard.cli import app

if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a Windows console may not speak UTF-8 by itself
            stream.reconfigure(encoding="utf-8", errors="replace")
    app(prog_name="python -m dashboard")
