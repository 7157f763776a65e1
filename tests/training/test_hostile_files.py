"""Hostile files: each is refused with a code and its name, in less than a second and 200 MB."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cnndsl.diagnostics import DiagnosticError
from tests.training.hostile_files import FILES, read

CODES = {"E0001", "E0412", "E0413", "E0421", "E0422"}
LIMIT = 200 * 2**20

SCRIPT = """
import json, resource, sys, time
from pathlib import Path
from cnndsl.diagnostics import DiagnosticError
from tests.training.hostile_files import FILES, read
paths = json.loads(sys.argv[1])
own = int(next(line for line in open("/proc/self/status") if line.startswith("VmData")).split()[1]) * 1024
resource.setrlimit(resource.RLIMIT_DATA, (own + int(sys.argv[2]),) * 2)
seconds = {}
for (kind, name, _), path in zip(FILES, paths, strict=True):
    start = time.process_time()
    try:
        read(kind, path)
    except DiagnosticError:
        seconds[name] = time.process_time() - start
print(json.dumps(seconds))
"""


def write(folder: Path, case: tuple) -> str:
    """The file of a case in a folder of its own."""
    folder.mkdir()
    path = folder / "hostile"
    content = case[2]
    if callable(content):
        content(path)
    else:
        path.write_bytes(content)
    return str(path)


def test_there_are_many() -> None:
    names = [name for _, name, _ in FILES]
    assert len(names) == len(set(names)) >= 60


@pytest.mark.parametrize("case", FILES, ids=lambda case: case[1])
def test_each_is_refused_by_name(tmp_path: Path, case: tuple) -> None:
    path = write(tmp_path / "folder", case)
    with pytest.raises(DiagnosticError) as caught:
        read(case[0], path)
    (problem,) = caught.value.diagnostics
    assert problem.kind.code in CODES
    assert "folder" in problem.message or "hostile" in problem.message
    assert problem.help


def seconds_of_all(tmp_path: Path) -> dict[str, float]:
    """What each takes a process that may have so much more memory of its own than it has at the start."""
    paths = [write(tmp_path / str(number), case) for number, case in enumerate(FILES)]
    command = [sys.executable, "-c", SCRIPT, json.dumps(paths), str(LIMIT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not bound what a process has of its own")
def test_none_takes_much_memory(tmp_path: Path) -> None:
    assert len(seconds_of_all(tmp_path)) == len(FILES)


@pytest.mark.soak
@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not bound what a process has of its own")
def test_none_takes_a_second(tmp_path: Path) -> None:
    slowest = max(seconds_of_all(tmp_path).items(), key=lambda pair: pair[1])
    assert slowest[1] < 1, slowest
