"""Viewers without a browser: websocket sessions that speak Streamlit's protocol to a server, as a browser does.

A session keeps what a browser keeps: the select boxes on the page and what stands in them, the pages there are, the
link, and the messages that the server need not send again.
"""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

PATIENCE = 60.0
"""Seconds after which a run that has not finished counts as failed."""
_ERROR = 1
"""Alert.format of a message of failure."""


@dataclass(frozen=True)
class Run:
    """A run of the script as a viewer saw it: seconds from asking to its end, bytes sent to them, what went wrong."""

    seconds: float
    size: int
    errors: tuple[str, ...] = ()


@dataclass
class Session:
    """A viewer connected to a server."""

    socket: ClientConnection
    address: str
    pages: dict[str, str] = field(default_factory=dict)
    """Address of a page -> its id, hidden ones left out."""
    boxes: dict[str, Any] = field(default_factory=dict)
    """Label -> select box (or segmented control) of the last run; a second of the same label is "label (2)"."""
    page: str = ""
    _page_hash: str = ""
    _query: str = ""
    _values: dict[str, str] = field(default_factory=dict)
    _cached: dict[str, ForwardMsg] = field(default_factory=dict)
    _is_finished: bool = False

    async def open(self, page: str = "", query: str = "") -> Run:
        """Open a page by its link; "" is the first."""
        self._query, self.page = query, page
        return await self._run(page_name=page)

    async def turn_to(self, page: str) -> Run:
        """Turn to another page by the navigation."""
        self._query, self.page = "", page
        return await self._run(page_script_hash=self.pages[page])

    async def choose(self, label: str, option: str) -> Run:
        """Choose an option in the select box of this label."""
        box = self.boxes[label]
        if option not in options_of(box):
            raise ValueError(f"{label!r} does not offer {option!r}")
        self._values[box.id] = option
        return await self.again()

    async def again(self) -> Run:
        """Run the page again with what is chosen."""
        return await self._run(page_script_hash=self._page_hash)

    def chosen(self, label: str) -> str:
        """Return what stands in the select box of this label."""
        return self._values.get(self.boxes[label].id, "")

    async def _run(self, **asked_for: str) -> Run:
        message = BackMsg()
        state = message.rerun_script
        for name, value in asked_for.items():
            setattr(state, name, value)
        state.query_string = self._query
        state.cached_message_hashes.extend(self._cached)
        for box in self.boxes.values():
            self._put(state.widget_states.widgets.add(), box)
        context = state.context_info
        context.timezone, context.timezone_offset, context.locale = "Asia/Ho_Chi_Minh", -420, "vi-VN"
        context.url, context.color_scheme, context.is_embedded = f"{self.address}/{self.page}", "light", False
        start = time.perf_counter()
        size, errors, known = 0, [], self._cached
        self._cached, self.boxes = {}, {}
        try:
            async with asyncio.timeout(PATIENCE):
                await self.socket.send(message.SerializeToString())
                is_running = True
                while is_running:
                    told = await self.socket.recv(decode=False)
                    size += len(told)
                    errors += self._take(ForwardMsg.FromString(told), known)
                    is_running = not self._is_finished
        except (TimeoutError, OSError, WebSocketException) as problem:
            errors.append(f"{type(problem).__name__}: {problem}")
        return Run(time.perf_counter() - start, size, tuple(errors))

    def _take(self, told: ForwardMsg, known: dict[str, ForwardMsg]) -> list[str]:
        """Take a message in; return what it says went wrong."""
        if told.WhichOneof("type") == "ref_hash":
            original = known.get(told.ref_hash) or self._cached.get(told.ref_hash)
            if original is None:
                return ["a message was referred to that is not here"]
            told = original
        if told.metadata.cacheable and told.hash:
            self._cached[told.hash] = told
        kind = told.WhichOneof("type")
        self._is_finished = kind == "script_finished" and told.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        if kind == "script_finished" and told.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            return ["the script does not compile"]
        if kind == "new_session":
            self._page_hash = told.new_session.page_script_hash
        elif kind == "navigation":
            self._page_hash = told.navigation.page_script_hash
            self.pages = {
                page.url_pathname: page.page_script_hash for page in told.navigation.app_pages if not page.is_hidden
            }
        elif kind == "page_info_changed":
            self._query = told.page_info_changed.query_string
        elif kind == "page_not_found":
            return ["there is no such page"]
        elif kind == "delta" and told.delta.WhichOneof("type") == "new_element":
            return list(self._see(told.delta.new_element))
        return []

    def _see(self, element: Any) -> Iterator[str]:
        """Keep what is to be chosen in an element; yield what it says went wrong."""
        kind = element.WhichOneof("type")
        if kind == "exception":
            yield f"{element.exception.type}: {element.exception.message}"
        elif kind == "alert" and element.alert.format == _ERROR:
            yield element.alert.body
        elif kind in ("selectbox", "button_group"):
            box = getattr(element, kind)
            again = sum(other.label == box.label for other in self.boxes.values())
            self.boxes[f"{box.label} ({again + 1})" if again else box.label] = box
            if box.set_value or box.id not in self._values:
                self._values[box.id] = _shown(box)

    def _put(self, state: Any, box: Any) -> None:
        state.id = box.id
        if box.DESCRIPTOR.name == "Selectbox":
            state.string_value = self._values[box.id]
        else:
            state.string_array_value.data.append(self._values[box.id])


def options_of(box: Any) -> list[str]:
    """Return what a select box offers, as it is shown."""
    return [getattr(option, "content", option) for option in box.options]


def _shown(box: Any) -> str:
    """Return what a select box shows before anything is chosen in it."""
    if box.DESCRIPTOR.name == "Selectbox":
        return box.raw_value if box.set_value else options_of(box)[box.default]
    raw = list(box.raw_values)
    return raw[0] if box.set_value and raw else options_of(box)[box.default[0] if box.default else 0]


async def session(address: str) -> Session:
    """Connect a viewer to the server at an address."""
    socket = await connect(
        f"ws://{urlsplit(address).netloc}/_stcore/stream",
        origin=address,  # type: ignore[arg-type]
        subprotocols=["streamlit"],  # type: ignore[list-item]
        max_size=None,
        open_timeout=PATIENCE,
        ping_interval=None,
    )
    return Session(socket, address)
