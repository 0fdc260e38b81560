"""The dashboard's server: Streamlit around app.py, behind the gate.

    python -m dashboard.server [--port P] [--lan [--plain-http]]

Without --lan it listens on this machine alone and whoever sits there may do everything. With --lan other machines may
come, and nobody without signing in. Exit status: 0 ended; 2 sign-in is not set up (the sentence says what is missing).
"""

import argparse
import os
import sys
from pathlib import Path

import streamlit as st
import uvicorn
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config

from dashboard import access, log
from dashboard.gate import Gate
from dashboard.security_headers import SecurityHeaders
from dashboard.sign_in import NotConfigured, SignIn, read_people, read_sign_in
from dashboard.ui.trouble import on_script_error
from dashboard.warehouse import data_folder

ROOT = Path(__file__).resolve().parent.parent
THIS_MACHINE, EVERY_ADDRESS = "127.0.0.1", "0.0.0.0"


class StaticGZip:
    """ASGI middleware: compresses Streamlit's own scripts and styles, which Streamlit sends as they are."""

    def __init__(self, app: ASGIApp) -> None:
        self.app, self.compressed = app, GZipMiddleware(app, minimum_size=1000, compresslevel=6)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Compress what lies under /static/; the rest Streamlit compresses itself, or must stay as it is."""
        is_static = scope["type"] == "http" and scope["path"].startswith("/static/")
        await (self.compressed if is_static else self.app)(scope, receive, send)


def build(sign_in: SignIn | None, data: Path) -> st.App:
    """Return the app behind its gate. sign_in: None where nobody has to sign in."""
    access.require_sign_in(sign_in)
    pages = [path.stem for path in (ROOT / "pages").glob("*.py")]
    return st.App(
        ROOT / "app.py",
        middleware=[
            Middleware(SecurityHeaders, is_encrypted=sign_in is not None and sign_in.is_encrypted),
            Middleware(Gate, sign_in=sign_in, data=data, pages=["", *pages]),
            Middleware(StaticGZip),
        ],
        on_script_error=on_script_error,
    )


def main(arguments: list[str]) -> int:
    """Serve until a signal ends it; return the exit status."""
    options = _parse(arguments)
    sign_in = None
    try:
        if options.lan:
            sign_in = read_sign_in(may_be_plain=options.plain_http)
            read_people()
    except NotConfigured as problem:
        print(f"Không mở cho máy khác vào được. {problem}", file=sys.stderr)
        return 2
    address = EVERY_ADDRESS if options.lan else THIS_MACHINE
    settings = {"server.port": options.port, "server.address": address}
    if sign_in is not None:
        settings["secrets.files"] = [str(sign_in.path)]
    for name, value in settings.items():
        config.set_option(name, value)
    config._main_script_path = str(ROOT / "app.py")
    log.configure(data_folder() / "log")
    uvicorn.run(
        build(sign_in, data_folder()),
        host=address,
        port=options.port,
        ssl_certfile=sign_in.certificate if sign_in else None,
        ssl_keyfile=sign_in.key if sign_in else None,
        ws="websockets-sansio",
        ws_max_size=config.get_option("server.maxMessageSize") * 2**20,
        access_log=False,
        log_config=None,  # what uvicorn has to say goes where the rest does
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    return 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m dashboard.server")
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--lan", action="store_true")
    parser.add_argument("--plain-http", action="store_true")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    os.chdir(ROOT)  # where Streamlit looks for .streamlit/config.toml
    sys.exit(main(sys.argv[1:]))
