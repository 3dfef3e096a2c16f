#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""The page that checks slips, in Chromium, from the plain listener of the real backend. The slips come from the kiosk's
journal (make_slips) and from the jose tool; the forgeries are made here.

  check_test.py <folder of programs> [folder for pictures]"""
import argparse
import base64
import hashlib
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import agency  # noqa: E402
import forged_slips  # noqa: E402

WATCH = """window.violations = [];
document.addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective + ' ' + event.blockedURI));"""
TAB, ENTER = "\ue004", "\ue007"


def expect(condition, meaning):
    if not condition:
        raise RuntimeError("not so: " + meaning)


class SlipBrowser(agency.Browser):
    """A Chromium as anybody has it: no certificate, no policy, a foreign language if asked for."""

    def __init__(self, url):
        super().__init__(argparse.Namespace(url=url, show=False, size="1280x800"))

    def _certificates(self):
        pass

    def _policies(self):
        pass

    def _flags(self):
        # A name that is not localhost, so that the page is no secure context there.
        return [*super()._flags(), "--host-resolver-rules=MAP slips.test 127.0.0.1"]

    def watch(self):
        self.devtools("Page.addScriptToEvaluateOnNewDocument", source=WATCH)
        self.agent = self.script("return navigator.userAgent")
        self.speak("de-DE,de")

    def speak(self, languages):
        self.devtools("Emulation.setUserAgentOverride", userAgent=self.agent, acceptLanguage=languages)

    def load(self, fragment="", url=None):
        """A fresh page, as after scanning: no part of an earlier one is left."""
        self.request("POST", "/url", {"url": "about:blank"})
        self.request("POST", "/url", {"url": (url or self.arguments.url) + ("#" + fragment if fragment else "")})
        self.wait("return document.documentElement.dataset.loaded")
        return self.state()

    def state(self):
        return self.script("return document.documentElement.dataset.state")

    def turn_to(self, fragment):
        """The same page, another fragment: no request is made for that."""
        self.script("document.documentElement.dataset.state = ''; location.hash = arguments[0]", "#" + fragment)
        return self.wait("return document.documentElement.dataset.state")

    def paste(self, text):
        self.script("""const field = document.querySelector('#code');
            document.documentElement.dataset.state = '';
            field.value = arguments[0];
            field.dispatchEvent(new Event('input', { bubbles: true }));
            document.querySelector('#form').requestSubmit();""", text)
        return self.wait("return document.documentElement.dataset.state")

    def text(self):
        return self.script("return document.querySelector('main').innerText")

    def press(self, keys):
        active = self.request("GET", "/element/active")[agency.ELEMENT]
        self.request("POST", f"/element/{active}/value", {"text": keys})

    def screenshot(self, file):
        """The whole page, also what lies below the window."""
        self.script("window.scrollTo(0, 0)")
        height = self.script("return document.documentElement.scrollHeight")
        clip = {"x": 0, "y": 0, "width": self.script("return innerWidth"), "height": height, "scale": 1}
        picture = self.devtools("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)["data"]
        pathlib.Path(file).write_bytes(base64.b64decode(picture))

    def requests(self):
        """Every request of the browser since the last time, pages of the test's own making aside."""
        events = [json.loads(entry["message"])["message"] for entry in self.request("POST", "/se/log", {"type": "performance"})]
        urls = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
        return [url for url in urls if not url.startswith(("about:", "data:"))]


class Backend:
    def __init__(self, programs, work):
        self.work = work
        subprocess.run([programs / "freigabectl", "pki", "init", "--out", work / "pki", "--dns", "localhost"], check=True,
                       stdout=subprocess.DEVNULL)
        made = subprocess.run([programs / "make_slips", work / "backend.db"], check=True, capture_output=True, text=True)
        self.slips = json.loads(made.stdout)
        pki = work / "pki"
        with open(work / "backend.log", "wb") as log:
            self.process = subprocess.Popen([
                programs / "freigabe-backend", "serve", "--store", f"sqlite:{work}/backend.db", "--listen", "127.0.0.1:0", "--plain-listen",
                "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--tls-ca", pki / "tls-ca.crt", "--tls-cert", pki / "backend.crt", "--tls-key", pki / "backend.key",
                "--receipt-key", pki / "receipts.key", "--views-key", pki / "views.key", "--authority-secrets",
                pki / "authority-secrets.json", "--port-file", work / "ports"], stderr=log)
        end = time.monotonic() + 60
        while not (work / "ports").is_file() or len((work / "ports").read_text().split()) < 3:
            expect(time.monotonic() < end and self.process.poll() is None, "the backend starts: " + self.log())
            time.sleep(0.05)
        self.port, self.metrics_port = (int(port) for port in (work / "ports").read_text().split()[1:])
        self.url = f"http://127.0.0.1:{self.port}/check/"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def log(self):
        return (self.work / "backend.log").read_text()[-400:]

    def get(self, path):
        return urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20)

    def served(self):
        """How many requests the backend has answered, this one not counted."""
        return int(re.search(r"^freigabe_requests_total (\d+)", urllib.request.urlopen(
            f"http://127.0.0.1:{self.metrics_port}/metrics", timeout=20).read().decode(), re.MULTILINE)[1])

    def stop(self):
        self.process.terminate()
        expect(self.process.wait(30) == 0, "the backend drains")


def check_page(backend):
    """Served as it must be, and by nobody else's hand."""
    page = backend.get("/check/")
    policy = page.headers["content-security-policy"]
    body = page.read().decode()
    for rule in ("default-src 'none'", "connect-src 'none'", "form-action 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        expect(rule in policy, "the policy has " + rule)
    expect("unsafe" not in policy and "http" not in policy, "the policy opens nothing")
    for tag, rule in (("style", "style-src"), ("script", "script-src")):
        inside = re.search(f"<{tag}>(.*?)</{tag}>", body, re.DOTALL)[1]
        wanted = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        expect(f"{rule} 'sha256-{wanted}'" in policy, f"the policy names this {tag}")
    expect(page.headers["referrer-policy"] == "no-referrer", "no referrer")
    expect("Musterstadt" not in body, "no site is named")
    expect(len(json.loads(re.search(r'id="keys">(.*?)</script>', body)[1])["keys"]) == 5, "five keys are in the page")
    head = urllib.request.urlopen(urllib.request.Request(backend.url, method="HEAD"), timeout=20)
    expect(head.headers["content-length"] == page.headers["content-length"] and head.read() == b"", "HEAD is answered")
    for path, status in (("/check/check.css", 404), ("/check/x", 404), ("/agency/", 404)):
        try:
            backend.get(path)
            expect(False, path + " is not served")
        except urllib.error.HTTPError as error:
            expect(error.code == status, f"{path} is {status}, not {error.code}")


def check_verdicts(backend, browser, pictures):
    slips, forge = backend.slips, forged_slips.Forge(backend.slips)
    served = backend.served()
    browser.requests()
    expect(browser.load(slips["good"]) == "good", "a slip of the kiosk is genuine")
    expect(browser.requests() == [backend.url], "the page is one request, without the code")
    text = browser.text()
    expect("24. November 2025" in text and slips["terminal"] in text, "day and terminal are shown")
    expect(backend.served() == served + 2, "the backend was asked once")  # and once for this number
    browser.screenshot(pictures / "check-good-de.png")
    expect(browser.load(slips["old"]) == "old", "a slip from before the key change is told apart")
    browser.screenshot(pictures / "check-old-de.png")
    expect(browser.load(slips["foreign"]) == "unknown", "a terminal that nobody enrolled is unknown, not forged")
    browser.screenshot(pictures / "check-unknown-de.png")
    expect(browser.load(forge.flipped(2, 0)) == "forged", "a flipped signature is forged when it is scanned")
    expect("2025" not in browser.text(), "what a forgery says is not repeated")
    browser.screenshot(pictures / "check-forged-de.png")
    expect(browser.load(forge.worn_slip("2025-11-25")) == "late", "a key that was replaced before signs nothing credible")
    browser.screenshot(pictures / "check-late-de.png")
    expect(browser.load() == "empty", "without a code the page waits")
    browser.screenshot(pictures / "check-empty-de.png")

    # From here on there is no server any more.
    backend.stop()
    browser.requests()
    for name, code, verdict in forge.cases():
        for way in (browser.paste, browser.turn_to) if len(code) < 10_000 else (browser.paste,):
            if (state := way(code)) != verdict:
                raise RuntimeError(f"{name}: {state} instead of {verdict}")
    expect(browser.turn_to(slips["good"]) == "good", "verified without a server")
    expect(browser.paste("https://amt.example/~x/check/#" + slips["good"]) == "good", "a whole address may be pasted")
    wrapped = "\u200f " + "\r\n".join(re.findall(".{1,60}", slips["good"])) + " \u2069"
    expect(browser.paste(wrapped) == "good", "line breaks and marks of direction do not matter")
    expect(browser.paste("   ") == "empty", "blanks are nothing")
    expect(browser.requests() == [], "no request was made")
    expect(browser.script("return violations") == [], "nothing that the policy forbids was tried")


def check_secret(backend, browser, pictures):
    """The page is loaded before; a fragment that comes now is one that was scanned with the page open."""
    code = backend.slips["take_back"]
    secret = code.split("~")[1]
    address = browser.script("return location.pathname")
    for name, bring in (("scanned", lambda: browser.turn_to(code)), ("escaped", lambda: browser.turn_to(code.replace("~", "%7E"))),
                        ("damaged", lambda: browser.turn_to("~" + secret)), ("pasted", lambda: browser.paste(code))):
        expect(bring() == "secret", f"a take-back code is recognised: {name}")
        expect(browser.script("return location.hash + location.search") == "", f"it left the address: {name}")
        expect(browser.script("return document.querySelector('#code').value") == "", f"it left the field: {name}")
        expect(browser.script("return document.querySelector('#facts').hidden"), f"nothing of it is shown: {name}")
        expect(secret not in browser.script("return document.documentElement.outerHTML"), f"it stands nowhere: {name}")
        expect(browser.script("return location.pathname") == address, "the page stays")
    browser.screenshot(pictures / "check-secret-de.png")
    browser.script("history.back()")
    time.sleep(0.3)
    expect(secret not in browser.script("return location.href"), "going back does not bring it again")


def check_reading(backend, browser, pictures):
    """Languages, directions, sizes, keyboard and landmarks, all without the server."""
    good = backend.slips["good"]
    browser.turn_to(good)
    titles = {}
    for language, direction in (("en", "ltr"), ("ar", "rtl"), ("de", "ltr")):
        browser.click(browser.find(f"#languages [lang={language}]"))
        root = browser.script("const root = document.documentElement; return [root.lang, root.dir, getComputedStyle(root).direction]")
        expect(root == [language, direction, direction], f"{language} reads {direction}")
        titles[language] = browser.script("return document.title + document.querySelector('#verdict').innerText")
        empty = browser.script("""return [...document.querySelectorAll('[data-text]')]
            .filter((each) => !each.textContent || each.textContent === 'undefined').map((each) => each.dataset.text)""")
        expect(empty == [], f"every text is there in {language}: {empty}")
        browser.screenshot(pictures / f"check-good-{language}.png")
        # 200 % and 400 % zoom of a desk, a phone, and a phone whose owner has set the text alone to 200 %.
        for name, width, height, scale, text in (("200", 640, 400, 2, ""), ("400", 320, 256, 4, ""), ("phone", 390, 844, 2, ""),
                                                 ("phone-text-200", 390, 844, 2, "225%")):
            browser.resize(width, height, scale)
            browser.script("document.documentElement.style.fontSize = arguments[0]", text)
            wide = browser.script("return [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
            expect(wide[0] <= wide[1], f"{language} at {name} needs no scrolling sideways: {wide}")
            browser.screenshot(pictures / f"check-good-{language}-{name}.png")
        browser.script("document.documentElement.style.fontSize = ''")
        browser.resize(1280, 800)
    expect(len(set(titles.values())) == 3, "three languages")
    keys = browser.script("""const keys = (value) => Array.isArray(value) ? value.length
            : typeof value === 'object' ? Object.entries(value).map(([name, each]) => [name, keys(each)]) : 0;
        return Object.values(TEXTS).map((each) => JSON.stringify(keys(each)))""")
    expect(len(set(keys)) == 1, "no language has a text more than another")

    tree = browser.devtools("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in tree if not node.get("ignored") and "role" in node]
    expect({"banner", "main", "contentinfo", "status"} <= set(roles), "landmarks and a live region")
    nameless = [node["role"]["value"] for node in tree if not node.get("ignored") and
                node.get("role", {}).get("value") in ("button", "textbox", "link", "group") and not node.get("name", {}).get("value")]
    expect(nameless in ([], ["group"]), f"every control has a name: {nameless}")  # the group is the folded part itself

    # The whole way by keyboard.
    browser.script("document.querySelector('#code').value = ''; document.querySelector('#skip').focus()")
    order = []
    for _ in range(7):
        order.append(browser.script("const at = document.activeElement; return at.id || at.lang || at.tagName.toLowerCase()"))
        browser.press(TAB)
    expect(order == ["skip", "de", "en", "ar", "code", "button", "summary"], f"tab goes through all controls: {order}")
    browser.script("document.documentElement.dataset.state = ''; document.querySelector('#code').focus()")
    browser.press("x" + TAB)
    browser.press(ENTER)
    expect(browser.wait("return document.documentElement.dataset.state") == "nothing", "typed and sent off by keyboard")
    expect(browser.script("return violations") == [], "nothing that the policy forbids was tried")


def check_first_sight(programs, browser, pictures):
    """A new backend: the browser's own language, no secure context, and a take-back code as the first thing scanned."""
    with tempfile.TemporaryDirectory() as folder, Backend(programs, pathlib.Path(folder)) as backend:
        browser.arguments.url = backend.url
        for languages, chosen in (("ar-EG,ar", "ar"), ("en-US,en", "en"), ("fr,ar", "ar"), ("fr", "de"), ("de-AT", "de")):
            browser.speak(languages)
            expect(browser.load(backend.slips["good"]) == "good", "good in each language")
            expect(browser.script("return document.documentElement.lang") == chosen, f"{languages} reads {chosen}")
        expect(browser.load(backend.slips["take_back"]) == "secret", "a take-back code is recognised when it is scanned")
        expect(browser.script("return location.href") == backend.url, "it left the address at once")
        browser.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
        browser.load(backend.slips["good"])
        browser.screenshot(pictures / "check-good-dark.png")
        browser.devtools("Emulation.setEmulatedMedia", features=[])
        elsewhere = f"http://slips.test:{backend.port}/check/"
        for fragment in (backend.slips["good"], "", "Guten Tag"):
            expect(browser.load(fragment, elsewhere) == "blind", "without a secure context nothing is claimed")
        expect(not browser.script("return isSecureContext"), "this was no secure context")
        browser.screenshot(pictures / "check-blind-de.png")
        expect(browser.load(backend.slips["take_back"], elsewhere) == "secret", "a secret is put away there, too")
        expect(browser.script("return location.href") == elsewhere, "and leaves the address")
        backend.stop()


def main():
    programs = pathlib.Path(sys.argv[1]).resolve()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        pictures = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else work
        with Backend(programs, work) as backend, SlipBrowser(backend.url) as browser:
            browser.watch()
            check_page(backend)
            check_verdicts(backend, browser, pictures)
            check_secret(backend, browser, pictures)
            check_reading(backend, browser, pictures)
            check_first_sight(programs, browser, pictures)
    print("check_test: ok")
    return 0


if __name__ == "__main__":
    os.environ.pop("XDG_DATA_HOME", None)
    try:
        sys.exit(main())
    except (RuntimeError, OSError, subprocess.CalledProcessError) as failure:
        print(f"check_test: {failure} {getattr(failure, 'stderr', '') or ''}", file=sys.stderr)
        sys.exit(1)
