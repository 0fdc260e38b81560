"""Where the data lies; in a module of its own so that the server can know it without loading what reads it."""

import os
from pathlib import Path


def data_folder() -> Path:
    """Return the folder that holds the store and the warehouse."""
    return Path(os.environ.get("DVK_DATA") or Path(__file__).parent.parent / "data")
