# SPDX-License-Identifier: EUPL-1.2
"""Processes of the demo: started with a log file each, ended by their own id, never by name."""
import os
import pathlib
import signal
import socket
import subprocess
import time


class Failed(Exception):
    """A step that did not come out as it must; the text names what to look at next."""


def wait_until(condition, what, seconds=30.0, every=0.05):
    """Waits for a condition and returns its first true value. A wait is generous: the machine may be slow."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Failed(f"waited {seconds:.0f} s for {what}")
        time.sleep(every)


class Process:
    """One program with its log. `stop` asks politely first; `kill` is the power cut."""

    def __init__(self, name, command, logs, environment=None, stdin=None):
        self.name = name
        self.log = pathlib.Path(logs) / f"{name}.log"
        self.file = open(self.log, "ab")
        self.popen = subprocess.Popen([str(part) for part in command], stdout=self.file, stderr=subprocess.STDOUT,
                                      stdin=stdin, env={**os.environ, **(environment or {})}, start_new_session=True)

    def alive(self):
        return self.popen.poll() is None

    def check(self):
        if not self.alive():
            tail = self.log.read_text(errors="replace")[-600:]
            raise Failed(f"{self.name} ended with {self.popen.returncode}; last lines of {self.log}:\n{tail}")

    def stop(self, seconds=10):
        if self.alive():
            self.popen.send_signal(signal.SIGTERM)
            try:
                self.popen.wait(seconds)
            except subprocess.TimeoutExpired:
                self.popen.kill()
                self.popen.wait()
        self.file.close()
        return self.popen.returncode

    def kill(self):
        self.popen.kill()
        self.popen.wait()
        self.file.close()


def run(command, what, environment=None, input_text=None, allow_failure=False):
    """Runs a program to its end and returns what it printed."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, input=input_text,
                          env={**os.environ, **(environment or {})})
    if done.returncode != 0 and not allow_failure:
        raise Failed(f"{what} failed ({done.returncode}): {' '.join(str(c) for c in command)}\n"
                     f"{done.stderr.strip()[-600:] or done.stdout.strip()[-600:]}")
    return done.stdout


def can_connect(port):
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0
