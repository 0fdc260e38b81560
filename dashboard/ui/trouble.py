"""What a viewer is told when something fails: one sentence with a code, by which the log tells the administrator."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from dashboard import log
from dashboard.warehouse import WarehouseError

_FAILED = (
    "Trang này gặp lỗi và đã được ghi lại (mã {code}). Hãy tải lại trang; nếu vẫn lỗi, đọc mã này cho người quản trị."
)
_NO_FILE = "Không lập được tệp này. Hãy tải lại trang rồi thử lại; nếu vẫn lỗi, đọc mã {code} cho người quản trị."
_NO_FROZEN_FILE = (
    "Không lập được tệp này theo bản chốt đang xem, có thể vì bản chốt do phiên bản khác của chương trình dựng: "
    "chọn “Mới nhất” ở “Bản số liệu”; nếu vẫn lỗi, đọc mã {code} cho người quản trị."
)
_CODE = "_download_code"


class FileNotMadeError(Exception):
    """A download failed; the log tells why under the code that is the message."""


@contextmanager
def telling(what: str, page: str = "") -> Iterator[None]:
    """Log whatever fails inside and tell the viewer; Streamlit's own stops and reruns pass."""
    try:
        yield
    except Exception as problem:
        tell(what, problem, page)


def tell(what: str, problem: Exception, page: str = "") -> None:
    """Log a problem and show the viewer a sentence with its code: its own where it is one of the warehouse's."""
    code = log.failure(what, problem, page=page)
    st.error(f"{problem} (mã {code})" if isinstance(problem, WarehouseError) else _FAILED.format(code=code))


def on_script_error(problem: Exception) -> bool:
    """Tell of what failed outside the frame, such as a button's callback; for `st.App(on_script_error=...)`."""
    tell("a callback or a part of a page failed", problem)
    return True


def made_later(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """Return what a download button calls to make its file, so that a failure is logged under the session's code.

    The file is made outside any run of the page: nothing can be drawn then, and Streamlit puts an English text of its
    own under the button. `draw_download_failure` has put the sentence with the code in its place beforehand.
    """
    code = _session_code()

    def make_or_log() -> bytes:
        try:
            return make()
        except Exception as problem:
            log.failure("a download failed", problem, code=code)
            raise FileNotMadeError(code) from None

    return make_or_log


def draw_download_failure(*, is_frozen: bool) -> None:
    """Say in Vietnamese what stands under a download button whose file could not be made; unseen until then."""
    text = (_NO_FROZEN_FILE if is_frozen else _NO_FILE).format(code=_session_code())
    place = '[data-testid="stDownloadButtonError"]'
    st.html(
        f"<style>{place} {{visibility: hidden; font-size: 0}}\n"
        f'{place}::after {{visibility: visible; font-size: 0.875rem; content: "{text}"}}</style>'
    )


def _session_code() -> str:
    """Return the code of this session's downloads: one for all, known before anything fails."""
    return str(st.session_state.setdefault(_CODE, log.new_code()))
