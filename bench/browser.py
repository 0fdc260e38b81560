"""A real browser that says itself when it has drawn what: nothing is asked of it while it works."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import typer
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browsing import QUIET
from tests.conftest import find_browser

_WATCH_OPENING = """
(() => {
  const seen = window.__opening = {heading: null, chart: null};
  const isShown = element => element.textContent.trim() && element.getClientRects().length;
  const heading = () => [...document.querySelectorAll('h1')].some(isShown);
  const chart = () => document.querySelector('.js-plotly-plot .main-svg .trace') !== null;
  const look = () => {
    if (seen.heading === null && heading()) seen.heading = performance.now();
    if (seen.chart === null && chart()) seen.chart = performance.now();
    if (seen.heading === null || seen.chart === null) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""
"""Keeps when the first heading was shown and when the first chart had its marks: ms since the address was asked for."""

_WATCH_CHOICE = """
() => {
  const seen = window.__choice = {asked: null, ran: false, done: null, redrawn: null};
  const begin = event => {
    if (seen.asked === null && event.target.closest('[role=option]')) seen.asked = performance.now();
  };
  document.addEventListener('pointerdown', begin, {capture: true});
  const app = document.querySelector('[data-testid=stApp]');
  new MutationObserver(() => {
    if (seen.asked === null) return;
    if (app.dataset.testScriptState === 'running') { seen.ran = true; seen.done = null; }
    else if (seen.ran) seen.done = performance.now();
  }).observe(app, {attributes: true, attributeFilter: ['data-test-script-state']});
  new MutationObserver(changes => {
    const inChart = change => change.target.closest && change.target.closest('[data-testid=stPlotlyChart]');
    if (seen.asked !== null && changes.some(inChart)) seen.redrawn = performance.now();
  }).observe(document.body, {subtree: true, childList: true, attributes: true});
}
"""
"""Keeps when an option was pressed, when the run that followed was over, and when a chart last changed after that."""

_SETTLED = """
() => {
  const {done, redrawn} = window.__choice, app = document.querySelector('[data-testid=stApp]');
  const last = Math.max(done ?? 0, redrawn ?? 0);
  return last > 0 && app.dataset.testScriptState === 'notRunning' && performance.now() - last > 500;
}
"""
"""A run whose beginning and end came to the browser together was never seen to run: then its charts' change counts."""


_PATIENCE = 60


@dataclass(frozen=True)
class Opened:
    """Milliseconds from asking for an address to its heading, and to its first chart (None where it has none)."""

    heading: float
    chart: float | None


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start an installed Chromium, Chrome or Edge; without one, say so and end with status 2."""
    path = find_browser()
    if path is None:
        typer.echo("Cần trình duyệt Chromium, Chrome hoặc Edge.", err=True)
        raise typer.Exit(2)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        browser.new_page().close()  # the first page of a browser takes longer than any other
        yield browser
        browser.close()


@contextmanager
def window(browser: Browser) -> Iterator[Page]:
    """Open a window that has nothing in its cache."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN")
    context.add_init_script(_WATCH_OPENING)
    page = context.new_page()
    page.set_default_timeout(_PATIENCE * 1000)
    yield page
    context.close()


def opened(page: Page, address: str, *, with_chart: bool) -> Opened:
    """Open an address and return how long it took."""
    page.goto(address, wait_until="commit")
    _wait(page, "() => window.__opening.heading !== null")
    if with_chart:
        _wait(page, "() => window.__opening.chart !== null")
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    seen = page.evaluate("window.__opening")
    return Opened(seen["heading"], seen["chart"])


def changed(page: Page, label: str, place: int) -> float:
    """Choose a select box's option by its place, counted around; return the ms until all is run and redrawn."""
    page.evaluate(_WATCH_CHOICE)
    page.get_by_role("combobox", name=label).click()
    offered = page.get_by_role("option")
    offered.first.wait_for()
    offered.nth(place % offered.count()).click()
    _wait(page, _SETTLED)
    seen = page.evaluate("window.__choice")
    return float(max(seen["done"] or 0, seen["redrawn"] or 0) - seen["asked"])


def _wait(page: Page, is_so: str) -> None:
    """Wait for a condition, asked from outside: our pages forbid the script that Playwright would wait with."""
    end = time.monotonic() + _PATIENCE
    while not page.evaluate(is_so):
        if time.monotonic() > end:
            raise TimeoutError(f"{page.url}: not within {_PATIENCE} seconds: {is_so}")
        time.sleep(0.05)
