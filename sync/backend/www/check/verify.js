// SPDX-License-Identifier: EUPL-1.2
// What a code is and whether its signature holds. Pure but for WebCrypto: no document, no network, nothing is kept.
// The rules are those of sync/seal/slip_code.cpp; what is refused there is refused here. One more: a header holds texts only.
// Norm: RFC 7515 (compact form, algorithm pinned to ES256), RFC 7517 (the keys), RFC 8725 3.11 (typ).
"use strict";

const SLIP_TYP = "freigabe-slip+jwt";
const CODE_CHARACTERS_MAX = 2048; // a check code has about 500
const TEXT_CHARACTERS_MAX = 8192; // what is looked at to find a code in it
const SIGNATURE_BYTES = 64;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

// The code in what was scanned or pasted: behind the last #, without blanks, line breaks and marks of direction.
function codeOf(text) {
  const tail = text.slice(text.lastIndexOf("#") + 1, text.length).slice(0, TEXT_CHARACTERS_MAX);
  let plain = tail;
  try {
    if (tail.includes("%")) plain = decodeURIComponent(tail);
  } catch {
    // Not percent-encoded after all: what it is, is judged below.
  }
  return plain.replace(/[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, "");
}

// A take-back code is a check code, a tilde and a secret. Anything with a tilde is treated as one, a damaged one, too.
function holdsSecret(text) {
  return /~|%7e/i.test(text.slice(text.lastIndexOf("#") + 1));
}

// base64url without padding; null for anything else, also for a second spelling of the same bytes.
function bytesOf(text) {
  if (!/^[A-Za-z0-9_-]+$/.test(text) || text.length % 4 === 1) return null;
  const bytes = Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
  const again = btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  return again === text ? bytes : null;
}

// A JSON object as its text and its members; null for anything else.
function objectOf(part) {
  const bytes = bytesOf(part);
  if (bytes === null) return null;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const value = JSON.parse(text);
    if (value === null || typeof value !== "object" || Array.isArray(value)) return null;
    return { text, members: new Map(Object.entries(value)) };
  } catch {
    return null;
  }
}

// The members of an object that holds only texts, none of them twice; null otherwise.
function textsOf(object) {
  if (object === null || ![...object.members.values()].every((each) => typeof each === "string")) return null;
  // Without escapes each name and each text has two quotation marks: more of them is a member that stands twice.
  const marks = object.text.split('"').length - 1;
  return object.text.includes("\\") || marks !== 4 * object.members.size ? null : object.members;
}

function isDay(text) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(text + "T12:00:00Z");
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

const hasBytes = (text, count) => {
  const bytes = bytesOf(text || "");
  return bytes !== null && bytes.length === count;
};

// What a slip says, or null if it breaks its schema.
function slipOf(part) {
  const members = textsOf(objectOf(part));
  if (members === null || members.size !== 5) return null;
  const slip = { id: members.get("id"), terminal: members.get("terminal"), date: members.get("date") };
  const sound = UUID.test(slip.id) && UUID.test(slip.terminal) && isDay(slip.date) &&
    hasBytes(members.get("scope"), 16) && hasBytes(members.get("secret_hash"), 32);
  return sound ? slip : null;
}

async function signatureHolds(key, signature, input) {
  // Only curve and coordinates are taken: a key of the page may not say what it is for.
  const jwk = { kty: "EC", crv: "P-256", x: key.x, y: key.y };
  const point = await crypto.subtle.importKey("jwk", jwk, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
  return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, point, signature, new TextEncoder().encode(input));
}

// -> { state, slip } with one state of: empty, long, nothing, forged, unknown, late, old, good. Late: by a key that had been
// replaced before the day that the slip names. Keys of one terminal stand newest
// first. Rejects if the browser cannot verify at all.
async function checkCode(code, keys) {
  if (code === "") return { state: "empty" };
  if (code.length > CODE_CHARACTERS_MAX) return { state: "long" };
  const parts = code.split(".");
  const head = parts.length === 3 ? objectOf(parts[0]) : null;
  if (head === null || head.members.get("typ") !== SLIP_TYP) return { state: "nothing" };
  // From here on it calls itself a slip of ours, and every deviation counts against it.
  const header = textsOf(head);
  const slip = slipOf(parts[1]);
  const signature = bytesOf(parts[2]);
  if (header === null || header.get("alg") !== "ES256" || header.has("crit") || header.has("b64") ||
      slip === null || header.get("kid") !== slip.terminal || signature === null || signature.length !== SIGNATURE_BYTES) {
    return { state: "forged" };
  }
  const own = keys.filter((key) => key.kid === slip.terminal);
  if (own.length === 0) return { state: "unknown", slip };
  for (const [number, key] of own.entries()) {
    if (await signatureHolds(key, signature, parts[0] + "." + parts[1])) {
      if (typeof key.to === "string" && slip.date > key.to) return { state: "late", slip };
      return { state: number === 0 ? "good" : "old", slip };
    }
  }
  return { state: "forged" };
}
