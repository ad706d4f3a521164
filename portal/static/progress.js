// How far a run is, looked up every other second; without this script a reload tells the same.

const panel = document.querySelector("[data-progress]");
const bar = panel?.querySelector("progress");
const told = panel?.querySelector("[data-told]");
const PAUSE = 2000;

async function look() {
  const answer = await fetch(panel.dataset.progress);
  if (!answer.ok) return;
  const run = await answer.json();
  if (!run.working) {
    location.reload();
    return;
  }
  bar.max = Math.max(1, run.all);
  bar.value = run.pages;
  told.textContent = run.told;
}

if (panel?.dataset.progress && bar && told) {
  setInterval(() => look().catch(() => {}), PAUSE);
}
