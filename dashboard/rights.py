"""Who may have what. The one place to ask, and the one to change when viewers sign in."""


def may_have_original() -> bool:
    """Say whether this viewer may download a return as its sender wrote it.

    Today everyone who reaches the program sits at the machine that holds the store (README, Known limits).
    """
    return True
