// Links of the product's own HTML (tiles, districts, table rows, navigation) open inside the running session:
// the address changes and Streamlit is told as if the reader had pressed Back or Forward. Without this script, in
// a new tab, or with a modifier key, they are ordinary addresses that load the same view.
(() => {
  "use strict";
  const root = document.documentElement;

  // Where the app begins, from where this file was served: otherwise the browser asks for the server below every
  // page's address first, and logs the refusals.
  const base = new URL("..", document.currentScript.src).href;
  window.__streamlit = { ...window.__streamlit, BACKEND_BASE_URL: base };

  // The map page fits its first view to the screen, which only the browser knows.
  document.cookie = `tc_screen=${window.innerWidth}x${window.innerHeight}; path=/; SameSite=Strict`;

  // Streamlit fetches its icon font (375 KB) for every visitor; without this call it comes only where an icon is drawn.
  const load = document.fonts.load.bind(document.fonts);
  document.fonts.load = (font, text) => (/Material Symbols/.test(font) ? Promise.resolve([]) : load(font, text));

  const canvas = document.createElement("canvas");
  if (!canvas.getContext("webgl2")) root.classList.add("tc-no-webgl");

  document.addEventListener("click", (event) => {
    const menu = event.target.closest("details.tc-menu");
    document.querySelectorAll("details.tc-menu[open]").forEach((open) => { if (open !== menu) open.open = false; });
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest("a[data-go]");
    if (!link) return;
    const wanted = new URL(link.getAttribute("href"), location.href);
    if (wanted.origin !== location.origin) return;
    event.preventDefault();
    const theme = (url) => url.searchParams.get("theme");
    if (theme(wanted) !== theme(new URL(location.href))) {
      location.assign(wanted);
      return;
    }
    if (menu) menu.open = false;
    root.lang = wanted.searchParams.get("lang") === "en" ? "en" : "vi";
    history.pushState({}, "", wanted);
    window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
  });

  // A drawing on a canvas has nothing a keyboard could reach. Our buttons lie over its controls, let the pointer
  // through, and press what is beneath their middle.
  const pressBeneath = (button) => {
    const canvas = document.querySelector(button.dataset.beneath);
    if (!canvas) return;
    const box = button.getBoundingClientRect();
    const at = { bubbles: true, cancelable: true, view: window, button: 0,
      clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 };
    for (const kind of ["pointermove", "pointerdown", "pointerup"]) canvas.dispatchEvent(new PointerEvent(kind, at));
    for (const kind of ["mousemove", "mousedown", "mouseup", "click"]) canvas.dispatchEvent(new MouseEvent(kind, at));
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-beneath]");
    if (button) pressBeneath(button);
  });

  document.addEventListener("keydown", (event) => {
    const key = { ArrowLeft: "previous", ArrowRight: "next" }[event.key];
    const keys = key && event.target.closest(".tc-keys");
    if (!keys) return;
    event.preventDefault();
    pressBeneath(keys.querySelector(`[data-key="${key}"]`));
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.tc-menu[open]").forEach((open) => { open.open = false; });
  });

  // Drawings are read point by point: with the pointer, and with the arrow keys from the drawing itself. The words of
  // the days stand in data-said; without it the points are the parts that have words of their own. What is shown hangs
  // on the body, because Streamlit replaces everything within the page as it likes.
  const shown = { chart: null, at: -1, byKeys: false };
  let parts = null;
  const made = () => {
    if (parts) return parts;
    const add = (kind, css) => document.body.appendChild(Object.assign(document.createElement(kind), { className: css }));
    parts = { tip: add("div", "tc-tip"), cursor: add("i", "tc-cursor"), voice: add("p", "tc-sr tc-voice") };
    parts.tip.setAttribute("aria-hidden", "true");
    parts.voice.setAttribute("aria-live", "polite");
    return parts;
  };
  const OWN_WORDS = "a[aria-label], [role='img'][aria-label], :not(a) > :has(> title)";
  const pointsOf = (chart) => {
    if (chart.dataset.said) {
      const box = chart.querySelector(".tc-plot").getBoundingClientRect();
      const said = chart.dataset.said.split("|");
      const wide = box.width / said.length;
      return said.map((words, at) => ({
        words, box: { left: box.left + at * wide, top: box.top, width: wide, height: box.height } }));
    }
    return [...chart.querySelectorAll(OWN_WORDS)].map((part) => ({
      words: part.getAttribute("aria-label") || part.querySelector(":scope > title").textContent,
      box: part.getBoundingClientRect(),
      link: part.closest("a"),
    }));
  };
  const hide = () => {
    if (!shown.chart) return;
    Object.assign(shown, { chart: null, at: -1, byKeys: false });
    made().tip.classList.remove("is-shown");
    made().cursor.classList.remove("is-shown");
  };
  const tell = (chart, points, at, byKeys) => {
    const { tip, cursor, voice } = made();
    const { words, box } = points[at];
    Object.assign(shown, { chart, at, byKeys });
    tip.textContent = words;
    tip.classList.add("is-shown");
    cursor.classList.add("is-shown");
    for (const side of ["left", "top", "width", "height"]) cursor.style[side] = `${box[side]}px`;
    const size = tip.getBoundingClientRect();
    const left = Math.max(Math.min(box.left + box.width / 2 - size.width / 2, window.innerWidth - size.width - 8), 8);
    const above = box.top - size.height - 8;
    Object.assign(tip.style, { left: `${left}px`, top: `${above < 8 ? box.top + box.height + 8 : above}px` });
    if (byKeys) voice.textContent = words;
  };

  document.addEventListener("keydown", (event) => {
    const chart = event.target.closest?.("[data-points]");
    if (!chart || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      hide();
      document.activeElement.blur();
      return;
    }
    const points = pointsOf(chart);
    const last = points.length - 1;
    if (last < 0) return;
    const from = shown.chart === chart ? shown.at : -1;
    if (event.key === "Enter" && event.target === chart && points[from]?.link) {
      points[from].link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
      return;
    }
    const wanted = {
      ArrowRight: Math.min(from + 1, last), ArrowLeft: from < 0 ? last : Math.max(from - 1, 0), Home: 0, End: last,
    }[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    tell(chart, points, wanted, true);
  });
  document.addEventListener("pointermove", (event) => {
    const chart = event.target.closest?.(".tc-chart[data-said]");
    if (chart) {
      const points = pointsOf(chart);
      const at = Math.floor((event.clientX - points[0].box.left) / points[0].box.width);
      if (at >= 0 && at < points.length) {
        tell(chart, points, at, false);
        return;
      }
    }
    if (!shown.byKeys) hide();
  });
  document.addEventListener("focusout", hide);
  document.addEventListener("click", hide);
  document.addEventListener("scroll", hide, true);
  window.addEventListener("popstate", hide);
})();
