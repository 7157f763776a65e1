"""A real browser for tests of pages: headless Chromium, driven by its DevTools protocol over a pair of pipes."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["Browser", "Page", "find_chromium"]

_SECONDS = 20.0
_KEY_CODES = {
    "Enter": 13,
    "Escape": 27,
    "Backspace": 8,
    "ArrowUp": 38,
    "ArrowDown": 40,
    "ArrowLeft": 37,
    "ArrowRight": 39,
}


def find_chromium() -> str | None:
    """The program that CHROMIUM names, or the one on the path; None where pipes have no numbers to pass on."""
    if os.name != "posix":
        return None
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Browser:
    """A browser with a profile of its own; leave it as a context to end it."""

    def __init__(self, program: str) -> None:
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        for_child, self._write = _high_pipe()
        self._read, from_child = _high_pipe()
        flags = (
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
            "--disable-background-networking", "--force-prefers-reduced-motion", "--remote-debugging-pipe",
            f"--user-data-dir={self._profile.name}", "about:blank",
        )  # fmt: skip

        def as_three_and_four() -> None:
            os.dup2(for_child, 3)
            os.dup2(from_child, 4)

        self._process = subprocess.Popen(
            (program, *flags),
            pass_fds=(3, 4, for_child, from_child),
            preexec_fn=as_three_and_four,  # noqa: PLW1509 - the only way to give a child these two numbers
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(for_child)
        os.close(from_child)
        self._rest = b""
        self._number = 0
        self.events: list[dict[str, Any]] = []

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.call("Browser.close")
            self._process.wait(timeout=_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._read)
        os.close(self._write)
        self._profile.cleanup()

    def open(self, path: str, *, width: int = 1280, height: int = 800, scripts: bool = True) -> Page:
        """A file in a new tab of this size in CSS pixels."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        return Page(self, target, f"file://{path}", (width, height), scripts)

    def call(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        """Ask the browser for something and wait for its answer; events on the way are kept."""
        self._number += 1
        number = self._number
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive(_SECONDS)
            assert answer is not None, f"no answer to {method} in {_SECONDS:g} seconds"
            if answer.get("id") == number:
                assert "error" not in answer, f"{method}: {answer['error']}"
                return dict(answer["result"])

    def collect(self, seconds: float = 0.0) -> None:
        """Take in the events that are there, or that come in a time."""
        end = time.monotonic() + seconds
        while self._receive(max(0.0, end - time.monotonic())) is not None:
            pass

    def _receive(self, seconds: float) -> dict[str, Any] | None:
        while b"\0" not in self._rest:
            if not select.select([self._read], [], [], seconds)[0]:
                return None
            some = os.read(self._read, 1 << 20)
            assert some, "the browser has ended"
            self._rest += some
        text, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        if "method" in message:
            self.events.append(message)
        return message


class Page:
    """A tab: asks it, types, clicks; keeps what it requested, what it logged, and the dialogs that it opened."""

    def __init__(self, browser: Browser, target: str, url: str, size: tuple[int, int], scripts: bool) -> None:
        self.browser = browser
        self.target = target
        self.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.url = url
        for domain in ("Page", "Runtime", "Network", "Log", "DOM", "Accessibility"):
            self.call(f"{domain}.enable")
        metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", **metrics)
        if not scripts:
            self.call("Emulation.setScriptExecutionDisabled", value=True)
        self.call("Page.navigate", url=url)
        self.wait_for(
            lambda: any(event["method"] == "Page.loadEventFired" for event in self.events), "the page to load"
        )

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        return self.browser.call(method, self.session, **parameters)

    def close(self) -> None:
        self.browser.call("Target.closeTarget", targetId=self.target)

    @property
    def events(self) -> list[dict[str, Any]]:
        self.browser.collect()
        return [event for event in self.browser.events if event.get("sessionId") == self.session]

    def wait_for(self, holds: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + _SECONDS
        while not holds():
            assert time.monotonic() < end, f"waited {_SECONDS:g} seconds for {what}"
            self.browser.collect(0.02)

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression, as JSON has it."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def press(self, *keys: str, shift: bool = False) -> None:
        """Press keys by the names that events give them: ``Enter``, ``ArrowDown``, ``/``."""
        for key in keys:
            text = key if len(key) == 1 else {"Enter": "\r"}.get(key, "")
            code = _KEY_CODES.get(key, ord(key.upper()) if len(key) == 1 else 0)
            common = {"key": key, "windowsVirtualKeyCode": code, "modifiers": 8 if shift else 0}
            self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **common)
            self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    def write(self, text: str) -> None:
        self.call("Input.insertText", text=text)

    def point(self, selector: str, *, click: bool = False) -> None:
        """Move the mouse to the middle of an element, and click there if asked to."""
        where = "(() => { const box = document.querySelector(%s).getBoundingClientRect();"
        where += " return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        x, y = self.evaluate(where % json.dumps(selector))
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
        if click:
            for kind in ("mousePressed", "mouseReleased"):
                self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def emulate(self, media: str = "", **features: str) -> None:
        """Show it on a medium (``print``) or with features (``prefers_color_scheme="dark"``)."""
        listed = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.call("Emulation.setEmulatedMedia", media=media, features=listed)

    def roles(self) -> list[tuple[str, str, Mapping[str, Any]]]:
        """Role, name and properties of all that a screen reader meets, in order."""
        nodes = self.call("Accessibility.getFullAXTree")["nodes"]
        seen = [node for node in nodes if not node["ignored"]]
        return [
            (
                str(node["role"]["value"]),
                str(node.get("name", {}).get("value", "")),
                {each["name"]: each["value"].get("value") for each in node.get("properties", ())},
            )
            for node in seen
        ]

    @property
    def requests(self) -> list[str]:
        """All that it asked for, but itself and what it made itself."""
        asked = [
            event["params"]["request"]["url"] for event in self.events if event["method"] == "Network.requestWillBeSent"
        ]
        own = self.url.partition("#")[0]
        return [url for url in asked if url.partition("#")[0] != own and not url.startswith("blob:")]

    @property
    def complaints(self) -> list[str]:
        """What it logged: errors, refusals of its policy, exceptions."""
        logs = ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")
        return [json.dumps(event["params"])[:500] for event in self.events if event["method"] in logs]

    @property
    def dialogs(self) -> list[str]:
        return [
            event["params"]["message"] for event in self.events if event["method"] == "Page.javascriptDialogOpening"
        ]

    def screenshot(self) -> bytes:
        import base64

        return base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])


def _high_pipe() -> tuple[int, int]:
    """A pipe whose ends are not among the first numbers, which the browser is to get."""
    import fcntl

    ends = []
    for low in os.pipe():
        ends.append(fcntl.fcntl(low, fcntl.F_DUPFD_CLOEXEC, 20))
        os.close(low)
    return ends[0], ends[1]
