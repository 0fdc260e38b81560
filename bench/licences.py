"""The licences of the libraries that the program is installed with, from their own metadata.

`docs/licences.toml` says which licences are allowed, and what the metadata of some libraries leave out.
"""

import tomllib
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from run import ROOT, pinned

LOCK = ROOT / "requirements.lock"
PAGE = ROOT / "docs" / "LICENCES.md"
RULES = ROOT / "docs" / "licences.toml"
_HOMEPAGES = ("homepage", "home", "repository", "source", "source code", "github", "code", "documentation")


class Row(NamedTuple):
    """A library of the lock; `licence` is an SPDX expression, "" where none is known."""

    package: str
    version: str
    licence: str
    homepage: str


def main(
    write: Annotated[bool, typer.Option("--write", help="Ghi lại docs/LICENCES.md.")] = False,
) -> None:
    """Liệt kê giấy phép của các thư viện; mã thoát 1 khi có giấy phép chưa biết hoặc ngoài danh sách cho phép."""
    rules = read_rules()
    rows = licences(LOCK, rules)
    if write:
        PAGE.write_text(page(rows, rules["allowed"]), encoding="utf-8")
        typer.echo(f"Đã ghi {len(rows)} thư viện vào docs/{PAGE.name}.")
    wrong = [row for row in rows if not is_allowed(row.licence, rules["allowed"])]
    for row in wrong:
        typer.echo(f"{row.package} {row.version}: {row.licence or 'không rõ giấy phép'}")
    if wrong:
        typer.echo(
            f"{len(wrong)} thư viện có giấy phép chưa có trong docs/{RULES.name}: hãy đọc giấy phép rồi ghi vào đó."
        )
        raise typer.Exit(1)
    typer.echo(f"{len(rows)} thư viện, giấy phép nào cũng thuộc danh sách cho phép.")


def read_rules(path: Path = RULES) -> dict[str, dict[str, Any]]:
    """Return the tables allowed, phrases and read."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def licences(lock: Path, rules: dict[str, dict[str, Any]]) -> list[Row]:
    """Return a row for each package of a lock, in the order of names."""
    return [row_of(*pin.split("=="), rules) for pin in sorted(pinned(lock), key=lambda pin: pin.split("=="))]


def row_of(package: str, version: str, rules: dict[str, dict[str, Any]]) -> Row:
    """Return what is known of a package: from its metadata when this very version is installed here."""
    read = rules["read"].get(package, {})
    try:
        said = metadata.metadata(package)
    except metadata.PackageNotFoundError:
        return Row(package, version, read.get("licence", ""), read.get("homepage", ""))
    if said["Version"] != version:
        return Row(package, version, "", "")
    licence = said.get("License-Expression") or read.get("licence") or older_licence(said, rules)
    return Row(package, version, licence, homepage_of(said))


def older_licence(said: metadata.PackageMetadata, rules: dict[str, dict[str, Any]]) -> str:
    """Return the licence that metadata without an SPDX expression name by a known phrase, or ""."""
    classifiers = [text.rpartition(" :: ")[2] for text in said.get_all("Classifier", []) if text.startswith("License")]
    for phrase in [said.get("License", ""), *classifiers]:
        if phrase in rules["allowed"]:
            return phrase
        if phrase in rules["phrases"]:
            return str(rules["phrases"][phrase])
    return ""


def homepage_of(said: metadata.PackageMetadata) -> str:
    """Return where a package lives: its home page, else its sources."""
    links = {label.strip().lower(): url.strip() for label, _, url in map(_link, said.get_all("Project-URL", []))}
    found = [links[label] for label in _HOMEPAGES if label in links]
    return said.get("Home-page") or (found or [f"https://pypi.org/project/{said['Name']}/"])[0]


def _link(text: str) -> tuple[str, str, str]:
    return text.partition(",")


def identifiers(licence: str) -> list[list[str]]:
    """Return an SPDX expression as the parts that all hold, each as the identifiers one may choose from."""
    return [part.split(" OR ") for part in licence.split(" AND ")]


def is_allowed(licence: str, allowed: dict[str, str]) -> bool:
    """Return whether every part of an expression may be had under an allowed licence.

    Brackets are not understood; what has them is refused, and can be entered as a whole.
    """
    return licence in allowed or all(any(one in allowed for one in choice) for choice in identifiers(licence))


def page(rows: list[Row], allowed: dict[str, str]) -> str:
    """Return docs/LICENCES.md."""
    used = {one for row in rows for choice in identifiers(row.licence) for one in choice}
    notes = [f"- **{one}**: {note}" for one, note in allowed.items() if note and one in used]
    table = [f"| {package} | {version} | {licence} | <{home}> |" for package, version, licence, home in rows]
    return "\n".join(
        [
            "# Licences of the libraries",
            "",
            "Everything `python run.py` installs, as pinned in `requirements.lock`. Written by",
            "`python -m bench licences --write` from each library's own metadata and `docs/licences.toml`.",
            "The full texts stand inside the libraries (`*.dist-info`), with those of what they bring along.",
            "",
            "| library | version | licence (SPDX) | home page |",
            "|---|---|---|---|",
            *table,
            "",
            "## Licences that ask for more than keeping their text",
            "",
            *notes,
            "",
        ]
    )
