"""HTML for what the screens say beside charts. Every text from outside this module is escaped here.

So is, by `literal`, what goes where only Markdown does: labels and messages.
"""

import html
import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from dashboard.exhibit import Exhibit
from dashboard.labels import MISSING, number, percent
from dashboard.provenance.cautions import Caution
from dashboard.provenance.trace import Slice
from dashboard.topics.headlines import Headline
from dashboard.warehouse import rows_of

_ADDED = "Xem các ô số liệu cộng thành số này"
_NUMERATOR = "Xem các ô số liệu cộng thành tử số của tỷ lệ này"
# What Markdown or Streamlit still reads in escaped text: links and icons after a colon, arrows and dashes of two signs.
_STILL_READ = re.compile(r"(?<=:)|(?<=[-<>=~])(?=[-<>=~])")
_WORD_JOINER = "\u2060"  # has no width and no meaning of its own
_LINK = re.compile(r'href="(?![a-z]+:|[#/])([^"]*)"')
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")  # marks that turn the reading direction: "gpj.exe" for "exe.jpg"


def escape(text: str) -> str:
    """Return text as HTML shows it, letter by letter in the order in which it is written."""
    return html.escape(_TURNING.sub("", text))


def as_of(text: str, snapshot_id: str) -> str:
    """Return HTML whose links to pages lead to them as of a frozen snapshot; one that names its own stays as it is."""

    def leading(link: re.Match[str]) -> str:
        address = link[1]
        if re.search(r"[?;&]ban=", address):
            return link[0]
        return f'href="{address}{"&amp;" if "?" in address else "?"}ban={escape(snapshot_id)}"'

    return _LINK.sub(leading, text)


def page_heading(overline: str, title: str, question: str, freshness: str) -> str:
    """Return the head of a page: whose movement, what this page answers, how fresh the figures are."""
    return (
        f'<header class="dvk-head"><div><p class="dvk-over">{escape(overline)}</p><h1>{escape(title)}</h1>'
        f'<p class="dvk-question">{escape(question)}</p></div><p class="dvk-fresh">{escape(freshness)}</p></header>'
    )


def literal(text: str) -> str:
    """Return text that a Streamlit label or message shows as it is: a sender's file name may hold Markdown."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", _STILL_READ.sub(_WORD_JOINER, _TURNING.sub("", text)))


def banner(title: str, text: str) -> str:
    """Return the strip that says figures are simulated."""
    return f'<div class="dvk-banner" role="note"><strong>{escape(title)}</strong> {escape(text)}</div>'


def as_of_banner(text: str, way: tuple[str, str]) -> str:
    """Return the strip that says figures are of a frozen snapshot, with the way (text, address) to the latest."""
    link = f'<a href="{escape(way[1])}">{escape(way[0])}</a>'
    return f'<div class="dvk-banner dvk-as-of" role="note"><strong>{escape(text)}</strong> {link}</div>'


def cards(headlines: Sequence[Headline]) -> str:
    """Return the headline totals as a row of cards."""
    return '<div class="dvk-cards">' + "".join(_card(headline) for headline in headlines) + "</div>"


def section(title: str) -> str:
    """Return the heading of a part of a page."""
    return f'<h2 class="dvk-section">{escape(title)}</h2>'


def exhibit_heading(exhibit: Exhibit) -> str:
    """Return an exhibit's message and what it measures."""
    base = f"; tỷ trọng {exhibit.base}" if exhibit.base else ""
    return (
        f'<div class="dvk-exhibit"><h2>{escape(exhibit.title)}</h2>'
        f'<p class="dvk-sub">{escape(exhibit.subtitle + base)}</p></div>'
    )


def exhibit_footer(exhibit: Exhibit) -> str:
    """Return the line under a chart: notes, completeness, source."""
    notes = escape(" ".join(exhibit.notes)) + " " if exhibit.notes else ""
    completeness, source = escape(exhibit.completeness), escape(exhibit.source)
    foot = f'<p class="dvk-foot">{notes}Mức đầy đủ: {completeness}. Nguồn: {source}.</p>'
    return foot + (caution(exhibit.caution) if exhibit.caution else "")


def caution(found: Caution) -> str:
    """Return the line that says a figure's returns were warned about, and leads to the warnings."""
    link = f'<a href="{escape(found.link)}">Xem từng cảnh báo</a>'
    return f'<p class="dvk-caution" role="note"><strong>{escape(found.text)}.</strong> {link}</p>'


def clicked(said: str, ways: Sequence[tuple[str, str]]) -> str:
    """Return what stands under a chart once a mark was clicked: what it is, and the ways from there."""
    links = " · ".join(f'<a href="{escape(link)}">{escape(text)}</a>' for text, link in ways)
    return f'<p class="dvk-clicked" role="status">{escape(said)} {links}</p>'


def way_on(text: str, link: str) -> str:
    """Return a line that leads to another page."""
    return f'<p class="dvk-clicked"><a href="{escape(link)}">{escape(text)}</a></p>'


def figure(words: str, value: str, lines: Sequence[str]) -> str:
    """Return one number large, with what it counts above it and what must be known of it below."""
    below = "".join(f"<p>{escape(line)}</p>" for line in lines if line)
    return (
        f'<section class="dvk-figure"><h2>{escape(words)}</h2><p class="dvk-value">{escape(value)}</p>{below}</section>'
    )


def table(
    frame: pd.DataFrame,
    shares: Sequence[str] = (),
    *,
    slices: pd.DataFrame | None = None,
    whole: bool = False,
    under: Sequence[str] = (),
    foot: Sequence[Sequence[Any]] = (),
) -> str:
    """Return a frame as a table a screen reader can walk, numbers the Vietnamese way and right-aligned.

    A long one scrolls in its place unless `whole`. Columns named in `under` are sentences: they stand below each row,
    as wide as the table. A number with a Slice in `slices` leads to its cells. `foot`: rows of sums.
    """
    above = [column for column in frame.columns if column not in under]
    head = "".join(_heading(frame[column]) for column in above)
    sentences = rows_of(frame[list(under)]) if under else [[]] * len(frame)
    leads = rows_of(slices[above]) if slices is not None else [[None] * len(above)] * len(frame)
    are_shares = [column in shares for column in above]
    body = "".join(
        f"<tr>{_cells(row, lead, are_shares)}</tr>{_row_under(below, len(above))}"
        for row, lead, below in zip(rows_of(frame[above]), leads, sentences, strict=True)
    )
    rows = f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>{_foot(foot)}"
    return f'<div class="dvk-scroll{" dvk-whole" if whole else ""}"><table class="dvk-table">{rows}</table></div>'


def listing(exhibit: Exhibit) -> str:
    """Return an exhibit's table as a list of things with names, in a box that scrolls."""
    return f'<div class="dvk-list">{table(exhibit.table, slices=exhibit.slices, under=exhibit.under)}</div>'


def lines(lead: str, items: Sequence[str]) -> str:
    """Return a sentence and a list under it."""
    listed = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f'<div class="dvk-lines"><p>{escape(lead)}</p><ul>{listed}</ul></div>'


def entries(found: Sequence[tuple[str, str, Sequence[tuple[str, str]]]]) -> str:
    """Return things one below the other: a name, what is known of it, and the ways from it (text, address)."""
    listed = "".join(
        f"<li><strong>{escape(name)}</strong> {escape(said)}<br>"
        + " · ".join(f'<a href="{escape(link)}">{escape(text)}</a>' for text, link in ways)
        + "</li>"
        for name, said, ways in found
    )
    return f'<div class="dvk-lines"><ul>{listed}</ul></div>'


def viewer(name: str, roles: str) -> str:
    """Return who has signed in, and as what."""
    return f'<p class="dvk-viewer"><strong>{escape(name)}</strong><br>{escape(roles)}</p>'


def counts(found: Sequence[tuple[str, int]]) -> str:
    """Return how many there are of each, in one line: "nhận được: 3 · phải sửa: 1"."""
    said = " · ".join(f"{escape(name)}: <strong>{number(count)}</strong>" for name, count in found)
    return f'<p class="dvk-counts">{said}</p>'


def steps(title: str, lead: str, commands: Sequence[tuple[str, str]], level: int = 1) -> str:
    """Return an empty state: what is missing, and the commands that bring it. level: of its heading."""
    items = "".join(f"<li>{escape(what)}<br><code>{escape(command)}</code></li>" for what, command in commands)
    heading = f"<h{level}>{escape(title)}</h{level}>"
    return f'<section class="dvk-empty">{heading}<p>{escape(lead)}</p><ol>{items}</ol></section>'


def _card(headline: Headline) -> str:
    marks = f'<span class="dvk-mark">{escape(headline.marks)}</span>' if headline.marks else ""
    state = f" dvk-{headline.state}" if headline.state else ""
    return (
        f'<div class="dvk-card"><p class="dvk-label">{escape(headline.label)}</p>'
        f'<p class="dvk-value">{_traced(headline.value, headline.slice, _ADDED)} '
        f"<small>{escape(headline.unit)}</small></p>"
        f'<p class="dvk-compare{state}">{_compared(headline)}</p>'
        f'<p class="dvk-last">{marks}{_spark(headline.trend)}</p></div>'
    )


def _compared(headline: Headline) -> str:
    """Return what a card says of the signed report; a figure of it leads to the ledger of published figures."""
    text = escape(headline.comparison)
    hint = "Đối chiếu với các số đã công bố"
    return f'<a class="dvk-ledger" href="doi_chieu" title="{hint}">{text}</a>' if headline.is_published else text


def _spark(trend: Sequence[int | None]) -> str:
    """Return columns the size of a word, one a year; a year without a figure is an empty frame."""
    if sum(value is not None for value in trend) < 2:
        return ""
    high = max(value for value in trend if value is not None) or 1
    columns = "".join(
        '<i class="dvk-none"></i>' if value is None else f'<i style="height:{max(4, round(value / high * 100))}%"></i>'
        for value in trend
    )
    return f'<span class="dvk-spark" aria-hidden="true">{columns}</span>'


def _heading(column: pd.Series) -> str:
    first = next((value for value in column if value is not None), None)
    kind = ' class="dvk-number"' if isinstance(first, int | float) else ""
    return f'<th scope="col"{kind}>{escape(str(column.name))}</th>'


def _row_under(sentences: Sequence[Any], width: int) -> str:
    text = " · ".join(escape(str(sentence)) for sentence in sentences if sentence)
    return f'<tr class="dvk-under"><td colspan="{width}">{text}</td></tr>' if text else ""


def _foot(rows: Sequence[Sequence[Any]]) -> str:
    """Return the sums under a table; a place without one stays blank."""
    lines = "".join(
        "<tr>" + "".join("<td></td>" if value is None else _cell(value, None, False) for value in row) + "</tr>"
        for row in rows
    )
    return f"<tfoot>{lines}</tfoot>" if lines else ""


def _cells(row: Sequence[Any], leads: Sequence[Slice | None], are_shares: Sequence[bool]) -> str:
    return "".join(_cell(*cell) for cell in zip(row, leads, are_shares, strict=True))


def _cell(value: Any, lead: Slice | None, is_share: bool) -> str:
    if value is None:
        return f'<td class="dvk-missing">{MISSING}</td>'
    if is_share:
        return f'<td class="dvk-number">{_traced(percent(value), lead, _NUMERATOR)}</td>'
    if isinstance(value, float):
        return f'<td class="dvk-number">{_traced(number(value, 2), lead, _NUMERATOR)}</td>'
    if isinstance(value, int) and not isinstance(value, bool):
        return f'<td class="dvk-number">{_traced(number(value), lead, _ADDED)}</td>'
    return f"<td>{escape(str(value))}</td>"


def _traced(text: str, lead: Slice | None, hint: str) -> str:
    """Return a number as shown, leading to its cells where it has any."""
    if lead is None:
        return escape(text)
    return f'<a class="dvk-trace" href="{escape(lead.link)}" title="{hint}">{escape(text)}</a>'
