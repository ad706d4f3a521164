// The row of Kazakh letters: a button puts its letter where the cursor stands.
// A row names its field in data-letters; an empty name means the field that was written in last.

let last = null;

function isWritten(element) {
  return element instanceof HTMLTextAreaElement
    || (element instanceof HTMLInputElement && /^(text|search)$/.test(element.type));
}

function put(field, letter) {
  const { selectionStart, selectionEnd, value, maxLength } = field;
  const longer = value.length - (selectionEnd - selectionStart) + letter.length;
  if (maxLength >= 0 && longer > maxLength) return;
  field.setRangeText(letter, selectionStart, selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function open(row) {
  const field = () => document.getElementById(row.dataset.letters) ?? last;
  // The cursor stays in the field, and a phone keeps its keyboard open.
  row.addEventListener("mousedown", (event) => event.preventDefault());
  row.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    const into = field();
    if (!button || !into) return;
    const letter = button.textContent.trim();
    put(into, event.shiftKey ? letter.toLocaleUpperCase("kk") : letter);
    const byKeyboard = event.detail === 0;
    if (!byKeyboard) into.focus();
  });
  row.hidden = false;
}

document.addEventListener("focusin", (event) => {
  if (isWritten(event.target)) last = event.target;
});
document.querySelectorAll("[data-letters]").forEach(open);
