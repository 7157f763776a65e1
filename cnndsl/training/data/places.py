"""Where the files of a data set may lie. Only `cnndsl download` downloads any."""

from __future__ import annotations

import os
import sys

__all__ = ["data_folders"]


def data_folders(dataset: str, data_dir: str | None) -> tuple[str, ...]:
    """The folders to look in, in order: ``data_dir`` alone if it is given, else $CNNDSL_DATA_DIR, else the user's cache.

    In each the files may lie as they are or in a folder named as the data set.
    """
    root = data_dir or os.environ.get("CNNDSL_DATA_DIR") or os.path.join(_cache_folder(), "cnndsl")
    root = os.path.expanduser(root)
    return (root, os.path.join(root, dataset))


def _cache_folder() -> str:
    if sys.platform == "win32":
        return os.environ.get("LOCALAPPDATA") or os.path.join("~", "AppData", "Local")
    return os.environ.get("XDG_CACHE_HOME") or os.path.join("~", ".cache")
