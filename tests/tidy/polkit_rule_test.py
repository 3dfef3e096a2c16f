#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""image/polkit: the rule lets one user do two things and says nothing about anybody else.

Read as text on every machine; where node is installed, the rule also runs before a polkit of five lines.
usage: polkit_rule_test.py
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys

RULE = pathlib.Path(__file__).resolve().parents[2] / "image/polkit/50-freigabe-pcscd.rules"
USER = "freigabe-kiosk"
ACTIONS = ["org.debian.pcsc-lite.access_pcsc", "org.debian.pcsc-lite.access_card"]
# What may not be in a file that polkit's engine (ECMAScript 5) reads: one such word and the whole file is passed over.
TOO_NEW = r"=>|`|\b(const|let|class|async|await|import)\b|\.includes\("
ASK = """
let rule = null;
const polkit = { Result: { YES: "yes", NOT_HANDLED: null }, addRule: (f) => { rule = f; } };
new Function("polkit", "'use strict';" + require("fs").readFileSync(process.argv[1], "utf8"))(polkit);
const asked = JSON.parse(process.argv[2]);
console.log(JSON.stringify(asked.map(([user, id]) => rule({ id: id }, { user: user }))));
"""


def expect(condition, text):
    if not condition:
        sys.exit(f"{RULE.name}: {text}")


def check_text(text):
    code = re.sub(r"//[^\n]*", "", text)
    bare = re.sub(r'"[^"\n]*"', '""', code)
    for opening, closing in ("()", "{}", "[]"):
        expect(bare.count(opening) == bare.count(closing), f"{opening} without {closing}")
    expect(bare.count('"') % 2 == 0, "a text without its end")
    expect(not re.search(TOO_NEW, bare), "newer than ECMAScript 5")
    expect(code.count("polkit.addRule(function") == 1, "not exactly one rule")
    expect(sorted(re.findall(r'"([\w.-]+)"', code)) == sorted(ACTIONS + [USER]), "other names than the two actions and the user")
    expect(bare.count("polkit.Result.YES") == 1, "more than one way to yes")
    expect(f'if (subject.user === "{USER}" &&' in code, "yes does not depend on the user")
    expect(re.search(r"return polkit\.Result\.NOT_HANDLED;\s*\}\);\s*$", code), "does not leave the rest to other rules")


def check_by_running(node):
    asked = [(user, action) for user in (USER, "root", "nobody", "") for action in ACTIONS + [ACTIONS[0] + "x", "org.freedesktop.login1.reboot"]]
    run = subprocess.run([node, "-e", ASK, str(RULE), json.dumps(asked)], capture_output=True, text=True)
    expect(run.returncode == 0, f"does not run: {run.stderr}")
    for (user, action), answer in zip(asked, json.loads(run.stdout), strict=True):
        wanted = "yes" if user == USER and action in ACTIONS else None
        expect(answer == wanted, f"{user or 'nobody'} asks for {action} and hears {answer}")
    return len(asked)


check_text(RULE.read_text(encoding="utf-8"))
program = shutil.which("node") or shutil.which("nodejs")
print("polkit rule: read" + (f", {check_by_running(program)} questions asked" if program else "; node is not here, so it was not run"))
