#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""clang-tidy over folders of the product, with the checks that .clang-tidy names; any finding fails.

usage: clang_tidy.py --build DIR [--jobs N] FOLDER...      DIR holds compile_commands.json and keeps what was found clean
       clang_tidy.py --canary                               plants mistakes and wants to see each of them found

Sources of one folder that share no name are looked at together: reading the headers takes most of the time.
A batch whose text, headers and rules are as they were when it was found clean is not looked at again.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
RULES = ROOT / ".clang-tidy"
PROGRAM = "clang-tidy-14"
FINDING = re.compile(r"^(/[^:]+):(\d+):\d+: (?:warning|error): (.*) \[([\w.,-]+?)(?:,-warnings-as-errors)?\]$")

# Definitions at the left margin; two sources with one name of these cannot be read as one.
DEFINED = re.compile(r"^(?!namespace|using [\w:]+( \w+)?;|template|return|#|//|[\s})])[^=({;\n]*?\b(\w+)\s*(?=[=({;\[])", re.MULTILINE)
BATCH_MAX = 8

# Each rule family must find its mistake, or the silence about the product means nothing.
PLANTED = {
    "bugprone-use-after-move": "#include <utility>\n#include <vector>\nunsigned long f(std::vector<int> a) {\n"
                               "    std::vector<int> b = std::move(a);\n    return a.size() + b.size();\n}\n",
    "bugprone-sizeof-expression": "unsigned long f(const int* p) { return sizeof(p + 1) + sizeof(sizeof(int)); }\n",
    "cert-err33-c": "#include <cstdio>\nvoid f(std::FILE* file) { std::fseek(file, 0, SEEK_SET); }\n",
    "cert-err34-c": "#include <cstdlib>\nint f(const char* text) { return std::atoi(text); }\n",
    "cppcoreguidelines-init-variables": "int g();\nint f(bool b) {\n    int x;\n    if (b) x = g();\n    return b ? x : 0;\n}\n",
    "cppcoreguidelines-slicing": "struct A { virtual ~A() = default; int a = 0; virtual int v() { return a; } };\n"
                                 "struct B : A { int b = 0; int v() override { return b; } };\n"
                                 "A f(const B& b) { return b; }\n",
    "performance-for-range-copy": "#include <string>\n#include <vector>\nunsigned long f(const std::vector<std::string>& a) {\n"
                                  "    unsigned long n = 0;\n    for (const std::string s : a) n += s.size();\n    return n;\n}\n",
    "misc-redundant-expression": "bool f(int a) { return a == 1 || a == 1; }\n",
}


def command_of(entry):
    return shlex.split(entry["command"]) if "command" in entry else entry["arguments"]


def names_of(file):
    return set(DEFINED.findall(pathlib.Path(file).read_text(encoding="utf-8")))


def batches_of(entries, folder):
    """Entries like the given ones, for sources in `folder` that include several of them each; and their database there."""
    batches = []  # (place, names, entries)
    for entry in entries:
        place, names = pathlib.Path(entry["file"]).parent, names_of(entry["file"])
        for there, taken, members in batches:
            if there == place and not taken & names and len(members) < BATCH_MAX:
                taken |= names
                members.append(entry)
                break
        else:
            batches.append((place, names, [entry]))
    folder.mkdir(parents=True, exist_ok=True)
    made, database = [], []
    for number, (place, _, members) in enumerate(batches):
        file = folder / f"{place.relative_to(place.parents[1])}_{number}.cpp".replace("/", "_")
        file.write_text("".join(f'#include "{member["file"]}"  // NOLINT(bugprone-suspicious-include)\n' for member in members))
        command = [str(file) if part == members[0]["file"] else part for part in command_of(members[0])]
        database.append({"directory": members[0]["directory"], "file": str(file), "arguments": command})
        made.append({**database[-1], "members": members})
    (folder / "compile_commands.json").write_text(json.dumps(database))
    return made


def fingerprint(entry):
    """Of everything a verdict depends on; comments too, because NOLINT is one."""
    command = command_of(entry)
    for option, following in (("-o", 1), ("-include", 1)):
        if option in command:
            at = command.index(option)
            del command[at:at + 1 + following]
    command = [part for part in command if part not in ("-c", "ccache", "-Winvalid-pch") and not part.endswith("/ccache")]
    text = subprocess.run([*command, "-E", "-C"], cwd=entry["directory"], capture_output=True, check=False).stdout
    version = subprocess.run([PROGRAM, "--version"], capture_output=True, check=True).stdout
    return hashlib.sha256(b"\0".join([version, RULES.read_bytes(), " ".join(command).encode(), text])).hexdigest()


def findings_of(database, file):
    """What is said about a file, or the sources that it includes."""
    run = subprocess.run([PROGRAM, "--quiet", f"--config-file={RULES}", "-p", str(database), str(file)],
                         capture_output=True, text=True, check=False)
    found = {match.groups() for line in run.stdout.splitlines() if (match := FINDING.match(line))}
    # A library's own line, which our call made part of something: it says nothing that ours does not, and is not ours to mend.
    found = {finding for finding in found if not os.path.normpath(finding[0]).startswith("/usr/")}
    if run.returncode != 0 and not found:
        found = {(str(file), "1", (run.stdout + run.stderr).strip()[-400:] or "clang-tidy failed", "clang-tidy")}
    return found


def judge(batch, database, build):
    """Returns findings, and seconds; no seconds if the verdict is remembered."""
    mark = build / "clang_tidy" / fingerprint(batch)
    if mark.is_file():
        return set(), None
    began = time.monotonic()
    found = findings_of(database, batch["file"])
    if any("clang-diagnostic-error" in finding[3] for finding in found):  # they do not go together after all
        found = set().union(*(findings_of(build, member["file"]) for member in batch["members"]))
    if not found:
        mark.touch()
    return found, time.monotonic() - began


def check(build, folders, jobs):
    entries = {entry["file"]: entry for entry in json.loads((build / "compile_commands.json").read_text())}
    wanted = [entry for file, entry in sorted(entries.items())
              if any(pathlib.Path(file).is_relative_to(ROOT / folder) for folder in folders)]
    if not wanted:
        sys.exit(f"no source of {' '.join(folders)} in {build}/compile_commands.json: configure that build first")
    database = build / "clang_tidy" / "batches"
    batches = batches_of(wanted, database)
    began, found, looked_at = time.monotonic(), set(), 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        futures = {pool.submit(judge, batch, database, build): batch for batch in batches}
        for number, future in enumerate(concurrent.futures.as_completed(futures), 1):
            findings, seconds = future.result()
            for path, line, text, name in sorted(findings - found, key=lambda f: (f[0], int(f[1]))):
                print(f"{os.path.relpath(path, ROOT)}:{line}: {text} [{name}]", flush=True)
            found |= findings
            if seconds is not None:
                members = futures[future]["members"]
                looked_at += len(members)
                names = " ".join(os.path.relpath(member["file"], ROOT) for member in members)
                print(f"[{number}/{len(batches)}] {names}  {seconds:.1f} s", file=sys.stderr, flush=True)
    print(f"clang-tidy: {len(found)} findings in {len(wanted)} sources of {' '.join(folders)}, "
          f"{looked_at} of them looked at in {time.monotonic() - began:.0f} s")
    return not found


def canary():
    """Each mistake is found where it stands, behind a clean source in one batch, and the clean source is clean."""
    with tempfile.TemporaryDirectory(prefix="freigabe-clang-tidy-") as folder:
        entries = []
        for name, text in {**PLANTED, "clean": "int clean(int a) {\n    return a + 1;\n}\n"}.items():
            file = pathlib.Path(folder) / "drivers/eid" / f"{name}.cpp"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            entries.append({"directory": folder, "file": str(file), "arguments": ["g++", "-std=c++20", "-c", str(file)]})
        database = pathlib.Path(folder) / "batches"
        batches = batches_of([entries[-1], *entries[:-1]], database)
        assert len(batches[0]["members"]) == 2, "a mistake stands in a batch with the clean source"
        for batch in batches:
            found, names = findings_of(database, batch["file"]), {pathlib.Path(m["file"]).stem for m in batch["members"]}
            names.discard("clean")
            seen = {(pathlib.Path(f[0]).stem, part) for f in found for part in f[3].split(",")}
            for name in names:
                if (name, name) not in seen:
                    sys.exit(f"{name} does not find its planted mistake; found: {seen or 'nothing'}")
            if any(file == "clean" for file, _ in seen):
                sys.exit(f"a clean file is not clean: {found}")
    print(f"clang-tidy: {len(PLANTED)} planted mistakes found")
    return True


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--canary", action="store_true")
    parser.add_argument("folders", nargs="*")
    options = parser.parse_args()
    if shutil.which(PROGRAM) is None:
        sys.exit(f"{PROGRAM} is missing: apt-get install {PROGRAM}")
    if options.canary:
        sys.exit(0 if canary() else 1)
    if not options.build or not options.folders:
        parser.error("--build DIR and at least one folder")
    sys.exit(0 if check(options.build.resolve(), options.folders, options.jobs) else 1)


if __name__ == "__main__":
    main()
