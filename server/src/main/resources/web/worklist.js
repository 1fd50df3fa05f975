// Keeps the worklist current while it is looked at. The server renders the rows; this only asks again and puts them in.
// @ts-check

const EVERY_MS = 4000;
const list = document.getElementById("cases");

// Under Trusted Types markup can be parsed only through a named policy; the server sends no other name than this one.
/** @type {any} */
const trustedTypes = /** @type {any} */ (window).trustedTypes;
const policy = trustedTypes ? trustedTypes.createPolicy("walnut", { createHTML: (/** @type {string} */ page) => page }) : null;

async function refresh() {
  if (!list || document.hidden || list.contains(document.activeElement)) {
    return; // Rows must not move under a keyboard's focus.
  }
  const response = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "error" });
  if (!response.ok) {
    return;
  }
  const page = await response.text();
  const fresh = new DOMParser().parseFromString(policy ? policy.createHTML(page) : page, "text/html");
  for (const selector of ["#cases", ".filters"]) {
    const now = document.querySelector(selector);
    const next = fresh.querySelector(selector);
    if (now && next && now.innerHTML !== next.innerHTML) {
      now.replaceChildren(...next.childNodes);
    }
  }
}

// A server that is restarting is asked again at the next turn.
setInterval(() => refresh().catch(() => {}), EVERY_MS);
