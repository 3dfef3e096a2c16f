#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Tidy as a test: rules of the house that a machine can judge, so that taste is not argued.

usage: tidy.py CHECK [--build DIR] [--root DIR]      CHECK is one of the functions named check_* below.
tidy_test.py plants a violation of each rule and wants to see it found.
Prints one line per violation, `file:line: what is wrong and how to mend it`, and exits 1 if there was one.
"""
import argparse
import csv
import json
import pathlib
import re
import subprocess
import sys
import unicodedata

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCE = {".cpp", ".hpp", ".h", ".c"}
SCRIPT = {".py", ".sh", ".js", ".cmake", ".sql", ".css", ".html"}

# Who may include whom: folder prefix -> prefixes it may include besides itself. The longest prefix of a file counts.
LAYERS = {
    "drivers/base": [],
    "drivers/port": ["drivers/base"],
    "drivers/crypto": ["drivers/base", "drivers/port"],
    "drivers/apdu": ["drivers/base", "drivers/crypto"],
    "drivers/eid": ["drivers/base", "drivers/port", "drivers/apdu", "drivers/crypto"],
    "drivers/pki": ["drivers/base", "drivers/port", "drivers/apdu", "drivers/crypto", "drivers/eid"],
    "drivers/pcsc": ["drivers/base", "drivers/port", "drivers/apdu"],
    "drivers/keys": ["drivers/base", "drivers/port", "drivers/apdu", "drivers/crypto", "drivers/eid"],
    "drivers": ["drivers/base", "drivers/port"],
    "sync/model": ["drivers/base"],
    "sync/seal": ["drivers/base", "drivers/port", "drivers/crypto", "sync/model"],
    "sync/receipts": ["drivers/base", "drivers/port", "drivers/crypto", "sync/model", "sync/seal"],
    "sync/wal": ["drivers/base"],
    "sync/journal": ["drivers/base", "drivers/port", "drivers/crypto", "sync/wal", "sync/model", "sync/seal", "sync/receipts"],
    "sync/downstream": ["drivers/base", "drivers/port", "drivers/crypto", "sync/model", "sync/seal"],
    "sync/http": ["drivers/base", "drivers/port", "drivers/crypto"],
    "sync/transport": ["drivers/base", "drivers/port", "drivers/crypto", "sync/model", "sync/http"],
    "sync/outbox": ["drivers/base", "drivers/port", "sync/model"],
    "sync/courier": ["drivers/base", "drivers/port", "drivers/crypto", "sync/model", "sync/seal"],
    "sync/syncd": ["drivers/base", "drivers/port", "drivers/crypto", "sync/model", "sync/http", "sync/transport",
                   "sync/outbox", "sync/courier"],
    "sync/backend": ["drivers/base", "drivers/port", "drivers/crypto", "sync/model", "sync/seal", "sync/http",
                     "sync/receipts"],
    "sync/backend/store": ["drivers/base", "sync/wal"],
    # A stick is one more way in, beside the listeners.
    "sync/backend/courier": ["drivers/base", "drivers/port", "sync/model", "sync/http", "sync/courier", "sync/backend"],
    # A program of its own that reads its own keys and options.
    "sync/backend/service": ["drivers/base", "drivers/port", "drivers/crypto", "drivers/keys/private_file.hpp", "sync/model",
                             "sync/seal", "sync/http", "sync/receipts", "sync/backend"],
    "kiosk/consent": ["drivers/base", "sync/model"],
    "kiosk/core": ["drivers/base", "sync/model", "kiosk/consent", "kiosk/view"],
    "kiosk/view": ["drivers/base", "sync/model", "kiosk/consent", "kiosk/core", "kiosk/i18n"],
    "kiosk/i18n": ["drivers/base"],
    "kiosk/text": ["drivers/base", "drivers/crypto"],
    "kiosk/a11y": ["drivers/base", "kiosk/text", "kiosk/view"],
    "kiosk/widgets": ["drivers/base", "kiosk/view", "kiosk/i18n", "kiosk/text", "kiosk/a11y"],
    "kiosk/screens": ["drivers/base", "kiosk/view", "kiosk/i18n", "kiosk/text", "kiosk/a11y", "kiosk/widgets"],
    # Dots for the printer's port, by the engine that draws the screens.
    "kiosk/slip": ["drivers/base", "drivers/port", "kiosk/text", "kiosk/i18n"],
    "kiosk/shell": ["drivers/base", "kiosk/view", "kiosk/i18n", "kiosk/text", "kiosk/a11y", "kiosk/widgets",
                    "kiosk/screens"],
    # Of the courier the kiosk needs only the form of what it signs.
    "kiosk/runtime": ["drivers", "sync/model", "sync/journal", "sync/seal", "sync/receipts", "sync/downstream",
                      "sync/outbox", "sync/courier/manifest.hpp", "kiosk"],
    "kiosk/ctl": ["drivers", "sync", "kiosk/consent", "kiosk/i18n"],
    "kiosk": ["drivers", "sync", "kiosk"],
    "tests/card": [],
    "tests": ["drivers", "sync", "kiosk", "tests"],
}
# Headers of big libraries may appear only here.
LIBRARY_HEADERS = {
    r"imgui": ["kiosk/widgets", "kiosk/screens", "kiosk/shell", "kiosk/text", "tests"],
    r"SDL": ["kiosk/shell", "tests"],
    r"sqlite3\.h": ["sync/wal", "sync/journal", "sync/backend/store", "tests"],
    r"zlib\.h": ["drivers/eid"],
    r"winscard\.h|PCSC/|pcsclite\.h": ["drivers/pcsc", "tests"],
    r"p11-kit/": ["drivers/keys", "tests"],
    r"mbedtls/": ["drivers/base/secret.hpp", "drivers/crypto", "drivers/pki", "sync/http", "tests"],
    r"libpq-fe\.h": ["sync/backend/store", "tests"],
    r"openssl/": ["tests"],
    r"doctest/": ["tests"],
}
FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 400
COLUMNS_MAX = 100
README_LINES_MAX = 40
GOLDEN_BYTES_MAX = 15 << 20

problems = []


def report(path, line, text):
    problems.append(f"{path}:{line}: {text}")


def tracked(*suffixes):
    """Files of the project, also new ones that are not committed yet; nothing that is ignored."""
    out = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                         capture_output=True, text=True, check=True).stdout
    for name in sorted(set(out.splitlines())):
        path = pathlib.Path(name)
        if (ROOT / path).is_file() and (not suffixes or path.suffix in suffixes):
            yield path


def lines_of(path):
    return (ROOT / path).read_text(encoding="utf-8").splitlines()


def layer_of(name):
    best = max((p for p in LAYERS if name == p or name.startswith(p + "/")), key=len, default=None)
    return best


def check_layering():
    for path in tracked(*SOURCE):
        name = str(path)
        own = layer_of(name)
        # A main.cpp builds everything and hands it on: it may reach for any adapter.
        if own is None or path.name == "main.cpp":
            continue
        for number, line in enumerate(lines_of(path), 1):
            if match := re.match(r'\s*#include "([^"]+)"', line):
                target = match.group(1)
                allowed = LAYERS[own] + [own]
                if "/" in target and not any(target == a or target.startswith(a + "/") for a in allowed):
                    report(name, number, f"{own} may not include {target}; see the table in tests/tidy/tidy.py")
            if match := re.match(r"\s*#include <([^>]+)>", line):
                for pattern, places in LIBRARY_HEADERS.items():
                    if re.match(pattern, match.group(1)) and not any(
                            name == p or name.startswith(p + "/") for p in places):
                        report(name, number, f"<{match.group(1)}> belongs only in {', '.join(places)}")


def check_lengths():
    for path in tracked(".cpp", ".hpp", ".py", ".sh", ".js"):
        text = lines_of(path)
        if len(text) > FILE_LINES_MAX:
            report(path, len(text), f"file has {len(text)} lines, at most {FILE_LINES_MAX}: one noun per file")
        if path.suffix not in SOURCE:
            continue
        for number, line in enumerate(text, 1):
            columns = sum(not unicodedata.combining(character) for character in line)
            # A format that is drawn in a comment cannot be broken without lying about it.
            drawn = line.lstrip().startswith("//") and '{"' in line or re.match(r'//.*"\w+":', line)
            if columns > COLUMNS_MAX and not drawn and "http" not in line and "R\"" not in line:
                report(path, number, f"line has {columns} columns, at most {COLUMNS_MAX}")
        check_function_lengths(path, text)


def check_function_lengths(path, text):
    """clang-format puts the brace that closes a function into the column where its head starts."""
    start = None
    for number, line in enumerate(text, 1):
        if re.match(r"(?:    )?[\w~:].*\)[^;={]*\{$|(?:    )?\S.*\) (?:const |noexcept |override )*\{$", line) \
                and not re.match(r"\s*(if|for|while|switch|else|namespace|struct|class|enum|do|return)\b", line):
            start = (number, len(line) - len(line.lstrip()))
        elif start and line == " " * start[1] + "}":
            if number - start[0] + 1 > FUNCTION_LINES_MAX and "TEST_CASE" not in text[start[0] - 1]:
                report(path, start[0], f"function has {number - start[0] + 1} lines, at most {FUNCTION_LINES_MAX}")
            start = None


def check_spdx():
    for path in tracked(*SOURCE, *SCRIPT, ".po", ".def"):
        if "tests/vectors" in str(path) or path.name == "package-lock.json":
            continue
        if not any("SPDX-License-Identifier: EUPL-1.2" in line for line in lines_of(path)[:4]):
            report(path, 1, "no SPDX-License-Identifier: EUPL-1.2 in the first four lines")
    for path in tracked():
        if path.name in ("CMakeLists.txt", "run") and not any("# SPDX-License-Identifier: EUPL-1.2" in line
                                                              for line in lines_of(path)[:4]):
            report(path, 1, "no # SPDX-License-Identifier: EUPL-1.2 in the first four lines")


def check_words():
    # Written in pieces, so that this file does not find itself.
    words = ["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK", "not impl" + "emented", "unimpl" + "emented", "st" + "ub",
             "place" + "holder", "lorem" + " ipsum", "for" + " now"]
    # HTML has an attribute of the eighth word's name: behind it stands a colon or an equals sign.
    pattern = re.compile(r"\b(" + "|".join(words) + r")\b(?![:=])", re.IGNORECASE)
    places = re.compile(r"/wor" + r"k/|/t" + r"mp/fg|(deb|security|registry)\.(debian|npmjs)\.org")
    for path in tracked():
        if path.suffix in {".png", ".hex", ".der", ".bin"} or path.name in {"LICENSE"}:
            continue
        try:
            text = lines_of(path)
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text, 1):
            if path.suffix != ".md" and (match := pattern.search(line)):
                report(path, number, f"“{match.group(0)}” often hides a missing part: finish it, or name the thing otherwise")
            if match := places.search(line):
                report(path, number, f"“{match.group(0)}” belongs to one workplace, not to the project")


def check_headers():
    """A header compiles alone if it is the first include of its own .cpp, which the build compiles; others are compiled here."""
    sources = {}
    for path in tracked(".cpp"):
        first = next((m.group(1) for line in lines_of(path) if (m := re.match(r'#include "([^"]+)"', line))), None)
        sources.setdefault(first, path)
    lone = [p for p in tracked(".hpp") if str(p) not in sources]
    includes = ["-I", str(ROOT), "-I/usr/include/imgui", "-I/usr/include/freetype2", "-I/usr/include/harfbuzz",
                "-I/usr/include/SDL2", "-I/usr/include/PCSC", "-I/usr/include/p11-kit-1"]
    for path in lone:
        run = subprocess.run(["g++", "-std=c++20", "-fsyntax-only", "-x", "c++", "-DFREIGABE_SOURCE_DIR=\"\"",
                              "-DFREIGABE_BINARY_DIR=\"\"", *includes, str(ROOT / path)], capture_output=True, text=True)
        errors = [line for line in run.stderr.splitlines() if "error" in line]
        if run.returncode != 0:
            report(path, 1, "header does not compile alone: " + (errors or ["?"])[0])


def check_format():
    files = [str(p) for p in tracked(".cpp", ".hpp")]
    for start in range(0, len(files), 100):
        run = subprocess.run(["clang-format-14", "--dry-run", *files[start:start + 100]], cwd=ROOT, capture_output=True,
                             text=True)
        for line in sorted({line.split(": ")[0] for line in run.stderr.splitlines() if "clang-format-violations" in line}):
            place = line.split(":")
            report(place[0], place[1], "not formatted: run clang-format-14 -i on it")


def check_readmes():
    for folder in ("drivers", "sync", "kiosk", "assets", "tests", "image"):
        path = ROOT / folder / "README.md"
        if not path.is_file():
            report(f"{folder}/README.md", 1, "every top-level folder has a README")
        elif len(path.read_text(encoding="utf-8").splitlines()) > README_LINES_MAX:
            report(f"{folder}/README.md", 1, f"more than {README_LINES_MAX} lines")
    for name in ("README.md", "CHANGELOG.md", "LICENSE", ".ci/run"):
        if not (ROOT / name).is_file():
            report(name, 1, "missing")


def check_goldens():
    total = sum((ROOT / p).stat().st_size for p in tracked(".png") if str(p).startswith("tests/screens/"))
    if total > GOLDEN_BYTES_MAX:
        report("tests/screens/golden", 1, f"{total} bytes of pictures, at most {GOLDEN_BYTES_MAX}")


def ids_of(path):
    text = subprocess.run(["msgcat", "--no-wrap", str(path)], capture_output=True, text=True).stdout
    return set(re.findall(r'^msgid "(.+)"$', text, re.MULTILINE))


def check_locales():
    """Each file well-formed and without gaps; each language with exactly the master's ids. A variant (xx-x-...) says only what
    differs, and the rest is said in its language."""
    folder = ROOT / "assets/locales"
    master = ids_of(folder / "de.po")
    for path in sorted(folder.glob("*.po")):
        name = path.relative_to(ROOT)
        run = subprocess.run(["msgfmt", "--check", "--statistics", "-o", "/dev/null", str(path)], capture_output=True, text=True)
        if run.returncode != 0 or re.search(r"untranslated|fuzzy", run.stderr):
            report(name, 1, "incomplete or malformed: " + run.stderr.strip().splitlines()[-1])
        own = ids_of(path)
        for text_id in sorted(own - master):
            report(name, 1, f"text “{text_id}” is not in de.po: misspelt, or no longer used")
        for text_id in sorted(master - own if "-x-" not in path.stem else ()):
            report(name, 1, f"text “{text_id}” is missing")


def check_dead(build):
    """A source that the build does not compile, a header that nobody includes, a script that nothing starts: neither tested
    nor shipped."""
    database = build / "compile_commands.json"
    compiled = {command["file"] for command in json.loads(database.read_text())} if database.is_file() else set()
    for path in tracked(".cpp"):
        if str(ROOT / path) not in compiled:
            report(path, 1, f"not compiled in {build}: no CMakeLists.txt names it")
    sources = {str(p): "\n".join(lines_of(p)) for p in tracked(*SOURCE)}
    for path in tracked(".hpp"):
        # One adapter that answers "absent" for each port, whether or not a program needs it today.
        if path.parent.name == "none":
            continue
        if not any(f'#include "{path}"' in text or f'#include "{path.name}"' in text for text in sources.values()):
            report(path, 1, "nothing includes this header")
    starters = [p for p in tracked() if p.suffix in (".sh", ".py", ".yml") or p.name in ("CMakeLists.txt", "run")]
    texts = {p: "\n".join(lines_of(p)) for p in starters}
    for path in tracked(".sh", ".py"):
        # Python imports by the bare name.
        name = path.name if path.suffix == ".sh" else path.stem
        if not any(re.search(r"\b" + re.escape(name) + r"\b", text) for other, text in texts.items() if other != path):
            report(path, 1, "nothing starts this script")


def check_product(build):
    """No fake, no virtual card and no test framework in what ships."""
    for name in ("freigabe-kiosk", "freigabe-syncd", "freigabe-backend", "freigabectl"):
        program = build / "bin" / name
        if not program.is_file():
            report(name, 1, f"not built in {build}")
            continue
        symbols = subprocess.run(["nm", "-C", "--defined-only", str(program)], capture_output=True, text=True).stdout
        if not re.search(r" T main$", symbols, re.MULTILINE):
            report(name, 1, "has no symbols: nothing can be judged")
        if match := re.search(r"(?<![\w:])(fakes|card|doctest|test|samples|openpace|interop|gallery|walker|eid_test|reader)::", symbols):
            report(name, 1, f"links test code: {match.group(0)}")
        # What we link, not what others bring: libpq has a TLS library of its own for its own connections.
        libraries = subprocess.run(["readelf", "--dynamic", str(program)], capture_output=True, text=True).stdout
        if "libssl" in libraries or "libeac" in libraries:
            report(name, 1, "links a library that only the virtual card and the tests may use")


def required_ids():
    for first, last in ((1, 24), (30, 38), (40, 48), (50, 62), (70, 85)):
        yield from (f"LR-{n:02}" for n in range(first, last + 1))
    yield from (f"AC-{n:02}" for n in range(1, 21))
    yield from (f"J{n}" for n in range(1, 11))
    yield from (f"I{n}" for n in range(1, 17))


def cases_of(path):
    """Names of the test cases in a file; for other languages any text of it counts."""
    text = (ROOT / path).read_text(encoding="utf-8")
    if not path.endswith(".cpp"):
        return None, text
    names = re.findall(r'(?:TEST_CASE|SUBCASE)\w*\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)', text)
    return {"".join(re.findall(r'"((?:[^"\\]|\\.)*)"', name)) for name in names}, text


def ctest_names(build):
    out = subprocess.run(["ctest", "--test-dir", str(build), "--show-only=json-v1"], capture_output=True, text=True).stdout
    return {test["name"] for test in json.loads(out)["tests"]} if out.startswith("{") else set()


def check_requirements(build):
    """id,kind,reference,note: kind is test (file::case), ctest (name of a test), later (issue topic) or gap (reason)."""
    name = "tests/requirements.csv"
    rows = {}
    ctests = ctest_names(build)
    with open(ROOT / name, encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            rows.setdefault(row["id"], []).append(row)
            reference = row["reference"]
            if row["kind"] == "test":
                path, _, case = reference.partition("::")
                if not (ROOT / path).is_file():
                    report(name, number, f"{row['id']}: no file {path}")
                    continue
                cases, text = cases_of(path)
                if not case or (case not in cases if cases is not None else case not in text):
                    report(name, number, f"{row['id']}: no case “{case}” in {path}")
            elif row["kind"] == "ctest":
                if reference not in ctests:
                    report(name, number, f"{row['id']}: ctest knows no test {reference}")
            elif row["kind"] not in ("later", "gap"):
                report(name, number, f"{row['id']}: unknown kind {row['kind']}")
            elif not reference:
                report(name, number, f"{row['id']}: say the topic or the reason")
    for required in required_ids():
        if required not in rows:
            report(name, 1, f"{required} is not mapped")


def main():
    global ROOT
    parser = argparse.ArgumentParser()
    parser.add_argument("check")
    parser.add_argument("--build", type=pathlib.Path)
    parser.add_argument("--root", type=pathlib.Path, default=ROOT)
    options = parser.parse_args()
    ROOT = options.root.resolve()
    function = globals().get(f"check_{options.check}")
    if function is None:
        sys.exit(f"no check named {options.check}")
    if options.check in ("dead", "product", "requirements"):
        function(options.build or ROOT / "build/dev")
    else:
        function()
    print("\n".join(problems[:200]))
    print(f"tidy {options.check}: {len(problems)} violations")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
