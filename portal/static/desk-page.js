// The text of a page at the desk: the line in hand lights up on the picture, which comes closer.

const ROOM = 1.1; // how much wider than its line the picture is shown
const NARROWEST = 0.3; // share of the page that is shown at least

for (const link of document.querySelectorAll("[data-edit]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById(link.dataset.edit).focus();
  });
}

const card = document.querySelector("[data-page-text]");
if (card) {
  const picture = card.querySelector("[data-loupe]");
  const whole = picture.getAttribute("viewBox");
  const [, , width, height] = whole.split(" ").map(Number);
  const lines = [...card.querySelectorAll("input[data-box]")];
  const back = card.querySelector("[data-whole]");
  const form = card.closest("form");
  const isChanged = (field) => field.value.trim().split(/\s+/).join(" ") !== field.dataset.was;
  const within = (low, size, full) => (size >= full ? (full - size) / 2 : Math.min(Math.max(low, 0), full - size));

  const show = (field) => {
    const [left, top, right, bottom] = field.dataset.box.split(" ").map(Number);
    const wide = Math.max((right - left) * ROOM, width * NARROWEST);
    const high = (wide * picture.clientHeight) / Math.max(picture.clientWidth, 1);
    const x = within((left + right - wide) / 2, wide, width);
    const y = within((top + bottom - high) / 2, high, height);
    picture.setAttribute("viewBox", [x, y, wide, high].map(Math.round).join(" "));
    for (const box of picture.querySelectorAll("rect.line")) box.classList.toggle("on", box.dataset.line === field.id);
    back.hidden = false;
  };
  const showAll = () => {
    picture.setAttribute("viewBox", whole);
    back.hidden = true;
  };
  const mark = (field) => field.closest("li").classList.toggle("changed", isChanged(field));
  const step = (field, by) => {
    const next = lines[lines.indexOf(field) + by];
    if (next) next.focus();
    return next !== undefined;
  };

  for (const field of lines) {
    field.addEventListener("focus", () => show(field));
    field.addEventListener("input", () => mark(field));
    field.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
      const by = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (by !== undefined && (step(field, by) || event.key === "Enter")) event.preventDefault();
    });
    mark(field);
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    showAll();
    if (lines.includes(document.activeElement)) document.activeElement.blur(); // keys are of the desk again
  });
  back.addEventListener("click", showAll);
  picture.addEventListener("click", (event) => {
    const box = event.target.closest("[data-line]");
    if (box) document.getElementById(box.dataset.line).focus();
  });

  // What was not touched is not sent: lines stay as they are.
  form.addEventListener("formdata", (event) => {
    for (const field of lines) if (!isChanged(field)) event.formData.delete(field.name);
  });
}
