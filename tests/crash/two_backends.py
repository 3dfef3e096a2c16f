# SPDX-License-Identifier: EUPL-1.2
"""Two backends on one PostgreSQL in a network of their own, and terminals that load them: the world of two_backends_test.py."""
import base64
import http.client
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "unit/sync/backend"))
from postgresql import Postgresql  # noqa: E402
from stranger import Line, Terminal, wait_for  # noqa: E402

SEED = int(os.environ.get("FREIGABE_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 32)
TERMINALS = 4
# A private network of this test: it runs in a namespace of its own, so nothing here meets anything outside.
BRIDGE, DATABASE, SECOND = "10.231.0.1", "10.231.0.2", "10.231.0.3"


def sh(*words):
    subprocess.run([str(word) for word in words], check=True)


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


class Network:
    """A bridge, and on it one namespace for the database and one for the second backend. A cable that is down is a cut."""

    def __init__(self):
        self.keepers = {}
        sh("ip", "link", "set", "lo", "up")
        sh("ip", "link", "add", "middle", "type", "bridge")
        sh("ip", "address", "add", f"{BRIDGE}/24", "dev", "middle")
        sh("ip", "link", "set", "middle", "up")
        for name, address in (("database", DATABASE), ("second", SECOND)):
            keeper = subprocess.Popen(["setpriv", "--pdeathsig=KILL", "unshare", "--net", "sleep", "600"])
            self.keepers[name] = keeper
            own = os.readlink("/proc/self/ns/net")
            wait_for(lambda pid=keeper.pid: os.readlink(f"/proc/{pid}/ns/net") != own, "a namespace")
            sh("ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", keeper.pid)
            sh("ip", "link", "set", name, "master", "middle", "up")
            for words in (["link", "set", "lo", "up"], ["address", "add", f"{address}/24", "dev", "eth0"], ["link", "set", "eth0", "up"]):
                sh(*self.inside(name), "ip", *words)

    def inside(self, name):
        return ["nsenter", f"--target={self.keepers[name].pid}", "--net"]

    def cable(self, name, state):
        sh("ip", "link", "set", name, state)

    def close(self):
        for keeper in self.keepers.values():
            keeper.kill()
            keeper.wait()


class Instance:
    """One freigabe-backend that only takes records in."""

    def __init__(self, world, name, address, prefix=()):
        self.world, self.name, self.address, self.prefix = world, name, address, list(prefix)
        self.port = 8443
        self.log = world.folder / f"{name}.log"
        self.process = None
        self.begin = 0

    def start(self):
        world = self.world
        self.begin = len(self.log.read_text()) if self.log.exists() else 0
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([
                *self.prefix, world.bin / "freigabe-backend", "serve", "--role", "ingest", "--store", world.url, "--listen",
                f"{self.address}:{self.port}", "--tls-ca", world.pki / "tls-ca.crt", "--tls-cert", world.pki / "backend.crt",
                "--tls-key", world.pki / "backend.key", "--receipt-key", world.pki / "receipts.key"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def said(self, word):
        """How often since its last start."""
        return self.log.read_text()[self.begin:].count(word)

    def end(self, number):
        self.process.send_signal(number)
        return self.process.wait(30)

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.end(signal.SIGKILL)


class PlacedLine(Line):
    """A line to an instance at an address; its certificate is for localhost."""

    def ask_at(self, address, port, method, path, body=None, timeout=8):
        with socket.create_connection((address, port), timeout) as plain:
            connection = http.client.HTTPConnection("localhost", port, timeout=timeout)
            connection.sock = self.context.wrap_socket(plain, server_hostname="localhost")
            connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
            response = connection.getresponse()
            return response.status, response.read()


class Site(threading.Thread):
    """A terminal that hands in what it has recorded, at either instance, until it has a receipt for it."""

    def __init__(self, world, number):
        super().__init__(daemon=True)
        self.world = world
        self.random = random.Random(SEED + number)
        self.terminal_id = str(uuid.uuid4())
        self.line = PlacedLine(0, world.pki / "tls-ca.crt", world.certificate("terminal", self.terminal_id, f"terminal{number}"))
        self.terminal = Terminal(self.terminal_id, "Musterstadt", world.pki / "views.jwk")
        self.path = f"/v1/terminals/{self.terminal_id}"
        self.receipts = []  # compact SETs
        self.acknowledged = 0
        self.tries = 0
        self.statuses = {}
        self.failure = None

    def run(self):
        try:
            while not self.world.over.is_set():
                first = len(self.terminal.records) + 1
                for _ in range(self.random.randrange(1, 12)):
                    self.append()
                self.deliver(self.terminal.batch(first, len(self.terminal.records)))
                self.acknowledged = len(self.terminal.records)
        except Exception as failure:  # the main thread tells it
            self.failure = failure

    def append(self):
        """A grant whose content nobody here opens: this instance has no key, and the log is about ciphertext."""
        scopes = struct.pack(">B16s32sB", 1, uuid.uuid4().bytes, self.random.randbytes(32), 1) + self.random.randbytes(64)
        scopes += bytes([0]) + bytes(32)
        self.terminal.append_raw(1, scopes, "sealed." + str(len(self.terminal.records)))

    def deliver(self, body):
        """The same bytes again until they are answered for; whoever was asked may have died in between."""
        while True:
            instance = self.random.choice(self.world.instances)
            self.tries += 1
            try:
                status, answer = self.line.ask_at(instance.address, instance.port, "POST", self.path + "/batches", body)
            except (OSError, http.client.HTTPException) as failure:
                status, answer = type(failure).__name__, b""
            self.statuses[status] = self.statuses.get(status, 0) + 1
            if status == 200:
                self.receipts += json.loads(answer)["receipts"]
                return
            expect(status not in (400, 403, 404, 409), f"terminal {self.terminal_id} was told {status}: {answer}")
            if self.world.over.is_set() and time.monotonic() > self.world.patience:
                raise AssertionError(f"no receipt for {self.terminal_id}, last answer {status}")
            time.sleep(self.random.uniform(0.02, 0.2))


class World:
    def __init__(self, programs):
        self.bin = pathlib.Path(programs)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="two-backends-"))
        os.chmod(self.folder, 0o755)
        self.pki = self.folder / "pki"
        self.over = threading.Event()
        self.patience = 0
        self.checkpoints = []
        self.database = self.network = None
        self.instances, self.sites = [], []

    def start(self):
        self.network = Network()
        self.ctl("pki", "init", "--out", self.pki, "--dns", "localhost")
        self.database = Postgresql(listen=DATABASE)
        with open(self.database.data / "pg_hba.conf", "a") as rules:
            rules.write(f"host all all {BRIDGE}/24 trust\n")
        self.url = f"postgresql://freigabe@{DATABASE}/postgres"
        self.start_database()
        self.refuses_views_key()
        self.instances = [Instance(self, "first", BRIDGE), Instance(self, "second", SECOND, self.network.inside("second"))]
        # Both at once: they bring the schema up together.
        for instance in self.instances:
            instance.start()
        self.auditor = PlacedLine(0, self.pki / "tls-ca.crt", self.pki / "auditor.pem")
        for number in range(TERMINALS):
            self.sites.append(Site(self, number))
        wait_for(self.all_serve, "both instances", 60)
        for site in self.sites:
            code = self.run("freigabe-backend", "invite", "--store", self.url, "--terminal", site.terminal_id, "--site", "Musterstadt")
            status, answer = self.enrol(site, site.terminal.enrolment(code))
            expect(status == 201, f"a terminal enrols: {status} {answer}")

    def enrol(self, site, body):
        with socket.create_connection((BRIDGE, 8443), 30) as plain:
            connection = http.client.HTTPConnection("localhost", 8443, timeout=30)
            connection.sock = site.line.context.wrap_socket(plain, server_hostname="localhost")
            connection.request("POST", "/v1/enrolments", body, {"Content-Type": "application/jose"})
            response = connection.getresponse()
            return response.status, response.read()

    def start_database(self):
        self.database.start(self.network.inside("database"))

    def refuses_views_key(self):
        """An instance that only ingests must not even be handed the key that opens declarations."""
        done = subprocess.run([self.bin / "freigabe-backend", "serve", "--role", "ingest", "--store", self.url, "--receipt-key",
                               self.pki / "receipts.key", "--views-key", self.pki / "views.key"], capture_output=True, text=True)
        expect(done.returncode == 1 and "ingest_with_views_key" in done.stderr, f"a views key is refused: {done.stderr}")

    def run(self, program, *arguments):
        done = subprocess.run([self.bin / program, *map(str, arguments)], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{program} {arguments}: {done.stderr}")
        return done.stdout.strip()

    def ctl(self, *arguments):
        return self.run("freigabectl", *arguments)

    def certificate(self, role, ident, stem):
        ca = subprocess.run(["openssl", "x509", "-in", self.pki / "tls-ca.crt", "-noout", "-subject", "-nameopt", "multiline,utf8"],
                            capture_output=True, text=True, check=True).stdout
        self.ctl("pki", "key", "--curve", "P-256", "--out", self.pki / f"{stem}.key")
        self.ctl("pki", "tls-cert", "--ca-name", re.search(r"commonName\s*=\s*(.*)", ca)[1], "--signer", self.pki / "tls-ca.key",
                 "--role", role, "--id", ident, "--key", self.pki / f"{stem}.key", "--out", self.pki / stem)
        key = subprocess.run(["openssl", "pkey", "-inform", "DER", "-in", self.pki / f"{stem}.key"], capture_output=True, check=True).stdout
        (self.pki / f"{stem}.pem").write_bytes((self.pki / f"{stem}.crt").read_bytes() + key)
        return self.pki / f"{stem}.pem"

    # What an auditor sees.

    def look(self, instance):
        """Remembers the checkpoint that an instance shows: size and root."""
        try:
            status, note = self.auditor.ask_at(instance.address, instance.port, "GET", "/v1/log/checkpoint", timeout=3)
        except (OSError, http.client.HTTPException):
            return False
        if status != 200:
            return False
        lines = note.decode().split("\n")
        self.checkpoints.append((int(lines[1]), base64.b64decode(lines[2])))
        return True

    def all_serve(self):
        for instance in self.instances:
            expect(instance.process.poll() is None, f"{instance.name} ended: {instance.log.read_text()[-500:]}")
        return all([self.look(instance) for instance in self.instances])

    def holder(self):
        """The instance that has taken the lease since its start, and has not lost it."""
        def found():
            terms = self.sql("SELECT term FROM sequencer_lease WHERE beat >= 0")
            taken = [(instance.said("lease_taken") - instance.said("lease_lost"), instance) for instance in self.instances]
            now = [instance for count, instance in taken if count > 0 and instance.process.poll() is None]
            return now[0] if terms and len(now) == 1 else None
        return wait_for(found, "one holder of the lease", 20)

    def sql(self, text):
        try:
            return self.database.sql(text)
        except RuntimeError:
            return []

    def progress(self, what, seconds=40):
        """Every terminal gets a receipt for something that it recorded from now on."""
        before = [len(site.terminal.records) for site in self.sites]

        def all_moved():
            for site in self.sites:
                if site.failure:
                    raise site.failure
            for instance in self.instances:
                self.look(instance)
            return all(site.acknowledged > count for site, count in zip(self.sites, before))
        begun = time.monotonic()
        wait_for(all_moved, f"receipts after {what}", seconds)
        print(f"{what}: receipts for all again after {time.monotonic() - begun:.1f} s", flush=True)

    def close(self):
        self.over.set()
        for instance in self.instances:
            instance.stop()
        if self.database:
            self.database.stop()
        if self.network:
            self.network.close()
        shutil.rmtree(self.folder, ignore_errors=True)
