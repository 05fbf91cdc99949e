// The uploads of a case.

import { call } from "./api.js";
import { isUndecided, lastDecision } from "./decided.js";
import { badge, foreign, h, section, table } from "./dom.js";
import { number, when } from "./format.js";
import { listingTitle } from "./listing.js";
import { t, word } from "./i18n.js";

const UPLOADS_SHOWN = 100;
const outcomeTone = { OUTCOME_REMOVE: "bad", OUTCOME_KEEP: "good" };

export const outcomeBadge = (decision) =>
  badge(word("Decision.Outcome", decision.outcome), outcomeTone[decision.outcome]);

// One page, and where the next one begins.
export const listUploads = (caseId, pageToken) =>
  call("TakedownService/ListUploads", { caseId, pageSize: UPLOADS_SHOWN, pageToken });

// All that was found in one of them, where its page of uploads has it in brief.
export async function wholeUpload(item, upload) {
  if (!upload?.listing || upload.contentId === item.contentId) return upload;
  const { caseId } = item;
  const reply = await call("TakedownService/ListUploads", { caseId, contentId: upload.contentId });
  return reply.uploads?.[0] ?? upload;
}

// The uploads of the case, to look into one, and to decide on some alone.
export class Uploads {
  constructor(item, { uploads, nextPageToken }, held, onShow) {
    Object.assign(this, { item, uploads: uploads ?? [], nextPageToken, held, onShow });
  }

  row(upload) {
    const decision = isUndecided(this.item, upload) ? undefined : lastDecision(upload);
    const name = t("uploads.select", { name: upload.contentId });
    return {
      key: upload.contentId,
      cells: [
        this.held && !decision
          ? h("input", {
              type: "checkbox",
              name: "upload",
              value: upload.contentId,
              "aria-label": name,
              onchange: () => this.noteSelected(),
            })
          : number(upload.number),
        this.name(upload),
        this.link("account", upload.account),
        this.link("group", upload.group),
        when(upload.seen),
        decision
          ? [outcomeBadge(decision), upload.inherited && [" ", h("small", {}, t("uploads.inherited"))]]
          : badge(t("uploads.undecided")),
      ],
    };
  }

  name(upload) {
    const show = { type: "button", class: "quiet", onclick: () => this.onShow(upload) };
    return h(
      "span",
      {},
      h("button", show, foreign(upload.contentId)),
      upload.kind === "KIND_LISTING" && [
        h("br"),
        badge(word("Case.Kind", upload.kind)),
        " ",
        h("small", {}, listingTitle(upload.listing)),
      ],
    );
  }

  link(kind, name) {
    if (!name) return "";
    const tenant = encodeURIComponent(this.item.tenant ?? "");
    return h("a", { href: `#/${kind}/${tenant}/${encodeURIComponent(name)}` }, foreign(name));
  }

  noteSelected() {
    const chosen = this.selected().length;
    document.getElementById("selected").textContent = chosen
      ? t("uploads.selected", { n: chosen, count: chosen })
      : t("uploads.all_selected");
  }

  selected() {
    return [...document.querySelectorAll("input[name=upload]:checked")].map((box) => box.value);
  }

  table(uploads) {
    return table(
      t("uploads.caption"),
      [
        this.held ? t("uploads.choose") : "#",
        t("uploads.name"),
        t("reach.account"),
        t("reach.group"),
        t("uploads.seen"),
        t("uploads.decision"),
      ],
      uploads.map((upload) => this.row(upload)),
    );
  }

  async showMore(list, button) {
    const reply = await listUploads(this.item.caseId, this.nextPageToken);
    this.uploads.push(...(reply.uploads ?? []));
    this.nextPageToken = reply.nextPageToken;
    list.querySelector("tbody").append(...this.table(reply.uploads ?? []).querySelectorAll("tbody tr"));
    button.hidden = !this.nextPageToken;
  }

  node(context) {
    const list = this.table(this.uploads);
    const more = h(
      "button",
      {
        type: "button",
        id: "more-uploads",
        hidden: !this.nextPageToken,
        onclick: () => context.retry("load", () => this.showMore(list, more)),
      },
      t("page.more"),
    );
    return section(
      t("uploads.title"),
      {},
      this.held && h("p", { id: "selected", class: "soft", "aria-live": "polite" }, t("uploads.all_selected")),
      list,
      more,
    );
  }
}
