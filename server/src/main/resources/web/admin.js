// The switches of the administration page. Each form names the API's address that it asks; what came of it is said in one
// line, which takes the focus, and the page's parts are put in anew as the server renders them.
// @ts-check

// Under Trusted Types markup can be parsed only through a named policy; the server sends no other name than this one.
/** @type {any} */
const trustedTypes = /** @type {any} */ (window).trustedTypes;
const policy = trustedTypes ? trustedTypes.createPolicy("walnut", { createHTML: (/** @type {string} */ page) => page }) : null;
const outcome = /** @type {HTMLElement} */ (document.getElementById("outcome"));

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.dataset.address) {
    return;
  }
  event.preventDefault();
  send(form).catch(() => say("This server does not answer. Nothing may have been changed.", false));
});

/** @param {HTMLFormElement} form */
async function send(form) {
  const buttons = form.querySelectorAll("button");
  buttons.forEach((button) => (button.disabled = true));
  say("Asking …", true);
  try {
    const fields = Object.fromEntries(new FormData(form));
    const carries = Object.keys(fields).length > 0;
    const response = await fetch(/** @type {string} */ (form.dataset.address), {
      method: form.dataset.method,
      headers: carries ? { "Content-Type": "application/json" } : {},
      body: carries ? JSON.stringify(fields) : undefined,
      redirect: "error",
    });
    const answer = await response.json();
    if (!response.ok) {
      say(`${answer.detail} (${answer.code})`, false);
      return;
    }
    await refresh();
    const took = typeof answer.roundTripMs === "number" ? ` in ${answer.roundTripMs.toFixed(1)} ms` : "";
    const result = typeof answer.result === "string" ? `: ${answer.result.toLowerCase().replaceAll("_", " ")}` : "";
    say(`${form.dataset.done}${took}${result}.`, true);
  } finally {
    buttons.forEach((button) => (button.disabled = false));
  }
}

/** @param {string} sentence @param {boolean} good */
function say(sentence, good) {
  outcome.textContent = sentence;
  outcome.classList.toggle("failed", !good);
  outcome.focus();
}

async function refresh() {
  const response = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "error" });
  if (!response.ok) {
    return;
  }
  const page = await response.text();
  const fresh = new DOMParser().parseFromString(policy ? policy.createHTML(page) : page, "text/html");
  for (const now of document.querySelectorAll("[data-fresh]")) {
    const next = fresh.querySelector(`[data-fresh="${/** @type {HTMLElement} */ (now).dataset.fresh}"]`);
    if (next && next.innerHTML !== now.innerHTML) {
      now.replaceChildren(...next.childNodes);
    }
  }
}
