// The lists read themselves anew when something in them changes, but never under the
// hand: rows wait until the pointer, the fingers and the keys are still.
"use strict";

const live = document.querySelector(".live");
const told = document.querySelector(".told");
const STILL = 4000; // ms without a press or a key before rows may move
const AGAIN = 30000; // ms until another try when the server did not answer
const READ = 10000; // ms that what was said stays
let touched = 0;
let waiting = null; // lists that were read, and are not shown yet

const rowsOf = (place) => [...place.querySelectorAll("a.row")];
const address = (row) => row.getAttribute("href");

function isInUse() {
  return live.matches(":hover") || Date.now() - touched < STILL;
}

function say(words, showable) {
  told.querySelector("[role=status]").textContent = words;
  told.querySelector("button").hidden = !showable;
}

function show() {
  if (!waiting) return;
  const known = new Set(rowsOf(live).map(address));
  const held = live.contains(document.activeElement) && document.activeElement.getAttribute("href");
  live.replaceChildren(...waiting.childNodes);
  live.dataset.version = waiting.dataset.version;
  waiting = null;
  say("", false);
  for (const row of rowsOf(live)) {
    if (address(row) === location.pathname) row.setAttribute("aria-current", "true");
    if (!known.has(address(row))) row.querySelector(".tags").prepend(tag());
  }
  if (held) [...live.querySelectorAll("a")].find((link) => address(link) === held)?.focus();
}

function tag() {
  const made = document.createElement("span");
  made.className = "tag";
  made.textContent = "Ny";
  return made;
}

function signedOut() {
  // A desk that was left open shows no lists to whoever comes by.
  live.replaceChildren();
  say("Du är utloggad, och listorna är borta. Logga in i en ny flik innan du sparar det du har skrivit.", false);
}

async function read() {
  const answer = await fetch(live.dataset.from, { redirect: "manual" });
  if (answer.type === "opaqueredirect") return signedOut();
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  waiting = page.querySelector(".live");
  if (!waiting) return;
  const known = new Set(rowsOf(live).map(address));
  const fresh = new Set(rowsOf(waiting).map(address).filter((one) => !known.has(one)));
  const many = fresh.size === 1 ? "1 ny" : `${fresh.size} nya`;
  if (isInUse()) return say(fresh.size ? many : "Något har ändrats", true);
  show();
  if (fresh.size) say(many, false);
  setTimeout(() => !waiting && live.childElementCount && say("", false), READ);
}

function listen() {
  const source = new EventSource(live.dataset.news);
  source.onmessage = ({ data }) => {
    if (data !== (waiting ?? live).dataset.version) read().catch(() => {});
  };
  source.onerror = () => {
    if (source.readyState !== EventSource.CLOSED) return; // it asks again by itself
    fetch(live.dataset.news, { redirect: "manual" })
      .then((answer) => (answer.type === "opaqueredirect" ? signedOut() : setTimeout(listen, AGAIN)))
      .catch(() => setTimeout(listen, AGAIN));
  };
}

if (live) {
  for (const kind of ["pointerdown", "keydown", "wheel", "touchmove"]) {
    addEventListener(kind, () => (touched = Date.now()), { passive: true });
  }
  told.querySelector("button").addEventListener("click", () => {
    show();
    live.querySelector("a")?.focus();
  });
  setInterval(() => isInUse() || show(), 1000);
  listen();
}
