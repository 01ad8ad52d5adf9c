// The desk works without this. It counts windows down, warns before the session ends,
// and lets j, k and Enter walk the rows.
"use strict";

const MINUTE = 60000;

function countDown() {
  for (const place of document.querySelectorAll("[data-ends]")) {
    const left = Math.floor((new Date(place.dataset.ends) - Date.now()) / MINUTE);
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
    warning.textContent = "Du loggas ut om fem minuter. Spara det du skriver, eller öppna kön i en ny flik.";
    document.querySelector("main").prepend(warning);
  }, (minutes - 5) * MINUTE);
}

function walkRows(event) {
  const typing = event.target.closest("input, textarea, select");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const step = { j: 1, k: -1 }[event.key];
  if (!step) return;
  const rows = [...document.querySelectorAll("a.row")];
  const next = rows[rows.indexOf(document.activeElement) + step] ?? rows.at(step > 0 ? 0 : -1);
  next?.focus();
}

countDown();
setInterval(countDown, MINUTE / 4);
warnBeforeIdle();
document.addEventListener("keydown", walkRows);
