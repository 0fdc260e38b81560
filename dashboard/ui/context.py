"""What a page draws on, and the guard that lets it draw only inside the router."""

import runpy
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import markup
from dashboard.access.rights import NOBODY, Right, Viewer
from dashboard.boundaries import moved_units
from dashboard.choice import Choice
from dashboard.frozen import Frozen
from dashboard.provenance.trace import known_years
from dashboard.units import unit_names
from dashboard.warehouse import Warehouse

APP = Path(__file__).resolve().parents[2] / "app.py"
ASSETS = APP.parent / "dashboard" / "assets"


@dataclass(frozen=True)
class Context:
    """What a page draws on: the open snapshot and what the viewer has chosen; neither while nothing was published.

    A page that asks for figures while there are none says what brings them and ends there.
    as_of: the frozen snapshot that is open instead of the latest one. viewer: who is before the screen.
    """

    opened: Warehouse | None
    chosen: Choice | None
    latest: Warehouse | None = None
    as_of: Frozen | None = None
    viewer: Viewer = NOBODY

    @property
    def has_figures(self) -> bool:
        """Whether a snapshot is open."""
        return self.opened is not None

    @property
    def warehouse(self) -> Warehouse:
        """The open snapshot."""
        if self.opened is None:
            _end_without_figures()
        return self.opened

    @property
    def choice(self) -> Choice:
        """The period and unit chosen in the sidebar."""
        if self.chosen is None:
            _end_without_figures()
        return self.chosen

    @property
    def sees_returns(self) -> bool:
        """Whether the viewer may see what the chosen unit sent, or where none is chosen what all sent."""
        return self.viewer.may(Right.VIEW_RETURNS, self.choice.don_vi_id)

    @property
    def sees_cells(self) -> bool:
        """Whether the viewer may see what every unit sent whose figures count to the chosen one."""
        chosen = self.choice.don_vi_id
        heirs = moved_units(self.warehouse, self.choice.boundary_on).items()
        joined = (unit for unit, heir in heirs if heir == chosen)
        return self.sees_returns and all(self.viewer.may(Right.VIEW_RETURNS, unit) for unit in joined)

    @property
    def unit_names(self) -> Mapping[str, str]:
        """Every unit's name."""
        return unit_names(self.warehouse)

    @property
    def own_choices(self) -> list[Choice]:
        """The period chosen, for each unit there is that the viewer may hand in for."""
        units = sorted(self.unit_names.keys() & (self.viewer.units(Right.UPLOAD) or ()))
        return [replace(self.choice, don_vi_id=unit) for unit in units]

    @property
    def data(self) -> Path | None:
        """The data folder that the snapshot belongs to: the latest lies in its warehouse, a frozen one in its store."""
        return self.latest.path.parent.parent if self.latest else None

    @property
    def years(self) -> list[int]:
        """Every year that any figure speaks of."""
        return known_years(self.warehouse)


current: ContextVar[Context | None] = ContextVar("current", default=None)


def require_router() -> Context:
    """Return the page's context; a page started without app.py shows nothing of its own.

    Until app.py has called `st.navigation` once, Streamlit itself serves pages/*.py beside it. Such a start
    is led through app.py, so that a link works as a server's first request too; any other start stops.
    """
    context = current.get()
    if context is None:
        run = get_script_run_ctx()
        if run is not None and Path(run.main_script_path).resolve() == APP:
            run_file(APP)
        else:
            st.info("Trang này chỉ xem được từ trang chính của chương trình. Hãy mở lại từ địa chỉ gốc.")
        st.stop()
    return context


def say_what_brings_figures(level: int) -> None:
    """Say that nothing was published yet and what to do. level: of the heading; 1 where the page has none."""
    commands = (
        ("Mở trang Nộp báo cáo ở cột bên trái, hoặc nạp bằng lệnh:", "python -m etl load THƯ_MỤC_BÁO_CÁO"),
        ("Hoặc khởi động lại để xem thử với dữ liệu mô phỏng:", "python run.py"),
    )
    lead = "Chưa có bản số liệu nào được công bố. Làm một trong hai việc sau, rồi tải lại trang."
    st.html(markup.steps("Chưa có số liệu", lead, commands, level))


def _end_without_figures() -> NoReturn:
    say_what_brings_figures(level=1)
    st.stop()


def run_file(path: Path) -> None:
    """Run a page or the router in this run of the script."""
    runpy.run_path(str(path))
