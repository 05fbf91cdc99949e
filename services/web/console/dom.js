// Elements made by code. Whatever is said by others goes in as text nodes, so
// nothing from an upload is ever read as markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  const wanted = (child) => child !== undefined && child !== null && child !== false;
  node.append(...children.flat(Infinity).filter(wanted));
  return node;
}

// Attributes that are absent or false are left out; "on..." are listeners.
export const h = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);

export const svg = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);

// Words of others: kept apart from the text around them, whichever way they
// run, and wrapped where they are long.
export const foreign = (text) => h("bdi", { class: "foreign" }, String(text ?? ""));

let ids = 0;
// Unique to the page, for labels and descriptions.
export const freshId = (stem) => `${stem}-${++ids}`;

// A table with a caption and column heads. Cells are nodes or text; a head may
// be {text, number: true} for a column of figures.
export function table(caption, heads, rows, attributes = {}) {
  const isNumber = heads.map((head) => Boolean(head.number));
  return h(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    h(
      "table",
      attributes,
      h("caption", {}, caption),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          heads.map((head) => h("th", { scope: "col", class: head.number && "number" }, head.text ?? head)),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map((row) => {
          const cells = row.cells ?? row;
          return h(
            "tr",
            { class: row.class, "data-key": row.key },
            cells.map((cell, column) =>
              h(
                column === 0 ? "th" : "td",
                { scope: column === 0 && "row", class: isNumber[column] && "number" },
                cell,
              ),
            ),
          );
        }),
      ),
    ),
  );
}

// A name and what it stands for, in pairs; pairs without a value are left out.
export const facts = (pairs, attributes = {}) =>
  h(
    "dl",
    { class: "facts", ...attributes },
    pairs
      .filter(([, value]) => value !== undefined && value !== null && value !== "")
      .map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
  );

// A part of a page under a heading of its own.
export function section(title, attributes, ...children) {
  const id = freshId("section");
  return h("section", { "aria-labelledby": id, ...attributes }, h("h2", { id }, title), children);
}

export const badge = (text, tone) => h("span", { class: `badge ${tone ?? ""}` }, text);
