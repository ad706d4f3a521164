// One page: keys that leaf, lines that light up on the picture, a line to link to or to correct.

import { copy } from "./copy.js";
import { open as openViewer } from "./viewer.js";

const pane = document.querySelector("[data-pane]");
const viewer = pane ? openViewer(pane, document.querySelector("[data-tools]")) : null;
const text = document.querySelector("[data-lines]");
const tools = document.querySelector("[data-line-tools]");
const form = document.querySelector("[data-correction]");
const choice = document.querySelector("[data-choose]");
const frame = document.querySelector("[data-chosen]");
const status = document.querySelector("[data-status]");

let chosen = text?.querySelector(".line.on") ?? null;

const boxOf = (line) => line.id.slice(2).split("-").map(Number);

function light(box) {
  if (!frame) return;
  const [left, top, right, bottom] = box ?? [0, 0, 0, 0];
  const sides = { x: left, y: top, width: right - left, height: bottom - top };
  for (const [name, side] of Object.entries(sides)) frame.setAttribute(name, side);
}

function choose(line) {
  chosen?.classList.remove("on");
  chosen = line;
  line.classList.add("on");
  light(boxOf(line));
  viewer?.reveal(boxOf(line));
  history.replaceState(null, "", `#${line.id}`);
  if (!form) return;
  line.after(tools);
  tools.hidden = form.hidden = false;
  const old = line.textContent;
  form.elements.line.value = line.id.slice(2);
  form.elements.new.value = old;
  const quoted = form.querySelector("[data-old]");
  quoted.textContent = old;
  quoted.lang = line.closest("[lang]").lang;
  choice.value = line.id.slice(2);
}

const address = () => `${location.origin}${location.pathname}${location.search}#${chosen.id}`;

function isTyping(target) {
  return target.closest("input, textarea, select, [contenteditable]") !== null;
}

text?.addEventListener("pointerover", (event) => {
  const line = event.target.closest(".line");
  if (line) light(boxOf(line));
});
text?.addEventListener("pointerleave", () => light(chosen && boxOf(chosen)));
text?.addEventListener("click", (event) => {
  const line = event.target.closest(".line");
  if (line && getSelection().isCollapsed) choose(line);
});
tools?.querySelector("[data-copy]").addEventListener("click", (event) => {
  copy(address(), event.currentTarget, status);
});
tools?.querySelector("[data-correct]").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("correction").open = true;
  form.elements.new.focus();
});
choice?.addEventListener("change", () => {
  const line = document.getElementById(`l-${choice.value}`);
  if (line) choose(line);
});
document.querySelector("[data-without-script]")?.parentElement.remove();

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (viewer?.key(event)) return;
  const way = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  const link = way && !viewer?.pans(event.target) && document.querySelector(`a[rel="${way}"]`);
  if (link) {
    event.preventDefault();
    link.click();
  }
});

function follow() {
  const line = document.getElementById(location.hash.slice(1));
  if (line?.classList.contains("line")) choose(line);
}
addEventListener("hashchange", follow);
if (location.hash) follow();
else if (chosen) viewer?.reveal(boxOf(chosen));
else viewer?.revealFirst();
