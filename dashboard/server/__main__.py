"""`python -m dashboard.server`: serve until a signal ends it."""

import atexit
import os
import sys

_statuses = [1]
"""The exit status; of a server that never came to its end, 1."""


def _leave() -> None:
    """End the process here. What Python does after this ends threads in the midst of libraries, which then abort."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(_statuses[-1])


atexit.register(_leave)  # before any other, so that all others come first

from dashboard.server.serve import ROOT, main  # noqa: E402

if __name__ == "__main__":
    os.chdir(ROOT)  # where Streamlit looks for .streamlit/config.toml
    try:
        _statuses.append(main(sys.argv[1:]))
    except SystemExit:  # an option that there is none of
        _statuses.append(2)
