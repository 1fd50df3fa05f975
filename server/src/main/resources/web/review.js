// The review form: keeps a draft on the node while it is filled in, takes over marked places, offers the reasons of the
// decision that was made. Without this script the form is sent as it is.
// @ts-check

const SAVE_AFTER_MS = 800;

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("review-form"));
if (form) {
  start(form);
}

/** @param {HTMLFormElement} form */
function start(form) {
  const opened = Date.now();
  const draftUrl = form.dataset.draft ?? "";
  // Lives as long as this tab: what was typed while the node could not be reached.
  const tabKey = `walnut-review-${form.dataset.prediction}`;
  const state = document.getElementById("draft-state");
  const problem = document.getElementById("review-problem");
  const reason = /** @type {HTMLSelectElement} */ (document.getElementById("reason"));
  const viewer = document.getElementById("viewer");
  /** @type {[number, number, number] | null} */
  let marked = null;
  let waiting = 0;
  let sending = false;

  /** The fields as a draft keeps them: all that were filled in, apart from what the page itself put there. */
  function fields() {
    /** @type {Record<string, string>} */
    const filled = {};
    for (const [name, value] of new FormData(form)) {
      if (value !== "" && !["version", "submissionId", "secondsSpent"].includes(name)) {
        filled[name] = String(value);
      }
    }
    return filled;
  }

  /** @param {string} text */
  function say(text) {
    if (state) {
      state.textContent = text;
    }
  }

  /** @param {boolean} leaving whether the page is going away */
  function save(leaving) {
    window.clearTimeout(waiting);
    waiting = 0;
    const body = JSON.stringify({ fields: fields() });
    fetch(draftUrl, {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body,
      redirect: "error",
      keepalive: leaving,
    })
      .then((answer) => {
        if (answer.ok) {
          sessionStorage.removeItem(tabKey);
          say("Draft kept on the node.");
        } else if (answer.status === 401) {
          say("Your session has ended. The draft is kept in this tab: sign in again in it and open the case.");
        } else {
          say("The draft is kept in this tab only: the node did not take it.");
        }
      })
      .catch(() => say("The draft is kept in this tab only: the node does not answer."));
  }

  function changed() {
    sessionStorage.setItem(tabKey, JSON.stringify(fields()));
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => save(false), SAVE_AFTER_MS);
  }

  /** @param {Record<string, string>} filled */
  function fill(filled) {
    for (const [name, value] of Object.entries(filled)) {
      if (name === "predictionId") {
        continue;
      }
      const control = form.elements.namedItem(name);
      if (control instanceof RadioNodeList || control instanceof HTMLInputElement
          || control instanceof HTMLTextAreaElement || control instanceof HTMLSelectElement) {
        control.value = value;
      }
    }
  }

  function chosenDecision() {
    const control = form.elements.namedItem("decision");
    return control instanceof RadioNodeList ? control.value : "";
  }

  /** Only the reasons of the decision that was made; one that no longer fits is let go. */
  function offerReasons() {
    const decision = chosenDecision();
    const before = reason.value;
    for (const group of reason.querySelectorAll("optgroup")) {
      const fits = decision === "" || group.dataset.decision === decision;
      group.hidden = !fits;
      group.disabled = !fits;
    }
    const selected = reason.selectedOptions[0];
    const group = selected?.parentElement;
    if (group instanceof HTMLOptGroupElement && group.disabled) {
      const same = [...reason.querySelectorAll("optgroup:not([disabled]) option")]
        .find((option) => option instanceof HTMLOptionElement && option.value === before);
      if (same instanceof HTMLOptionElement) {
        same.selected = true;
      } else {
        reason.value = "";
      }
    }
  }

  /** @param {string} value */
  function decide(value) {
    const radio = form.querySelector(`input[name="decision"][value="${value}"]`);
    if (radio instanceof HTMLInputElement) {
      radio.checked = true;
      radio.focus();
      offerReasons();
      changed();
    }
  }

  const here = new URL(location.href);
  if (here.searchParams.has("reviewed")) {
    sessionStorage.removeItem(tabKey);
    here.searchParams.delete("reviewed");
    history.replaceState(null, "", here);
    say("Your review is stored.");
  }
  const kept = sessionStorage.getItem(tabKey);
  if (kept && (problem === null || problem.hidden)) {
    fill(JSON.parse(kept));
    say("What you wrote before in this tab is filled in. It has not been sent.");
  }
  offerReasons();

  form.addEventListener("input", changed);
  form.addEventListener("change", offerReasons);
  form.addEventListener("submit", () => {
    sending = true;
    window.clearTimeout(waiting);
    const id = /** @type {HTMLInputElement} */ (form.elements.namedItem("submissionId"));
    id.value = id.value || crypto.randomUUID();
    const seconds = /** @type {HTMLInputElement} */ (form.elements.namedItem("secondsSpent"));
    seconds.value = String(Math.min(86400, Math.round((Date.now() - opened) / 1000)));
    sessionStorage.setItem(tabKey, JSON.stringify(fields()));
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && waiting !== 0 && !sending) {
      save(true);
    }
  });

  viewer?.addEventListener("walnut:marked", (event) => {
    marked = /** @type {CustomEvent} */ (event).detail.lps;
    for (const button of form.querySelectorAll("button.take")) {
      /** @type {HTMLButtonElement} */ (button).hidden = marked === null;
    }
  });
  for (const button of form.querySelectorAll("button.take")) {
    button.addEventListener("click", () => {
      const { for: field, chooses } = /** @type {HTMLElement} */ (button).dataset;
      const input = form.elements.namedItem(field ?? "");
      if (marked && input instanceof HTMLInputElement) {
        input.value = marked.map((value) => value.toFixed(1)).join(", ");
        const elsewhere = form.querySelector(`input[name="${chooses}"][value="MOVED"]`);
        if (elsewhere instanceof HTMLInputElement) {
          elsewhere.checked = true;
        }
        changed();
      }
    });
  }
  document.addEventListener("keydown", (event) => {
    const target = event.target;
    const writing = target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
        || (target instanceof HTMLInputElement && target.type === "text");
    const decision = { a: "ACCEPTED", c: "CORRECTED", r: "REJECTED" }[event.key];
    if (decision && !writing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      decide(decision);
    }
  });
  if (problem && !problem.hidden) {
    problem.focus();
  }
  form.dataset.ready = "true";
}
