"""HTML for what the screens say beside charts. Every text from outside this module is escaped here."""

from collections.abc import Sequence
from html import escape
from typing import Any

import pandas as pd

from dashboard.exhibits.base import Exhibit
from dashboard.headlines import Headline
from dashboard.labels import MISSING, number, percent


def page_heading(overline: str, title: str, question: str, freshness: str) -> str:
    """Return the head of a page: whose movement, what this page answers, how fresh the figures are."""
    return (
        f'<header class="dvk-head"><div><p class="dvk-over">{escape(overline)}</p><h1>{escape(title)}</h1>'
        f'<p class="dvk-question">{escape(question)}</p></div><p class="dvk-fresh">{escape(freshness)}</p></header>'
    )


def banner(title: str, text: str) -> str:
    """Return the strip that says figures are simulated."""
    return f'<div class="dvk-banner" role="note"><strong>{escape(title)}</strong> {escape(text)}</div>'


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
    return f'<p class="dvk-foot">{notes}Mức đầy đủ: {completeness}. Nguồn: {source}.</p>'


def table(
    frame: pd.DataFrame, shares: Sequence[str] = (), *, whole: bool = False, under: Sequence[str] = ()
) -> str:
    """Return a frame as a table a screen reader can walk, numbers the Vietnamese way and right-aligned.

    A long one scrolls in its place unless `whole`. Columns named in `under` are sentences: they stand below each row,
    as wide as the table.
    """
    above = [column for column in frame.columns if column not in under]
    head = "".join(f'<th scope="col">{escape(str(column))}</th>' for column in above)
    sentences = frame[list(under)].itertuples(index=False) if under else [()] * len(frame)
    body = "".join(
        "<tr>"
        + "".join(_cell(value, column in shares) for column, value in zip(above, row, strict=True))
        + "</tr>"
        + _row_under(below, len(above))
        for row, below in zip(frame[above].itertuples(index=False), sentences, strict=True)
    )
    rows = f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
    return f'<div class="dvk-scroll{" dvk-whole" if whole else ""}"><table class="dvk-table">{rows}</table></div>'


def steps(title: str, lead: str, commands: Sequence[tuple[str, str]]) -> str:
    """Return an empty state: what is missing, and the commands that bring it."""
    items = "".join(f"<li>{escape(what)}<br><code>{escape(command)}</code></li>" for what, command in commands)
    return f'<section class="dvk-empty"><h1>{escape(title)}</h1><p>{escape(lead)}</p><ol>{items}</ol></section>'


def _card(headline: Headline) -> str:
    marks = f'<span class="dvk-mark">{escape(headline.marks)}</span>' if headline.marks else ""
    state = f" dvk-{headline.state}" if headline.state else ""
    return (
        f'<div class="dvk-card"><p class="dvk-label">{escape(headline.label)}</p>'
        f'<p class="dvk-value">{escape(headline.value)} <small>{escape(headline.unit)}</small></p>'
        f'<p class="dvk-compare{state}">{escape(headline.comparison)}</p>'
        f'<p class="dvk-last">{marks}{_spark(headline.trend)}</p></div>'
    )


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


def _row_under(sentences: Sequence[Any], width: int) -> str:
    text = " · ".join(escape(str(sentence)) for sentence in sentences if sentence)
    return f'<tr class="dvk-under"><td colspan="{width}">{text}</td></tr>' if text else ""


def _cell(value: Any, is_share: bool) -> str:
    if value is None:
        return f'<td class="dvk-missing">{MISSING}</td>'
    if is_share:
        return f'<td class="dvk-number">{percent(value)}</td>'
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f'<td class="dvk-number">{number(value, 2 if isinstance(value, float) else 0)}</td>'
    return f"<td>{escape(str(value))}</td>"
