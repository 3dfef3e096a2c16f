// SPDX-License-Identifier: EUPL-1.2
// The case worker's page: asks /v1/inbox, draws it, sends what was decided. No state of its own but what is on the screen;
// every text from the server is set with textContent, so nothing in a declaration can become markup.
"use strict";

const byId = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";
const REFRESH_MS = 15000;

// State of a declaration -> icon, colour and word. "Zurückgenommen" is said plainly, never hidden.
const STATES = {
  usable: ["check", "ok", "Darf genutzt werden"],
  not_yet: ["expired", "quiet", "Gilt noch nicht"],
  withdrawn: ["withdrawn", "danger", "Zurückgenommen"],
  suspended: ["suspended", "warn", "Ruht bis zur Klärung"],
  expired: ["expired", "quiet", "Abgelaufen"],
  objection: ["objection", "danger", "Widerspruch gilt"],
  objection_ended: ["check", "quiet", "Widerspruch beendet"],
  provisional: ["warning", "danger", "Rücknahme ohne Nachweis"],
  access_request: ["received", "warn", "Auskunft verlangt"],
  invalid: ["warning", "danger", "Nicht verwendbar"],
};
const DONE = {
  applied: ["applied", "ok", "Umgesetzt"],
  acknowledged: ["received", "accent", "Bestätigt"],
  withheld_by_source: ["objection", "quiet", "Nicht weitergegeben"],
  not_usable: ["warning", "warn", "Nicht verwendbar"],
};

function element(tag, options = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(options)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "text") node.textContent = value;
    else if (key === "class") node.className = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", "#i-" + name);
  svg.append(use);
  return svg;
}

const pill = (name, colour, text) =>
  element("span", { class: "pill " + colour }, icon(name), element("span", { text }));

function day(text, style = "long") {
  const parts = /^(\d{4})-(\d{2})-(\d{2})/.exec(text || "");
  if (!parts) return text || "";
  const date = new Date(Date.UTC(+parts[1], +parts[2] - 1, +parts[3], 12));
  const month = style === "long" ? "long" : "2-digit";
  const digits = style === "long" ? "numeric" : "2-digit";
  return date.toLocaleDateString("de-DE", { day: digits, month, year: "numeric", timeZone: "UTC" });
}

function moment(text) {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return "";
  const clock = date.toLocaleTimeString("de-DE", { hour: "2-digit", minute: "2-digit" });
  const same = date.toDateString() === new Date().toDateString();
  const when = date.toLocaleDateString("de-DE", { day: "numeric", month: "long" });
  return (same ? "heute" : "am " + when) + ", " + clock + " Uhr";
}

// A birth date as on the card: unknown parts stay unknown.
function birth(text) {
  if (!text) return "Geburtsdatum unbekannt";
  const known = /^\d{4}-\d{2}-\d{2}$/.test(text);
  return "geboren " + (known ? day(text, "short") : text.slice(0, 4).trim());
}

async function call(method, path, body) {
  const options = { method, cache: "no-store", headers: { Accept: "application/json" } };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const response = await fetch(path, options);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    const error = new Error(answer.title || "Fehler " + response.status);
    error.type = answer.type || "";
    throw error;
  }
  return answer;
}

const REASONS = {
  "urn:freigabe:problem:already-assigned": "Diese Person ist schon einer anderen Akte zugeordnet.",
  "urn:freigabe:problem:file-number-bad": "Dieses Aktenzeichen passt nicht. Erlaubt sind 1 bis 64 Zeichen, mit Umlauten etwas weniger.",
};
function say(text, bad = false) {
  const message = byId("message");
  message.classList.toggle("bad", bad);
  message.replaceChildren(...(text ? [icon(bad ? "warning" : "check"), element("span", { text })] : []));
}
const fail = (error) =>
  say(REASONS[error.type] || "Das hat nicht geklappt. Es wurde nichts geändert. Bitte noch einmal versuchen.", true);

function personCell(item) {
  const cell = element("td");
  if (item.person) {
    cell.append(element("b", { text: [item.person.family_name, item.person.given_names].filter(Boolean).join(", ") }),
      element("small", { text: birth(item.person.birth_date) }));
  } else {
    cell.append(element("b", { text: "Name nicht lesbar" }));
  }
  if (item.ambiguous) cell.append(element("small", { text: "Kennung " + item.handle }));
  return cell;
}

function whatCell(item) {
  const cell = element("td", {}, element("b", { text: item.entry.title || "Alle Freigaben" }));
  const from = item.sources.map((source) => source.name).join(", ");
  if (from) cell.append(element("small", { text: "von " + from }));
  // One recipient may be gone while another one stays: then each bears its own word.
  const mixed = new Set(item.recipients.map((recipient) => recipient.state)).size > 1;
  const words = { withdrawn: " (zurückgenommen)", suspended: " (ruht)" };
  const to = item.recipients.map((recipient) => recipient.name + (mixed ? words[recipient.state] || "" : "")).join(", ");
  if (to) {
    cell.append(element("small", { class: "way" }, icon("next"), element("span", { class: "hidden", text: "an " }),
      element("span", { text: to })));
  }
  return cell;
}

const isUnfounded = (item) =>
  item.state === "provisional" && item.status !== null && item.status.state === "not_usable";

function stateCell(item) {
  const [name, colour, word] = item.overdue ? ["warning", "danger", "Auskunft überfällig"] : STATES[item.state] || STATES.invalid;
  const cell = element("td", {}, pill(name, colour, word));
  let line = "Angekommen " + moment(item.received_at);
  if (item.state === "usable") line = "bis " + day(item.usable_until);
  if (item.state === "expired") line = "am " + day(item.usable_until);
  if (item.state === "not_yet") line = "erst ab " + day(item.from);
  if (item.state === "provisional") line = moment(item.received_at) + (isUnfounded(item) ? "." : ". Bis zur Klärung nichts nutzen.");
  if (item.state === "access_request") line = (item.overdue ? "Frist war der " : "Antwort bis ") + day(item.answer_by);
  if (item.state === "suspended") line = "Bis zur Klärung nicht nutzen.";
  if (item.withdrawn_at && ["withdrawn", "suspended", "objection_ended"].includes(item.state)) {
    line = moment(item.withdrawn_at) + ". Nicht mehr nutzen.";
  }
  cell.append(element("small", { text: line }));
  return cell;
}

const nameOf = (item) =>
  item.person ? [item.person.given_names, item.person.family_name].filter(Boolean).join(" ") : item.declaration;

function assignForm(item) {
  const who = nameOf(item);
  const id = "file-" + item.declaration;
  const input = element("input", { id, autocomplete: "off", required: true, maxlength: "64", placeholder: "Aktenzeichen" });
  const form = element("form", { "data-assign": item.declaration },
    element("label", { class: "hidden", for: id, text: "Aktenzeichen für " + who }), input,
    element("button", { type: "submit", text: "Zuordnen" }));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const path = "/v1/inbox/" + encodeURIComponent(item.declaration) + "/assignment";
      await call("POST", path, { file_number: input.value.trim() });
      await load();
      say(who + " ist jetzt der Akte " + input.value.trim() + " zugeordnet.");
      byId("inbox").focus();
    } catch (error) { fail(error); }
  });
  return form;
}

// A button that says what was done about a declaration.
function settleButton(item, state, text, told) {
  const button = element("button", { type: "button", class: "plain", text });
  if (state === "applied") button.dataset.applied = item.declaration;
  const whose = item.file_number ? "Akte " + item.file_number : nameOf(item);
  button.setAttribute("aria-label", text + ": " + item.entry.title + ", " + whose);
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await call("POST", "/v1/declarations/" + encodeURIComponent(item.declaration) + "/applied", { state });
      await load();
      say(told);
      byId("inbox").focus();
    } catch (error) { button.disabled = false; fail(error); }
  });
  return button;
}

// A note without proof belongs to no file: somebody finds out whether it is meant, and says so.
function noteActs(item) {
  return [settleButton(item, "acknowledged", "Wird geklärt", "Als in Klärung gemeldet. Die Freigaben ruhen weiter."),
    settleButton(item, "not_usable", "Unbegründet", "Als unbegründet vermerkt. Die Freigaben gelten wieder.")];
}

function actCell(item) {
  const done = item.status && DONE[item.status.state];
  if (item.state === "provisional") {
    const box = element("div", { class: "acts" });
    if (isUnfounded(item)) box.append(pill("check", "quiet", "Unbegründet"));
    else if (done) box.append(pill("received", "accent", "Wird geklärt"));
    const open = noteActs(item);
    if (!done) box.append(...open);
    else if (item.status.state === "acknowledged") box.append(open[1]);
    return element("td", {}, box);
  }
  if (!item.file_number) return element("td", {}, assignForm(item));
  const box = element("div", { class: "acts" }, element("span", { class: "file", text: item.file_number }));
  const asks = item.state === "access_request";
  if (done) box.append(asks && item.status.state === "applied" ? pill("applied", "ok", "Beantwortet") : pill(...done));
  else if (asks) box.append(settleButton(item, "applied", "Beantwortet", "Als beantwortet gemeldet. Die Person sieht das beim nächsten Mal am Terminal."));
  else box.append(settleButton(item, "applied", "Umgesetzt", "Als umgesetzt gemeldet. Die Person sieht das beim nächsten Mal am Terminal."));
  // A source may keep back what was entrusted to it, or what would endanger its help, despite the consent.
  if (!done && item.state === "usable" && item.role !== "recipient") {
    box.append(settleButton(item, "withheld_by_source", "Nicht weitergeben",
      "Als nicht weitergegeben gemeldet. Die Person sieht das beim nächsten Mal am Terminal."));
  }
  return element("td", {}, box);
}

function row(item) {
  const kind = item.alarm || item.overdue ? "alarm" : item.ambiguous && !item.file_number ? "twin" : "";
  return element("tr", { class: kind, "data-declaration": item.declaration, "data-state": item.state },
    personCell(item), whatCell(item), stateCell(item), actCell(item));
}

// Twins stand directly below each other, under one sentence that says what to do.
function rows(items) {
  const out = [];
  const twins = new Set();
  for (const item of items) {
    if (!item.twin) { out.push(row(item)); continue; }
    if (twins.has(item.twin)) continue;
    twins.add(item.twin);
    const note = element("span", {}, icon("warning"), element("span", {
      text: "Gleicher Name und gleiches Geburtsdatum, aber verschiedene Karten. Bitte beide prüfen." }));
    out.push(element("tr", { class: "note" }, element("td", { colspan: "4" }, note)));
    out.push(...items.filter((other) => other.twin === item.twin).map(row));
  }
  return out;
}

function section(title, items, empty) {
  const head = element("tr", {}, ...[["c-person", "Person"], ["c-what", "Freigabe"], ["c-state", "Stand"], ["c-act", "Akte"]]
    .map(([name, text]) => element("th", { class: name, scope: "col", text })));
  const box = element("div", { class: "card table" });
  if (items.length === 0) box.append(element("p", { class: "empty" }, icon("check"), element("span", { text: empty })));
  else box.append(element("table", {}, element("caption", { class: "hidden", text: title }),
    element("thead", {}, head), element("tbody", {}, ...rows(items))));
  return element("section", {}, element("h2", { text: title + " " }, element("small", { text: String(items.length) })), box);
}

// What must not wait, told in the header: a withdrawal without a file, else one that nobody has reported as applied; and
// requests for access after their last day.
function drawAlarm(inbox) {
  const pending = inbox.items.filter((item) => item.state === "withdrawn" && item.file_number && !(item.status && DONE[item.status.state])).length;
  const count = inbox.alarms || pending;
  const [colour, sign] = inbox.alarms || inbox.overdue ? ["danger", "warning"] : pending ? ["warn", "withdrawn"] : ["ok", "check"];
  const told = [];
  if (count) told.push(count + (count === 1 ? " Rücknahme " : " Rücknahmen ") + (inbox.alarms ? "ohne Akte" : "noch umzusetzen"));
  if (inbox.overdue) told.push(inbox.overdue + (inbox.overdue === 1 ? " Auskunft" : " Auskünfte") + " überfällig");
  const words = told.join(", ") || "Keine offene Rücknahme";
  const alarm = byId("alarm");
  alarm.hidden = false;
  alarm.className = "pill " + colour;
  alarm.replaceChildren(icon(sign), element("span", { text: words }));
}

// The server gives pages; the next one is added below, and stays there when the list is loaded anew.
let pages_shown = 1;
function more(inbox) {
  const button = element("button", { type: "button", class: "plain", id: "more", text: "Weitere zeigen" });
  button.addEventListener("click", async () => {
    button.disabled = true;
    pages_shown += 1;
    await load();
    say("");
  });
  return element("p", { class: "lead more" }, element("span", { text: inbox.items.length + " von " + inbox.total +
    " Erklärungen werden gezeigt, Rücknahmen zuerst. " }), button);
}

// An item that moved from one page to the next while they were fetched stands once.
async function inboxOf(pages) {
  const inbox = await call("GET", "/v1/inbox");
  const known = new Set(inbox.items.map((item) => item.declaration));
  for (let page = 1; page < pages && inbox.next !== undefined; page += 1) {
    const following = await call("GET", "/v1/inbox?from=" + inbox.next);
    inbox.items.push(...following.items.filter((item) => !known.has(item.declaration)));
    following.items.forEach((item) => known.add(item.declaration));
    inbox.alarms += following.alarms;
    inbox.overdue += following.overdue;
    inbox.next = following.next;
  }
  return inbox;
}

function draw(inbox) {
  const settled = (item) => item.file_number || isUnfounded(item);
  const overdue = inbox.items.filter((item) => item.overdue);
  const open = inbox.items.filter((item) => !item.overdue && !settled(item));
  const assigned = inbox.items.filter((item) => !item.overdue && settled(item));
  byId("authority").textContent = inbox.authority.name;
  drawAlarm(inbox);
  const waiting = inbox.items.filter((item) => !settled(item));
  byId("summary").textContent = waiting.length === 0 ? "Alles ist einer Akte zugeordnet."
    : waiting.length === 1 ? "1 Erklärung wartet auf ihre Akte." : waiting.length + " Erklärungen warten auf ihre Akte.";
  byId("inbox").replaceChildren(
    ...(overdue.length === 0 ? [] : [section("Überfällig: Auskunft nach Art. 15 DSGVO", overdue, "")]),
    section("Noch nicht zugeordnet", open, "Nichts wartet. Neue Erklärungen erscheinen hier von selbst."),
    section("Zugeordnet", assigned, "Noch keine Erklärung ist einer Akte zugeordnet."));
  if (inbox.next !== undefined) byId("inbox").append(more(inbox));
  const select = byId("question-entry");
  const chosen = select.value;
  select.replaceChildren(...inbox.entries.map((entry) => element("option", { value: entry.id, text: entry.title })));
  if (chosen) select.value = chosen;
}

// An old list must not look like a new one: while the backend does not answer, the page says since when.
let fresh_at = null;
function offline() {
  const clock = fresh_at && fresh_at.toLocaleTimeString("de-DE", { hour: "2-digit", minute: "2-digit" });
  byId("offline").hidden = false;
  byId("offline-text").textContent = clock
    ? "Keine Verbindung zum Freigabe-Dienst. Sie sehen den Stand von " + clock + " Uhr. Rücknahmen danach fehlen hier."
    : "Keine Verbindung zum Freigabe-Dienst. Der Eingang kann gerade nicht gezeigt werden.";
  byId("alarm").hidden = true;
  byId("summary").textContent = clock ? "Stand von " + clock + " Uhr" : "Nicht erreichbar";
  document.body.classList.add("stale");
}

async function load() {
  try {
    draw(await inboxOf(pages_shown));
    fresh_at = new Date();
    byId("offline").hidden = true;
    document.body.classList.remove("stale");
    document.documentElement.dataset.loaded = String(Date.now());
    return true;
  } catch (error) {
    offline();
    return false;
  }
}

async function ask(event) {
  event.preventDefault();
  const query = new URLSearchParams(new FormData(byId("question"))).toString().replace(/\+/g, "%20");
  try {
    const answer = await call("GET", "/v1/usable?" + query);
    const text = answer.may_use ? ["check", "ok", "Ja. ", "Darf genutzt werden bis " + day(answer.until) + "."]
      : ["warning", "danger", "Nein. ", "Für diese Akte liegt keine gültige Freigabe vor."];
    byId("answer").replaceChildren(element("span", { class: text[1] }, icon(text[0]),
      element("span", {}, element("b", { text: text[2] }), document.createTextNode(text[3]))));
  } catch (error) {
    byId("answer").replaceChildren();
    fail(error);
  }
}

byId("question").addEventListener("submit", ask);
byId("reload").addEventListener("click", async () => { say(await load() ? "Neu geladen." : ""); });
// Quietly up to date, but never while somebody is typing a file number.
setInterval(() => {
  const typing = [...document.querySelectorAll("td input")].some((input) => input.value || input === document.activeElement);
  if (!typing && !document.hidden) load();
}, REFRESH_MS);
load();
