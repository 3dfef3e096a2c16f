# SPDX-License-Identifier: EUPL-1.2
"""What an attack run leaves behind: attack.html for people, attack.json for machines. Every word of it is handed in."""
import html
import json

from report import STYLE

MORE = """.row{background:var(--surface);border:1px solid var(--line);border-radius:16px;padding:24px;margin:16px 0}
.row h3{margin:0 0 8px}dl{display:grid;grid-template-columns:minmax(120px,1fr) 4fr;gap:8px 24px;margin:0}dt{color:var(--soft)}
dd{margin:0}table{border-collapse:collapse;font-size:15px}td{border-top:1px solid var(--line);padding:4px 16px 4px 0;vertical-align:top;
overflow-wrap:anywhere}@media(max-width:760px){dl{grid-template-columns:1fr}}"""


def _told(value):
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_told(each)}" for name, each in value.items()) or "nothing"
    if isinstance(value, list):
        return ", ".join(_told(each) for each in value) or "nothing"
    return str(value)


def _row(row):
    held = not row["wrong"] and not row["blind"]
    mark = f"<span class='verdict {'yes' if held else 'no'}'>{'✓ held' if held else '✗ broken'}</span>"
    seen = "".join(f"<tr><td>{html.escape(name.replace('_', ' '))}<td>{html.escape(_told(value))}" for name, value in row["seen"].items())
    wrong = "".join(f"<dt>Wrong<dd class=no>{html.escape(text)}" for text in row["wrong"])
    wrong += "".join(f"<dt>Judge is blind<dd class=no>{html.escape(text)}" for text in row["blind"])
    return (f"<section class=row><h3>{row['number']}. {html.escape(row['title'])}</h3><dl><dt>Expected<dd>{html.escape(row['expected'])}"
            f"<dt>Seen<dd><table>{seen}</table>{wrong}<dt>Canaries<dd>{row['canaries']} weakened versions of this, "
            f"{row['canaries'] - len(row['blind'])} called broken<dt>Verdict<dd>{mark} "
            f"<span class=soft>{row['ms'] / 1000:.1f} s</span></dl></section>")


def write(folder, rows, ok):
    held = sum(not row["wrong"] and not row["blind"] for row in rows)
    (folder / "attack.json").write_text(json.dumps({"ok": ok, "held": held, "attacks": rows}, ensure_ascii=False, indent=1) + "\n",
                                        encoding="utf-8")
    body = "".join(_row(row) for row in rows)
    (folder / "attack.html").write_text(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>Freigabe: attacks</title><style>{STYLE}{MORE}</style><header><h1>Attacks on the running demo</h1>"
        f"<p><span class='verdict {'yes' if ok else 'no'}'>{'✓' if ok else '✗'} {held} of {len(rows)} held off</span>"
        "<p class=soft>Real pcscd, a card that speaks TR-03110, the kiosk’s window, syncd, backend over mutual TLS. Each row says what was "
        "expected and what was seen; its canaries are what a product without that guard would have shown, put before the same judge."
        f"</header><main>{body}</main></html>\n", encoding="utf-8")
