// Zoom and pan of a picture: a pane that scrolls, and a sheet in it that grows.
// The page first asks for the image that a slow line carries, whatever the screen (`sizes` is told
// small). The browser takes the finer one by itself, once `sizes` says how wide the sheet is: when
// somebody looks closer, and on a large or fine screen as soon as the first one is there.

const STEP = 1.5;
const MOST = 6;
const LARGE = "(min-width: 62rem) and (min-resolution: 1.3dppx), (min-width: 90rem)";

export function open(pane, tools) {
  const sheet = pane.querySelector(".sheet");
  const image = sheet.querySelector("img");
  const drawing = sheet.querySelector("svg");
  const [fit, out, into] = ["fit", "out", "in"].map((way) => tools.querySelector(`[data-zoom="${way}"]`));
  let scale = 1;

  const middle = () => [pane.clientWidth / 2, pane.clientHeight / 2];

  // What lies under (x, y) of the pane stays there.
  function zoom(wanted, [x, y] = middle()) {
    const next = Math.min(MOST, Math.max(1, wanted));
    if (Math.abs(next - scale) < 0.001) return;
    const across = (pane.scrollLeft + x) / sheet.offsetWidth;
    const down = (pane.scrollTop + y) / sheet.offsetHeight;
    scale = next;
    sheet.style.width = `${100 * scale}%`;
    pane.classList.toggle("zoomed", scale > 1);
    sharpen();
    pane.scrollLeft = across * sheet.offsetWidth - x;
    pane.scrollTop = down * sheet.offsetHeight - Math.min(y, pane.clientHeight);
    tell();
  }

  function sharpen() {
    image.sizes = `${Math.ceil(sheet.offsetWidth)}px`;
  }

  function tell() {
    tools.querySelector("[data-scale]").textContent = `${Math.round(100 * scale)} %`;
    out.disabled = fit.disabled = scale === 1;
    into.disabled = scale === MOST;
  }

  function within(event) {
    const held = pane.getBoundingClientRect();
    return [event.clientX - held.left, event.clientY - held.top];
  }

  fit.addEventListener("click", () => zoom(1));
  out.addEventListener("click", () => zoom(scale / STEP));
  into.addEventListener("click", () => zoom(scale * STEP));
  pane.addEventListener("dblclick", (event) => zoom(scale > 1 ? 1 : STEP * STEP, within(event)));
  pane.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;  // the plain wheel scrolls, as everywhere
    event.preventDefault();
    zoom(scale * Math.exp(-event.deltaY / 400), within(event));
  }, { passive: false });
  drag(pane);
  pinch(pane, (ratio, place) => zoom(scale * ratio, place), within);
  tools.hidden = false;
  tell();
  if (matchMedia(LARGE).matches && !navigator.connection?.saveData) {
    image.decode().then(sharpen, () => {});
  }

  return {
    key(event) {
      const to = { "+": scale * STEP, "=": scale * STEP, "-": scale / STEP, "0": 1 }[event.key];
      if (to === undefined) return false;
      event.preventDefault();
      zoom(to);
      return true;
    },
    revealFirst() {
      const hit = drawing.querySelector(".box:not(.on)");
      if (!hit) return;
      const [left, top, width, height] = ["x", "y", "width", "height"].map((side) => hit[side].baseVal.value);
      this.reveal([left, top, left + width, top + height]);
    },
    pans: (target) => scale > 1 && pane.contains(target),
    reveal([left, top, right, bottom]) {
      const pixel = sheet.offsetWidth / drawing.viewBox.baseVal.width;
      pane.scrollTo({
        left: ((left + right) / 2) * pixel - pane.clientWidth / 2,
        top: ((top + bottom) / 2) * pixel - pane.clientHeight / 2,
      });
    },
  };
}

// The mouse takes hold of the sheet; fingers scroll it by themselves.
function drag(pane) {
  pane.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button || !pane.classList.contains("zoomed")) return;
    event.preventDefault();
    pane.focus({ preventScroll: true });
    pane.setPointerCapture(event.pointerId);
    const from = [event.clientX + pane.scrollLeft, event.clientY + pane.scrollTop];
    const move = (moved) => {
      pane.scrollLeft = from[0] - moved.clientX;
      pane.scrollTop = from[1] - moved.clientY;
    };
    pane.addEventListener("pointermove", move);
    pane.addEventListener("lostpointercapture", () => pane.removeEventListener("pointermove", move), { once: true });
  });
}

function pinch(pane, zoom, within) {
  let apart = 0;
  const distance = ([one, two]) => Math.hypot(one.clientX - two.clientX, one.clientY - two.clientY);
  const between = ([one, two]) => ({
    clientX: (one.clientX + two.clientX) / 2,
    clientY: (one.clientY + two.clientY) / 2,
  });
  pane.addEventListener("touchstart", (event) => {
    if (event.touches.length === 2) apart = distance(event.touches);
  }, { passive: true });
  pane.addEventListener("touchmove", (event) => {
    if (event.touches.length !== 2 || !apart) return;
    event.preventDefault();
    const now = distance(event.touches);
    zoom(now / apart, within(between(event.touches)));
    apart = now;
  }, { passive: false });
}
