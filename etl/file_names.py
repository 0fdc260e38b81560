"""Names of files that came from elsewhere, made fit for any disk. Nothing here touches a file."""

import re
import unicodedata
from pathlib import Path

_LONGEST_NAME = 150


def safe_name(name: str) -> str:
    """Return a file's own name without folders and control characters, short enough for any disk."""
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    base = re.sub(r'[\x00-\x1f\x7f<>:"|?*]', "_", base).strip(" .") or "tep"
    stem, dot, suffix = base.rpartition(".")
    short = (stem or suffix).encode()[:_LONGEST_NAME].decode("utf-8", "ignore")
    return f"{short}{dot}{suffix[:16]}" if stem else short


def suffix_of(name: str) -> str:
    """Return a file name's suffix for the name of a copy: lower case, short, and a name on any system."""
    suffix = re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|]', "_", Path(name).suffix.lower())
    return suffix[:16].rstrip(" .")
