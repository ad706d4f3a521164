// Keys of the desk: every one has a button or link of its own (data-key), so that all works without.

const SWITCH = "olketanu.keys";
const TYPED = "olketanu.typed";
const typing = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;
const pressing = (target) => target.closest("button, a, summary") !== null;

// The place on the keyboard counts, not the letter: people type in Kazakh and Russian.
function nameOf(event) {
  if (event.key === "Enter") return "Enter";
  if (event.key === "?") return "?";
  return event.code.startsWith("Key") ? event.code.slice(3) : "";
}

function wanted(event) {
  if (event.repeat || event.altKey || event.metaKey || event.isComposing) return "";
  const name = nameOf(event);
  if (event.ctrlKey) return name === "Enter" ? (event.target.dataset.enter ?? name) : "";
  if (typing(event.target) || localStorage.getItem(SWITCH) === "off") return "";
  return name === "Enter" && pressing(event.target) ? "" : name;
}

function press(name) {
  const found = [...document.querySelectorAll("[data-key]")].find(
    (one) => one.dataset.key === name && one.checkVisibility()
  );
  if (!found) return false;
  found.focus();
  found.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  const name = wanted(event);
  if (name && press(name)) event.preventDefault();
});

// A form is sent once, however often somebody presses.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// What was typed stays in this tab while the card is the same. Fields are known by their names: rows
// that a script adds or a person drops are put back by who knows them, on the event "restore".
const fields = (form) => [...form.elements].filter((one) => one.name && one.type !== "hidden" && one.tagName !== "BUTTON");
const chosen = (one) => one.type === "checkbox" || one.type === "radio";
const called = (one) => (chosen(one) ? `${one.name}=${one.value}` : one.name);

function keep(form, key) {
  const values = fields(form).map((one) => [called(one), chosen(one) ? one.checked : one.value]);
  sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(values)));
}

function restore(form, kept) {
  form.dispatchEvent(new CustomEvent("restore", { detail: kept }));
  for (const one of fields(form)) {
    const value = kept[called(one)];
    if (value === undefined || value === (chosen(one) ? one.checked : one.value)) continue;
    if (chosen(one)) one.checked = value;
    else one.value = value;
    one.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// Once all scripts of the card are there.
addEventListener("DOMContentLoaded", () => {
  for (const form of document.querySelectorAll("form[data-draft]")) {
    const part = form.elements.part?.value ?? ""; // a long card is shown in parts
    const key = `${TYPED} ${form.getAttribute("action")} ${form.dataset.draft} ${part}`;
    const kept = JSON.parse(sessionStorage.getItem(key) ?? "null");
    if ("typed" in form.dataset) keep(form, key); // the server has it from the person
    else if (kept) restore(form, kept);
    form.addEventListener("input", () => keep(form, key));
  }
});

const turn = document.querySelector("[data-keys-switch]");
if (turn) {
  const show = () => turn.setAttribute("aria-pressed", String(localStorage.getItem(SWITCH) !== "off"));
  turn.hidden = false;
  turn.addEventListener("click", () => {
    localStorage.setItem(SWITCH, localStorage.getItem(SWITCH) === "off" ? "on" : "off");
    show();
  });
  show();
}
