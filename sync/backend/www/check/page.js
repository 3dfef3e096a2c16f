// SPDX-License-Identifier: EUPL-1.2
// The page itself: takes a code from the address or from the field, and shows the verdict in the chosen language. What is
// on the screen is all that it keeps; every text is set as text, so nothing in a code can become markup.
"use strict";

// Verdict -> icon, colour, whether what the slip says is shown, whether taking back is explained.
const LOOKS = {
  good: { icon: "check", colour: "ok", facts: true, back: true },
  old: { icon: "duration", colour: "accent", facts: true, back: true },
  forged: { icon: "cross", colour: "danger" },
  late: { icon: "cross", colour: "danger", facts: true },
  unknown: { icon: "help", colour: "warn" },
  nothing: { icon: "receipt", colour: "quiet" },
  long: { icon: "receipt", colour: "quiet" },
  secret: { icon: "lock", colour: "warn", back: true },
  blind: { icon: "warning", colour: "warn" },
};
const KEYS = JSON.parse(document.getElementById("keys").textContent);
const byId = (id) => document.getElementById(id);

let language = "de";
let verdict = { state: "empty" };
let turn = 0; // the answer to an older question must not replace a newer one

function element(tag, options = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (name === "text") node.textContent = value;
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const use = document.createElementNS(space, "use");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", "#i-" + name);
  svg.append(use);
  return svg;
}

function dayText(text) {
  // Gregorian days and Latin digits in every language: as they are printed on the slip.
  const locale = { de: "de-DE", en: "en-GB", ar: "ar-u-ca-gregory-nu-latn" }[language];
  return new Date(text + "T12:00:00Z").toLocaleDateString(locale,
    { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
}

function row(label, value) {
  return [element("dt", { text: label }), element("dd", {}, element("bdi", { text: value }))];
}

function draw() {
  const words = TEXTS[language];
  const { state, slip } = verdict;
  const look = LOOKS[state] || {};
  document.documentElement.lang = language;
  document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
  document.title = words.title + " · Freigabe";
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = words[node.dataset.text];
  for (const node of document.querySelectorAll("[data-list]")) {
    node.replaceChildren(...words[node.dataset.list].map((text) => element("li", { text })));
  }
  byId("languages").setAttribute("aria-label", words.languages);
  for (const button of byId("languages").children) button.setAttribute("aria-pressed", button.lang === language);
  byId("as-of").textContent = words.as_of.replace("{day}", dayText(KEYS.as_of));

  byId("verdict").replaceChildren(...(LOOKS[state] ? [element("div", { class: "verdict " + look.colour },
    element("span", { class: "badge" }, icon(look.icon)),
    element("div", {}, element("h2", { text: words.verdicts[state][0] }),
      ...words.verdicts[state].slice(1).map((text) => element("p", { text }))))] : []));

  byId("facts").hidden = byId("silent").hidden = !look.facts;
  byId("back").hidden = !look.back;
  byId("more").hidden = !slip;
  byId("facts").replaceChildren();
  byId("more-list").replaceChildren();
  if (slip) {
    if (look.facts) byId("facts").append(...row(words.date, dayText(slip.date)), ...row(words.terminal, slip.terminal));
    byId("unproven").hidden = Boolean(look.facts);
    byId("more-list").append(...row(words.date, slip.date), ...row(words.terminal, slip.terminal),
      ...row(words.number, slip.id));
  }
  document.documentElement.dataset.state = state;
}

function show(next) {
  verdict = next;
  turn += 1;
  draw();
}

// Nothing with a secret is looked at any further: it leaves the address and the field, and the person is told.
function putAway() {
  if (location.hash !== "") history.replaceState(null, "", location.pathname + location.search);
  byId("code").value = "";
  show({ state: "secret" });
}

async function check(text) {
  if (holdsSecret(text)) return putAway();
  const own = ++turn;
  let next = { state: "blind" };
  try {
    if (window.isSecureContext && crypto.subtle) next = await checkCode(codeOf(text), KEYS.keys);
  } catch {
    // No verdict is better than a guessed one: "blind" stays.
  }
  if (own === turn) show(next);
}

// The address says "#main" after the link that skips to the content; that is no code.
const fragment = () => (location.hash === "#main" ? "" : location.hash.slice(1));

byId("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  // A secret was just taken out of the field: the warning stays until there is something else to check.
  if (verdict.state === "secret" && byId("code").value === "") return byId("code").focus();
  await check(byId("code").value);
  return byId("verdict").scrollIntoView({ block: "nearest" });
});
byId("code").addEventListener("input", () => holdsSecret(byId("code").value) && putAway());
byId("skip").addEventListener("click", (event) => {
  event.preventDefault();
  byId("main").focus();
});
for (const button of byId("languages").children) {
  button.addEventListener("click", () => {
    language = button.lang;
    draw();
  });
}
window.addEventListener("hashchange", () => fragment() !== "" && check(fragment()));

language = [...navigator.languages].map((each) => each.slice(0, 2).toLowerCase()).find((each) => TEXTS[each]) || "de";
draw();
check(fragment()).then(() => { document.documentElement.dataset.loaded = "yes"; });
