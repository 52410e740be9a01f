// The projection and the wall. Slides are in the document already: nothing here needs the server, which is only asked
// now and then whether there is a newer release. Where it does not answer, the screen says since when and stays.
(() => {
  "use strict";
  const body = document.body;
  const said = body.dataset;
  const PLAY_SECONDS = 20; // about what a table of eight rows takes to be read aloud
  const ASK_SECONDS = 4; // a new release must be seen within 5 s
  const clock = new Intl.DateTimeFormat("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
  const notice = document.querySelector(".sh-notice");
  const fill = (words, name, value) => words.replace(`{${name}}`, value);

  const tick = () => document.querySelectorAll(".sh-clock").forEach((one) => { one.textContent = clock.format(new Date()); });
  tick();
  setInterval(tick, 1000);

  let lostSince = null;
  let renew = () => {};
  const address = new URL(location.href);
  const ask = async () => {
    const key = address.searchParams.get("key");
    const wanted = new URL("now", location.href);
    if (key) wanted.searchParams.set("key", key);
    if (root.lang === "en") wanted.searchParams.set("lang", "en");
    try {
      const answer = await fetch(wanted, { cache: "no-store", signal: AbortSignal.timeout(ASK_SECONDS * 900) });
      if (answer.status === 403) { ended((await answer.json()).ended); return; }
      if (!answer.ok) throw new Error(answer.status);
      const release = (await answer.json()).release;
      lostSince = null;
      body.classList.remove("is-lost");
      notice.textContent = "";
      if (release && release !== said.release) renew(release);
    } catch {
      lostSince ??= new Date();
      body.classList.add("is-lost");
      notice.textContent = fill(said.lost, "time", clock.format(lostSince));
    }
  };
  const root = document.documentElement;
  const ended = (words) => {
    clearInterval(asking);
    const told = document.createElement("p");
    told.className = "sh-missing";
    told.setAttribute("role", "alert");
    told.textContent = words || said.ended;
    document.querySelector("main").replaceChildren(told);
  };
  const asking = setInterval(ask, ASK_SECONDS * 1000);

  if (body.classList.contains("sh-wall")) {
    // The new picture takes the old one's place in one step; until it has come whole, the old one stands.
    let coming = false;
    renew = async () => {
      if (coming) return;
      coming = true;
      try {
        const answer = await fetch(location.href, { cache: "no-store" });
        if (answer.ok) {
          const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
          for (const part of ["main", ".sw-head", ".sh-foot .sh-stamp"]) {
            document.querySelector(part).replaceWith(document.adoptNode(fresh.querySelector(part)));
          }
          said.release = fresh.body.dataset.release;
          tick();
        }
      } finally { coming = false; }
    };
    return;
  }

  // ---- the projection ----
  const slides = [...document.querySelectorAll(".sh-slide")];
  const number = document.querySelector(".sh-number");
  const countdown = document.querySelector(".sh-countdown");
  let current = 0;
  let left = Number(said.autoplay) || 0;
  let playing = left > 0;
  const each = left || PLAY_SECONDS;

  const show = (place, remember = true) => {
    if (!slides.length) return;
    current = Math.min(Math.max(place, 0), slides.length - 1);
    slides.forEach((slide, at) => { slide.hidden = at !== current; });
    number.textContent = `${current + 1} / ${slides.length}`;
    left = each;
    count();
    if (remember) {
      address.searchParams.set("slide", current + 1);
      history.replaceState(null, "", address);
    }
  };
  const count = () => {
    countdown.textContent = playing ? fill(said.countdown, "seconds", left) : "";
    countdown.style.setProperty("--left", playing ? left / each : 0);
  };
  setInterval(() => {
    if (!playing) return;
    left -= 1;
    if (left <= 0) show((current + 1) % slides.length); else count();
  }, 1000);

  renew = () => { notice.textContent = said.news; };
  const themes = ["dark", "light"];
  const act = {
    ArrowRight: () => show(current + 1), PageDown: () => show(current + 1), Enter: () => show(current + 1),
    ArrowLeft: () => show(current - 1), PageUp: () => show(current - 1), Backspace: () => show(current - 1),
    Home: () => show(0), End: () => show(slides.length - 1),
    p: () => { playing = !playing; left = each; count(); },
    t: () => {
      root.dataset.theme = themes[(themes.indexOf(root.dataset.theme) + 1) % themes.length];
      address.searchParams.set("theme", root.dataset.theme);
      history.replaceState(null, "", address);
    },
    f: () => { if (document.fullscreenElement) document.exitFullscreen(); else root.requestFullscreen().catch(() => {}); },
    r: () => { if (!lostSince) location.reload(); },
    "?": () => { const help = document.querySelector(".sh-help"); help.hidden = !help.hidden; },
    Escape: () => {
      const help = document.querySelector(".sh-help");
      if (!help.hidden) { help.hidden = true; return; }
      if (document.fullscreenElement) { document.exitFullscreen(); return; }
      // Without a server there is nothing to go back to: the slide stays.
      if (!lostSince) location.assign(said.back);
    },
  };
  document.addEventListener("keydown", (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const focused = event.target.closest && event.target.closest("a, summary");
    if (focused && (event.key === "Enter" || event.key === " ")) return;
    if (event.key === " ") { event.preventDefault(); show(current + (event.shiftKey ? -1 : 1)); return; }
    const doing = act[event.key] || act[event.key.toLowerCase()];
    if (!doing) return;
    event.preventDefault();
    doing();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("a, summary, .sh-foot, .sh-help")) return;
    show(current + (event.clientX < innerWidth / 5 ? -1 : 1));
  });
  body.classList.add("is-shown");
  show((Number(address.searchParams.get("slide")) || 1) - 1, false);
})();
