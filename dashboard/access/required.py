"""Whether viewers have to sign in to this process. Set once, by the server, before it answers anyone."""

from dashboard.access.sign_in import SignIn

_required: list[SignIn] = []


def require_sign_in(sign_in: SignIn | None) -> None:
    """Say how viewers of this process sign in; None where nobody has to."""
    _required[:] = [sign_in] if sign_in is not None else []


def sign_in_required() -> bool:
    """Whether viewers have to sign in."""
    return bool(_required)
