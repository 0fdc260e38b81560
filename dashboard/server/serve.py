"""The dashboard's server: Streamlit around app.py, behind the gate.

    python -m dashboard.server [--port P] [--lan | --behind-proxy] [--plain-http]

Without --lan it listens on this machine alone and whoever sits there may do everything. With --lan other machines may
come, and nobody without signing in; with --behind-proxy by a web server on this machine alone. Exit status: 0 ended;
2 sign-in is not set up (the sentence says what is missing).
"""

import argparse
import contextlib
import socket
import sys
from pathlib import Path

import streamlit as st
import uvicorn
from starlette.middleware import Middleware
from streamlit import config
from uvicorn.config import STARTUP_FAILURE

from dashboard import log
from dashboard.access.gate import Gate
from dashboard.access.required import require_sign_in
from dashboard.access.security_headers import SecurityHeaders
from dashboard.access.sign_in import NotConfigured, SignIn, read_people, read_sign_in
from dashboard.data_folder import data_folder
from dashboard.server.browser_files import BrowserFiles
from dashboard.server.ready import WhenReady, get_ready, let_go

ROOT = Path(__file__).resolve().parents[2]
THIS_MACHINE, EVERY_ADDRESS = "127.0.0.1", "0.0.0.0"


def build(sign_in: SignIn | None, data: Path) -> st.App:
    """Return the app behind its gate. sign_in: None where nobody has to sign in."""
    require_sign_in(sign_in)
    pages = [path.stem for path in (ROOT / "pages").glob("*.py")]
    return st.App(
        ROOT / "app.py",
        middleware=[
            Middleware(SecurityHeaders, is_encrypted=sign_in is not None and sign_in.is_encrypted),
            Middleware(Gate, sign_in=sign_in, data=data, pages=["", *pages]),
            Middleware(BrowserFiles, folder=Path(st.__file__).with_name("static"), compress=sign_in is not None),
            Middleware(WhenReady),
        ],
        on_script_error=_on_script_error,
    )


def _on_script_error(problem: Exception) -> bool:
    from dashboard.ui.trouble import on_script_error  # what draws pages is not needed to start

    return on_script_error(problem)


class _Server(uvicorn.Server):
    """Answers first, then gets ready for the first viewer."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        get_ready(data_folder())


def main(arguments: list[str]) -> int:
    """Serve until a signal ends it; return the exit status."""
    options = _parse(arguments)
    sign_in = None
    try:
        if options.lan or options.behind_proxy:
            sign_in = read_sign_in(may_be_plain=options.plain_http)
            read_people()
    except NotConfigured as problem:
        print(f"Không mở cho máy khác vào được. {problem}", file=sys.stderr)
        return 2
    address = EVERY_ADDRESS if options.lan else THIS_MACHINE
    told = {"server.port": options.port, "server.address": address}
    if sign_in is not None:
        told["secrets.files"] = [str(sign_in.path)]
    for name, value in told.items():
        config.set_option(name, value)
    config._main_script_path = str(ROOT / "app.py")
    log.configure(data_folder() / "log")
    settings = uvicorn.Config(
        build(sign_in, data_folder()),
        host=address,
        port=options.port,
        ssl_certfile=sign_in.certificate if sign_in else None,
        ssl_keyfile=sign_in.key if sign_in else None,
        ws="websockets-sansio",
        ws_max_size=config.get_option("server.maxMessageSize") * 2**20,
        ws_per_message_deflate=False,  # a page moves some 40 kB: compressing takes longer than sending
        access_log=False,
        log_config=None,  # what uvicorn has to say goes where the rest does
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    server = _Server(settings)
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
    let_go()
    return 0 if server.started else STARTUP_FAILURE


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m dashboard.server")
    parser.add_argument("--port", type=int, default=8501)
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument("--lan", action="store_true")
    ways.add_argument("--behind-proxy", action="store_true")
    parser.add_argument("--plain-http", action="store_true")
    return parser.parse_args(arguments)
