// Small charts as SVG, each with a title, a description, and the same figures
// as a table for whoever would rather read.

import { freshId, h, svg, table } from "./dom.js";
import { t } from "./i18n.js";
import { mediaTime, number } from "./format.js";

const WIDTH = 720;

function figure(title, description, height, shapes, asTable) {
  const [titleId, descriptionId] = [freshId("chart"), freshId("chart")];
  return h(
    "figure",
    { class: "chart" },
    svg(
      "svg",
      { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-labelledby": titleId, "aria-describedby": descriptionId },
      svg("title", { id: titleId }, title),
      svg("desc", { id: descriptionId }, description),
      shapes,
    ),
    h("details", {}, h("summary", {}, t("chart.as_table")), asTable),
  );
}

const textAt = (x, y, text, attributes = {}) => svg("text", { x, y, ...attributes }, text);

const legend = (series) =>
  h(
    "ul",
    { class: "legend" },
    series.map((one) => h("li", {}, h("span", { class: `swatch ${one.tone}`, "aria-hidden": "true" }), one.label)),
  );

// Steps of 1, 2 or 5 times a power of ten, at most so many up to `most`.
export function niceStep(most, steps) {
  const rough = Math.max(most, 1e-9) / steps;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough);
}

// Rows of spans over the length of a video. Rows are {label, tone, spans:
// [{start, end}], detail}, marks are moments; all in seconds.
export function timeline(title, length, rows, marks = []) {
  const [left, top, rowHeight] = [8, 8, 40];
  const width = WIDTH - 2 * left;
  const bottom = top + rows.length * rowHeight;
  const x = (at) => left + (Math.min(at, length) / Math.max(length, 0.001)) * width;
  const step = niceStep(length, 6);
  const ticks = Array.from({ length: Math.floor(length / step + 1e-6) + 1 }, (_, i) => i * step);
  const shapes = [
    ticks.map((at) => [
      svg("line", { x1: x(at), x2: x(at), y1: top, y2: bottom, class: "grid" }),
      textAt(x(at), bottom + 16, mediaTime(at), {
        class: "tick",
        "text-anchor": at === 0 ? "start" : x(at) > WIDTH - 30 ? "end" : "middle",
      }),
    ]),
    rows.map((row, i) => {
      const y = top + i * rowHeight;
      return [
        textAt(left, y + 12, row.label.length > 70 ? `${row.label.slice(0, 69)}…` : row.label, { class: "label" }),
        svg("rect", { x: left, y: y + 18, width, height: 12, class: "track" }),
        row.spans.map((one) =>
          svg("rect", {
            x: x(one.start),
            y: y + 18,
            height: 12,
            rx: 2,
            width: Math.max(3, x(one.end) - x(one.start)),
            class: row.tone,
          }),
        ),
      ];
    }),
    marks.map((at) => svg("path", { class: "mark", d: `M${x(at)} ${bottom - 6}l5 8h-10z` })),
  ];
  const spansOf = (row) => row.spans.map((one) => `${mediaTime(one.start)} – ${mediaTime(one.end)}`).join(", ");
  return figure(
    title,
    rows.map((row) => `${row.label}: ${spansOf(row)}`).join("; ") || t("chart.empty"),
    bottom + 24,
    shapes,
    table(
      title,
      [t("chart.what"), t("chart.where"), t("chart.detail")],
      rows.map((row) => [row.label, spansOf(row), row.detail ?? ""]),
    ),
  );
}

// Bars over time, one group a step, its series beside each other.
export function bars(title, steps, series) {
  const [left, top, bottom] = [44, 8, 168];
  const most = Math.max(1, ...steps.flatMap((step) => step.values));
  const tick = Math.max(1, niceStep(most, 4));
  const y = (value) => bottom - (value / most) * (bottom - top);
  const slot = (WIDTH - left - 8) / Math.max(1, steps.length);
  const barWidth = Math.max(1, (slot - 4) / series.length);
  const every = Math.ceil(steps.length / 7);
  const lines = Array.from({ length: Math.floor(most / tick) + 1 }, (_, i) => i * tick);
  const shapes = [
    lines.map((value) => [
      svg("line", { x1: left, x2: WIDTH - 8, y1: y(value), y2: y(value), class: "grid" }),
      textAt(left - 6, y(value) + 4, number(value), { class: "tick", "text-anchor": "end" }),
    ]),
    steps.map((step, i) => [
      step.values.map((value, k) =>
        svg("rect", {
          x: left + i * slot + 2 + k * barWidth,
          y: y(value),
          width: barWidth,
          height: bottom - y(value),
          class: series[k].tone,
        }),
      ),
      i % every === 0 && textAt(left + i * slot + 2, bottom + 16, step.label, { class: "tick" }),
    ]),
  ];
  const sums = series.map((one, k) => `${one.label}: ${number(steps.reduce((sum, step) => sum + step.values[k], 0))}`);
  const chart = figure(
    title,
    sums.join("; "),
    bottom + 24,
    shapes,
    table(
      title,
      [t("chart.time"), ...series.map((one) => ({ text: one.label, number: true }))],
      steps.map((step) => [step.label, ...step.values.map(number)]),
    ),
  );
  chart.prepend(legend(series));
  return chart;
}

// One bar a row, made of parts one after the other.
export function stacks(title, rows, series) {
  const [left, rowHeight] = [220, 28];
  const totals = rows.map((row) => row.values.reduce((sum, value) => sum + value, 0));
  const most = Math.max(1, ...totals);
  const width = WIDTH - left - 60;
  const shapes = rows.map((row, i) => {
    let x = left;
    const y = i * rowHeight + 4;
    return [
      textAt(left - 8, y + 15, row.label.length > 30 ? `${row.label.slice(0, 29)}…` : row.label, {
        class: "label",
        "text-anchor": "end",
      }),
      row.values.map((value, k) => {
        const length = (value / most) * width;
        x += length;
        return value > 0 && svg("rect", { x: x - length, y, width: length, height: 20, class: series[k].tone });
      }),
      textAt(x + 6, y + 15, row.end ?? number(totals[i]), { class: "tick" }),
    ];
  });
  const chart = figure(
    title,
    rows.map((row, i) => `${row.label}: ${row.end ?? number(totals[i])}`).join("; "),
    rows.length * rowHeight + 8,
    shapes,
    table(
      title,
      [t("chart.what"), ...series.map((one) => ({ text: one.label, number: true }))],
      rows.map((row) => [row.label, ...row.values.map(number)]),
    ),
  );
  chart.prepend(legend(series));
  return chart;
}
