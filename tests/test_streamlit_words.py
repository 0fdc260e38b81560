"""Streamlit's own words in Vietnamese: all of them are found in the locked version, and nothing else is touched."""

import asyncio
from pathlib import Path

import httpx
import pytest
import streamlit
from starlette.responses import Response
from starlette.types import ASGIApp

from dashboard.server.browser_files import BrowserFiles
from dashboard.server.streamlit_words import WORDS, in_vietnamese

STATIC = Path(streamlit.__file__).with_name("static")
SCRIPTS = STATIC / "static" / "js"
PAGE = b'<!DOCTYPE html>\n<html lang="en">\n<p>1</p>'


def got(app: ASGIApp, **headers: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(BrowserFiles(app, folder=STATIC, compress=False))
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as browser:
            return await browser.get("/tong_quan", headers=headers)

    return asyncio.run(ask())


@pytest.mark.parametrize("name", WORDS)
def test_every_phrase_stands_in_one_script_of_the_locked_version(name: str) -> None:
    scripts = [path.read_text(encoding="utf-8") for path in SCRIPTS.glob(f"{name}.*.js")]

    assert [words for words in WORDS[name] if sum(words in script for script in scripts) != 1] == []


@pytest.mark.parametrize("name", WORDS)
def test_nothing_but_the_phrases_changes_in_a_script(name: str) -> None:
    for path in SCRIPTS.glob(f"{name}.*.js"):
        script = path.read_bytes()
        back = in_vietnamese(path.name, script).decode()
        for english, own in reversed(WORDS[name].items()):
            back = back.replace(own, english)

        assert back.encode() == script


def test_other_scripts_stay_as_they_are() -> None:
    assert in_vietnamese("protobuf.1.js", b"`Open``No results`") == b"`Open``No results`"


def test_a_page_says_that_it_is_in_vietnamese_to_browsers_that_take_it_compressed_too() -> None:
    page = Response(PAGE, media_type="text/html")

    assert got(page, accept="text/html", **{"accept-encoding": "gzip"}).content == PAGE.replace(b'"en"', b'"vi"')


def test_a_file_that_says_the_same_is_handed_out_as_it_is() -> None:
    assert got(Response(PAGE, media_type="application/vnd.ms-excel"), accept="text/html").content == PAGE
