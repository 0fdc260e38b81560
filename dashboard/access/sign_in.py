"""How viewers sign in: what must be configured before the dashboard may be seen from other machines, and whose roles
stand in a file.

The settings are Streamlit's own, in `[auth]` of a TOML file (.streamlit/secrets.toml, or the one DVK_SIGN_IN names).
"""

import csv
import logging
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dashboard.access.rights import Viewer, is_role, viewer_of

ROOT = Path(__file__).resolve().parents[2]
CALLBACK = "/oauth2callback"
_NEEDED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
_SHORTEST_SECRET = 32
_log = logging.getLogger(__name__)


class NotConfigured(Exception):
    """Sign-in is not set up, or not safely; the message says what is wrong and what to do."""


@dataclass(frozen=True)
class SignIn:
    """A sign-in as it is set up. redirect_uri: where the provider sends viewers back, on the address they all use.

    certificate, key: files with which this server itself encrypts; None where a web server in front does.
    """

    path: Path
    redirect_uri: str
    certificate: Path | None = None
    key: Path | None = None

    @property
    def origin(self) -> str:
        """Scheme, host and port that viewers use."""
        parts = urlsplit(self.redirect_uri)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def host(self) -> str:
        """The host that viewers use."""
        return urlsplit(self.redirect_uri).hostname or ""

    @property
    def is_encrypted(self) -> bool:
        """Whether viewers come by HTTPS."""
        return urlsplit(self.redirect_uri).scheme == "https"


def read_sign_in(*, may_be_plain: bool = False) -> SignIn:
    """Return the sign-in that is set up. Raises NotConfigured.

    may_be_plain: whether other machines may come without encryption, so that whoever listens on the network can take
    over a viewer's session.
    """
    path = Path(os.environ.get("DVK_SIGN_IN") or ROOT / ".streamlit" / "secrets.toml")
    settings, encrypting = _settings(path)
    missing = [name for name in _NEEDED if not isinstance(settings.get(name), str) or not settings[name].strip()]
    if missing:
        raise NotConfigured(f"Tệp {path}, mục [auth], thiếu: {', '.join(missing)}.")
    if len(settings["cookie_secret"]) < _SHORTEST_SECRET or len(set(settings["cookie_secret"])) < 8:
        raise NotConfigured(
            f"Tệp {path}: cookie_secret phải là chuỗi ngẫu nhiên từ {_SHORTEST_SECRET} ký tự; tạo bằng: "
            'python -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    found = SignIn(path, settings["redirect_uri"].strip(), *_encryption(path, encrypting))
    parts = urlsplit(found.redirect_uri)
    if parts.scheme not in ("http", "https") or not found.host or parts.path != CALLBACK or parts.query:
        raise NotConfigured(f"Tệp {path}: redirect_uri phải có dạng https://TÊN_MÁY{CALLBACK}.")
    if found.certificate is not None and not found.is_encrypted:
        raise NotConfigured(f"Tệp {path}: đã khai chứng chỉ thì redirect_uri phải là https.")
    if not found.is_encrypted and not is_loopback(found.host) and not may_be_plain:
        raise NotConfigured(
            f"Tệp {path}: redirect_uri dùng http, ai nghe được mạng cũng lấy được phiên đăng nhập. Dùng https (máy chủ "
            "có chứng chỉ, hoặc đặt sau một máy chủ web có chứng chỉ); nếu chấp nhận rủi ro, thêm --plain-http."
        )
    return found


def host_of(header: str) -> str:
    """Return the host that a Host header names, without its port; "" for one that names none."""
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


def people_path() -> Path:
    """Return the file of the catalogue that gives accounts their roles."""
    return Path(os.environ.get("DVK_CATALOGUE") or ROOT / "data" / "catalogue") / "access" / "people.csv"


def read_people() -> Mapping[str, tuple[str, ...]]:
    """Return the roles of each account in people.csv; none where there is no such file. Raises NotConfigured."""
    path = people_path()
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return {}
    return _people(path, changed)


def known_viewer(claims: Mapping[str, Any]) -> Viewer:
    """Return whom a sign-in's claims describe, with the roles that stand in people.csv at this moment."""
    try:
        return viewer_of(claims, read_people())
    except (NotConfigured, OSError):  # a file of roles that cannot be read gives none
        _log.exception("people.csv cannot be read")
        return viewer_of(claims, {})


@lru_cache(maxsize=4)
def _people(path: Path, changed: int) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.DictReader(stream)
        if not {"account", "role"} <= set(rows.fieldnames or ()):
            raise NotConfigured(f"Tệp {path}: hàng đầu phải có các cột account, role.")
        for row in rows:
            account, role = (row["account"] or "").strip(), (row["role"] or "").strip()
            if not account or not is_role(role):
                raise NotConfigured(
                    f"Tệp {path}, dòng {rows.line_num}: “{account}”, vai trò “{role}” không rõ. "
                    "Ghi lanh_dao, ban_dan_van hoặc don_vi:<mã đơn vị>."
                )
            key = account.casefold() if "@" in account else account
            found[key] = (*found.get(key, ()), role)
    return found


def _encryption(path: Path, told: object) -> tuple[Path | None, Path | None]:
    """Return certificate and key, both or neither; a relative name counts from the settings' own folder."""
    if told is None:
        return None, None
    names = [told.get("certificate"), told.get("key")] if isinstance(told, dict) else []
    files = [path.parent / name for name in names if isinstance(name, str) and name]
    if len(files) < 2 or not all(file.is_file() for file in files):
        raise NotConfigured(f"Tệp {path}, mục [tls]: certificate và key phải là tên hai tệp có thật.")
    return files[0], files[1]


def _settings(path: Path) -> tuple[dict[str, Any], object]:
    """Return what stands under [auth] and, if anything, under [tls]."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotConfigured(
            f"Chưa có tệp {path}: máy khác chỉ được vào khi đã cấu hình đăng nhập (mẫu: docs/secrets.example.toml)."
        ) from None
    except (OSError, ValueError) as problem:
        raise NotConfigured(f"Không đọc được tệp {path}: {problem}.") from None
    if not isinstance(told.get("auth"), dict):
        raise NotConfigured(f"Tệp {path} không có mục [auth].")
    return told["auth"], told.get("tls")
