"""The reconciliation ledger: what is printed, what the returns add up to, and that nothing is adjusted."""

import csv
import os
from collections import Counter
from pathlib import Path

import pytest

from etl.catalogue import Catalogue

FACTS = Path(__file__).parent / "published_facts.csv"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def is_count(text: str) -> bool:
    return text.replace(".", "").isdecimal()


# --- the catalogue holds what was published


def test_every_published_figure_stands_once_in_the_catalogue_as_printed(catalogue: Catalogue) -> None:
    facts = [row for row in rows_of(FACTS) if not row["not_a_total"]]
    printed = Counter(
        (row["source_id"], row["indicator_id"], row["linh_vuc_id"], row["text_as_printed"]) for row in facts
    )

    held = Counter(
        (row.source_id, row.indicator_id, row.linh_vuc_id or "", row.value_text) for row in catalogue.published_totals
    )

    assert held == printed
    assert max(held.values()) == 1


def test_every_other_fact_of_the_report_says_why_it_is_no_total() -> None:
    assert [row["fact"] for row in rows_of(FACTS) if bool(row["indicator_id"]) == bool(row["not_a_total"])] == []


def test_a_printed_value_is_the_count_that_was_read_and_nothing_but_a_count(catalogue: Catalogue) -> None:
    facts = {
        (row["source_id"], row["indicator_id"], row["linh_vuc_id"]): row
        for row in rows_of(FACTS)
        if row["indicator_id"]
    }

    for row in catalogue.published_totals:
        fact = facts[row.source_id, row.indicator_id, row.linh_vuc_id or ""]
        assert row.value == (int(fact["value"]) if is_count(row.value_text) else None), row.citation
        assert row.citation, row.value_text
        assert row.note or row.value is not None, f"nothing says why {row.value_text} is no count"


@pytest.mark.parametrize("name", ["report_facts", "published_elsewhere"])
def test_the_copied_facts_are_the_references(name: str, repo: Path) -> None:
    folder = Path(os.environ.get("DVK_REFERENCE") or repo.parent / "shared" / "reference")
    if not (folder / f"{name}.csv").exists():
        pytest.skip("the reference is not on this machine (DVK_REFERENCE)")
    text = "text_as_printed" if name == "report_facts" else "value_text"

    original = [(row[text], row["value"], row["period"]) for row in rows_of(folder / f"{name}.csv")]

    copied = [row for row in rows_of(FACTS) if row["reference"] == name]
    assert [(row["text_as_printed"], row["value"], row["period"]) for row in copied] == original


def test_a_measure_names_the_indicator_beside_it_and_how_they_differ(catalogue: Catalogue) -> None:
    for row in catalogue.measures:
        assert (row.nearest_indicator_id is None) == (row.relation is None), row.measure_id
        assert row.note, f"{row.measure_id} does not say why it cannot be compared"
