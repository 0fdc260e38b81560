"""Who may do what. The one place to ask: the gate before the server, every page, every download, every action.

A viewer has grants: a right over every unit (None), or over one. Roles come as the claim `roles` of the sign-in
provider, or from people.csv; a role that is not known grants nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

CLAIM = "roles"
"""The claim that holds a viewer's roles: a list, or words apart by spaces or commas."""


class Right(StrEnum):
    """What may be allowed. VIEW_RETURNS and UPLOAD may be limited to units; the others are over the whole province."""

    VIEW = "xem"
    """See the province's figures."""
    VIEW_RETURNS = "xem_bao_cao"
    """See what a unit sent: its cells, files, history, and what is asked of it."""
    VIEW_SUPPORT = "xem_can_ho_tro"
    """See which units need support, and have it in a file."""
    VIEW_AUDIT = "xem_nhat_ky"
    """See who did what."""
    UPLOAD = "nop"
    """Examine and load returns, fetch forms and files to correct."""
    WITHDRAW = "rut"
    """Take returns back."""
    CLOSE = "khoa_nam"
    """Close and open years."""
    FREEZE = "chot"
    """Keep a snapshot under a name."""
    EXPORT = "xuat"
    """Make decks, documents, workbooks, letters and profiles."""


OF_UNITS = frozenset({Right.VIEW_RETURNS, Right.UPLOAD})
ROLES: dict[str, frozenset[Right]] = {
    "lanh_dao": frozenset({Right.VIEW, Right.VIEW_RETURNS, Right.VIEW_SUPPORT, Right.VIEW_AUDIT}),
    "ban_dan_van": frozenset(Right),
    "don_vi": frozenset({Right.VIEW, Right.VIEW_RETURNS, Right.UPLOAD}),
}
"""What each role may. `don_vi` is given as don_vi:<id> and limits the rights of OF_UNITS to that unit."""
ROLE_NAMES = {"lanh_dao": "Lãnh đạo", "ban_dan_van": "Ban Dân vận", "don_vi": "Đơn vị"}
_LONGEST_NAME, _LONGEST_ACCOUNT = 100, 255


class NotAllowed(Exception):
    """Tài khoản này không có quyền làm việc đó."""

    def __init__(self, sentence: str = "") -> None:
        """Take a sentence for the viewer, else the class's docstring."""
        super().__init__(sentence or type(self).__doc__)


@dataclass(frozen=True)
class Viewer:
    """Someone before the screen.

    account: a verified e-mail address, else the provider's own id; "" for who sits at the machine itself.
    name: as the provider says it, which anyone may have chosen for themselves.
    """

    account: str
    name: str
    roles: tuple[str, ...]
    grants: frozenset[tuple[Right, str | None]]

    @property
    def said(self) -> str:
        """Whom records name: the account, with the name it goes by."""
        return f"{self.name} ({self.account})" if self.name not in ("", self.account) else self.account

    def is_named_by(self, by: str) -> bool:
        """Whether a record's `by` names this viewer, under whatever name the account went by then."""
        return self.account != "" and (by == self.account or by.endswith(f" ({self.account})"))

    def may(self, right: Right, don_vi_id: str | None = None) -> bool:
        """Whether they have a right over a unit; without one, over every unit."""
        return (right, None) in self.grants or (don_vi_id is not None and (right, don_vi_id) in self.grants)

    def may_anywhere(self, right: Right) -> bool:
        """Whether they have a right over any unit at all."""
        return any(granted == right for granted, _ in self.grants)

    def units(self, right: Right) -> frozenset[str] | None:
        """Return the units over which they have a right, None for every unit."""
        over = {unit for granted, unit in self.grants if granted == right}
        return None if None in over else frozenset(unit for unit in over if unit)

    def require(self, right: Right, don_vi_id: str | None = None) -> None:
        """Raise NotAllowed when they have not the right."""
        if not self.may(right, don_vi_id):
            raise NotAllowed


AT_THE_MACHINE = Viewer("", "", ("ban_dan_van",), frozenset((right, None) for right in Right))
"""Who sits at the machine that holds the store, where nobody signs in: may do everything."""
NOBODY = Viewer("", "", (), frozenset())


def viewer_of(claims: Mapping[str, Any], people: Mapping[str, Iterable[str]]) -> Viewer:
    """Return whom the claims of a sign-in describe.

    people: account -> roles, as people.csv has them. An account there is the provider's own id (`sub`) or an e-mail
    address, which counts only where the provider says that it was verified: else anyone could claim another's.
    """
    accounts = [str(claims["sub"])] if claims.get("sub") else []
    if claims.get("email_verified") is True and claims.get("email"):
        accounts.insert(0, str(claims["email"]).casefold())
    if not accounts:
        return NOBODY
    told = (role for account in accounts for role in people.get(account, ()))
    roles = tuple(dict.fromkeys(role for role in (*_words(claims.get(CLAIM)), *told) if is_role(role)))
    named = (claims.get("name"), claims.get("preferred_username"))
    name = next((name for name in named if isinstance(name, str) and name), "")
    return Viewer(
        _one_line(accounts[0], _LONGEST_ACCOUNT), _one_line(name, _LONGEST_NAME), roles, frozenset(_grants(roles))
    )


def is_role(role: str) -> bool:
    """Whether a role is one of ROLES, with a unit where it needs one and without where not."""
    kind, colon, unit = role.partition(":")
    return kind in ROLES and bool(unit) == bool(colon) == (kind == "don_vi")


def _grants(roles: Iterable[str]) -> Iterable[tuple[Right, str | None]]:
    for role in roles:
        kind, _, unit = role.partition(":")
        for right in ROLES[kind]:
            yield right, (unit if unit and right in OF_UNITS else None)


def _words(claim: object) -> list[str]:
    if isinstance(claim, str):
        return claim.replace(",", " ").split()
    return [word for word in claim if isinstance(word, str)] if isinstance(claim, list | tuple) else []


def _one_line(text: str, longest: int) -> str:
    """Return a text that anyone may have chosen on one line, without marks that turn the reading direction."""
    shown = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"
