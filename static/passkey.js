// A device answers for her in place of a code. The form carries its answer; without this,
// or in a browser that can't, the button stays hidden and codes do.
"use strict";

const SAYS_IT = Boolean(window.PublicKeyCredential?.parseRequestOptionsFromJSON);

async function ask(form) {
  const asked = await (await fetch(form.dataset.passkey)).json();
  const answer = asked.user
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) });
  return JSON.stringify(await answer);
}

async function press(form) {
  const fault = form.querySelector("[role=alert]");
  // What else the form wants comes first: an answer is good for five minutes.
  const empty = [...form.querySelectorAll("input:not([type=hidden], [name=code])")].find((one) => !one.value);
  if (empty) {
    empty.focus();
    return;
  }
  fault.hidden = true;
  try {
    form.elements.passkey.value = await ask(form);
    form.requestSubmit();
  } catch {
    fault.hidden = false; // closed by her, timed out, or no such device
  }
}

for (const form of SAYS_IT ? document.querySelectorAll("form[data-passkey]") : []) {
  const button = form.querySelector(".passkey");
  button.hidden = false;
  button.addEventListener("click", () => press(form));
}
