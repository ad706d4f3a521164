// The card of a draft: a field lights up where it was read, the description follows what is typed.

const PAUSE = 700;
const form = document.querySelector("form[data-draft]");
const look = form.querySelector("[data-look]");

// --- Places on the pages ---------------------------------------------------------------------

const spotsOf = (element) => (element.dataset.spots ?? "").split(" ").filter(Boolean)
  .map((number) => document.getElementById(`spot-${number}`)).filter(Boolean);

function light(owner, { move = false } = {}) {
  document.querySelectorAll(".spot.on, .lit").forEach((one) => one.classList.remove("on", "lit"));
  if (!owner) return;
  const spots = spotsOf(owner);
  owner.classList.toggle("lit", spots.length > 0);
  spots.forEach((spot) => spot.classList.add("on"));
  if (move && spots[0]) bringIntoSight(spots[0]);
}

// Only the pages move: the form stays where the person types.
function bringIntoSight(spot) {
  const pages = spot.closest(".pages");
  if (pages.scrollHeight <= pages.clientHeight) return;
  const seen = spot.getBoundingClientRect();
  const frame = pages.getBoundingClientRect();
  if (seen.top < frame.top || seen.bottom > frame.bottom) {
    pages.scrollBy({ top: seen.top - frame.top - frame.height / 3 });
  }
}

const ownerOf = (target) => target.closest("[data-spots]");
let held = null;

form.addEventListener("focusin", (event) => {
  held = ownerOf(event.target);
  light(held, { move: true });
});
form.addEventListener("focusout", () => { held = null; });
form.addEventListener("pointerover", (event) => {
  const owner = ownerOf(event.target);
  if (owner) light(owner);
});
form.addEventListener("pointerout", () => light(held));
form.addEventListener("click", (event) => {
  const owner = ownerOf(event.target);
  if (!owner) return;
  if (event.target.closest(".spot-link")) event.preventDefault(); // the page itself stays
  held = owner;
  light(owner, { move: true });
});

// A place on the page leads to the field that was read there.
form.querySelector(".pages").addEventListener("click", (event) => {
  const number = event.target.closest(".spot")?.dataset.spot;
  form.querySelector(`.marc-row[data-spots~="${number}"] textarea`)?.focus();
});

// Keys of the desk are not for who types: Escape leaves the field.
form.addEventListener("keydown", (event) => {
  if (event.key === "Escape") event.target.blur();
});

// --- Rows ------------------------------------------------------------------------------------

function addRow() {
  const free = form.querySelector("[data-free]");
  const next = Number(free.dataset.free) + 1;
  const row = free.cloneNode(true);
  delete free.dataset.free;
  free.removeAttribute("id");
  row.dataset.free = next;
  for (const one of row.querySelectorAll("[name], [id]")) {
    if (one.name) one.name = one.name.replace(/\d+$/, next);
    if (one.id) one.id = one.id.replace(/\d+$/, next);
    if (one.type !== "hidden") one.value = "";
  }
  free.after(row);
  return row;
}

// What was typed here before (desk.js): rows added then are added, rows that were gone are dropped.
form.addEventListener("restore", ({ detail: kept }) => {
  const numbers = Object.keys(kept).map((name) => Number(/^text-(\d+)$/.exec(name)?.[1] ?? -1));
  if (!form.querySelector("[data-free]") || Math.max(...numbers) < 0) return;
  for (const text of form.querySelectorAll(".marc textarea[name]")) {
    const drop = text.closest(".marc-row").querySelector("[name^='drop-']");
    if (drop && !(text.name in kept)) kept[`${drop.name}=${drop.value}`] = true;
  }
  while (Number(form.querySelector("[data-free]").dataset.free) < Math.max(...numbers)) addRow();
});

// The title comes first: coded fields stand above it, and are seldom what is wrong.
function titleField() {
  const rows = [...form.querySelectorAll(".marc-row")];
  const row = rows.find((one) => ["200", "245"].includes(one.querySelector("input.tag")?.value));
  return row?.querySelector("textarea");
}

form.querySelector("[data-add]")?.addEventListener("click", (event) => {
  event.preventDefault();
  addRow().querySelector("input").focus();
});
document.querySelector('a[href="#fields"]')?.addEventListener("click", (event) => {
  const first = form.querySelector(".marc [aria-invalid]") ?? titleField() ?? form.querySelector(".marc textarea[name]");
  if (!first) return;
  event.preventDefault();
  first.focus();
});

// --- The description while one types -----------------------------------------------------------

let asked = null;
let waiting = 0;

async function follow() {
  asked?.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(look.formAction, { method: "POST", body: new FormData(form), signal: asked.signal });
    if (!answer.ok) return;
    show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch (error) {
    if (error.name !== "AbortError" && !(error instanceof TypeError)) throw error; // no network: later
  }
}

function show(page) {
  for (const fresh of page.querySelectorAll("#described, .said")) {
    const old = document.getElementById(fresh.id);
    if (old && old.innerHTML !== fresh.innerHTML) old.replaceChildren(...fresh.cloneNode(true).childNodes);
  }
  for (const field of form.querySelectorAll(".marc [name]")) {
    const fresh = page.getElementsByName(field.name)[0];
    if (fresh?.ariaInvalid) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
}

if (look) {
  form.addEventListener("input", (event) => {
    if (!event.target.closest(".marc")) return;
    clearTimeout(waiting);
    waiting = setTimeout(follow, PAUSE);
  });
}
