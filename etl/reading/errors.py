"""Why a submitted file cannot become a `Workbook`: the refusals that several readers share."""


class Unreadable(Exception):
    """A file was refused as a whole; `message` tells its sender, in Vietnamese, what to do about it."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(rule, message)  # both in args, so that it survives pickling
        self.rule = rule
        self.message = message

    def __str__(self) -> str:
        return self.message


SAVE_AGAIN = "Mở tệp bằng Excel hoặc LibreOffice, lưu lại dạng .xlsx rồi gửi lại."


def damaged(detail: str) -> Unreadable:
    """Return the refusal of a file whose content contradicts itself or breaks off; `detail` says where."""
    return Unreadable("tep_hong", f"Tệp bị hỏng hoặc thiếu một phần ({detail}). {SAVE_AGAIN}")


def password() -> Unreadable:
    """Return the refusal of a file that asks for a password."""
    return Unreadable("co_mat_khau", "Tệp có đặt mật khẩu nên không đọc được. Bỏ mật khẩu, lưu lại rồi gửi.")


def macros() -> Unreadable:
    """Return the refusal of a file that carries program code."""
    return Unreadable("co_macro", "Tệp chứa macro nên không được nhận. Lưu lại dạng .xlsx (không macro) rồi gửi.")
