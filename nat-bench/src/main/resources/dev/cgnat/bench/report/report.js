"use strict";
(() => {
  const report = JSON.parse(document.getElementById("report").textContent);
  const { totals = { refused: {} }, capacity = {}, samples = [], profiles } = report; // a run, or profiles side by side
  const refusedTotal = sum(Object.values(totals.refused));
  const wanted = totals.offered - totals.retries;
  const times = samples.map((sample) => sample["at-seconds"]);
  const span = Math.max(report["duration-seconds"], times.length ? times[times.length - 1] : 0);
  const REASON_COLOURS = 8;
  const HEIGHT = 210;
  /** Room for the names of profiles below their bars. */
  const UPRIGHT = 155;
  const TABLE_ROWS = 60;
  /** A limit so far above the curve would flatten it: then the legend alone tells it. */
  const MAX_HEADROOM = 4;

  // ---- numbers and words

  function sum(values) {
    return values.reduce((total, value) => total + value, 0);
  }

  const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
  function number(value) {
    if (value === null || value === undefined) return "–";
    const digits = Number.isInteger(value) || Math.abs(value) >= 1000 ? 0 : Math.abs(value) < 1 ? 3 : 1;
    return new Intl.NumberFormat("en", { maximumFractionDigits: digits }).format(value);
  }

  /** What is not quite all, or not quite none, is not rounded to it. */
  function percent(ratio) {
    const rounded = Math.round(ratio * 1000) / 10;
    if (rounded === 100 && ratio < 1) return "> 99.9 %";
    if (rounded === 0 && ratio > 0) return "< 0.1 %";
    return rounded.toFixed(1) + " %";
  }

  function clock(seconds) {
    const two = (value) => String(value).padStart(2, "0");
    const all = Math.round(seconds);
    const days = Math.floor(all / 86400);
    const hours = Math.floor(all / 3600) % 24;
    const minutes = Math.floor(all / 60) % 60;
    if (span <= 180) return (Math.round(seconds * 10) / 10) + " s";
    if (span < 3600) return minutes + ":" + two(all % 60);
    const time = (days && span > 2 * 86400 ? "d" + days + " " : "") + (span > 2 * 86400 ? hours : Math.floor(all / 3600)) + ":" + two(minutes);
    return all % 60 && span < 6 * 3600 ? time + ":" + two(all % 60) : time;
  }

  /** What each reason of a refusal means, for who does not know the words. */
  const MEANINGS = {
    held: "no port is free, and at least one rests after its last flow (hold-down)",
    exhausted: "every port that could serve the flow carries a live one",
    search_gave_up: "the NAT's search stopped although a port was free",
    paired_address_full: "the subscriber's own address has no free port; another has",
    session_limit: "the subscriber has as many flows as it may have",
    port_limit: "the subscriber has as many ports as it may have",
    block_limit: "the subscriber has as many port blocks as it may have, and they are full",
    rate_limit: "the subscriber begins flows faster than it may",
    destination_limit: "as many flows go to the destination as may",
    os_bind: "sockets of others hold the ports that were drawn",
    descriptors: "the proxy has no file descriptors left",
    draining: "the proxy takes no new flows, as it is being emptied",
    denied: "an access rule forbids the flow",
    general: "SOCKS does not say why; with --admin the proxy is asked",
    reset: "the connection was reset",
  };

  function reasonName(reason) {
    return reason.replace(/_/g, " ");
  }

  // ---- elements

  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value !== undefined && value !== false) element.setAttribute(name, value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
    return element;
  }

  function bar(ratio) {
    const inner = make("i");
    inner.style.width = Math.max(0, Math.min(1, ratio)) * 100 + "%";
    return make("span", { class: "bar", "aria-hidden": "true" }, inner);
  }

  function table(caption, head, rows) {
    return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
      make("table", {},
        make("thead", {}, make("tr", {}, ...head.map((name) => make("th", { scope: "col" }, name)))),
        make("tbody", {}, ...rows.map((row) => make("tr", {},
          ...row.map((cell, i) => make(i ? "td" : "th", i ? {} : { scope: "row" }, cell)))))));
  }

  function card(title, kind, ...children) {
    return make("section", { class: kind ? "card wide " + kind : "card" }, make("h2", {}, title), ...children);
  }

  // ---- colours: read from the style sheet, so that charts follow light, dark and print

  const palette = {};
  function readPalette() {
    const style = getComputedStyle(document.documentElement);
    const names = ["ink", "muted", "line", "grid", "in-use", "held", "reserved", "limit"];
    for (let i = 0; i < REASON_COLOURS; i++) names.push("r" + i);
    for (const name of names) palette[name] = style.getPropertyValue("--" + name).trim();
  }
  const colour = (name) => () => palette[name];
  const tint = (name, alpha) => () => palette[name] + alpha;

  // ---- charts

  const charts = [];
  const cursor = uPlot.sync("run");

  function axes(xValues) {
    const common = {
      stroke: colour("muted"),
      font: "12px system-ui, sans-serif",
      grid: { stroke: colour("grid"), width: 1 },
      ticks: { stroke: colour("grid"), width: 1, size: 4 },
    };
    return [
      { ...common, grid: { show: false }, size: 30, ...xValues },
      { ...common, size: 56, space: 34, values: (u, splits) => splits.map(short) },
    ];
  }

  function short(value) {
    if (Math.abs(value) >= 1e6) return number(Math.round(value / 1e4) / 100) + "M";
    if (Math.abs(value) >= 1e4) return number(Math.round(value / 100) / 10) + "k";
    return number(value);
  }

  const TIME_AXIS = {
    incrs: [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10800, 14400, 21600,
      43200, 86400, 172800, 345600, 604800],
    space: 64,
    values: (u, splits) => splits.map(clock),
  };

  /**
   * One chart with its legend, its words for screen readers, and its table.
   *
   * lines: name, colour, values (as they are, not stacked), fill, dash; limit: name, value
   */
  function chart(id, title, subtitle, options) {
    const { lines, limit, stacked, unit = "", x = times, wide, bars, labels, upright } = options;
    const shown = lines.map((line) => line.values);
    let drawn = shown;
    if (stacked) {
      const total = x.map(() => 0);
      drawn = shown.map((values) => values.map((value, i) => (value === null ? null : (total[i] += value))));
    }
    const most = Math.max(0, ...drawn.map((values) => values.reduce((top, value) => Math.max(top, value || 0), 0)));
    const limitShown = limit && limit.value <= Math.max(most * MAX_HEADROOM, Number.MIN_VALUE);
    const series = [{}];
    const data = [x];
    lines.forEach((line, i) => {
      data.push(drawn[i]);
      series.push({
        label: line.name,
        stroke: colour(line.colour),
        fill: line.fill ? tint(line.colour, line.fill) : undefined,
        width: bars ? 0 : 1.5,
        dash: line.dash,
        points: { show: x.length < 2 },
        spanGaps: !!line.sparse,
        paths: bars ? uPlot.paths.bars({ size: [0.82, 90] }) : undefined,
      });
    });
    if (limitShown) {
      data.push(x.map(() => limit.value));
      series.push({ label: limit.name, stroke: colour("limit"), width: 1.5, dash: [6, 4], points: { show: false } });
    }

    const legend = make("ul", { class: "legend" });
    const readings = lines.map((line) => {
      const swatch = make("i");
      swatch.style.background = `var(--${line.colour})`;
      const reading = make("b");
      legend.append(make("li", {}, swatch, line.name + " ", reading));
      return reading;
    });
    if (limit) {
      const swatch = make("i", { class: "dash" });
      swatch.style.color = "var(--limit)";
      legend.append(make("li", {}, swatch, limit.name + " ", make("b", {}, number(limit.value) + unit),
        limitShown ? "" : " (above the chart)"));
    }
    const moment = make("li", { class: "at" });
    legend.append(moment);

    const peak = (values) => values.reduce((top, value) => Math.max(top, value === null ? 0 : value), 0);
    function rest() {
      readings.forEach((reading, i) => { reading.textContent = bars ? "" : "max " + number(peak(shown[i])) + unit; });
      moment.textContent = "";
    }
    function read(i) {
      readings.forEach((reading, line) => {
        const value = shown[line][i];
        reading.textContent = value === null ? "–" : number(value) + unit;
      });
      moment.textContent = upright ? labels[i] : bars ? "with " + labels[i] + " ports" : "at " + clock(x[i]);
    }
    rest();

    const words = title + ". " + lines.map((line, i) => bars
      ? x.map((_, k) => labels[k] + ": " + number(shown[i][k])).join("; ")
      : line.name + ": at most " + number(peak(shown[i])) + unit + ", at the end " + number(shown[i][x.length - 1]) + unit)
      .join(". ") + (limit ? ". " + limit.name + ": " + number(limit.value) + unit : "") + ".";
    const place = make("div", { class: "chart", role: "img", "aria-label": words });
    const figure = make("figure", { id, class: wide ? "wide" : undefined },
      make("figcaption", {}, make("h2", {}, title), subtitle ? make("p", {}, subtitle) : null), legend, place,
      dataTable(title, x, lines, unit, bars ? labels : null));
    figure.draw = () => {
      const plot = new uPlot({
        width: Math.max(120, place.clientWidth),
        height: HEIGHT + (upright ? UPRIGHT : 0),
        series,
        bands: stacked ? lines.slice(1).map((_, i) => ({ series: [i + 2, i + 1] })) : [],
        scales: {
          x: bars ? { time: false, range: () => [-0.6, x.length - 0.4] } : { time: false },
          y: { range: (u, low, high) => [0, top(Math.max(limitShown ? limit.value : 0, high || 0))] },
        },
        axes: axes(bars
          ? { splits: () => x, values: (u, splits) => splits.map((i) => labels[i]), ...(upright
            ? { rotate: -90, size: 30 + UPRIGHT, space: 12 }
            : { space: 46, filter: (u, splits) => thin(u, splits) }) }
          : TIME_AXIS),
        legend: { show: false },
        padding: [8, 22, 0, 0],
        cursor: {
          y: false,
          drag: { x: !bars, y: false },
          points: { size: 7 },
          sync: bars ? undefined : { key: cursor.key },
        },
        hooks: { setCursor: [(u) => (u.cursor.idx === null || u.cursor.idx === undefined ? rest() : read(u.cursor.idx))] },
      }, data, place);
      figure.uplot = plot;
      charts.push({ plot, place, height: plot.height });
    };
    return figure;
  }

  /** Leaves room above the highest line. */
  function top(high) {
    return high > 0 ? high * 1.08 : 1;
  }

  /** As many labels of bars as have room. */
  function thin(u, splits) {
    const every = Math.ceil((splits.length * 46) / Math.max(46, u.bbox.width / devicePixelRatio));
    return splits.map((value, i) => (i % every ? null : value));
  }

  /** The same for who cannot see the chart; filled when opened. */
  function dataTable(title, x, lines, unit, labels) {
    const every = Math.ceil(x.length / TABLE_ROWS);
    const details = make("details", {}, make("summary", {}, "Table"));
    details.addEventListener("toggle", () => {
      if (details.children.length > 1) return;
      const rows = [];
      for (let i = 0; i < x.length; i++) {
        if (i % every === 0 || i === x.length - 1) {
          rows.push([labels ? labels[i] : clock(x[i]), ...lines.map((line) => number(line.values[i]) + (line.values[i] === null ? "" : unit))]);
        }
      }
      if (every > 1) details.append(make("p", {}, `Every ${every}th of ${whole.format(x.length)} samples; natbench … -o csv prints all.`));
      details.append(table(title, [labels ? "" : "time", ...lines.map((line) => line.name)], rows));
    });
    return details;
  }

  /** Of what happened since the sample before. */
  function perSecond(counts) {
    const usual = times.length > 1 ? times[times.length - 1] / (times.length - 1) : 0;
    return counts.map((count, i) => {
      const seconds = times[i] - (i ? times[i - 1] : 0);
      if (i > 1 && seconds < usual / 2) { // the last of a run may come soon after the one before: a rate of so little time is noise
        return (count + counts[i - 1]) / (times[i] - times[i - 2]);
      }
      return seconds > 0 ? count / seconds : null;
    });
  }

  // ---- the page

  /** The most ports that could not be lent, in use, held or reserved, at the moment of any sample. */
  const fullest = capacity.ports > 0
    ? samples.reduce((most, sample) => Math.max(most, capacity.ports - sample.free), totals["peak-in-use"])
    : 0;

  function headline() {
    const first = totals["first-refusal-seconds"];
    const peak = capacity.ports > 0 ? ` When the pool was fullest, ${number(fullest)} of its ${number(capacity.ports)} ports`
      + ` (${percent(fullest / capacity.ports)}) were in use, held or reserved.` : "";
    if (!totals.offered) return "No flow asked for a port.";
    if (!refusedTotal) return `None of ${number(totals.offered)} flows was refused.` + peak;
    const [reason, count] = Object.entries(totals.refused).sort((a, b) => b[1] - a[1])[0];
    const asked = totals.offered;
    return `${number(refusedTotal)} of ${number(asked)} flows (${percent(refusedTotal / asked)}) were refused`
      + (first === undefined ? "" : `, the first after ${clock(first)}`)
      + `; ${count === refusedTotal ? "all" : "most"} of them as “${reasonName(reason)}”.` + peak;
  }

  function header() {
    const crossed = report.thresholds.filter((one) => one.crossed).length;
    const about = [`ran ${clock(report["duration-seconds"])}`];
    if (report.interrupted) about.push("interrupted before its time");
    if (report.seed !== undefined) about.push("seed " + report.seed);
    if (report.versions.cgnat) about.push("cgnat " + report.versions.cgnat);
    return make("header", {},
      make("div", { class: "eyebrow" }, "natbench " + report.command),
      make("h1", {}, report.title),
      make("p", { class: "about" }, about.join(" · ")),
      report.thresholds.length
        ? make("div", { class: "verdict " + (crossed ? "bad" : "good"), role: "status" },
          crossed ? `✗ ${crossed} of ${report.thresholds.length} thresholds crossed` : `✓ all ${report.thresholds.length} thresholds met`)
        : null,
      make("p", { class: "headline" }, headline()));
  }

  function tiles() {
    const list = make("dl", { class: "tiles" });
    const tile = (name, value, more, ratio) => list.append(make("div", { class: "tile" },
      make("dt", {}, name),
      make("dd", { class: "number" }, value),
      ratio === undefined ? null : make("dd", {}, bar(ratio)),
      make("dd", { class: "more" }, more)));
    tile("Granted", number(totals.granted), wanted > 0 ? `${percent(totals.granted / wanted)} of ${number(wanted)} wanted` : "",
      wanted > 0 ? totals.granted / wanted : undefined);
    tile("Refused", number(refusedTotal), Object.entries(totals.refused)
      .map(([reason, count]) => `${reasonName(reason)} ${number(count)}`).join(" · ") || "no flow");
    if (capacity.ports > 0) {
      tile("Fullest pool", percent(fullest / capacity.ports),
        `${number(fullest)} of ${number(capacity.ports)} ports · in use at most ${number(totals["peak-in-use"])}, held ${number(totals["peak-held"])}`,
        fullest / capacity.ports);
    }
    tile("Peak sessions", number(totals["peak-sessions"]), "live at a time");
    const first = totals["first-refusal-seconds"];
    tile("First refusal", first === undefined ? "never" : clock(first), first === undefined ? `in ${clock(span)}` : `of a run of ${clock(span)}`);
    const ceiling = capacity["ceiling-per-second"];
    if (ceiling !== undefined) {
      tile("Ceiling to one destination", number(ceiling) + "/s", `${number(capacity["slots-to-one"])} slots ÷ hold time`);
    }
    if (report.subscribers) {
      tile("Fairness", report.subscribers.fairness.toFixed(3),
        `${number(report.subscribers["refused-at-least-once"])} of ${number(report.subscribers.count)} subscribers refused at least once`);
    }
    if (report["connect-ms"] && report["connect-ms"].count) {
      tile("Connect time, p99", number(report["connect-ms"].p99) + " ms", `median ${number(report["connect-ms"].p50)} ms`);
    }
    if (totals.retries) tile("Retries", number(totals.retries), "after a refusal");
    if (totals.bypassed) tile("Bypassed", number(totals.bypassed), "left untranslated");
    const count = list.children.length;
    list.style.setProperty("--columns", count > 6 ? Math.ceil(count / 2) : count);
    return list;
  }

  function allReasons() {
    const reasons = new Set(Object.keys(totals.refused));
    for (const sample of samples) Object.keys(sample.refused).forEach((reason) => reasons.add(reason));
    return [...reasons].sort();
  }

  function timeCharts() {
    const all = [];
    const of = (name) => samples.map((sample) => sample[name]);
    if (report.simulated) all.push(twoClocks());
    if (capacity.ports > 0) {
      all.push(chart("ports", "Ports by state", "stacked; the gap below the line is free", {
        stacked: true,
        wide: true,
        limit: { name: "capacity", value: capacity.ports },
        lines: [
          { name: "in use", colour: "in-use", values: of("in-use"), fill: "99" },
          { name: "held", colour: "held", values: of("held"), fill: "99" },
          { name: "reserved", colour: "reserved", values: of("reserved"), fill: "99" },
        ].filter((line) => line.name !== "reserved" || line.values.some((value) => value > 0)),
      }));
    }
    const ceiling = capacity["ceiling-per-second"];
    all.push(chart("granted", "Granted per second", ceiling === undefined ? "" : "the ceiling is that of one destination", {
      unit: "/s",
      limit: ceiling === undefined ? null : { name: "ceiling", value: ceiling },
      lines: [{ name: "granted", colour: "in-use", values: perSecond(of("granted")), fill: "33" }],
    }));
    const reasons = allReasons();
    if (reasons.length) {
      all.push(chart("refused", "Refused per second, by reason", "stacked", {
        unit: "/s",
        stacked: true,
        lines: reasons.map((reason, i) => ({
          name: reasonName(reason),
          colour: "r" + (i % REASON_COLOURS),
          values: perSecond(samples.map((sample) => sample.refused[reason] || 0)),
          fill: "88",
        })),
      }));
    } else {
      all.push(make("figure", { id: "refused" }, make("figcaption", {}, make("h2", {}, "Refused per second, by reason")),
        make("p", { class: "empty" }, "Nothing was refused.")));
    }
    all.push(chart("sessions", "Sessions", "live flows", {
      lines: [{ name: "sessions", colour: "in-use", values: of("sessions"), fill: "33" }],
    }));
    if (samples.some((sample) => sample["connect-ms"] && sample["connect-ms"].count)) {
      const quantile = (name) => samples.map((sample) => {
        const ms = sample["connect-ms"];
        return ms && ms.count ? ms[name] : null;
      });
      all.push(chart("connect", "Connect time", "milliseconds from the intended beginning, by interval", {
        unit: " ms",
        lines: [
          { name: "p50", colour: "r3", values: quantile("p50"), sparse: true },
          { name: "p90", colour: "r1", values: quantile("p90"), sparse: true },
          { name: "p99", colour: "r0", values: quantile("p99"), sparse: true },
        ],
      }));
    }
    return all;
  }

  /** The same scenario over sockets and in virtual time, whose samples are at the same moments. */
  function twoClocks() {
    const taken = (sample) => (sample ? sample["in-use"] + sample.held : null);
    return chart("twin", "Ports in use and held, on two clocks", `at most ${percent(report.distance.ports)} of the pool apart`, {
      wide: true,
      limit: { name: "capacity", value: capacity.ports },
      lines: [
        { name: "over sockets", colour: "in-use", values: samples.map(taken), fill: "33" },
        { name: "in virtual time", colour: "r0", values: samples.map((_, i) => taken(report.simulated.samples[i])), dash: [3, 3] },
      ],
    });
  }

  function twoTotals() {
    const { simulated, distance } = report;
    return card("Two clocks", "", table("Two clocks", ["", "over sockets", "in virtual time", "apart"], [
      ["granted", number(totals.granted), number(simulated.totals.granted), percent(distance.granted)],
      ["refused", number(refusedTotal), number(sum(Object.values(simulated.totals.refused))), percent(distance.refused)],
      ["most ports in use", number(totals["peak-in-use"]), number(simulated.totals["peak-in-use"]), ""],
      ["ports in use and held, of the pool's", "", "", `${percent(distance.ports)} at ${clock(distance["ports-at-seconds"])}, ${percent(distance["mean-ports"])} on average`],
    ]));
  }

  function histogram() {
    const ports = report.subscribers["peak-ports"];
    let first = ports.counts.findIndex((count) => count > 0);
    let last = ports.counts.length - 1;
    while (last > first && ports.counts[last] === 0) last--;
    first = Math.max(0, first);
    const labels = [];
    for (let i = first; i <= last; i++) {
      const low = i === 0 ? 0 : ports.bounds[i - 1] + 1;
      const high = ports.bounds[i];
      labels.push(low >= high ? number(high) : `${number(low)}–${number(high)}`);
    }
    const counts = ports.counts.slice(first, last + 1);
    return chart("peak-ports", "Most ports that a subscriber had at a time", "live and held; subscribers by ports", {
      bars: true,
      x: counts.map((_, i) => i),
      labels,
      lines: [{ name: "subscribers", colour: "in-use", values: counts, fill: "cc" }],
    });
  }

  function quantiles(title, values, unit) {
    return card(title, "", table(title, ["p50", "p90", "p99", "p99.9", "max", "mean"],
      [["p50", "p90", "p99", "p999", "max", "mean"].map((name) => number(values[name]) + unit)]));
  }

  function uses(title, name, list) {
    const granted = Math.max(1, ...list.map((use) => use.granted));
    return card(title, "", table(title, [name, "peak", "granted", "refused"], list.map((use) =>
      [use.name, number(use.peak), make("span", {}, bar(use.granted / granted), number(use.granted)), number(use.refused)])));
  }

  function facts(title, entries) {
    return card(title, "", make("dl", { class: "facts" },
      ...entries.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)])));
  }

  function cards() {
    const all = [];
    if (report.simulated) all.push(twoTotals());
    if (refusedTotal) {
      all.push(card("Why flows were refused", "reasons", table("Why flows were refused", ["reason", "flows", "share", "meaning"],
        Object.entries(totals.refused).sort((a, b) => b[1] - a[1]).map(([reason, count]) =>
          [reasonName(reason), number(count), percent(count / refusedTotal), make("span", { class: "words" }, MEANINGS[reason] || "as the NAT calls it")]))));
    }
    if (report.behaviours.length) {
      all.push(card("Behaviours", "behaviours", table("Behaviours",
        ["behaviour", "success", "fairness", "wanted", "granted", "refused", "subscribers"],
        report.behaviours.map((one) => [one.name, one.wanted ? make("span", {}, bar(one.success), percent(one.success)) : "–",
          one.fairness.toFixed(3), number(one.wanted), number(one.granted), number(one.refused), number(one.subscribers)]))));
    }
    if (report.subscribers) all.push(quantiles("Peak ports of subscribers", report.subscribers["peak-ports"], ""));
    if (report["connect-ms"] && report["connect-ms"].count) all.push(quantiles("Connect time over the run", report["connect-ms"], " ms"));
    if (report.addresses.length) all.push(uses("External addresses", "address", report.addresses));
    if (report.destinations.length) all.push(uses("Busiest destinations", "destination", report.destinations));
    if (report.thresholds.length) {
      all.push(card("Thresholds", "", table("Thresholds", ["condition", "value", "verdict"], report.thresholds.map((one) =>
        [one.text, one.value === undefined ? one.remark || "–" : number(one.value) + (/\d(us|ms|s|m|h)\s*$/.test(one.text) ? " ms" : ""),
          make("span", { class: one.crossed ? "bad" : "good" }, one.crossed ? "✗ crossed" : "✓ met")]))));
    }
    if (report.notes.length) all.push(card("Notes", "", make("ul", {}, ...report.notes.map((note) => make("li", {}, note)))));
    all.push(facts("Parameters", [...Object.entries(report.parameters), ...(report.seed === undefined ? [] : [["seed", String(report.seed)]])]));
    all.push(facts("Versions", [...Object.entries(report.versions), ["report schema", String(report["schema-version"])]]));
    return all;
  }

  function redraw() {
    readPalette();
    for (const { plot, place, height } of charts) {
      const width = Math.max(120, place.clientWidth);
      if (Math.abs(width - plot.width) > 1) plot.setSize({ width, height });
      else plot.redraw(false);
    }
  }

  // ---- profiles side by side

  function sideBySide() {
    const names = profiles.map((one) => one.profile);
    const target = Number(report.parameters["target-refusal"]);
    const bars = (id, title, subtitle, values, unit, limit) => chart(id, title, subtitle, {
      bars: true,
      upright: true,
      wide: true,
      x: names.map((_, i) => i),
      labels: names,
      unit,
      limit,
      lines: [{ name: title.toLowerCase(), colour: "in-use", values: profiles.map((one) => values(one) ?? null), fill: "cc" }],
    });
    const figures = [
      bars("refused", "Refused", "share of the flows that asked", (one) => one.refusal * 100, " %", { name: "target", value: target * 100 }),
      bars("peak-ports", "Peak ports", "in use or held at a time", (one) => one["peak-ports"], ""),
      bars("first-refusal", "First refusal", "seconds from the beginning; no bar: never", (one) => one["first-refusal-seconds"], " s"),
      bars("addresses", "Addresses needed", "to refuse no more than the target; no bar: no number does", (one) => one["addresses-needed"], ""),
    ];
    const best = profiles.filter((one) => one.refusal <= target).length;
    page([make("header", {},
      make("div", { class: "eyebrow" }, "natbench shootout"),
      make("h1", {}, report.parameters.workload + " through " + profiles.length + (profiles.length === 1 ? " profile" : " profiles")),
      make("p", { class: "about" }, `each with ${report.parameters.addresses} external ${report.parameters.addresses === "1" ? "address" : "addresses"} · ran ${report.parameters.until}`),
      make("p", { class: "headline" }, `${best} of ${profiles.length} refuse no more than ${number(target * 100)} %.`))],
    figures,
    [card("Profiles", "profiles", table("Profiles",
      ["profile", "slots to one", "offered", "refused", "most often", "peak ports", "first refusal", "addresses needed"],
      profiles.map((one) => [one.profile, number(one["slots-to-one"]), number(one.offered),
        make("span", {}, bar(one.refusal), percent(one.refusal)), one["main-reason"] ? reasonName(one["main-reason"]) : "–",
        number(one["peak-ports"]), one["first-refusal-seconds"] === undefined ? "never" : number(one["first-refusal-seconds"]) + " s",
        one["addresses-needed"] === undefined ? "no number" : number(one["addresses-needed"])]))),
    facts("Parameters", Object.entries(report.parameters)),
    facts("Versions", [...Object.entries(report.versions), ["report schema", String(report["schema-version"])]])],
    "");
  }

  function oneRun() {
    const figures = samples.length ? timeCharts() : [];
    if (report.subscribers && report.subscribers["peak-ports"].counts.some((count) => count > 0)) figures.push(histogram());
    if (figures.filter((figure) => !figure.classList.contains("wide")).length % 2) figures[figures.length - 1].classList.add("wide");
    page([header(), tiles()], figures, cards(), "Drag over a chart to look closer, double-click to see all. ");
  }

  function page(head, figures, below, hint) {
    document.getElementById("page").append(...head,
      make("div", { class: "charts" }, ...figures),
      make("div", { class: "cards" }, ...below),
      make("footer", {}, hint + "This file needs no network and sends nothing."));
    for (const figure of figures) if (figure.draw) figure.draw();
  }

  readPalette();
  if (profiles) sideBySide();
  else oneRun();

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  const paper = (on) => {
    document.documentElement.classList.toggle("printing", on);
    redraw();
  };
  addEventListener("beforeprint", () => paper(true));
  addEventListener("afterprint", () => paper(false));
  matchMedia("print").addEventListener("change", (media) => paper(media.matches));
  new ResizeObserver(redraw).observe(document.getElementById("page"));
})();
