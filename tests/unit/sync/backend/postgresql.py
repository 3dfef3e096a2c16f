#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""A private PostgreSQL server for one test: in a temporary folder, on a Unix socket only (or on an address that the test names),
as an unprivileged user, gone afterwards. usage: postgresql.py [--durable] COMMAND... runs it with FREIGABE_TEST_STORE naming the
server; --durable = it waits for the disk, as in service."""
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time


def programs():
    """The folder of initdb and postgres of the newest version that is installed; Debian keeps them out of the path."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if not found:
        sys.exit("no PostgreSQL server found: apt-get install postgresql")
    return found[-1].parent


class Postgresql:
    def __init__(self, listen="", settings=()):
        """listen: an address besides the socket. settings: further lines name=value of its configuration."""
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="freigabe-pg-"))
        self.data = self.folder / "data"
        self.listen = listen
        # It never leaves this machine's memory for longer than a test, so nothing here has to survive a power cut. Whoever
        # kills the process loses nothing: what was written stays with the kernel.
        self.settings = ["fsync=off", "full_page_writes=off", "max_connections=60", "shared_buffers=64MB", *settings]
        self.process = None
        # The server refuses to run as root.
        self.as_user = []
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres" if any(entry.pw_name == "postgres" for entry in pwd.getpwall()) else "nobody")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self.as_user = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        self.environment = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        self._run(programs() / "initdb", "--pgdata", self.data, "--username=freigabe", "--auth=trust", "--encoding=UTF8",
                  "--locale=C.UTF-8", "--no-sync")

    def _command(self, *words, dies_with_us=False):
        # Without setpriv a server would outlive a test that is killed.
        return ["setpriv", *self.as_user, *(["--pdeathsig=QUIT"] if dies_with_us else []), *map(str, words)]

    def _run(self, *words):
        done = subprocess.run(self._command(*words), env=self.environment, cwd=self.folder, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{words[0]}: {done.stderr}")
        return done.stdout

    def start(self, prefix=()):
        """prefix: words before the command, for instance those that run it in a network namespace."""
        settings = [word for setting in self.settings for word in ("-c", setting)]
        with open(self.folder / "server.log", "ab") as log:
            self.process = subprocess.Popen(
                [*prefix, *self._command(programs() / "postgres", "-D", self.data, "-k", self.folder, "-c",
                                         f"listen_addresses={self.listen}", *settings, dies_with_us=True)],
                env=self.environment, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        end = time.monotonic() + 60
        while True:
            try:
                return self.sql("SELECT 1")
            except RuntimeError:
                if self.process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError((self.folder / "server.log").read_text(errors="replace")) from None
                time.sleep(0.05)

    def sql(self, text, database="postgres"):
        """Runs a statement from outside. returns rows of texts."""
        out = self._run(programs() / "psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--field-separator=\t",
                        "--set=ON_ERROR_STOP=1", "-h", self.folder, "-U", "freigabe", "-d", database, "-c", text)
        return [line.split("\t") for line in out.splitlines()]

    def url(self, database="postgres"):
        return f"postgresql:///{database}?host={self.folder}&user=freigabe"

    def kill(self):
        """As a crash: the server and its sessions are gone at once; the next start recovers."""
        self._signal_all(signal.SIGKILL)
        self.process.wait()

    def _signal_all(self, number):
        # Sessions are children of the server and find out only when they next touch it.
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        pids = [int(pid) for pid in children.read_text().split()] if children.exists() else []
        for pid in [self.process.pid, *pids]:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def main():
    command = sys.argv[1:]
    durable = command[:1] == ["--durable"]
    server = Postgresql(settings=["fsync=on", "full_page_writes=on"] if durable else [])
    try:
        server.start()
        done = subprocess.run(command[1:] if durable else command, env={**os.environ, "FREIGABE_TEST_STORE": server.url()})
        return done.returncode
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
