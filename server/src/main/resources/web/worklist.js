// Keeps the worklist current while it is looked at. The node says that something happened (server-sent events); the rows
// are rendered there too, this only asks for them again and changes what is different, in place: neither focus nor scroll
// moves. Without this script the page shows what was so when it was opened.
// @ts-check

const SETTLE_MS = 250;
const ASK_ANYWAY_MS = 30000;

const list = document.getElementById("cases");
const live = document.getElementById("live");

// Under Trusted Types markup can be parsed only through a named policy; the server sends no other name than this one.
/** @type {any} */
const trustedTypes = /** @type {any} */ (window).trustedTypes;
const policy = trustedTypes ? trustedTypes.createPolicy("walnut", { createHTML: (/** @type {string} */ page) => page }) : null;

/** @type {EventSource | null} */
let events = null;
let waiting = 0;
let asking = false;
let askAgain = false;

/** @param {string} text */
function say(text) {
  if (live && live.textContent !== text) {
    live.textContent = text;
  }
}

function soon() {
  if (waiting === 0) {
    waiting = window.setTimeout(() => {
      waiting = 0;
      refresh();
    }, SETTLE_MS);
  }
}

async function refresh() {
  if (list?.dataset.found) {
    return; // What was searched for stands in no address that could be asked for again.
  }
  if (asking) {
    askAgain = true;
    return;
  }
  asking = true;
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html", "X-Walnut-Unattended": "yes" }, redirect: "error" });
    if (response.ok) {
      const page = await response.text();
      show(new DOMParser().parseFromString(policy ? policy.createHTML(page) : page, "text/html"));
    }
  } catch {
    // A node that is restarting is asked again when its events come back.
  } finally {
    asking = false;
    if (askAgain) {
      askAgain = false;
      soon();
    }
  }
}

/** @param {Document} fresh */
function show(fresh) {
  replaceTexts(document.querySelectorAll(".filters .count"), fresh.querySelectorAll(".filters .count"));
  const now = list?.querySelector("tbody");
  const next = fresh.querySelector("#cases tbody");
  if (now && next) {
    mergeRows(now, next);
  } else if (list && !list.contains(document.activeElement)) {
    list.replaceChildren(...(fresh.getElementById("cases")?.childNodes ?? []));
  }
}

/** @param {NodeListOf<Element>} now @param {NodeListOf<Element>} next */
function replaceTexts(now, next) {
  now.forEach((each, index) => {
    if (next[index] && each.textContent !== next[index].textContent) {
      each.textContent = next[index].textContent;
    }
  });
}

/** @param {HTMLTableSectionElement} now @param {HTMLTableSectionElement} next */
function mergeRows(now, next) {
  const wanted = new Map([...next.rows].map((row) => [row.dataset.case, row]));
  for (const row of [...now.rows]) {
    if (!wanted.has(row.dataset.case) && !row.contains(document.activeElement)) {
      row.remove();
    }
  }
  const shown = new Map([...now.rows].map((row) => [row.dataset.case, row]));
  /** @type {Element | null} */
  let place = now.firstElementChild;
  for (const [id, row] of wanted) {
    const mine = shown.get(id);
    if (!mine) {
      now.insertBefore(row, place);
    } else {
      mergeCells(mine, row);
      place = mine.nextElementSibling;
    }
  }
}

/** A cell that holds the focus is left alone; the case's own link never changes. @param {HTMLTableRowElement} mine @param {HTMLTableRowElement} row */
function mergeCells(mine, row) {
  [...mine.cells].forEach((cell, index) => {
    const fresh = row.cells[index];
    if (fresh && !cell.isEqualNode(fresh) && !cell.contains(document.activeElement)) {
      cell.replaceWith(fresh.cloneNode(true));
    }
  });
}

function listen() {
  events?.close();
  events = new EventSource("/api/v1/events");
  events.addEventListener("open", () => say(list?.dataset.found ? "" : "Live"));
  events.addEventListener("case", soon);
  events.addEventListener("resync", soon);
  events.addEventListener("error", () => {
    say(events?.readyState === EventSource.CLOSED ? "Not live: reload the page" : "Reconnecting…");
  });
}

// A browser has few connections to one server: a page that nobody looks at gives its own back.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    events?.close();
    events = null;
  } else {
    listen();
  }
});
if (!document.hidden) {
  listen();
}
// The newest cases are watched; whatever happens to older ones is seen by asking now and then.
setInterval(() => !document.hidden && refresh(), ASK_ANYWAY_MS);
