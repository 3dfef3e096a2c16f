# SPDX-License-Identifier: EUPL-1.2
"""What the demo leaves behind: report.html for people and summary.json for machines. Every number is handed in; none is made here."""
import html
import json
import pathlib

STYLE = """
:root{--page:#f3f5f7;--surface:#fff;--ink:#14212b;--soft:#3f4d59;--line:#c9d2da;--accent:#0b4f5c;--ok:#145c2e;--bad:#8a1c1c}
*{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--ink);font:17px/1.5 "Noto Sans",system-ui,sans-serif}
header,main{max-width:1180px;margin:0 auto;padding:24px}h1{font-size:34px;line-height:1.2;margin:24px 0 8px}
header{padding-bottom:0}h2{font-size:24px;margin:40px 0 12px}p{max-width:70ch}.soft{color:var(--soft)}
.verdict{display:inline-block;padding:6px 16px;border-radius:999px;border:2px solid;font-weight:700;background:var(--surface)}
.yes{color:var(--ok)}.no{color:var(--bad)}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(170px,1fr));gap:16px;margin:20px 0;padding:0;list-style:none}
.facts li{background:var(--surface);border:1px solid var(--line);border-radius:12px;padding:14px 18px}
.facts b{display:block;font-size:26px;line-height:1.2;overflow-wrap:anywhere}.facts span{color:var(--soft);font-size:15px;overflow-wrap:anywhere}
.pair{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,2fr);gap:24px;align-items:start;background:var(--surface);
border:1px solid var(--line);border-radius:16px;padding:24px;margin:16px 0}.pair h3{margin:0;grid-column:1/-1}
figure{margin:0}figcaption{color:var(--soft);margin-top:8px}img{width:100%;height:auto;border:1px solid var(--line);border-radius:8px;display:block}
.step{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,2fr);gap:24px;background:var(--surface);border:1px solid var(--line);
border-radius:16px;padding:24px;margin:16px 0}.step h3{margin:0}.pictures{display:flex;flex-wrap:wrap;gap:16px}
.pictures figure{flex:0 1 168px}.pictures figure.wide{flex-basis:100%}pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--page);padding:12px;border-radius:8px}
@media(max-width:760px){.pair,.step{grid-template-columns:1fr}}
"""


class Report:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.steps = []
        self.pairs = []
        self.summary = {}

    def step(self, name, proves, ok, milliseconds, pictures, failure=""):
        self.steps.append({"name": name, "proves": proves, "ok": ok, "ms": milliseconds, "pictures": pictures,
                           "failure": failure})

    def pair(self, title, citizen, worker):
        """The citizen's screen beside the case worker's page."""
        self.pairs.append((title, citizen, worker))

    def write(self, summary):
        self.summary = summary
        full = {"ok": summary["ok"], "steps": [{key: step[key] for key in ("name", "ok", "ms")} for step in self.steps]}
        full.update({key: value for key, value in summary.items() if key != "ok"})
        (self.folder / "summary.json").write_text(json.dumps(full, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        (self.folder / "report.html").write_text(self._page(), encoding="utf-8")

    def _page(self):
        ok = self.summary["ok"]
        parts = ["<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>",
                 f"<title>Freigabe: one citizen day</title><style>{STYLE}</style><header><h1>One citizen day</h1>",
                 f"<p><span class='verdict {'yes' if ok else 'no'}'>{'✓ every step as it must be' if ok else '✗ a step went wrong'}</span>",
                 "<p class=soft>Walked by a program through the product’s own programs: real pcscd, a card that speaks TR-03110, "
                 "the real window (pressed through XTEST), the journal, mutual TLS, the backend, the case worker’s page in Chromium. "
                 "Every number below was read from the running programs.</header><main>", self._facts()]
        for title, citizen, worker in self.pairs:
            parts.append(f"<section class=pair><h3>{html.escape(title)}</h3>{self._figure(citizen, 'The citizen at the terminal')}"
                         f"{self._figure(worker, 'The case worker at the office')}</section>")
        parts.append("<h2>The day, step by step</h2>")
        start = 0
        for number, step in enumerate(self.steps, 1):
            parts.append(self._step(number, step, start))
            start += step["ms"]
        return "".join(parts) + "</main></html>\n"

    def _facts(self):
        protocol, _, cipher = str(self.summary.get("tls")).partition(" ")
        names = {"apdus": "APDUs answered by the card", "tls": f"both sides with certificates, {cipher}", "journal_rows": "records in the journal",
                 "receipts_verified": "receipts verified by the terminal", "alive_grants_before_revoke": "grants alive before taking back",
                 "alive_grants_after_revoke": "grants alive after taking back"}
        shown = {**self.summary, "tls": protocol.replace("TLSv", "TLS ")}
        rows = "".join(f"<li><b>{html.escape(str(shown.get(key)))}</b><span>{html.escape(text)}</span></li>" for key, text in names.items())
        return f"<ul class=facts>{rows}</ul>"

    def _figure(self, picture, caption, wide=False):
        return (f"<figure{' class=wide' if wide else ''}><a href='{html.escape(picture)}'><img src='{html.escape(picture)}' alt='{html.escape(caption)}'"
                f" loading=lazy></a><figcaption>{html.escape(caption)}</figcaption></figure>")

    def _step(self, number, step, start):
        mark = "<span class='verdict yes'>✓</span>" if step["ok"] else "<span class='verdict no'>✗</span>"
        pictures = "".join(self._figure(name, name.removesuffix(".png"), wide=name.startswith("agency")) for name in step["pictures"])
        failure = f"<pre>{html.escape(step['failure'])}</pre>" if step["failure"] else ""
        return (f"<section class=step><div><h3>{number}. {html.escape(step['name'])}</h3><p>{html.escape(step['proves'])}</p>"
                f"<p class=soft>from {start / 1000:.1f} s, took {step['ms'] / 1000:.1f} s {mark}</p>{failure}</div>"
                f"<div class=pictures>{pictures}</div></section>")
