#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""What comes down is protected by rules, each a line or two. Each of them is taken out here, one at a time, in a copy of its source that
is compiled and linked in place of the real one: the named test must fail, or nobody would notice that the rule is gone (I14).

usage: mutants_test.py BUILD [WORD]       BUILD has unit_downstream; with a word only mutants whose name contains it
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[4]
FOLDER = ROOT / "sync/downstream"
OFF = "false"

# Name, source, what stands there (exactly once), what the mutant has, the test that must notice.
MUTANTS = [
    ("one key of a role is enough", "threshold.cpp", "verified->keys.size() < role.threshold", "verified->keys.empty()",
     "manifest: two of three keys, and those of the manifest"),
    ("a role may be one person", "threshold.cpp", "role.threshold >= limits::role_threshold_min && ", "",
     "root: a role that one person could fill is refused"),
    ("the version may fall", "manifest.cpp", "manifest.version < seen.version", OFF,
     "attack: rollback to an older list, or another of the same number"),
    ("a version may come twice", "manifest.cpp", "manifest.version == seen.version && crypto::sha256(payload) != seen.payload_digest", OFF,
     "attack: rollback to an older list, or another of the same number"),
    ("an expired manifest counts", "manifest.cpp", "manifest.expires_ms <= floor_ms", OFF,
     "attack: freeze, by the time floor and by nothing else"),
    ("an expired root vouches", "manifest.cpp", "root.expires_ms <= floor_ms", OFF,
     "receiver: an expired root vouches for nothing new until the next one"),
    ("keys of another role sign", "manifest.cpp", "verify_threshold(file, root.manifest,", "verify_threshold(file, root.root,",
     "manifest: two of three keys, and those of the manifest"),
    ("in force before its date", "manifest.cpp", "target.valid_from_ms > floor_ms", OFF,
     "manifest: what is in force changes at its date and for its terminal"),
    ("files without a total bound", "manifest.cpp", " || !total_fits(out.targets)", "",
     "attack: files that together are more than a terminal has room for"),
    ("a file's digest is not looked at", "store.cpp", "crypto::sha256(content) != file.digest", OFF,
     "attack: other bytes, in a whole file or in one piece of it"),
    ("a damaged file is read", "store.cpp", "content && crypto::sha256(*content) == file.digest", "content",
     "receiver: a file that the disk damaged or lost is fetched anew"),
    ("a file's length is not looked at", "store.cpp", "piece.size() > file.length || there > file.length - piece.size()", OFF,
     "attack: endless data, at the wrong place, or that nobody asked for"),
    ("a piece fits anywhere", "store.cpp", "offset != there", OFF,
     "attack: endless data, at the wrong place, or that nobody asked for"),
    ("active before it is whole", "receiver.cpp", "!pending_ || !wanted().empty()", "!pending_",
     "receiver: cut after every byte, the old one stays and work goes on (I14)"),
    ("active before it is remembered", "receiver.cpp", "true};\n    TRY_VOID(memory_->save(next));", "true};",
     "receiver: without its commit nothing is active"),
    ("lists outlive the keys that signed them", "receiver.cpp", "    if (pending_ && !verify_threshold(", "    if (false && !verify_threshold(",
     "receiver: a list on its way falls with the keys that signed it"),
    ("a root may skip a number", "root.cpp", "root.version != old.version + 1", OFF,
     "attack: a root of another number is no successor"),
    ("a root needs no old keys", "root.cpp", "TRY(payload, verify_threshold(file, old.root, limits::root_file_bytes_max));",
     "TRY(payload, payload_of(base::as_bytes(file), limits::root_file_bytes_max));\n    (void)old;",
     "root: the next one needs enough old keys and enough new keys"),
    ("a root needs no new keys", "root.cpp", "    TRY_VOID(verify_threshold(file, root.root, limits::root_file_bytes_max));\n    if (root.version", "    if (root.version",
     "root: the next one needs enough old keys and enough new keys"),
]


def run(command, folder):
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def compile_command(build, source, text, out):
    """As the build compiles this source, but another text, and quickly."""
    entry = next(each for each in json.loads((build / "compile_commands.json").read_text())
                 if each["file"] == str(source) and "sync_downstream.dir" in each["command"])
    command = [part for part in shlex.split(entry["command"]) if part != "-MD" and not part.endswith("ccache")]
    for option in ("-o", "-MT", "-MF"):
        if option in command:
            del command[command.index(option):command.index(option) + 2]
    command[command.index(str(source))] = str(text)
    return [*command, "-O0", "-g0", "-w", "-o", str(out)]


def link_command(build, extra, out):
    """As the build links unit_downstream, with one object before the library that has the real one."""
    lines = run(["ninja", "-t", "commands", "-s", "bin/unit_downstream"], build).stdout.strip().splitlines()
    words = shlex.split(lines[-1].replace("&& :", "").replace(": &&", ""))
    words = [part for part in words if not part.endswith("ccache")]
    words[words.index("-o") + 1] = str(out)
    words.insert(words.index("-o"), str(extra))
    return words


def noticed(build, folder, mutant):
    """None, or what is wrong with this mutant."""
    name, file, there, instead, test = mutant
    source = FOLDER / file
    text = source.read_text(encoding="utf-8")
    if text.count(there) != 1:
        return f"{name}: its rule stands {text.count(there)} times in {file}; follow the source"
    at = pathlib.Path(tempfile.mkdtemp(dir=folder))
    (at / file).write_text(text.replace(there, instead), encoding="utf-8")
    program = at / "unit_downstream"
    for command in (compile_command(build, source, at / file, at / "mutant.o"), link_command(build, at / "mutant.o", program)):
        made = run(command, build)
        if made.returncode != 0:
            return f"{name}: does not compile\n{made.stderr[-800:]}"
    # Commas separate patterns of doctest; any character stands for one.
    done = run([str(program), "--test-case=" + test.replace(",", "?")], folder)
    if not re.search(r"test cases: +1 \|", done.stdout):
        return f"{name}: no test of the name “{test}”\n{done.stdout[-300:]}"
    if done.returncode == 0:
        return f"{name}: “{test}” does not notice it"
    return None


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    wanted = [mutant for mutant in MUTANTS if len(sys.argv) < 3 or sys.argv[2] in mutant[0]]
    with tempfile.TemporaryDirectory(prefix="freigabe-mutants-") as folder:
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            found = [fault for fault in pool.map(lambda mutant: noticed(build, folder, mutant), wanted) if fault]
    for fault in found:
        print(fault)
    if found:
        sys.exit(1)
    print(f"downstream: {len(wanted)} rules taken out one by one, each noticed by its test")


main()
