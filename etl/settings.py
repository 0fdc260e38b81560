"""Where things lie: the data folder (store and warehouse) and the catalogue."""

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """Folders of one installation: `DVK_DATA` holds store/ and warehouse/, `DVK_CATALOGUE` the catalogue."""

    data: Path
    catalogue: Path

    @property
    def store(self) -> Path:
        """The folder of accepted returns: the truth."""
        return self.data / "store"

    @property
    def warehouse(self) -> Path:
        """The folder of snapshots: disposable."""
        return self.data / "warehouse"


def read_settings() -> Settings:
    """Return the settings of the environment."""
    return Settings(
        data=Path(os.environ.get("DVK_DATA") or ROOT / "data").resolve(),
        catalogue=Path(os.environ.get("DVK_CATALOGUE") or ROOT / "data" / "catalogue").resolve(),
    )
