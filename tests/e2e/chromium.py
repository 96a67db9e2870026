"""A real browser: Debian's Chromium, spoken to over a pipe in its DevTools protocol.

Nothing is installed for it but Chromium itself (`apt-get install chromium`): no driver, and no
download of a browser by a test tool.
"""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FLAGS = (
    "--headless",
    "--accept-lang=id",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--remote-debugging-pipe",
)
_WITHIN_S = 20.0


def installed() -> str | None:
    """Return where Chromium is, or None."""
    return shutil.which("chromium")


@dataclass
class Tab:
    """A tab of the browser, in which a person reads, fills in and presses."""

    to: int
    back: int
    session: str = ""
    number: int = 0
    pending: bytes = b""
    violations: list[str] = field(default_factory=list)

    def open(self, url: str) -> None:
        """Go to an address and wait until it is there."""
        self.tell("Page.navigate", url="about:blank")  # or another fragment is no other page
        self.tell("Page.navigate", url=url)
        self.until("document.readyState == 'complete'")

    def run(self, script: str) -> Any:
        """Return what an expression comes to in the page."""
        said = self.tell("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in said, said
        return said["result"].get("value")

    def until(self, script: str) -> Any:
        """Wait until an expression comes to something, and return that."""
        deadline = time.monotonic() + _WITHIN_S
        while True:
            said = self.tell("Runtime.evaluate", expression=script, returnByValue=True)
            if found := said.get("result", {}).get("value"):
                return found
            text = self.tell("Runtime.evaluate", expression="document.body?.innerText")
            assert time.monotonic() < deadline, (script, text, self.violations)
            time.sleep(0.05)

    def fill(self, name: str, value: str) -> None:
        """Type into a field."""
        self.run(f"document.getElementsByName({name!r})[0].value = {json.dumps(value)}")

    def press(self, text: str, within: str = "document") -> None:
        """Press the button of a text."""
        buttons = f"[...{within}.querySelectorAll('button')]"
        self.run(f"{buttons}.find(one => one.textContent.trim() == {json.dumps(text)}).click()")

    def choose_file(self, element: str, file: Path) -> None:
        """Choose a file in a field, which is named by an expression."""
        found = self.tell("Runtime.evaluate", expression=element)["result"]
        self.tell("DOM.setFileInputFiles", files=[str(file)], objectId=found["objectId"])

    def tell(self, method: str, **params: Any) -> Any:
        """Give the browser a command and return its answer; note what policies refused."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        for answer in self._messages():
            self._note(answer)
            if answer.get("id") == self.number:
                assert "error" not in answer, answer
                return answer["result"]
        raise AssertionError("the browser has gone")

    def _messages(self) -> Iterator[Mapping[str, Any]]:
        while True:
            while b"\0" not in self.pending:
                read = os.read(self.back, 65536)
                if not read:
                    return
                self.pending += read
            whole, _, self.pending = self.pending.partition(b"\0")
            yield json.loads(whole)

    def _note(self, event: Mapping[str, Any]) -> None:
        if event.get("method") == "Log.entryAdded":
            entry = event["params"]["entry"]
            if "Content Security Policy" in entry["text"]:
                self.violations.append(entry["text"])


@contextmanager
def a_tab() -> Iterator[Tab]:
    """Start the browser with a fresh profile and one tab; end it after."""
    program = installed()
    assert program
    theirs_in, to = os.pipe()
    back, theirs_out = os.pipe()

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [program, *FLAGS, f"--user-data-dir={profile}", "about:blank"]
        process = subprocess.Popen(
            # The browser reads its commands from 3 and answers on 4; a shell lays them there.
            ["bash", "-c", f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}', "bash", *command],
            pass_fds=(theirs_in, theirs_out),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        try:
            tab = Tab(to, back)
            target = tab.tell("Target.createTarget", url="about:blank")["targetId"]
            attached = tab.tell("Target.attachToTarget", targetId=target, flatten=True)
            tab.session = attached["sessionId"]
            for domain in ("Page", "Runtime", "Log"):
                tab.tell(f"{domain}.enable")
            yield tab
        finally:
            process.kill()
            process.wait()
            os.close(to)
            os.close(back)
