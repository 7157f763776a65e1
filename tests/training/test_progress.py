"""Progress: lines that a log can hold, and a line that changes in place only on a terminal."""

from __future__ import annotations

from io import StringIO

from cnndsl.cli.progress import Progress
from cnndsl.training import BatchDone, EpochResult

EPOCH = EpochResult(3, 25, 1e-3, 0.5, 0.25, 0.9875, 1.25)


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_a_log_gets_a_line_for_each_epoch() -> None:
    log = StringIO()
    progress = Progress(log)
    progress(BatchDone(3, 25, 1, 90, 0.5))
    progress(EPOCH)
    assert log.getvalue() == "epoch  3/25  loss 0.5000, held out 0.2500, accuracy  98.75 %, 1.2 s\n"


def test_a_terminal_sees_batches_that_the_epoch_overwrites() -> None:
    terminal = Terminal()
    progress = Progress(terminal)
    for batch in range(1, 50):
        progress(BatchDone(3, 25, batch, 90, 0.5))
    progress(EPOCH)
    first, *_, last = terminal.getvalue().split("\r\x1b[K")[1:]
    assert first == "epoch  3/25  batch 1/90  loss 0.5000"
    assert last.endswith("1.2 s\n")
    assert terminal.getvalue().count("batch") < 49


def test_quiet_is_silent_and_counts() -> None:
    log = StringIO()
    progress = Progress(log, quiet=True)
    progress(EPOCH)
    assert (log.getvalue(), progress.epochs_done) == ("", 3)


def test_a_terminal_sees_how_fast_it_goes_and_what_is_left(monkeypatch) -> None:
    now = iter(range(1000))
    monkeypatch.setattr("cnndsl.cli.progress.monotonic", lambda: next(now) / 4)
    terminal = Terminal()
    progress = Progress(terminal)
    for batch in range(1, 90):
        progress(BatchDone(1, 2, batch, 90, 0.5, 100))
    assert "images/s" in terminal.getvalue()
    assert " left" in terminal.getvalue()


def test_a_line_of_a_log_says_how_fast_it_was() -> None:
    log = StringIO()
    Progress(log)(EPOCH.replace(samples=1000, seconds=2.0))
    assert log.getvalue().endswith(", 2.0 s, 500 images/s\n")
