"""What runs on a data directory, so that other commands can speak to it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from cop.config import Settings
from cop.errors import Misconfigured, StoreUnavailable
from cop.store import open_store

_FILE: Final = "running.json"


def read_settings(data: Path | None = None) -> Settings:
    """Read the settings, with the data directory *data* if it is given.

    Raises:
        Misconfigured: the environment has a setting that is none.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        wrong = "; ".join(f"COP_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
        raise Misconfigured(f"{wrong}: correct the environment") from error
    return settings if data is None else settings.model_copy(update={"data_dir": data})


def write_running(settings: Settings) -> Callable[[], None]:
    """Write down the *settings* of what starts now; give the function that takes them away."""
    file = settings.data_dir / _FILE
    file.touch(mode=0o600)
    file.write_text(settings.model_dump_json(indent=2))
    return partial(file.unlink, missing_ok=True)


def running_on(data: Path) -> Settings:
    """Give the settings of what runs on *data*.

    Raises:
        Misconfigured: nothing does.
    """
    try:
        settings = Settings.model_validate_json((data / _FILE).read_bytes())
        open_store(settings).ping()
    except (OSError, ValidationError, StoreUnavailable) as error:
        raise Misconfigured(
            f"nothing runs on {data}: start `cop up --data {data}`, or set COP_REDIS_URL"
        ) from error
    return settings
