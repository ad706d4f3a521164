// Copies what people quote: a description with its address, the address of a page or of a line.

export async function copy(text, button, status) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {  // no secure context: as it was done before there was a clipboard
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    button.focus();
  }
  status.textContent = button.dataset.done;
}

// Such a button names the elements whose texts it takes; its neighbour says that it is done.
function open(button) {
  const sources = button.dataset.copies.split(" ").map((id) => document.getElementById(id));
  button.addEventListener("click", () => {
    const texts = sources.map((one) => one.textContent.trim().replace(/\s+/g, " "));
    copy(texts.join(" "), button, button.nextElementSibling);
  });
  button.hidden = false;
}

document.querySelectorAll("[data-copies]").forEach(open);
