// The desk works without this. It counts windows down, warns before the session ends,
// and gives the keyboard its shortcuts, which can be switched off.
"use strict";

const MINUTE = 60000;
const OPENED = Date.now();
const OFF = "stilla-shortcuts-off";
const sheet = document.querySelector("dialog.shortcuts");
let leads = false; // whether g was pressed just before

// From what the server wrote: the clock of the computer itself may be wrong.
function countDown() {
  for (const place of document.querySelectorAll("[data-left]")) {
    const left = Math.floor((place.dataset.left * 1000 - (Date.now() - OPENED)) / MINUTE);
    place.textContent = left > 0 ? `${left} minuter kvar` : "Tiden är slut.";
  }
}

// Reloading would lose what is typed, so the page only says what will happen.
function warnBeforeIdle() {
  const minutes = Number(document.body.dataset.idleMinutes);
  if (!minutes) return;
  setTimeout(() => {
    const warning = document.createElement("p");
    warning.className = "notice";
    warning.setAttribute("role", "alert");
    warning.textContent = "Du loggas ut om fem minuter. Spara det du skriver, eller öppna I dag i en ny flik.";
    document.querySelector("main").prepend(warning);
  }, (minutes - 5) * MINUTE);
}

function walkRows(step) {
  const rows = [...document.querySelectorAll("a.row")].filter((row) => row.checkVisibility());
  const next = rows[rows.indexOf(document.activeElement) + step] ?? rows.at(step > 0 ? 0 : -1);
  next?.focus();
}

const KEYS = {
  j: () => walkRows(1),
  k: () => walkRows(-1),
  n: () => document.querySelector(".told button:not([hidden])")?.click(),
  "/": () => document.querySelector("#find")?.focus(),
  "?": () => sheet.showModal(),
};

// Single keys never act while somebody types, nor with a modifier (WCAG 2.1.4).
function press(event) {
  const typing = event.target.closest("input, textarea, select, [contenteditable], dialog");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (localStorage.getItem(OFF)) return;
  const act = leads ? () => document.querySelector(`[data-go="${CSS.escape(event.key)}"]`)?.click() : KEYS[event.key];
  leads = event.key === "g" && !leads;
  if (!act || leads) return;
  event.preventDefault();
  act();
}

function offerSheet() {
  if (!sheet) return;
  const open = document.querySelector(".sheet");
  open.hidden = false;
  open.addEventListener("click", () => sheet.showModal());
  sheet.querySelector("button").addEventListener("click", () => sheet.close());
  const on = sheet.querySelector("input");
  on.checked = !localStorage.getItem(OFF);
  on.addEventListener("change", () => (on.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
  document.addEventListener("keydown", press);
}

// A menu closes on Escape, and when the focus or a press goes elsewhere.
function closeMenu() {
  const menu = document.querySelector(".menu");
  if (!menu) return;
  for (const kind of ["focusin", "pointerdown"]) {
    document.addEventListener(kind, (event) => menu.contains(event.target) || (menu.open = false));
  }
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

// What is done in parts goes on by itself; without script it is a press a part.
document.querySelector("form[data-goes-on]")?.requestSubmit();
countDown();
setInterval(countDown, MINUTE / 4);
warnBeforeIdle();
offerSheet();
closeMenu();
