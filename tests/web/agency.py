#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Drives the case worker's page in headless Chromium over mutual TLS, as a person at a desk would.

  agency.py --url https://localhost:PORT/agency/ --pki DIR --authority ID
            [--rows] [--assign FILE_NUMBER [--declaration UUID]] [--applied] [--ask FILE_NUMBER ENTRY]
            [--screenshot FILE] [--size WxH] [--expect-refused]
  agency.py --url ... --pki DIR --authority ID --show      the page in a window, for a person, until it is closed

Actions run in this order: assign, applied, ask, rows, screenshot. Prints one JSON object: {"rows": [...], "answer": text,
"message": text}. Needs chromium, chromium-driver, libnss3-tools, openssl and util-linux; nothing from a package registry.

The certificate is chosen without a dialog by the policy AutoSelectCertificateForUrls. Policies live in /etc/chromium, so
the script runs itself again in a private mount namespace with an empty /etc/chromium of its own: the machine's stays as
it is. Home, NSS database and profile are a temporary folder that is removed at the end."""
import argparse
import base64
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

INSIDE = "FREIGABE_AGENCY_INSIDE"
WAIT_S = 120  # a machine that builds at the same time is slow; a healthy page takes two seconds
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the name WebDriver gives to a reference to an element


def enter_namespace():
    """Runs this program again where mounts are private. Root needs no user namespace; others get one."""
    options = ["--mount", "--propagation", "private"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
    os.environ[INSIDE] = "1"
    os.execvp("unshare", ["unshare", *options, sys.executable, os.path.abspath(__file__), *sys.argv[1:]])


def call(*command, **options):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **options)


class Browser:
    """One Chromium with one client certificate, spoken to with WebDriver."""

    def __init__(self, arguments):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="agency-"))
        self.driver = None
        self.session = None
        self.arguments = arguments

    def __enter__(self):
        try:
            self._certificates()
            self._policies()
            if not self.arguments.show:
                self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.session:
            try:
                self.request("DELETE", "")
            except (OSError, RuntimeError):
                pass  # The driver is ended below in any case.
        if self.driver:
            self.driver.terminate()
            try:
                self.driver.wait(10)
            except subprocess.TimeoutExpired:
                self.driver.kill()
                self.driver.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def _certificates(self):
        pki = pathlib.Path(self.arguments.pki)
        database = self.home / ".pki/nssdb"
        database.mkdir(parents=True)
        # Newer Chromium looks into the XDG folder first; both names lead to one database.
        (self.home / ".local/share/pki").mkdir(parents=True)
        (self.home / ".local/share/pki/nssdb").symlink_to(database)
        nss = f"sql:{database}"
        call("certutil", "-d", nss, "-N", "--empty-password")
        call("certutil", "-d", nss, "-A", "-t", "C,,", "-n", "freigabe-tls-ca", "-i", str(pki / "tls-ca.crt"))
        bundle = self.home / "client.p12"
        call("openssl", "pkcs12", "-export", "-in", str(pki / f"authority-{self.arguments.authority}.pem"), "-out", str(bundle),
             "-passout", "pass:", "-name", "client")
        call("pk12util", "-d", nss, "-i", str(bundle), "-W", "", "-K", "")
        bundle.unlink()

    def _policies(self):
        call("mount", "-t", "tmpfs", "tmpfs", "/etc/chromium")
        folder = pathlib.Path("/etc/chromium/policies/managed")
        folder.mkdir(parents=True)
        parts = urllib.parse.urlsplit(self.arguments.url)
        text = (pathlib.Path(self.arguments.pki) / "tls-ca.crt").read_text()
        authority = text.split("-----BEGIN CERTIFICATE-----")[1].split("-----END")[0]
        (folder / "agency.json").write_text(json.dumps({
            "AutoSelectCertificateForUrls": [json.dumps({"pattern": f"{parts.scheme}://{parts.netloc}", "filter": {}})],
            "CACertificates": ["".join(authority.split())]}))

    def _environment(self):
        environment = {**os.environ, "HOME": str(self.home), "XDG_CONFIG_HOME": str(self.home / ".config"),
                       "XDG_CACHE_HOME": str(self.home / ".cache"), "TZ": "Europe/Berlin", "LANG": "C.UTF-8"}
        environment.pop("XDG_DATA_HOME", None)
        return environment

    def _flags(self):
        width, height = self.arguments.size.split("x")
        return ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--lang=de-DE", "--disable-background-networking",
                f"--user-data-dir={self.home}/profile", f"--window-size={width},{height}"]

    def show(self):
        """A window for a person; returns when it is closed."""
        command = ["chromium", *self._flags(), "--no-first-run", "--disable-component-update", "--disable-sync", "--test-type",
                   f"--app={self.arguments.url}"]
        subprocess.run(command, env=self._environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)

    def _start(self):
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                       env=self._environment())
        for line in self.driver.stdout:
            if "started successfully on port" in line:
                self.base = f"http://127.0.0.1:{int(line.strip().rstrip('.').rsplit(' ', 1)[1])}/session"
                break
        else:
            raise RuntimeError("chromedriver did not start")
        width, height = self.arguments.size.split("x")
        options = {"binary": "/usr/bin/chromium",
                   "args": ["--headless=new", "--hide-scrollbars", "--force-device-scale-factor=1", *self._flags()]}
        answer = self.request("POST", None, {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"performance": "ALL"},
            "timeouts": {"pageLoad": WAIT_S * 1000}}}})
        self.session = answer["sessionId"]
        self.resize(int(width), int(height))

    def devtools(self, command, **parameters):
        return self.request("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def resize(self, width, height, scale=1):
        # The window as the driver counts it includes no frame when headless, so this is the page's own size.
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=False)

    def request(self, method, path, body=None):
        url = self.base if path is None else f"{self.base}/{self.session}{path}"
        data = json.dumps(body if body is not None else {}).encode() if method == "POST" else None
        request = urllib.request.Request(url, data=data, method=method, headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=WAIT_S * 2) as response:
                return json.load(response)["value"]
        except urllib.error.HTTPError as error:
            value = json.load(error).get("value", {})
            raise RuntimeError(f"{value.get('error')}: {str(value.get('message', '')).splitlines()[0]}") from None

    # What a person does.

    def script(self, text, *arguments):
        return self.request("POST", "/execute/sync", {"script": text, "args": list(arguments)})

    def open(self):
        self.request("POST", "/url", {"url": self.arguments.url})
        status = self.script("return performance.getEntriesByType('navigation')[0].responseStatus")
        if status != 200:
            raise RuntimeError(f"the page was answered with {status}")
        self.wait("return document.documentElement.dataset.loaded")

    def wait(self, condition, *arguments):
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end:
            if value := self.script(condition, *arguments):
                return value
            time.sleep(0.05)
        message = self.script("return document.body ? document.body.innerText.slice(0, 400) : ''")
        raise RuntimeError(f"the page did not come to: {condition}; it says: {message!r}")

    def find(self, selector):
        return self.request("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def click(self, element):
        self.request("POST", f"/element/{element}/click", {})

    def type(self, element, text):
        self.request("POST", f"/element/{element}/value", {"text": text})

    def assign(self, file_number, declaration=None):
        scope = f'[data-assign="{declaration}"]' if declaration else "[data-assign]"
        field = self.find(f"form{scope} input")
        declaration = self.script("return arguments[0].closest('form').dataset.assign", {ELEMENT: field})
        self.type(field, file_number)
        self.click(self.find(f'form[data-assign="{declaration}"] button'))
        self.wait("return !document.querySelector(`form[data-assign=\"${arguments[0]}\"]`) ||"
                  " document.querySelector('#message.bad')", declaration)

    def applied(self):
        button = self.find("button[data-applied]")
        declaration = self.script("return arguments[0].dataset.applied", {ELEMENT: button})
        self.click(button)
        self.wait("return !document.querySelector(`button[data-applied=\"${arguments[0]}\"]`) ||"
                  " document.querySelector('#message.bad')", declaration)

    def ask(self, file_number, entry):
        self.type(self.find("#question-file"), file_number)
        self.script("document.querySelector('#question-entry').value = arguments[0]", entry)
        self.click(self.find("#question button"))
        return self.wait("return document.querySelector('#answer').innerText")

    def rows(self):
        return self.script("""return [...document.querySelectorAll('tr[data-declaration]')].map((row) => ({
            declaration: row.dataset.declaration, state: row.dataset.state,
            person: row.cells[0].querySelector('b').innerText, born: (row.cells[0].querySelector('small') || {}).innerText,
            release: row.cells[1].querySelector('b').innerText, shown: row.cells[2].innerText.replace(/\\n/g, ' '),
            file_number: (row.querySelector('.file') || {}).innerText || null,
            done: (row.cells[3].querySelector('.pill') || {}).innerText || null,
            alarm: row.classList.contains('alarm'), twin: row.classList.contains('twin')}))""")

    def screenshot(self, file):
        # The focus ring belongs to a person who tabs, not to a picture taken after a script has clicked.
        self.script("document.activeElement && document.activeElement.blur(); window.scrollTo(0, 0)")
        pathlib.Path(file).write_bytes(base64.b64decode(self.request("GET", "/screenshot")))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--pki", required=True, help="folder made by `freigabectl pki init`")
    parser.add_argument("--authority", required=True)
    parser.add_argument("--rows", action="store_true")
    parser.add_argument("--assign", metavar="FILE_NUMBER")
    parser.add_argument("--declaration", metavar="UUID", help="assign this one instead of the first")
    parser.add_argument("--applied", action="store_true")
    parser.add_argument("--ask", nargs=2, metavar=("FILE_NUMBER", "ENTRY"))
    parser.add_argument("--screenshot", metavar="FILE")
    parser.add_argument("--script", metavar="JAVASCRIPT", help="evaluate in the page, for checks (result as `script`)")
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--show", action="store_true", help="open a window for a person and wait until it is closed")
    parser.add_argument("--expect-refused", action="store_true", help="succeed only if the page cannot be loaded")
    arguments = parser.parse_args()
    if INSIDE not in os.environ:
        enter_namespace()
    # Ended from outside, the browser and its folder go, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    result = {}
    with Browser(arguments) as browser:
        if arguments.show:
            browser.show()
            return 0
        if arguments.expect_refused:
            try:
                browser.open()
            except RuntimeError as error:
                print(json.dumps({"refused": str(error)}))
                return 0
            print("the page was served although it must be refused", file=sys.stderr)
            return 1
        browser.open()
        if arguments.assign:
            browser.assign(arguments.assign, arguments.declaration)
        if arguments.applied:
            browser.applied()
        if arguments.ask:
            result["answer"] = browser.ask(*arguments.ask)
        if arguments.rows:
            result["rows"] = browser.rows()
        if arguments.script:
            result["script"] = browser.script(arguments.script)
        result["message"] = browser.script("return document.querySelector('#message').innerText")
        if arguments.screenshot:
            browser.screenshot(arguments.screenshot)
    print(json.dumps(result, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (RuntimeError, OSError, subprocess.CalledProcessError) as failure:
        detail = getattr(failure, "stderr", b"") or b""
        print(f"agency.py: {failure} {detail.decode(errors='replace')}".strip(), file=sys.stderr)
        sys.exit(1)
