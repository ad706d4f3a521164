// Proposes titles, names and subjects while a query is typed: the combobox of the ARIA practices,
// with a list that never takes the cursor out of the field. Without this script the field is plain.

const WAIT = 150; // milliseconds without typing
const SHORTEST = 2;

function combobox(field) {
  const list = document.createElement("ul");
  list.id = `${field.id}-list`;
  list.className = "completions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.dataset.listLabel);
  field.form.after(list);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");

  let timer = 0;
  let asked = 0;
  let typed = field.value;

  // What was asked before comes too late once somebody leafs in the list, or has shut it.
  function forget() {
    clearTimeout(timer);
    asked += 1;
  }

  const options = () => [...list.children];
  const chosen = () => options().findIndex((one) => one.getAttribute("aria-selected") === "true");

  function close() {
    list.hidden = true;
    list.replaceChildren();
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function choose(number) {
    options().forEach((one, place) => {
      one.setAttribute("aria-selected", String(place === number));
    });
    const option = options()[number];
    field.value = option ? option.textContent : typed;
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
  }

  function show(found) {
    list.replaceChildren(...found.map((one, number) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${number}`;
      option.textContent = one.text;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      return option;
    }));
    list.hidden = found.length === 0;
    field.setAttribute("aria-expanded", String(found.length > 0));
    field.removeAttribute("aria-activedescendant");
  }

  async function ask() {
    const mine = ++asked;
    if (typed.trim().length < SHORTEST) return close();
    try {
      const address = `${field.dataset.complete}?${new URLSearchParams({ q: typed })}`;
      const answer = await fetch(address);
      const found = answer.ok ? await answer.json() : [];
      if (mine === asked && document.activeElement === field) show(found);
    } catch {
      close(); // without a connection one types on
    }
    return undefined;
  }

  function leaf(step) {
    const count = options().length;
    const next = chosen() + step;
    choose(next < -1 ? count - 1 : next >= count ? -1 : next);
  }

  field.addEventListener("input", () => {
    typed = field.value;
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (["ArrowDown", "ArrowUp", "Escape"].includes(event.key)) forget();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      leaf(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") {
      event.preventDefault();
      field.value = typed;
      close();
    }
  });
  field.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => {
    event.preventDefault(); // the field keeps the cursor
    const option = event.target.closest("li");
    if (!option) return;
    choose(options().indexOf(option));
    close();
    field.form.requestSubmit();
  });
}

document.querySelectorAll("[data-complete]").forEach(combobox);
