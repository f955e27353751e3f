/** State line, tiles, reasons of failures, top subscribers and destinations, events, drains. */
import { $, bytes, duration, fill, make, meter, number, percent, rate, say, short, time } from "./dom.js";
import { grown, perSecond, pool as poolOf } from "./samples.js";
import { OUTCOMES, REFUSALS, VERDICTS, word } from "./words.js";

const FEED = 200;
const total = (counts) => Object.values(counts).reduce((sum, count) => sum + count, 0);

export function showState(status, isConnected, isPaused) {
  const failed = status.checks.filter((check) => !check.ok).map((check) => check.reason || check.name);
  const pill = $("#state");
  const [text, kind] = !isConnected ? ["no connection", "bad"]
    : status.draining ? ["draining", "warn"]
      : status.status !== "ready" ? ["not ready", "bad"]
        : status.pools.some((pool) => pool.alarm) ? ["ready · alarm", "warn"] : ["ready", "good"];
  say(pill, text + (isPaused ? " · paused" : ""));
  pill.className = "pill " + kind;
  pill.title = failed.join("; ");
  say($("#version"), `${status.version} · up ${duration(status.uptimeSeconds)}`);
  document.title = `${text} · natproxy`;
}

export function showTiles(samples, name, status) {
  const last = samples.last();
  const pool = last && poolOf(last, name);
  if (!pool) return;
  const { inUse, held, reserved, free } = pool.ports;
  const all = inUse + held + reserved + free;
  say($("#utilization"), percent(pool.utilization));
  fill($("#utilization-bar"), inUse / all, held / all, reserved / all);
  say($("#utilization-more"), `${number(inUse)} in use, ${number(held)} held of ${number(all)}`
    + (pool.waiting ? `; ${number(pool.waiting)} flows wait` : ""));

  const minute = samples.recent(60);
  const refused = grown(minute, (sample) => total((poolOf(sample, name) || { refused: {} }).refused));
  const asked = refused + grown(minute, (sample) => (poolOf(sample, name) || { granted: 0 }).granted);
  say($("#failures"), number(refused));
  $("#failures").classList.toggle("bad", refused > 0);
  say($("#state-more"), `${percent(pool.utilization)} of the ports not free · ${number(refused)} refused in a minute`);
  say($("#failures-more"), asked ? `${percent(refused / asked)} of ${short(asked)} requests for a port` : "nobody asked for a port");

  say($("#sessions-now"), number(last.sessions));
  say($("#sessions-more"), `of ${number(last.subscribers)} subscribers` + (status ? `; at most ${number(status.sessionLimit)}` : ""));
  const few = samples.recent(5);
  const mean = (values) => {
    const known = values.filter((value) => value !== null);
    return known.length ? known.reduce((sum, value) => sum + value, 0) / known.length : 0;
  };
  say($("#opened-now"), rate(mean(perSecond(few, (sample) => sample.opened.established || 0))));
  say($("#opened-more"), last.connect ? `half of them within ${duration(last.connect.p50)}` : "no connection in 10 s");
  const out = mean(perSecond(few, (sample) => sample.bytesOut));
  const back = mean(perSecond(few, (sample) => sample.bytesIn));
  say($("#bytes-now"), bytes(8 * (out + back)).replace(/B$/, "bit") + "/s");
  say($("#bytes-more"), `${bytes(out)}/s out, ${bytes(back)}/s in`);
}

function reason([name, cause, remedy], count, recent) {
  return make("div", { class: recent ? "reason recent" : "reason" },
    make("h3", {}, name, make("b", {}, recent ? `${number(recent)} in the last minute` : `${number(count)} since the start`)),
    make("p", {}, cause), make("p", { class: "remedy" }, remedy));
}

/** The reasons that occurred, those of the last minute first. */
function reasons(title, labels, samples, counts) {
  const last = samples[samples.length - 1];
  const found = Object.keys(labels)
    .map((label) => ({ label, count: counts(last)[label] || 0, recent: grown(samples, (sample) => counts(sample)[label] || 0) }))
    .filter((one) => one.count > 0)
    .sort((a, b) => b.recent - a.recent || b.count - a.count);
  return found.length ? [make("p", { class: "group" }, title), ...found.map((one) => reason(labels[one.label], one.count, one.recent))] : [];
}

let shownReasons = "";
export function showReasons(samples, name) {
  const minute = samples.recent(60).filter((sample) => poolOf(sample, name));
  if (!minute.length) return;
  const content = [
    ...reasons("The NAT refused", REFUSALS, minute, (sample) => poolOf(sample, name).refused),
    ...reasons("A port was given, the destination not reached", OUTCOMES, minute, (sample) => sample.opened),
  ];
  const all = content.length ? content : [make("p", { class: "empty" }, "No flow has failed since the start.")];
  const text = all.map((element) => element.textContent).join("\n");
  if (text !== shownReasons) $("#reasons .body").replaceChildren(...all); // else a selection in it would be lost
  shownReasons = text;
}

/** The first finding about a pool: what the proxy itself makes of its last minutes. */
export function showDiagnosis(diagnosis) {
  const [finding] = diagnosis.findings;
  const isIll = finding.verdict !== "none";
  const evidence = Object.entries(finding.evidence).map(([key, value]) => `${word(key.replace(/[A-Z]/g, (letter) => " " + letter.toLowerCase()))} ${number(value)}`);
  const box = $("#diagnosis");
  box.className = isIll ? "diagnosis ill" : "diagnosis";
  box.hidden = false;
  const content = [
    make("p", {}, make("b", {}, isIll ? `Diagnosis: ${VERDICTS[finding.verdict] || word(finding.verdict)}` : "Diagnosis"), ` – ${finding.summary}.`),
    finding.remedy && make("p", {}, `What would help: ${finding.remedy}.`),
    evidence.length ? make("p", { class: "evidence" }, `Seen in ${duration(diagnosis.windowSeconds)}: ${evidence.join(", ")}.`) : null,
  ].filter(Boolean);
  if (content.map((line) => line.textContent).join() !== [...box.children].map((line) => line.textContent).join()) box.replaceChildren(...content);
}

/** Seconds until no port is left, by the pace of the last minutes. */
export function showForecast(seconds) {
  say($("#forecast"), seconds === undefined || Number.isNaN(seconds) ? ""
    : seconds === Infinity ? "use does not grow" : seconds === 0 ? "none is left for some flows" : `full in ${duration(seconds)} at this pace`);
}

const units = { ports: number, sessions: number, bytes, new: number };

/** Whoever is asked for, subscribers or destinations, as buttons that show their sessions. */
export function showTop(top, onChosen) {
  const of = top.of === "destinations" ? "destination" : "subscriber";
  const body = $(top.of === "destinations" ? "#destinations .body" : "#top .body");
  const most = Math.max(1, ...top.items.map((item) => item.value));
  const focused = body.contains(document.activeElement) ? document.activeElement.dataset.who : undefined;
  const rows = top.items.map((item) => make("div", { class: "rank" },
    make("button", { type: "button", class: "link", title: "Show its sessions", "data-who": item[of], onclick: () => onChosen(item[of]) }, item[of]),
    meter(item.value / most), make("span", {}, (item.error ? "≤ " : "") + units[top.by](item.value))));
  body.replaceChildren(...(rows.length ? rows : [make("p", { class: "empty" }, "None.")]));
  if (focused !== undefined) rows.map((row) => $("button", row)).find((button) => button.dataset.who === focused)?.focus();
}

const events = [];

function eventText(type, data) {
  if (type === "alarm") {
    return [{ raised: "Alarm", still_raised: "Alarm goes on", cleared: "Alarm over" }[data.kind] || word(data.kind),
      ` pool ${data.pool}: ${percent(data.pressure)} of the ports, or of those to one destination, not free`];
  }
  if (type === "block") return [data.kind === "allocated" ? "Block lent" : "Block returned", ` ${data.address} ports ${data.ports}, ${data.subscriber}`];
  return [{ changed: "Configuration changed", refused: "Configuration refused", drain: "Drain", undrain: "Undrain" }[data.kind] || word(data.kind),
    data.detail ? " " + data.detail : ""];
}

export function addEvent(type, data) {
  events.unshift({ type, data });
  if (events.filter((event) => event.type === "block").length > FEED) {
    events.splice(events.findLastIndex((event) => event.type === "block"), 1);
  }
}

export function showEvents(kinds) {
  const shown = events.filter((event) => kinds === "all" || event.type !== "block").slice(0, FEED);
  const list = $("#events .feed");
  list.replaceChildren(...shown.map(({ type, data }) => {
    const [what, more] = eventText(type, data);
    return make("li", { class: type === "alarm" && data.kind === "cleared" ? "cleared" : type },
      make("time", { datetime: data.at, title: data.at }, time(data.at)), make("span", {}, make("b", {}, what), more));
  }));
  if (!shown.length) list.append(make("li", { class: "empty" }, "", make("span", {}, "Nothing yet.")));
}

export function showDrains(drains, isReadOnly, onUndrain) {
  const card = $("#drains");
  card.hidden = !drains.length;
  $("ul", card).replaceChildren(...drains.map((drain) => {
    const gone = drain.sessionsAtStart ? 1 - Math.min(1, drain.sessions / drain.sessionsAtStart) : 1;
    return make("li", {}, make("b", {}, drain.scope), make("span", {}, drain.state),
      make("span", { class: "muted" }, `${number(drain.sessions)} of ${number(drain.sessionsAtStart)} sessions left (${percent(gone)} gone)`
        + (drain.reset ? `, ${number(drain.reset)} reset` : "")
        + (drain.secondsLeft ? `, reset in ${duration(drain.secondsLeft)}` : drain.deadline ? "" : ", no deadline")),
      make("button", { type: "button", class: "small", disabled: isReadOnly, onclick: () => onUndrain(drain.scope) }, "Undrain"));
  }));
}
