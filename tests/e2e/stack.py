# SPDX-License-Identifier: EUPL-1.2
"""One site with everything on it: PKI, catalogue, backend, enrolled terminal, virtual card, syncd, kiosk. Used by the demo and the benches."""
import json
import pathlib
import shutil
import socket
import ssl

from processes import Failed, Process, run, wait_until

SOURCE = pathlib.Path(__file__).resolve().parents[2]
TERMINAL_CARD_FILES = ("cvca-link.cvcert", "dv.cvcert", "terminal.cvcert", "sector.pub")


class Site:
    """Files below `folder`; programs from `build`. Nothing of it outlives stop()."""

    def __init__(self, build, folder, person="amira"):
        self.bin = pathlib.Path(build) / "bin"
        self.folder = pathlib.Path(folder)
        self.logs = self.folder / "logs"
        self.pki = self.folder / "pki"
        self.state = self.folder / "terminal"
        self.downstream = self.folder / "downstream"
        self.card_socket = self.folder / "card.sock"
        self.person = person
        self.running = []
        self.ports = None
        self.backend_words = []  # further words of its command line
        self.tls = ""  # of the last connection to the backend

    # Preparation: everything that happens before a terminal stands in a hallway.

    def prepare(self, wrong_receipt_key=False):
        for folder in (self.folder, self.logs):
            folder.mkdir(parents=True, exist_ok=True)
        self.ctl("pki", "init", "--out", self.pki, "--dns", "localhost")
        self._sign_catalogue()
        self.ctl("downstream", "release", self.downstream, self.pki / "downstream-root.jws")
        self.start_backend(wrong_receipt_key)
        self._enrol()
        self._kiosk_files()

    def ctl(self, *arguments, **options):
        return run([self.bin / "freigabectl", *arguments], f"freigabectl {arguments[0]}", **options)

    def publish(self, *targets):
        """Two of three people sign what comes down: KIND=FILE each, the rest stays as it was."""
        self.ctl("downstream", "publish", "--days", "30", self.downstream, *targets)
        for person in (1, 3):
            self.ctl("downstream", "sign", "--key", self.pki / f"downstream-manifest-{person}.key", self.downstream / "manifest.draft")
        self.ctl("downstream", "release", self.downstream, self.downstream / "manifest.draft")
        version = len(list(self.folder.glob("manifest-*.jws"))) + 1
        shutil.copyfile(self.downstream / "manifest.jws", self.folder / f"manifest-{version}.jws")

    def sign_catalogue(self, version):
        """The catalogue under another version number, signed by both roles."""
        plain = self.folder / f"catalogue-{version}.json"
        text = (SOURCE / "assets/catalogue/catalogue.json").read_text(encoding="utf-8")
        plain.write_text(text.replace('"version": "1.0.0"', f'"version": "{version}"', 1), encoding="utf-8")
        once, twice = self.folder / "catalogue.once", self.folder / f"catalogue-{version}.jws"
        self._sign_twice(plain, once, twice)
        return twice

    def _sign_twice(self, plain, once, twice):
        self.ctl("catalogue", "sign", "--role", "authority_publisher", "--key", self.pki / "catalogue-publisher.key", plain, once)
        self.ctl("catalogue", "sign", "--role", "dsb_approver", "--key", self.pki / "catalogue-dsb.key", once, twice)

    def _sign_catalogue(self):
        plain = SOURCE / "assets/catalogue/catalogue.json"
        once, twice = self.folder / "catalogue.once", self.folder / "catalogue.jws"
        self.ctl("catalogue", "check", plain)
        self._sign_twice(plain, once, twice)
        (self.folder / "names.json").write_text(self.ctl("catalogue", "names", plain), encoding="utf-8")

    def _enrol(self):
        terminal = (self.pki / "terminal.id").read_text().strip()
        code = run([self.bin / "freigabe-backend", "invite", "--store", f"sqlite:{self.folder}/backend.db", "--terminal", terminal,
                    "--site", "Musterstadt"], "inviting the terminal").strip()
        self.ctl("enrol", "--backend", f"https://localhost:{self.ports[0]}", "--code", code, "--site", "Musterstadt", "--state",
                 self.state, "--pki", self.pki, "--catalogue", self.folder / "catalogue.jws", "--mode", "demo", "--drafts", "show")
        config = json.loads((self.state / "syncd.json").read_text())
        # A demo has no ten minutes for a backoff.
        config["test"] = {"backoff_ms_min": 200, "backoff_ms_max": 1000}
        (self.state / "syncd.json").write_text(json.dumps(config))

    def _kiosk_files(self):
        card = self.state / "card"
        card.mkdir(exist_ok=True)
        for name in TERMINAL_CARD_FILES:
            shutil.copyfile(self.pki / name, card / name)
        key = self.state / "keys/terminal.key"
        shutil.copyfile(self.pki / "terminal.key", key)
        key.chmod(0o600)
        issuer = Process("card-issuer", [self.bin / "freigabe-card", "--person", self.person, "--absent", "--export-csca",
                                         card / "csca.der"], self.logs)
        wait_until(lambda: issuer.check() or (card / "csca.der").exists(), "the certificate of the card's issuer")
        issuer.stop()
        (self.state / "kiosk.json").write_text(json.dumps({
            "schema": "freigabe-kiosk-1", "provider": "Stadt Musterstadt", "languages": ["de", "en", "ar", "de-x-leicht"],
            "card": {"certificates": [f"card/{name}" for name in TERMINAL_CARD_FILES if name.endswith("cvcert")],
                     "sector": "card/sector.pub", "csca": ["card/csca.der"]}}), encoding="utf-8")

    # Programs.

    def _started(self, process):
        self.running.append(process)
        return process

    def start_backend(self, wrong_receipt_key=False):
        port_file = self.folder / "backend.ports"
        port_file.unlink(missing_ok=True)
        receipt_key = self.pki / ("catalogue-dsb.key" if wrong_receipt_key else "receipts.key")
        tls, plain, metrics = self.ports or (0, 0, 0)
        self.backend = self._started(Process("backend", [
            self.bin / "freigabe-backend", "serve", "--store", f"sqlite:{self.folder}/backend.db", "--listen", f"127.0.0.1:{tls}",
            "--plain-listen", f"127.0.0.1:{plain}", "--metrics-listen", f"127.0.0.1:{metrics}", "--tls-ca", self.pki / "tls-ca.crt",
            "--tls-cert", self.pki / "backend.crt",
            "--tls-key", self.pki / "backend.key", "--receipt-key", receipt_key, "--views-key", self.pki / "views.key",
            "--authority-secrets", self.pki / "authority-secrets.json", "--names", self.folder / "names.json",
            "--downstream", self.downstream, *self.backend_words,
            "--port-file", port_file], self.logs))

        def ports():
            self.backend.check()
            return port_file.exists() and len(port_file.read_text().split()) >= 3 and port_file.read_text().split()

        self.ports = tuple(int(port) for port in wait_until(ports, "the backend to listen")[:3])

    def start_card(self, wrong_key=False, absent=True):
        command = [self.bin / "freigabe-card", "--person", self.person, "--cvca", self.pki / "cvca.cvcert", "--state",
                   self.folder / "card.state", "--control", self.card_socket]
        command += ["--wrong-key"] if wrong_key else []
        command += ["--absent"] if absent else []
        self.card = self._started(Process("card", command, self.logs))
        wait_until(lambda: self.card.check() or self.card_socket.exists(), "the virtual card")

    def tell_card(self, command):
        return run([self.bin / "freigabe-card", "--tell", self.card_socket, command], f"card {command}").strip()

    def start_kiosk(self, display=None, window=True):
        command = [self.bin / "freigabe-kiosk", "--state", self.state, "--config", self.state / "kiosk.json"]
        command += ["--window"] if window else []
        environment = display.environment if display else {}
        self.kiosk = self._started(Process("kiosk", command, self.logs, {**environment, "TZ": "Europe/Berlin"}))
        return self.kiosk

    def start_syncd(self):
        self.syncd = self._started(Process("syncd", [self.bin / "freigabe-syncd", self.state / "syncd.json"], self.logs))

    def stop(self):
        for process in reversed(self.running):
            process.stop()
        self.running = []

    # What the running programs say about themselves.

    def journal(self):
        """What `freigabectl journal verify` finds in a copy: the running kiosk holds the file itself exclusively."""
        copy = self.folder / "evidence"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        for file in self.state.glob("journal.db*"):
            shutil.copyfile(file, copy / file.name)
        text = self.ctl("journal", "verify", copy / "journal.db", "--json", allow_failure=True)
        return json.loads(text) if text.strip() else {"ok": False, "rows": 0, "receipts": 0}

    def _request(self, who, path):
        context = ssl.create_default_context(cafile=self.pki / "tls-ca.crt")
        context.load_cert_chain(self.pki / f"{who}.pem")
        with socket.create_connection(("127.0.0.1", self.ports[0]), 10) as plain, \
                context.wrap_socket(plain, server_hostname="localhost") as tls:
            self.tls = f"{tls.version()} {tls.cipher()[0]}"
            tls.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            data = b""
            while part := tls.recv(65536):
                data += part
        head, _, body = data.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise Failed(f"GET {path}: {head.splitlines()[0].decode()} {body[:300].decode(errors='replace')}")
        return json.loads(body)

    def post(self, who, path, body):
        """One JSON request over the mutual TLS of this certificate; whatever is not 200 is a failure."""
        return json.loads(run(["curl", "-sS", "--fail-with-body", "--cacert", self.pki / "tls-ca.crt", "--cert", self.pki / f"{who}.pem",
                               "-H", "content-type: application/json", "-d", json.dumps(body),
                               f"https://localhost:{self.ports[0]}{path}"], f"POST {path}"))

    def kiosk_remembers(self, words):
        """How often the running kiosk's memory holds these words, in any of its pages."""
        found = 0
        with open(f"/proc/{self.kiosk.popen.pid}/maps", encoding="utf-8") as maps, open(f"/proc/{self.kiosk.popen.pid}/mem", "rb", buffering=0) as memory:
            for line in maps:
                place, rights = line.split()[:2]
                if "w" not in rights:
                    continue  # constants of files: nobody can write a person there
                first, end = (int(number, 16) for number in place.split("-"))
                memory.seek(first)
                found += memory.read(end - first).count(words.encode())
        return found

    def on_disk(self, *words):
        """The terminal's files that hold any of these words as they are."""
        files = [file for file in self.state.rglob("*") if file.is_file()]
        return [str(file) for file in files if any(word.encode() in file.read_bytes() for word in words)]

    def releases_of(self, subject_tag):
        """What the auditor may see: state of every release of one subject, without a name."""
        return self._request("auditor", f"/v1/subjects/{subject_tag}/releases")

    def metrics(self):
        with socket.create_connection(("127.0.0.1", self.ports[2]), 10) as plain:
            plain.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            data = b""
            while part := plain.recv(65536):
                data += part
        return data.decode()

