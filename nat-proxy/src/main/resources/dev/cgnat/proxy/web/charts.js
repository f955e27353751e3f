/** Charts over time, by uPlot. */
import { $, make, number, say, short } from "./dom.js";

const { uPlot } = window;
const sync = uPlot.sync("dashboard");
const palette = {};
const charts = [];
const HEADROOM = 4; // a limit so many times above the peak is told in the legend, not drawn
const dark = matchMedia("(prefers-color-scheme: dark)");

function readPalette() {
  const style = getComputedStyle(document.documentElement);
  for (const name of ["ink", "muted", "grid", "in-use", "held", "reserved", "limit", "established", "no_port", "refused", "timeout",
    "unreachable", "reset", "denied", "p50", "p95", "p99"]) {
    palette[name] = style.getPropertyValue("--" + name).trim();
  }
}
readPalette();
dark.addEventListener("change", () => {
  readPalette();
  charts.forEach((chart) => chart.redraw());
});

const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString("en-GB");

/**
 * One chart in the figure of that id.
 *
 * lines: name, colour; stacked: each on top of those before; unit: behind each value; format: of a value; limit: name of a constant line
 */
export class Chart {
  constructor(id, { lines, stacked = false, format = number, limit }) {
    this.figure = document.getElementById(id);
    this.box = $(".chart", this.figure);
    this.lines = lines;
    this.stacked = stacked;
    this.format = format;
    this.limit = limit;
    this.values = lines.map(() => []);
    this.x = [];
    this.readings = lines.map((line) => this.entry(line.name, line.colour));
    if (limit) this.limitReading = this.entry(limit, null);
    this.plot = new uPlot(this.options(), [[], ...lines.map(() => []), ...(limit ? [[]] : [])], this.box);
    this.figure.uplot = this.plot;
    charts.push(this);
    new ResizeObserver(() => this.plot.setSize(this.size())).observe(this.box);
  }

  entry(name, colour) {
    const swatch = make("i", { class: colour ? "" : "dash" });
    if (colour) swatch.style.background = `var(--${colour})`;
    const reading = make("b");
    $(".legend", this.figure).append(make("li", {}, swatch, name + " ", reading));
    return reading;
  }

  size() {
    return { width: this.box.clientWidth, height: this.box.clientHeight };
  }

  options() {
    const axis = {
      stroke: () => palette.muted, font: "12px system-ui, sans-serif",
      grid: { stroke: () => palette.grid, width: 1 }, ticks: { stroke: () => palette.grid, width: 1, size: 4 },
    };
    const series = this.lines.map((line) => ({
      label: line.name,
      stroke: () => palette[line.colour],
      fill: this.stacked ? () => palette[line.colour] + "b0" : undefined,
      width: 1.5,
      points: { show: false },
    }));
    if (this.limit) {
      series.push({ label: this.limit, stroke: () => palette.limit, width: 1.5, dash: [6, 4], points: { show: false } });
    }
    return {
      ...this.size(),
      legend: { show: false },
      cursor: { sync: { key: sync.key }, drag: { setScale: false, x: false, y: false }, points: { size: 6 } },
      scales: { x: { time: true }, y: { range: (u, least, most) => [0, (most || 1) * 1.08] } },
      axes: [
        { ...axis, grid: { show: false }, size: 28, space: 74, values: (u, splits) => splits.map(clock) },
        { ...axis, size: 58, space: 32, values: (u, splits) => splits.map((value) => this.format(value, true)) },
      ],
      series: [{}, ...series],
      bands: this.stacked ? this.lines.slice(1).map((line, i) => ({ series: [i + 2, i + 1] })) : [],
      hooks: { setCursor: [(u) => this.read(u.cursor.idx)] },
    };
  }

  /** Draws these; values by line, as they are, null where nothing is known. */
  show(x, values, limit) {
    this.x = x;
    this.values = values;
    let drawn = values;
    if (this.stacked) {
      const total = x.map(() => 0);
      drawn = values.map((line) => line.map((value, i) => (value === null ? null : (total[i] += value))));
    }
    const data = [x, ...drawn];
    if (this.limit) {
      const most = drawn.reduce((top, line) => line.reduce((peak, value) => Math.max(peak, value || 0), top), 0);
      const fits = limit !== undefined && limit <= most * HEADROOM;
      data.push(x.map(() => (fits ? limit : null)));
      say(this.limitReading, limit === undefined ? "" : number(limit) + (fits ? "" : " (above the chart)"));
    }
    this.plot.setData(data);
    this.read(this.plot.cursor.idx);
    this.readings.forEach((reading, line) => {
      reading.parentElement.hidden = this.lines[line].optional && !values[line].some((value) => value > 0);
    });
    const last = this.lines.map((line, i) => line.name + " " + this.text(values[i][x.length - 1])).join(", ");
    this.box.setAttribute("aria-label", $("h2", this.figure).textContent + ", now: " + last);
  }

  read(at) {
    const i = at === null || at === undefined || at >= this.x.length ? this.x.length - 1 : at;
    this.readings.forEach((reading, line) => say(reading, this.text(this.values[line][i])));
  }

  text(value) {
    return value === null || value === undefined ? "–" : this.format(value, false);
  }

  redraw() {
    this.plot.redraw(false, true);
  }
}

export const count = (value, isTick) => (isTick ? short(value) : number(Math.round(value * 10) / 10));
export const millis = (seconds) => {
  const ms = seconds * 1000;
  return number(ms < 10 ? Math.round(ms * 100) / 100 : Math.round(ms)) + " ms";
};
