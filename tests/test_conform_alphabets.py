"""Text older than Unicode: what is undone, what is told from Vietnamese, and that no meaning changes unseen."""

import pytest

from etl.conform.encodings import ENCODINGS
from etl.conform.syllables import reads_as_vietnamese
from etl.vocabulary import Terms, Vocabulary
from tests.cases import WRITINGS

UNDONE = ("tcvn3", "vni", "cp1258", "utf-8 as cp1252", "utf-8 as latin-1", "utf-8 as cp1258", "html")


@pytest.fixture(scope="module")
def spellings(catalogue):
    """Return every accepted spelling with its terms."""
    known = Vocabulary(catalogue)
    groups = [known.units, known.fields, known.indicators, known.periods, *known.choices.values()]
    return [(terms, spelling) for terms in groups for spelling in terms.spellings.values()]


@pytest.mark.parametrize("writing", UNDONE)
def test_every_spelling_of_the_catalogue_is_read_back_from_every_encoding(spellings, writing):
    lost = []
    for _, spelling in spellings:
        written = WRITINGS[writing](spelling)
        readings = [reading for encoding in ENCODINGS if (reading := encoding.convert(written)) is not None]
        if written != spelling and spelling.casefold() not in [reading.casefold() for reading in readings]:
            lost.append((spelling, written))

    assert lost == []


@pytest.mark.parametrize("writing", [*UNDONE, "cyrillic", "greek", "lost"])
def test_no_spelling_means_something_else_as_it_stands_in_an_encoding(spellings, writing):
    def means(terms: Terms, text: str) -> str | None:
        return terms.find(text)

    changed = [
        (spelling, means(terms, WRITINGS[writing](spelling)))
        for terms, spelling in spellings
        if means(terms, WRITINGS[writing](spelling)) not in (None, means(terms, spelling))
    ]

    assert changed == []


@pytest.mark.parametrize(
    "text",
    ["Khéo", "hòa", "hoà", "quý", "gì", "giếng", "Nguyễn", "khuỷu tay", "THĂNG BÌNH", "A Rầng", "“Dân vận khéo” 2023"],
)
def test_vietnamese_reads_as_vietnamese(text):
    assert reads_as_vietnamese(text)


@pytest.mark.parametrize(
    "text", ["Kinh tÕ", "Héi", "Kinh teá", "xaõ", "Kinh têì", "Kinh táº¿", "Müller", "B×nh", "n\u00a8m", "tế́", "6ư"]
)
def test_what_is_no_syllable_does_not(text):
    assert not reads_as_vietnamese(text)
