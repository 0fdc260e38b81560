"""The register's rows and the models the signed report names, with the keys by which like ones are found.

Keys only find rows: two models that look alike stay two models, whoever sent them.
"""

import hashlib
from collections import Counter
from functools import lru_cache
from typing import Any

import pyarrow as pa

from etl.catalogue import Catalogue
from etl.catalogue_rows import NamedModel
from etl.receipts import StoredReturn
from etl.text import fold
from etl.vocabulary import Vocabulary

_KEYS = ("mo_hinh_id", "name_key", "place_key", "place_don_vi_id", "search_key")
_NAMED = pa.schema(
    [(name, pa.string()) for name in ("don_vi_id", "name", "linh_vuc_id", "commune", "host")]
    + [("model_no", pa.int32()), ("footnote", pa.int32())]
    + [(name, pa.string()) for name in _KEYS]
)

Place = tuple[str | None, str | None]


class Places:
    """Says where a model is: the key of its commune and the district the commune lies in, as far as they are known."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Take the catalogue's units, and its words that stand before a commune's name."""
        self._vocabulary = Vocabulary(catalogue)
        self._districts = {unit.don_vi_id for unit in catalogue.don_vi if unit.is_district}
        self._words = tuple(f"{fold(word)} " for word in catalogue.layouts.words.commune)
        self.find = lru_cache(maxsize=2**16)(self._find)  # a place holds many models, over many years

    def _find(self, commune: str | None, sender_id: str | None) -> Place:
        """Return (commune key, district id) of what a register says; None for what it leaves open.

        "xã Trà Ka", "Trà Ka" and "Trà Ka, huyện Bắc Trà My" have one key. Only a provincial body's commune
        needs its district written: a district's own communes lie in it.
        """
        before, _, after = (commune or "").partition(",")
        named = self._vocabulary.find_unit(after) if after else None
        sender = sender_id if sender_id in self._districts else None
        if named in self._districts:
            return self._key(before), named
        return self._key(commune or ""), sender

    def _key(self, commune: str) -> str | None:
        key = fold(commune)
        word = next((word for word in self._words if key.startswith(word)), "")
        return key.removeprefix(word) or None


def staged_models(models: pa.Table, returns: list[StoredReturn], catalogue: Catalogue) -> pa.Table:
    """Give every register row its model's id and keys: the same unit, name and commune are one model over the years."""
    units = {(found.sha256, found.return_no): found.don_vi_id for found in returns}
    models = models.sort_by("sha256")  # a file's rows stay in their order
    places = Places(catalogue)
    met: Counter[tuple[Any, ...]] = Counter()
    keys = []
    columns = (models[name].to_pylist() for name in ("sha256", "return_no", "name", "commune", "host"))
    for sha256, return_no, name, commune, host in zip(*columns, strict=True):
        unit_id = units.get((sha256, return_no))
        place = places.find(commune, unit_id)
        model = (unit_id or "", fold(name), place[0] or "")
        met[sha256, return_no, model] += 1  # twins in one register stay two models
        twin = str(met[sha256, return_no, model])
        keys.append(_keys(_short_digest(*model, twin), (name, commune, host), place))
    staged = models.append_column("row_no", pa.array(range(models.num_rows), pa.int64()))
    for name, column in zip(_KEYS, zip(*keys, strict=True) if keys else [()] * len(_KEYS), strict=True):
        staged = staged.append_column(name, pa.array(column, pa.string()))
    return staged


def staged_named_models(catalogue: Catalogue) -> pa.Table:
    """Return the models the signed report names, a row for each unit it names them in."""
    places = Places(catalogue)
    return pa.Table.from_pylist([_named(item, places) for item in catalogue.named_models], schema=_NAMED)


def _named(item: NamedModel, places: Places) -> dict[str, Any]:
    row = {name: getattr(item, name, None) for name in _NAMED.names}
    mo_hinh_id = f"bc-{item.model_no:02}-{item.don_vi_id or 'nhieu_noi'}"
    keys = _keys(mo_hinh_id, (item.name, item.commune, item.host), places.find(item.commune, item.don_vi_id))
    return row | dict(zip(_KEYS, keys, strict=True))


def _keys(mo_hinh_id: str, said: tuple[str | None, ...], place: Place) -> tuple[str | None, ...]:
    """Return a model's id and keys. said: its name, commune and host as the register says them."""
    return mo_hinh_id, fold(said[0]), *place, fold(" ".join(part or "" for part in said))


def _short_digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]
