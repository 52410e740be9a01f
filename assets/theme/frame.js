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
})();
