// The three panes of a case, scrolled together. All pictures lie on one grid, so a slice number and a place in per cent
// mean the same in each of them.
// @ts-check

import "./review.js";

const viewer = document.getElementById("viewer");
if (viewer) {
  start(viewer);
}

/** @param {HTMLElement} viewer */
function start(viewer) {
  const slices = Number(viewer.dataset.slices);
  const revision = viewer.dataset.revision ?? "";
  const firstPosition = Number(viewer.dataset.firstPosition);
  const positionStep = Number(viewer.dataset.positionStep);
  /** @type {NodeListOf<HTMLImageElement>} */
  const frames = viewer.querySelectorAll("img.frame");
  /** @type {NodeListOf<HTMLImageElement>} */
  const heatmaps = viewer.querySelectorAll("img.heatmap");
  /** @type {NodeListOf<HTMLElement>} */
  const markers = viewer.querySelectorAll(".marker");
  /** @type {NodeListOf<HTMLButtonElement>} */
  const candidates = viewer.querySelectorAll("button.candidate");
  const slider = /** @type {HTMLInputElement} */ (document.getElementById("slice"));
  const label = /** @type {HTMLOutputElement} */ (document.getElementById("slice-label"));
  /** @type {NodeListOf<HTMLElement>} */
  const stages = viewer.querySelectorAll(".stage");
  /** @type {NodeListOf<HTMLElement>} */
  const crosses = viewer.querySelectorAll(".cross");
  const placeLabel = document.getElementById("place-label");
  const numbers = (/** @type {string | undefined} */ text) => (text ?? "").split(",").map(Number);
  const origin = numbers(viewer.dataset.origin);
  const columnStep = numbers(viewer.dataset.columnStep);
  const rowStep = numbers(viewer.dataset.rowStep);
  const sliceStep = numbers(viewer.dataset.sliceStep);
  const columns = Number(viewer.dataset.columns);
  const rows = Number(viewer.dataset.rows);
  const imageNumbers = viewer.dataset.images ? viewer.dataset.images.split(",") : [];
  const zoomFactor = document.getElementById("zoom-factor");
  const toggle = document.getElementById("heatmap-toggle");
  const opacity = /** @type {HTMLInputElement | null} */ (document.getElementById("opacity"));
  const colourBar = document.getElementById("colour-bar");

  let slice = Number(viewer.dataset.slice);
  let heatmapShown = false;
  /** The candidate that is marked, or -1. */
  let marked = -1;
  let zoom = 1;
  /** A place that the reader marked: slice, column and row on the grid. @type {{k: number, i: number, j: number} | null} */
  let cross = null;
  /** Pictures that were asked for early; kept so that the browser keeps them. */
  const ahead = new Map();

  for (const stage of stages) {
    stage.addEventListener("click", (event) => {
      const box = stage.getBoundingClientRect();
      mark(
        ((event.clientX - box.left) / box.width) * columns - 0.5,
        ((event.clientY - box.top) / box.height) * rows - 0.5,
      );
    });
  }
  for (const picture of viewer.querySelectorAll("[data-pane]")) {
    /** @type {HTMLElement} */ (picture).style.aspectRatio = `${viewer.dataset.widthMm} / ${viewer.dataset.heightMm}`;
    picture.addEventListener("wheel", onWheel, { passive: false });
  }

  /** @param {HTMLImageElement} image @param {number} k */
  const source = (image, k) => `${image.dataset.source}${k}.png${revision}`;

  /** As the image is called in the reader's own viewer, then where it is in the stack. @param {number} k */
  function sliceName(k) {
    const place = `slice ${k + 1} of ${slices}`;
    if (imageNumbers.length === 0) {
      return place.replace("s", "S");
    }
    const series = viewer.dataset.series ? ` of series ${viewer.dataset.series}` : "";
    return `Image ${imageNumbers[k]}${series}, ${place}`;
  }

  /** @param {number} asked */
  function show(asked) {
    slice = Math.max(0, Math.min(slices - 1, asked));
    for (const frame of frames) {
      frame.src = source(frame, slice);
      frame.alt = `${frame.dataset.label}, ${sliceName(slice)}`;
    }
    showHeatmap();
    showMarker();
    showCross();
    slider.value = String(slice + 1);
    const position = (firstPosition + slice * positionStep).toFixed(1);
    label.textContent = `${sliceName(slice)} · ${viewer.dataset.axis} ${position} mm`;
    slider.setAttribute("aria-valuetext", label.textContent);
    viewer.dataset.slice = String(slice);
    fetchAhead();
  }

  function showHeatmap() {
    for (const heatmap of heatmaps) {
      heatmap.hidden = !heatmapShown;
      if (heatmapShown) {
        heatmap.src = source(heatmap, slice);
      }
    }
  }

  function toggleHeatmap() {
    if (!toggle || !opacity || !colourBar) {
      return;
    }
    heatmapShown = !heatmapShown;
    toggle.setAttribute("aria-pressed", String(heatmapShown));
    toggle.firstChild && (toggle.firstChild.textContent = heatmapShown ? "Hide heatmap " : "Show heatmap ");
    opacity.disabled = !heatmapShown;
    colourBar.hidden = !heatmapShown;
    showHeatmap();
  }

  function showMarker() {
    const candidate = candidates[marked];
    candidates.forEach((each, index) => each.setAttribute("aria-current", String(index === marked)));
    for (const marker of markers) {
      marker.hidden = !candidate || Number(candidate.dataset.slice) !== slice;
      if (candidate) {
        marker.style.left = `${candidate.dataset.left}%`;
        marker.style.top = `${candidate.dataset.top}%`;
      }
    }
  }

  function showCross() {
    for (const each of crosses) {
      each.hidden = cross === null || cross.k !== slice;
      if (cross) {
        each.style.left = `${(100 * (cross.i + 0.5)) / columns}%`;
        each.style.top = `${(100 * (cross.j + 0.5)) / rows}%`;
      }
    }
  }

  /** Puts the cross on a place of the slice shown and says where in the patient that is. @param {number} i @param {number} j */
  function mark(i, j) {
    cross = { k: slice, i: Math.max(0, Math.min(columns - 1, i)), j: Math.max(0, Math.min(rows - 1, j)) };
    const { k } = cross;
    const lps = origin.map((start, axis) =>
      start + (cross?.i ?? 0) * columnStep[axis] + (cross?.j ?? 0) * rowStep[axis] + k * sliceStep[axis]);
    showCross();
    const sides = [["R", "L"], ["A", "P"], ["F", "H"]];
    const words = lps.map((value, axis) => `${sides[axis][value < 0 ? 0 : 1]} ${Math.abs(value).toFixed(1)}`).join(" · ");
    if (placeLabel) {
      placeLabel.textContent = `Marked ${words} mm`;
    }
    viewer.dispatchEvent(new CustomEvent("walnut:marked", { detail: { lps } }));
  }

  /** With the keyboard: from the marked candidate, or the middle. */
  function markHere() {
    const candidate = candidates[marked];
    const here = candidate && Number(candidate.dataset.slice) === slice;
    mark(
      here ? (Number(candidate.dataset.left) / 100) * columns - 0.5 : (columns - 1) / 2,
      here ? (Number(candidate.dataset.top) / 100) * rows - 0.5 : (rows - 1) / 2,
    );
  }

  /** One millimetre in the plane. @param {number} right @param {number} down */
  function moveCross(right, down) {
    if (cross === null || cross.k !== slice) {
      markHere();
      return;
    }
    const length = (/** @type {number[]} */ step) => Math.hypot(...step);
    mark(cross.i + right / length(columnStep), cross.j + down / length(rowStep));
  }

  /** All panes alike, about the marked candidate or else the middle. */
  function showZoom() {
    const candidate = candidates[marked];
    for (const stage of stages) {
      stage.style.transformOrigin = candidate ? `${candidate.dataset.left}% ${candidate.dataset.top}%` : "50% 50%";
      stage.style.transform = `scale(${zoom})`;
    }
    if (zoomFactor) {
      zoomFactor.textContent = String(zoom);
    }
  }

  function nextZoom() {
    zoom = (zoom % 3) + 1;
    showZoom();
  }

  /** @param {number} index */
  function goTo(index) {
    if (candidates.length === 0) {
      return;
    }
    marked = (index + candidates.length) % candidates.length;
    // Those below the threshold are folded away until somebody goes to them.
    candidates[marked].closest("details")?.setAttribute("open", "");
    show(Number(candidates[marked].dataset.slice));
    showZoom();
  }

  /** The neighbours are asked for before they are needed, the nearest first. */
  function fetchAhead() {
    for (const distance of [1, -1, 2, -2]) {
      const k = slice + distance;
      if (k < 0 || k >= slices) {
        continue;
      }
      for (const image of heatmapShown ? [...frames, ...heatmaps] : frames) {
        const url = source(image, k);
        if (!ahead.has(url)) {
          const early = new Image();
          early.src = url;
          ahead.set(url, early);
        }
      }
    }
  }

  let wheelTurned = 0;
  /** A notch is a slice; the small steps of a touch pad add up. @param {Event} event */
  function onWheel(event) {
    const wheel = /** @type {WheelEvent} */ (event);
    if (wheel.ctrlKey) {
      return;
    }
    wheel.preventDefault();
    wheelTurned += wheel.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? wheel.deltaY / 60 : wheel.deltaY;
    const steps = Math.trunc(wheelTurned);
    if (steps !== 0) {
      wheelTurned -= steps;
      show(slice + steps);
    }
  }

  /** @type {Record<string, () => void>} */
  const keys = {
    ArrowUp: () => show(slice - 1),
    ArrowDown: () => show(slice + 1),
    Home: () => show(0),
    End: () => show(slices - 1),
    h: toggleHeatmap,
    z: nextZoom,
    n: () => goTo(marked + 1),
    p: () => goTo(marked < 0 ? candidates.length - 1 : marked - 1),
    m: markHere,
    Escape: () => {
      marked = -1;
      cross = null;
      showMarker();
      showCross();
      viewer.dispatchEvent(new CustomEvent("walnut:marked", { detail: { lps: null } }));
    },
  };

  /** @type {Record<string, () => void>} */
  const keysWithShift = {
    ArrowUp: () => moveCross(0, -1),
    ArrowDown: () => moveCross(0, 1),
    ArrowLeft: () => moveCross(-1, 0),
    ArrowRight: () => moveCross(1, 0),
  };

  viewer.addEventListener("keydown", (event) => {
    const action = event.shiftKey ? keysWithShift[event.key] : keys[event.key];
    const modified = event.ctrlKey || event.metaKey || event.altKey;
    const sliderKey = event.target instanceof HTMLInputElement && event.key.length > 1 && event.key !== "Escape";
    if (action && !modified && !sliderKey) {
      event.preventDefault();
      action();
    }
  });
  slider.addEventListener("input", () => show(Number(slider.value) - 1));
  document.getElementById("zoom")?.addEventListener("click", nextZoom);
  toggle?.addEventListener("click", toggleHeatmap);
  opacity?.addEventListener("input", () => {
    for (const heatmap of heatmaps) {
      heatmap.style.opacity = String(Number(opacity.value) / 100);
    }
  });
  candidates.forEach((candidate, index) => candidate.addEventListener("click", () => goTo(index)));

  viewer.dataset.ready = "true";
  // Keys work at once, unless the review form has something to say.
  if (document.activeElement === document.body) {
    viewer.focus({ preventScroll: true });
  }
  fetchAhead();
}
