"""What a unit's next form can carry over from its earlier returns: the register, and how many models are kept."""

from collections.abc import Iterable, Iterator
from typing import Any

from etl.carried import Carried
from etl.catalogue import Catalogue
from etl.catalogue_rows import DonVi
from etl.conform.returns import REGISTER
from etl.periods import Period
from etl.receipts import StoredReturn, Subject
from etl.store import Store
from etl.template_form import Content
from etl.versions import speakers

_DROPPED = "dung"
_OF_THE_CELL = ("return_no", "linh_vuc_id", "sheet", "cell", "sha256")


def prefill(store: Store, catalogue: Catalogue, unit: DonVi, period: Period) -> Content | None:
    """Return the content of a unit's form for a period, None when no earlier return has anything to carry over.

    The register and the figures each come from the latest earlier return in force that holds any, which may be
    two returns: one that left a table blank did not say that there was nothing. May raise DamagedStore.
    """
    subjects = _earlier_subjects(store, unit, period)
    carried = _carried(store, catalogue, subjects)
    models, models_of = _models(store, subjects)
    if carried is None and not models:
        return None
    return Content(models=models, models_of=models_of, carried=carried, simulated=bool(store.is_simulated))


def what_was_carried(
    content: Content | None, store: Store, catalogue: Catalogue, unit: DonVi, period: Period
) -> list[str]:
    """Return sentences on what the form carries over, and on predecessors whose models it does not."""
    sent = {found.don_vi_id for found in store.returns}
    said = [
        f"{unit.full_label} kế thừa {other.full_label}: mô hình của {other.full_label} không tự chuyển sang, "
        "cần thì chép từ báo cáo cuối của đơn vị đó."
        for other in catalogue.don_vi
        if other.successor_id == unit.don_vi_id and other.don_vi_id in sent
    ]
    if content is None:
        return [*said, f"Kho chưa có gì của {unit.full_label} trước {period.label} để chuyển sang: biểu mẫu để trống."]
    if content.models_of:
        said.append(f"Biểu 03: chuyển {len(list(content.models))} mô hình từ báo cáo {content.models_of}.")
    if content.carried is not None:
        said.append(f"Biểu 01: cột Duy trì chuyển từ báo cáo {content.carried.said}, trên nền xanh để đơn vị sửa lại.")
    return said


def _earlier_subjects(store: Store, unit: DonVi, period: Period) -> list[Subject]:
    """Return the unit's subjects that ended before the period does, the latest first, one year before several."""
    ends = {
        found.subject: found.period.end
        for found in store.returns
        if found.don_vi_id == unit.don_vi_id and found.period.end < period.end
    }
    return sorted(ends, key=lambda subject: (ends[subject], subject[2]), reverse=True)


def _carried(store: Store, catalogue: Catalogue, subjects: Iterable[Subject]) -> Carried | None:
    """Return the latest figures that say how many there are at a period's end, by field."""
    stocks = {item.indicator_id for item in catalogue.indicators if item.by_linh_vuc and item.aggregation == "stock"}
    for subject in subjects:
        figures: dict[tuple[str, str | None], int] = {}
        for indicator_id, found in speakers(store, subject, stocks).items():
            for figure in store.figures_of(found):
                if figure.indicator_id == indicator_id:
                    key = (indicator_id, figure.linh_vuc_id)
                    figures[key] = figures.get(key, 0) + figure.value
        if figures:
            return Carried(Period(*subject[1:]).label, figures)
    return None


def _models(store: Store, subjects: Iterable[Subject]) -> tuple[list[dict[str, Any]], str]:
    """Return the models of the latest register that has any, those dropped left out, and the period's words."""
    for subject in subjects:
        for found in speakers(store, subject, [REGISTER]).values():
            rows = list(_register(store, found))
            if rows:
                return [row for row in rows if row.get("status") != _DROPPED], found.period.label
    return [], ""


def _register(store: Store, found: StoredReturn) -> Iterator[dict[str, Any]]:
    for row in store.models_of(found):
        model = {name: value for name, value in row.items() if name not in _OF_THE_CELL and value is not None}
        yield model | {"linh_vuc": row["linh_vuc_id"]}
