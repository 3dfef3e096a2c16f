#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Canaries for tidy.py: each rule is shown a clean little project, which it must accept, and one with a planted violation, which
it must name. A rule that finds nothing anywhere is no rule.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

TIDY = pathlib.Path(__file__).resolve().parent / "tidy.py"
SPDX = "SPDX-License-Identifier: EUPL-1.2"
IDS = ([f"LR-{n:02}" for first, last in ((1, 24), (30, 38), (40, 48), (50, 62), (70, 85)) for n in range(first, last + 1)]
       + [f"AC-{n:02}" for n in range(1, 21)] + [f"J{n}" for n in range(1, 11)] + [f"I{n}" for n in range(1, 17)])
PO = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "a.title"\nmsgstr "x"\n'


def rows(changed=None):
    table = {name: f"{name},later,topic,note" for name in IDS}
    table.update(changed or {})
    return "id,kind,reference,note\n" + "\n".join(table.values()) + "\n"


def project():
    """Files of a project without a fault."""
    files = {f"{folder}/README.md": "# words\n" for folder in ("drivers", "sync", "kiosk", "assets", "tests", "image")}
    files.update({
        "README.md": "# x\n", "CHANGELOG.md": "# x\n", "LICENSE": "x\n",
        ".ci/run": f"#!/bin/sh\n# {SPDX}\n", "run": f"#!/bin/sh\n# {SPDX}\nexec tests/start.sh\n",
        "tests/start.sh": f"#!/bin/sh\n# {SPDX}\n", "CMakeLists.txt": f"# {SPDX}\n",
        "sync/model/a.hpp": f"// {SPDX}\n#pragma once\n", "drivers/base/b.hpp": f"// {SPDX}\n#pragma once\n",
        "sync/model/a.cpp": f'// {SPDX}\n#include "sync/model/a.hpp"\n\n#include "drivers/base/b.hpp"\n',
        "tests/a_test.cpp": f'// {SPDX}\nTEST_CASE(\n    "a: is "\n    "whole") {{}}\n',
        "assets/locales/de.po": f"# {SPDX}\n{PO}", "assets/locales/en.po": f"# {SPDX}\n{PO}",
        "tests/requirements.csv": rows({"I1": 'I1,test,"tests/a_test.cpp::a: is whole",x', "I2": "I2,ctest,t,x"}),
        "tests/screens/golden/a.png": "x"})
    return files


def function_of(lines):
    return f"// {SPDX}\nint f() {{\n" + "    g();\n" * lines + "}\n"


# check, what is planted, words that the finding must have.
PLANTED = [
    ("layering", {"sync/model/a.cpp": f'// {SPDX}\n#include "kiosk/core/step.hpp"\n'}, "sync/model may not include kiosk/core"),
    ("layering", {"kiosk/core/a.cpp": f"// {SPDX}\n#include <imgui.h>\n"}, "<imgui.h> belongs only in"),
    ("layering", {"kiosk/view/a.cpp": f"// {SPDX}\n#include <mbedtls/ecp.h>\n"}, "<mbedtls/ecp.h> belongs only in"),
    ("layering", {"kiosk/view/a.cpp": f"// {SPDX}\n#include <p11-kit/pkcs11.h>\n"}, "<p11-kit/pkcs11.h> belongs only in"),
    ("layering", {"sync/model/a.cpp": f'// {SPDX}\n#include "tests/fakes/clock.hpp"\n'}, "may not include tests/fakes"),
    ("lengths", {"sync/model/a.cpp": f"// {SPDX}\n" + "int a;\n" * 400}, "file has 401 lines"),
    ("lengths", {"sync/model/a.cpp": function_of(69)}, "function has 71 lines"),
    ("lengths", {"sync/model/a.cpp": f"// {SPDX}\n// " + "x" * 98 + "\n"}, "line has 101 columns"),
    ("spdx", {"sync/model/a.cpp": "int a;\n"}, "no SPDX-License-Identifier"),
    ("spdx", {"tests/start.sh": "#!/bin/sh\n"}, "no SPDX-License-Identifier"),
    ("spdx", {"CMakeLists.txt": "project(x)\n"}, "no # SPDX-License-Identifier"),
    ("words", {"sync/model/a.cpp": "// TO" + "DO later\n"}, "finish it"),
    ("words", {"sync/model/a.cpp": "// a st" + "ub\n"}, "finish it"),
    ("words", {"README.md": "see /wor" + "k/x\n"}, "belongs to one workplace"),
    ("headers", {"sync/model/lone.hpp": f"// {SPDX}\n#pragma once\nstd::string text();\n"}, "does not compile alone"),
    ("format", {"sync/model/a.cpp": f"// {SPDX}\nint   a ;\n"}, "not formatted"),
    ("readmes", {"sync/README.md": None}, "every top-level folder has a README"),
    ("readmes", {"sync/README.md": "x\n" * 41}, "more than 40 lines"),
    ("readmes", {"LICENSE": None}, "missing"),
    ("goldens", {"tests/screens/golden/a.png": "x" * ((15 << 20) + 1)}, "bytes of pictures"),
    ("locales", {"assets/locales/en.po": f"# {SPDX}\n" + PO.replace('"x"', '""')}, "incomplete or malformed"),
    ("locales", {"assets/locales/de.po": f'# {SPDX}\n{PO}\nmsgid "b"\nmsgstr "x"\n'}, "text “b” is missing"),
    ("locales", {"assets/locales/en.po": f'# {SPDX}\n{PO}\nmsgid "c"\nmsgstr "x"\n'}, "text “c” is not in de.po"),
    ("dead", {"sync/model/new.cpp": f"// {SPDX}\n"}, "no CMakeLists.txt names it"),
    ("dead", {"sync/model/new.hpp": f"// {SPDX}\n"}, "nothing includes this header"),
    ("dead", {"tests/new.sh": f"# {SPDX}\n"}, "nothing starts this script"),
    ("requirements", {"tests/requirements.csv": rows().replace("LR-05,later,topic,note\n", "")}, "LR-05 is not mapped"),
    ("requirements", {"tests/requirements.csv": rows({"I3": "I3,test,tests/a_test.cpp::b: is not there,x"})}, "no case “b"),
    ("requirements", {"tests/requirements.csv": rows({"I3": "I3,test,tests/b_test.cpp::a,x"})}, "no file tests/b_test.cpp"),
    ("requirements", {"tests/requirements.csv": rows({"I3": "I3,test,tests/a_test.cpp::a: is ,x"})}, "no case “a: is ”"),
    ("requirements", {"tests/requirements.csv": rows({"I3": "I3,ctest,u,x"})}, "ctest knows no test u"),
    ("requirements", {"tests/requirements.csv": rows({"I3": "I3,gap,,x"})}, "say the topic or the reason"),
]


def write(root, files):
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            path.unlink()
        else:
            path.write_text(content, encoding="utf-8")


def build_folder(root):
    """What CMake would leave: the list of compiled files, a test named t, and four programs."""
    build = root / "build"
    build.mkdir()
    (root / ".gitignore").write_text("build/\n")
    compiled = [str(root / name) for name in ("sync/model/a.cpp", "tests/a_test.cpp")]
    (build / "compile_commands.json").write_text(json.dumps([{"file": name} for name in compiled]))
    (build / "CTestTestfile.cmake").write_text('add_test(t "true")\n')
    return build


def programs(build, code, *flags):
    (build / "bin").mkdir(exist_ok=True)
    for name in ("freigabe-kiosk", "freigabe-syncd", "freigabe-backend", "freigabectl"):
        subprocess.run(["g++", "-x", "c++", "-", "-o", str(build / "bin" / name), *flags], input=code, text=True, check=True)


def tidy(check, root, build):
    run = subprocess.run([sys.executable, str(TIDY), check, "--root", str(root), "--build", str(build)], capture_output=True,
                         text=True)
    return run.returncode, run.stdout + run.stderr


def expect(condition, text, output):
    if not condition:
        sys.exit(f"{text}:\n{output}")


def try_rule(check, planted, words):
    with tempfile.TemporaryDirectory(prefix="freigabe-tidy-") as folder:
        root = pathlib.Path(folder).resolve()
        subprocess.run(["git", "init", "-q", folder], check=True)
        subprocess.run(["cp", str(TIDY.parents[2] / ".clang-format"), folder], check=True)
        write(root, project())
        build = build_folder(root)
        code, output = tidy(check, root, build)
        expect(code == 0, f"{check} refuses a clean project", output)
        write(root, planted)
        code, output = tidy(check, root, build)
        expect(code == 1 and words in output, f"{check} does not find “{words}”", output)


def try_product():
    with tempfile.TemporaryDirectory(prefix="freigabe-tidy-") as folder:
        build = pathlib.Path(folder)
        clean = "namespace ctl { int card() { return 0; } }\nint main() { return ctl::card(); }\n"
        programs(build, clean)
        code, output = tidy("product", TIDY.parents[2], build)
        expect(code == 0, "product refuses clean programs", output)
        programs(build, clean, "-s")
        code, output = tidy("product", TIDY.parents[2], build)
        expect(code == 1 and "has no symbols" in output, "product does not notice stripped programs", output)
        for space in ("fakes", "card", "doctest"):
            programs(build, f"namespace {space} {{ int clock() {{ return 0; }} }}\nint main() {{ return {space}::clock(); }}\n")
            code, output = tidy("product", TIDY.parents[2], build)
            expect(code == 1 and f"links test code: {space}::" in output, f"product does not find {space}", output)


def main():
    for check, planted, words in PLANTED:
        try_rule(check, planted, words)
    try_product()
    named = {line.split("check_")[1].split("(")[0] for line in TIDY.read_text(encoding="utf-8").splitlines()
             if line.startswith("def check_")} - {"function_lengths"}
    tried = {check for check, _, _ in PLANTED} | {"product"}
    expect(named == tried, "rules without a planted violation", " ".join(sorted(named - tried)))
    print(f"tidy: {len(PLANTED) + 4} planted violations of {len(tried)} rules found")


main()
