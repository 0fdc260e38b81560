"""Versions of one unit's figures for one period: what speaks against a new one, and what it changes."""

from collections.abc import Iterable
from dataclasses import dataclass

from etl.catalogue import Catalogue
from etl.conform.returns import Figure, Return
from etl.issues import Issue, Level
from etl.labels import count_text, date_text
from etl.receipts import StoredReturn, Subject, subject_of
from etl.store import Store

OLDER = "cu_hon_ban_dang_dung"
"""The rule of a version older than what it would replace: taken only with a reason."""
_Key = tuple[str, str | None]


@dataclass(frozen=True)
class Change:
    """One indicator and field whose figure a version changes; None where a version says nothing about it.

    cell: where the new figure stands, or the old one when there is no new.
    """

    indicator_id: str
    linh_vuc_id: str | None
    before: int | None
    after: int | None
    sheet: str
    cell: str


def objections(found: Return, store: Store, reason: str) -> list[Issue]:
    """Return what speaks against taking a return now: a closed year, or that it is older than what it replaces.

    reason: given by who loads; with one, an older version is taken and the reason kept.
    """
    first = found.figures[0] if found.figures else None
    place = (first.sheet, first.cell) if first else ("", "")
    issues = [
        Issue("nam_da_khoa", Level.LOI, f"{said}: mở khóa năm (có lý do) rồi nạp lại", *place)
        for said in closed_sentences(subject_of(found), store)
    ]
    replaced = {speaker.return_id: speaker for speaker in speakers(store, subject_of(found), found.covers).values()}
    for earlier in replaced.values():
        issue = _objection_to_age(found, earlier, reason)
        issues += [issue] if issue else []
    return issues


def closed_sentences(subject: Subject, store: Store) -> list[str]:
    """Return a sentence for every closed year that a unit and period covers."""
    _, _, from_year, to_year = subject
    closed = [year for year in sorted(store.closed_years) if from_year <= year <= to_year]
    return [f"Năm {year} đã khóa số liệu (lý do: {store.closed_years[year]})" for year in closed]


def speakers(
    store: Store, subject: Subject, covers: Iterable[str], before: int | None = None
) -> dict[str, StoredReturn]:
    """Return, by indicator, the return in force among `covers`; before: as it was when that receipt came."""
    found: dict[str, StoredReturn] = {}
    wanted = set(covers)
    for version in store.versions(subject):
        if before is None or version.sequence < before:
            found |= dict.fromkeys(wanted & set(version.covers), version)
    return found


def changes(found: StoredReturn, store: Store) -> list[Change]:
    """Return what a stored return changed against what was in force before it came, figure by figure.

    May raise DamagedStore.
    """
    earlier = speakers(store, found.subject, found.covers, before=found.sequence)
    if not earlier:
        return []
    old: dict[_Key, list[Figure]] = {}
    for version in {speaker.return_id: speaker for speaker in earlier.values()}.values():
        spoken = {indicator for indicator, speaker in earlier.items() if speaker == version}
        _collect(old, (figure for figure in store.figures_of(version) if figure.indicator_id in spoken))
    new: dict[_Key, list[Figure]] = {}
    _collect(new, (figure for figure in store.figures_of(found) if figure.indicator_id in earlier))
    keys = sorted(old.keys() | new.keys(), key=lambda key: (key[0], key[1] or ""))
    compared = [_change(key, old.get(key, []), new.get(key, [])) for key in keys]
    return [change for change in compared if change.before != change.after]


def change_text(change: Change, catalogue: Catalogue) -> str:
    """Return a change as a sentence: "Kiểm tra, đánh giá: 4 → 6 (Biểu 02 C8)"."""
    indicator = catalogue.indicator_by_id[change.indicator_id].label
    place = f" · {catalogue.linh_vuc_by_id[change.linh_vuc_id].label}" if change.linh_vuc_id else ""
    before, after = (count_text(value) if value is not None else "trống" for value in (change.before, change.after))
    return f"{indicator}{place}: {before} → {after} ({change.sheet} {change.cell})"


def _objection_to_age(found: Return, earlier: StoredReturn, reason: str) -> Issue | None:
    if earlier.as_of_on is None:
        return None
    old_day = date_text(earlier.as_of_on)
    if found.as_of_on is None:
        said = f"Báo cáo không ghi ngày chốt số liệu, thay cho bản chốt ngày {old_day}: kiểm tra bản nào mới hơn"
        return Issue("khong_ngay_chot", Level.CANH_BAO, said)
    if found.as_of_on >= earlier.as_of_on:
        return None
    said = f"Số liệu chốt ngày {date_text(found.as_of_on)}, cũ hơn bản đang dùng (chốt ngày {old_day})"
    if reason:
        return Issue(OLDER, Level.CANH_BAO, f"{said}; vẫn nhận vì: {reason}")
    return Issue(OLDER, Level.LOI, f"{said}: nếu đúng là muốn dùng lại bản cũ thì nạp kèm lý do")


def _collect(into: dict[_Key, list[Figure]], figures: Iterable[Figure]) -> None:
    for figure in figures:
        into.setdefault((figure.indicator_id, figure.linh_vuc_id), []).append(figure)


def _change(key: _Key, old: list[Figure], new: list[Figure]) -> Change:
    """Compare the figures of one indicator and field; several rows of one field are added."""
    place = (new or old)[0]
    before, after = (sum(figure.value for figure in some) if some else None for some in (old, new))
    return Change(*key, before, after, place.sheet, place.cell)
