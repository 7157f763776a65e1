"""A machine on which nothing draws."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

import cnndsl

Python = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> Python:
    """Runs a Python whose scripts folder and path hold no drawing program, with the packages of this one."""
    return bare_machine(tmp_path_factory.mktemp("bare"))


def bare_machine(folder: Path) -> Python:
    """Such a Python, made in a folder."""
    venv.EnvBuilder(symlinks=os.name != "nt", with_pip=False).create(folder)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    packages = [str(Path(cnndsl.__file__).parents[1]), *(entry for entry in sys.path if "site-packages" in entry)]

    def run(arguments: list[str], cwd: Path, path: str = "") -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PATH": path, "PYTHONPATH": os.pathsep.join(packages)}
        command = [str(python), *arguments]
        return subprocess.run(
            command, env=environment, cwd=cwd, capture_output=True, text=True, timeout=60, check=False
        )

    return run
