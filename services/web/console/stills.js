// The stills of an upload: blurred until somebody holds a key or a pointer on
// them, and blurred again the moment they let go. What was revealed is not kept.

import { call } from "./api.js";
import { reveal } from "./claims.js";
import { foreign, h } from "./dom.js";
import { fromBase64, mediaTime, number, seconds, stretch } from "./format.js";
import { errorText, say, warn } from "./notice.js";
import { keysOn } from "./keys.js";
import { asReviewer } from "./session.js";
import { t, word } from "./i18n.js";

const REFERENCE = "KIND_REFERENCE";
const PHOTO = "KIND_PHOTO";
const isPress = (event) => (event.key === " " || event.key === "Enter") && !event.repeat;
const urlOf = (still) => URL.createObjectURL(new Blob([fromBase64(still.jpeg)], { type: "image/jpeg" }));

// How much the reviewer was shown today, with a notice near the budget.
export function exposureMeter(exposure) {
  const revealed = seconds(exposure?.revealed);
  const budget = seconds(exposure?.budget);
  if (!budget) return h("div", { id: "exposure" });
  const text = t("exposure.shown", { shown: stretch(revealed), budget: stretch(budget) });
  return h(
    "div",
    { id: "exposure" },
    h(
      "div",
      { class: "meter" },
      h("meter", { min: 0, max: budget, value: Math.min(revealed, budget), "aria-label": t("exposure.label") }),
      h("span", {}, text),
    ),
    exposure.nearBudget && h("p", { class: "note warn" }, t("exposure.near")),
  );
}

// What a still shows; the time of a photo is its number, from 0.
function nameOf(still) {
  const time = seconds(still.time);
  if (still.kind === PHOTO) return t("stills.photo", { n: number(time + 1) });
  return t("stills.one", { kind: word("Still.Kind", still.kind), time: mediaTime(time) });
}

class Stills {
  constructor(caseId, contentId, stills) {
    Object.assign(this, { caseId, contentId, stills });
    this.chosen = 0;
    this.holding = false;
    this.urls = [];
    this.figures = stills.map((still, index) => this.figure(still, index));
    this.exposure = exposureMeter();
    this.node = h("div", { class: "stills", role: "group", "aria-label": t("stills.label") }, this.figures);
    this.choose(0);
  }

  figure(still, index) {
    const blurred = urlOf(still);
    this.urls.push(blurred);
    const name = nameOf(still);
    const image = h("img", {
      src: blurred,
      alt: t("stills.blurred", { name }),
      "data-blurred": blurred,
      width: still.width,
      height: still.height,
      draggable: "false",
    });
    const button = h(
      "button",
      {
        type: "button",
        "aria-describedby": "reveal-hint",
        onfocus: () => this.choose(index),
        onpointerdown: (event) => {
          event.preventDefault();
          this.choose(index);
          this.show([index]);
        },
        onkeydown: (event) => {
          if (isPress(event)) {
            event.preventDefault();
            this.show([index]);
          }
        },
      },
      image,
    );
    return h("figure", { class: "still" }, button, h("figcaption", {}, name));
  }

  choose(index) {
    this.chosen = index;
    this.figures.forEach((figure, i) => figure.classList.toggle("chosen", i === index));
  }

  move(step) {
    this.choose(Math.min(this.stills.length - 1, Math.max(0, this.chosen + step)));
    this.figures[this.chosen].scrollIntoView({ block: "nearest" });
    say(this.figures[this.chosen].querySelector("figcaption").textContent);
  }

  // The chosen still, and beside it what the list says that it shows.
  withReference() {
    const isReference = (still) => still.kind === REFERENCE;
    const others = isReference(this.stills[this.chosen])
      ? []
      : this.stills.flatMap((still, i) => (isReference(still) ? [i] : []));
    return [this.chosen, ...others];
  }

  async show(indices) {
    if (this.holding) return;
    this.holding = true;
    try {
      const ids = indices.map((i) => this.stills[i].stillId ?? 0).slice(0, 16);
      const reply = await reveal(this.caseId, this.contentId, ids);
      this.noteExposure(reply.exposure);
      // Let go of before it came: it is not shown at all.
      if (this.holding) (reply.stills ?? []).forEach((still) => this.unblur(still));
    } catch (error) {
      this.holding = false;
      warn(errorText(error, "reveal"), { kind: "error", detail: error.message });
    }
  }

  unblur(still) {
    const index = this.stills.findIndex((one) => (one.stillId ?? 0) === (still.stillId ?? 0));
    if (index < 0) return;
    const image = this.figures[index].querySelector("img");
    image.src = urlOf(still);
    image.classList.add("clear");
    image.alt = this.figures[index].querySelector("figcaption").textContent;
  }

  hide() {
    this.holding = false;
    for (const figure of this.figures) {
      const image = figure.querySelector("img");
      if (!image.classList.contains("clear")) continue;
      URL.revokeObjectURL(image.src);
      image.src = image.dataset.blurred;
      image.classList.remove("clear");
      image.alt = t("stills.blurred", { name: figure.querySelector("figcaption").textContent });
    }
  }

  noteExposure(exposure) {
    const meter = exposureMeter(exposure);
    document.getElementById("exposure")?.replaceWith(meter);
  }

  // Listens until `signal` ends.
  listen(signal) {
    const on = (kind, listener, target = window) => target.addEventListener(kind, listener, { signal });
    on("keydown", (event) => {
      const typing = event.target.closest?.("input, textarea, select, dialog");
      if (!keysOn() || typing || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key.toLowerCase() === "r") {
        this.show(event.shiftKey ? this.stills.map((_, i) => i) : this.withReference());
      }
      if (event.key === "ArrowRight") this.move(1);
      if (event.key === "ArrowLeft") this.move(-1);
    });
    for (const kind of ["keyup", "pointerup", "pointercancel", "blur"]) on(kind, () => this.hide());
    on("visibilitychange", () => this.hide(), document);
    on("contextmenu", (event) => event.preventDefault(), this.node);
    signal.addEventListener("abort", () => {
      this.hide();
      this.urls.forEach((url) => URL.revokeObjectURL(url));
    });
  }
}

// The stills of one upload of a case that the person here has claimed, and the
// moments of the upload that they show.
export async function stillsPart(caseId, contentId, signal) {
  let reply;
  let exposure;
  try {
    [reply, exposure] = await Promise.all([
      call("EvidenceService/ListStills", { caseId, contentId }),
      call("EvidenceService/GetExposure", asReviewer()),
    ]);
  } catch (error) {
    return {
      times: [],
      node: h("p", { class: "soft" }, errorText(error, "stills"), error.message && [" ", foreign(error.message)]),
    };
  }
  const shown = reply.stills ?? [];
  if (reply.destroyed || !shown.length) {
    return {
      times: [],
      node: h("p", {}, t(reply.destroyed ? "stills.destroyed" : "stills.none"), " ", foreign(reply.unavailable)),
    };
  }
  const stills = new Stills(caseId, contentId, shown);
  stills.listen(signal);
  return {
    times: shown.filter(({ kind }) => kind !== REFERENCE && kind !== PHOTO).map((still) => seconds(still.time)),
    node: h(
      "div",
      {},
      exposureMeter(exposure),
      stills.node,
      h("div", { class: "buttons" }, holdButton(stills)),
      h("small", { id: "reveal-hint" }, t("stills.hint")),
    ),
  };
}

function holdButton(stills) {
  const show = (event) => {
    event.preventDefault();
    stills.show(stills.withReference());
  };
  return h(
    "button",
    {
      type: "button",
      id: "reveal",
      "aria-keyshortcuts": "R",
      onpointerdown: show,
      onkeydown: (event) => {
        if (isPress(event)) show(event);
      },
    },
    t("stills.hold"),
    " ",
    h("kbd", { "aria-hidden": "true" }, "R"),
  );
}
