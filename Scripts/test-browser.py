"""Opens pages in a real browser without a window, looks at them as a person would, and photographs them.

    test-browser.py DIRECTORY PAGE...

Each page is opened on a telephone and on a desk, by day and by night; the pictures go to DIRECTORY. One line of JSON tells for each of
the four what the browser had to say of it. The conversation with the browser goes through a pipe, so that nothing listens anywhere.
"""

import base64
import json
import os
import pathlib
import select
import subprocess
import sys
import tempfile
import time

# A telephone and a desk; a page that fits both fits what lies between.
WIDTHS = {"400": 400, "1280": 1280}
LIGHTS = ["light", "dark"]
PATIENCE = 120

# What a page is like when it has been laid out.
LOOK = r"""
(() => {
  const box = each => each.getBoundingClientRect();
  const meet = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  const plots = [...document.querySelectorAll("svg")].map(svg => {
    const frame = box(svg);
    const texts = [...svg.querySelectorAll("text")];
    const boxes = texts.map(box);
    return {
      name: svg.getAttribute("aria-label"),
      isShown: frame.width > 100 && frame.height > 20,
      marks: svg.querySelectorAll("circle, path, polyline").length,
      texts: texts.length,
      outside: texts.filter((_, i) =>
        boxes[i].left < frame.left - 1 || boxes[i].right > frame.right + 1 ||
        boxes[i].top < frame.top - 1 || boxes[i].bottom > frame.bottom + 1).map(each => each.textContent),
      overlapping: texts.filter((_, i) => boxes.some((each, j) => j > i && meet(boxes[i], each))).map(each => each.textContent),
    };
  });
  // What scrolls by itself may be wider than the page; nothing else may.
  const wide = [...document.querySelectorAll("body *")].filter(each =>
    !each.closest(".scroll, pre") && box(each).right > document.documentElement.clientWidth + 1).map(each => each.className || each.tagName);
  return JSON.stringify({
    title: document.title,
    isDark: matchMedia("(prefers-color-scheme: dark)").matches,
    background: getComputedStyle(document.body).backgroundColor,
    scrollWidth: document.documentElement.scrollWidth,
    clientWidth: document.documentElement.clientWidth,
    wide,
    sections: [...document.querySelectorAll("h2")].map(each => each.textContent),
    cards: [...document.querySelectorAll(".card .value")].map(each => each.textContent),
    rows: Object.fromEntries([...document.querySelectorAll("table")].map(each =>
      [each.closest("section").querySelector("h2").textContent, each.tBodies[0].rows.length])),
    plots,
  });
})()
"""


class Browser:
    """A browser, spoken to by its DevTools protocol: messages of JSON, each ended by a zero byte."""

    def __init__(self, profile):
        here, theirs = os.pipe(), os.pipe()
        arguments = [
            "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            f"--user-data-dir={profile}", "--remote-debugging-pipe", "about:blank",
        ]
        # It reads from descriptor 3 and writes to 4.
        shell = f'exec 13<&{here[0]} 14>&{theirs[1]}; exec 3<&13 4>&14 13<&- 14>&-; exec "$@"'
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            ["bash", "-c", shell, "bash"] + arguments, pass_fds=(here[0], theirs[1]), stdin=subprocess.DEVNULL,
            stdout=self.log, stderr=self.log,
        )
        os.close(here[0])
        os.close(theirs[1])
        self.output, self.input = here[1], theirs[0]
        self.rest, self.events, self.count = b"", [], 0

    def receive(self):
        """The next message."""
        deadline = time.monotonic() + PATIENCE
        while b"\0" not in self.rest:
            ready, _, _ = select.select([self.input], [], [], max(0, deadline - time.monotonic()))
            piece = os.read(self.input, 1 << 20) if ready else b""
            if not piece:
                self.log.seek(0)
                sys.exit("the browser says nothing:\n" + self.log.read().decode(errors="replace"))
            self.rest += piece
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def ask(self, method, session=None, **parameters):
        """Sends a command and waits for its answer; what happens meanwhile is kept."""
        self.count += 1
        message = {"id": self.count, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.output, data):]
        while True:
            answer = self.receive()
            if answer.get("id") == self.count:
                if "error" in answer:
                    sys.exit(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait(self, method):
        """Waits until something happens."""
        while not any(each.get("method") == method for each in self.events):
            self.events.append(self.receive())

    def end(self):
        self.ask("Browser.close")
        self.process.wait(PATIENCE)


def complaints(events):
    """What the console shows a programmer."""
    for event in events:
        method, parameters = event.get("method"), event.get("params", {})
        if method == "Runtime.consoleAPICalled":
            yield "console: " + " ".join(str(each.get("value", each.get("description"))) for each in parameters["args"])
        elif method == "Runtime.exceptionThrown":
            yield "exception: " + parameters["exceptionDetails"]["text"]
        elif method == "Log.entryAdded":
            yield "log: " + parameters["entry"]["text"]


def look(browser, page, width, light, directory):
    """Opens a page, and tells and photographs what there is."""
    address = pathlib.Path(page).resolve().as_uri()
    target = browser.ask("Target.createTarget", url="about:blank")["targetId"]
    session = browser.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    browser.ask(
        "Emulation.setDeviceMetricsOverride", session, width=WIDTHS[width], height=900, deviceScaleFactor=1, mobile=width == "400"
    )
    browser.ask("Emulation.setEmulatedMedia", session, features=[{"name": "prefers-color-scheme", "value": light}])
    for domain in ("Page", "Runtime", "Log", "Network"):
        browser.ask(domain + ".enable", session)
    browser.events = []
    browser.ask("Page.navigate", session, url=address)
    browser.wait("Page.loadEventFired")
    result = json.loads(browser.ask("Runtime.evaluate", session, expression=LOOK)["result"]["value"])
    size = browser.ask("Page.getLayoutMetrics", session)["cssContentSize"]
    picture = browser.ask(
        "Page.captureScreenshot", session, captureBeyondViewport=True,
        clip={"x": 0, "y": 0, "width": WIDTHS[width], "height": min(size["height"], 8000), "scale": 1},
    )
    name = f"{pathlib.Path(page).stem}-{light}-{width}"
    with open(f"{directory}/{name}.png", "wb") as file:
        file.write(base64.b64decode(picture["data"]))
    asked = [each["params"]["request"]["url"] for each in browser.events if each.get("method") == "Network.requestWillBeSent"]
    result["name"] = name
    result["complaints"] = list(complaints(browser.events))
    result["requests"] = [each for each in asked if each != address]
    browser.ask("Target.closeTarget", targetId=target)
    return result


def main():
    directory, *pages = sys.argv[1:]
    os.makedirs(directory, exist_ok=True)
    # The browser's helpers write to its profile until they have ended, which is after itself.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(profile)
        for page in pages:
            for width in WIDTHS:
                for light in LIGHTS:
                    print(json.dumps(look(browser, page, width, light, directory)), flush=True)
        browser.end()


main()
