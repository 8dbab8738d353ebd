// Makes pages move that work without it: refreshes what has changed, says what is worth saying, and says when nobody answers.
"use strict";
(() => {
  const refreshMs = Number(document.body.dataset.refresh);
  const stale = document.getElementById("stale");
  const announce = document.getElementById("announce");
  const shortestMs = 250;
  let timer = 0;
  let under = false;
  let again = false;

  // Nothing is taken from under somebody's hands: neither what they type into, nor what they have opened.
  const inUse = region => region.querySelector("details[open]") !== null
    || (region.contains(document.activeElement) && document.activeElement.matches("input, select, button"));

  const swap = fresh => {
    const said = document.querySelector("[data-say]")?.textContent;
    for (const region of document.querySelectorAll("[data-live]")) {
      const next = fresh.getElementById(region.id);
      if (next === null || next.outerHTML === region.outerHTML || inUse(region)) continue;
      const held = region.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
      region.replaceWith(document.adoptNode(next));
      if (held !== null) [...next.querySelectorAll("a")].find(a => a.getAttribute("href") === held)?.focus();
    }
    document.title = fresh.title;
    const now = document.querySelector("[data-say]")?.textContent;
    if (announce !== null && now && now !== said) announce.textContent = now;
  };

  const refresh = async () => {
    if (under) { again = true; return; }
    under = true;
    clearTimeout(timer);
    try {
      const answer = await fetch(location.href, { headers: { "X-Console-Refresh": "true", "Accept": "text/html" }, cache: "no-store" });
      if (answer.status === 401) { location.reload(); return; }
      if (!answer.ok) throw new Error(String(answer.status));
      swap(new DOMParser().parseFromString(await answer.text(), "text/html"));
      stale.hidden = true;
    } catch {
      if (stale.hidden && announce !== null) announce.textContent = stale.textContent;
      stale.hidden = false;
    } finally {
      under = false;
      timer = setTimeout(refresh, again ? shortestMs : refreshMs);
      again = false;
    }
  };

  if (refreshMs > 0) {
    timer = setTimeout(refresh, refreshMs);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
    if (document.body.dataset.events) {
      const events = new EventSource(document.body.dataset.events);
      events.addEventListener("progress", refresh);
      events.addEventListener("end", () => { events.close(); refresh(); });
    }
  }

  // Whoever comes by a link from elsewhere has no cookie sent along, and lands at the sign-in though signed in. From here it is sent.
  if (document.body.dataset.goOn) {
    fetch(location.href, { headers: { "Accept": "text/html" }, cache: "no-store" }).then(answer => {
      if (answer.redirected) location.replace(document.body.dataset.goOn);
    }, () => undefined);
  }

  // A second press is the same stop anyway; this only says that the first one is under way.
  document.addEventListener("submit", e => {
    const button = e.submitter ?? e.target.querySelector("button");
    if (button?.getAttribute("aria-disabled") === "true") { e.preventDefault(); return; }
    button?.setAttribute("aria-disabled", "true");
    if (e.target.dataset.once) button.textContent = e.target.dataset.once;
  });
  addEventListener("pageshow", e => { if (e.persisted) location.reload(); });
})();
