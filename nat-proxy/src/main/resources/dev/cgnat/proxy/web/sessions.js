/** The table of sessions: filter, order, pages, CSV, kill. */
import { get, remove } from "./api.js";
import { open, text } from "./dialogs.js";
import { $, bytes, duration, make, number, say } from "./dom.js";
import { parse, term } from "./filter.js";
import { word } from "./words.js";

const PAGE = 50;
const CSV_PAGE = 1000;
const CSV_MOST = 20_000;
const KILL_MOST = 1000;
const COLUMNS = [
  ["id", "id", (session) => detailButton(session)],
  ["subscriber", null, (session) => make("button", { type: "button", class: "link", onclick: () => setFilter("subscriber", session.subscriber) }, session.subscriber)],
  ["internal", null, (session) => session.internal],
  ["external", null, (session) => session.external],
  ["destination", null, (session) => session.destination],
  ["state", null, (session) => make("span", {}, make("i", { class: "dot " + session.state }), word(session.state) + (session.draining ? " (draining)" : ""))],
  ["age", "age", (session) => duration(session.ageSeconds), true],
  ["idle", "idle", (session) => duration(session.idleSeconds), true],
  ["out", "bytesOut", (session) => bytes(session.bytesOut), true],
  ["in", "bytesIn", (session) => bytes(session.bytesIn), true],
];
const CSV_COLUMNS = ["id", "pool", "listener", "subscriber", "internal", "external", "destination", "state", "since", "ageSeconds",
  "idleSeconds", "expiresInSeconds", "bytesOut", "bytesIn"];

const input = $("#filter");
const problem = $("#filter-problem");
const state = { text: "", filter: {}, sort: "id", cursors: [""], isReadOnly: false, shown: [] };
let onChange = () => {};
let turn = 0;

function complain(message) {
  problem.hidden = !message;
  say(problem, message || "");
  input.setAttribute("aria-invalid", String(Boolean(message)));
}

/** Shows the sessions of which one thing is so, from the first page. */
export function setFilter(name, value) {
  input.value = term(name, value);
  apply();
}

function apply() {
  try {
    state.filter = parse(input.value);
    state.text = input.value.trim();
  } catch (failure) {
    complain(failure.message);
    return;
  }
  restart();
}

function restart() {
  onChange();
  return turnTo([""]);
}

/** A cursor belongs to its filter and order, so none can be followed before the answer is there. */
function turnTo(cursors) {
  state.cursors = cursors;
  $("#next").disabled = true;
  $("#previous").disabled = true;
  return refresh();
}

/** What is chosen, for the address of the page. */
export const chosen = () => ({ filter: state.text, sort: state.sort === "id" ? "" : state.sort });

/** Looks at the same page again; an answer that was overtaken by another is dropped. */
export async function refresh() {
  const mine = ++turn;
  try {
    const cursor = state.cursors[state.cursors.length - 1];
    const list = await get("/sessions", { ...state.filter, sort: state.sort, limit: PAGE, cursor });
    if (mine !== turn) return;
    complain("");
    show(list);
  } catch (failure) {
    if (mine === turn) complain(failure.message);
  }
}

function show(list) {
  state.shown = list.items;
  state.next = list.nextCursor;
  const held = document.activeElement && document.activeElement.dataset.kill;
  $("#sessions tbody").replaceChildren(...list.items.map((session) => make("tr", { "data-id": session.id },
    ...COLUMNS.map(([, , value, isNumber]) => make("td", { class: isNumber ? "n" : undefined }, value(session))),
    make("td", {}, make("button", { type: "button", class: "small danger", disabled: state.isReadOnly, "data-kill": session.id,
      "aria-label": `Kill session ${session.id}`, onclick: () => kill(session) }, "Kill")))));
  if (!list.items.length) {
    $("#sessions tbody").append(make("tr", {}, make("td", { colspan: COLUMNS.length + 1, class: "empty" }, "No session matches.")));
  }
  if (held) $(`#sessions [data-kill="${held}"]`)?.focus();
  const pages = state.cursors.length;
  const last = (pages - 1) * PAGE + list.items.length;
  const total = list.nextCursor ? "about " + number(list.approximateTotal) : number(last);
  say($("#total"), total);
  say($("#page"), list.items.length ? `page ${pages}, ${number((pages - 1) * PAGE + 1)} to ${number(last)} of ${total}` : "");
  $("#previous").disabled = pages === 1;
  $("#next").disabled = !list.nextCursor;
  $("#kill").disabled = state.isReadOnly || !Object.keys(state.filter).length || !list.items.length;
  $("#csv").disabled = !list.items.length;
}

function showHead() {
  $("#sessions thead").replaceChildren(make("tr", {}, ...COLUMNS.map(([name, key, , isNumber]) => {
    const direction = state.sort === key ? "ascending" : state.sort === "-" + key ? "descending" : "none";
    const arrow = { ascending: " ▲", descending: " ▼", none: "" }[direction];
    return make("th", { scope: "col", class: isNumber ? "n" : undefined, "aria-sort": key ? direction : undefined },
      key ? make("button", { type: "button", "data-sort": key, onclick: () => sortBy(key) }, name + arrow) : name);
  }), make("th", { scope: "col" }, make("span", { class: "sr" }, "kill"))));
}

function sortBy(key) {
  state.sort = state.sort === "-" + key ? key : "-" + key;
  showHead();
  $(`#sessions [data-sort="${key}"]`).focus();
  return restart();
}

function detailButton(session) {
  return make("button", { type: "button", class: "link", title: "Details", onclick: () => showDetail(session.id) }, String(session.id));
}

function rows(object, prefix = "") {
  return Object.entries(object).flatMap(([key, value]) => (value !== null && typeof value === "object"
    ? rows(value, prefix + key + ".")
    : [make("dt", {}, prefix + key), make("dd", {}, String(value))]));
}

async function showDetail(id) {
  try {
    await open({ title: `Session ${id}`, body: [make("dl", {}, ...rows(await get("/sessions/" + id)))] });
  } catch (failure) {
    complain(failure.message);
  }
}

async function kill(session) {
  const done = await open({
    title: `Kill session ${session.id}?`,
    body: [text(`${session.subscriber}: ${session.internal} by ${session.external} to ${session.destination}.`), text("Both sides see a reset.")],
    action: "Kill",
    danger: true,
    submit: () => remove("/sessions/" + session.id),
  });
  if (done) await refresh();
}

async function killMatching() {
  const { filter, text: written } = state;
  try {
    const { killed, more } = await remove("/sessions", { ...filter, max: KILL_MOST, dryRun: true });
    const done = await open({
      title: `Kill ${number(killed)} sessions?`,
      body: [text("All that match ", make("code", {}, written), more ? `, the first ${number(KILL_MOST)} of them` : "", ". Both sides of each see a reset.")],
      action: `Kill ${number(killed)}`,
      danger: true,
      submit: () => remove("/sessions", { ...filter, max: KILL_MOST }),
    });
    if (done) await restart();
  } catch (failure) {
    complain(failure.message);
  }
}

/** RFC 4180; what a spreadsheet would take for a formula is told to be text. */
function cell(value) {
  const plain = value === undefined ? "" : String(value);
  const safe = /^[=+@\t\r-]/.test(plain) && typeof value === "string" ? "'" + plain : plain;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

async function saveCsv() {
  const button = $("#csv");
  button.disabled = true;
  try {
    const lines = [CSV_COLUMNS.join(",")];
    for (let cursor = ""; cursor !== undefined && lines.length <= CSV_MOST;) {
      const list = await get("/sessions", { ...state.filter, sort: state.sort, limit: CSV_PAGE, cursor });
      lines.push(...list.items.map((session) => CSV_COLUMNS.map((key) => cell(session[key])).join(",")));
      cursor = list.nextCursor;
      if (cursor && lines.length > CSV_MOST) complain(`only the first ${number(CSV_MOST)} sessions are in the file`);
    }
    const url = URL.createObjectURL(new Blob([lines.join("\r\n") + "\r\n"], { type: "text/csv" }));
    make("a", { href: url, download: "sessions.csv" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  } catch (failure) {
    complain(failure.message);
  } finally {
    button.disabled = false;
  }
}

export function setReadOnly(isReadOnly) { state.isReadOnly = isReadOnly; }

/** Begins with what the address of the page says; changed is called whenever that should be another. */
export function start({ filter = "", sort = "" }, changed) {
  onChange = changed;
  choose({ filter, sort });
  let typing;
  input.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(apply, 350);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    clearTimeout(typing);
    apply();
  });
  $("#next").addEventListener("click", () => turnTo([...state.cursors, state.next]));
  $("#previous").addEventListener("click", () => turnTo(state.cursors.slice(0, -1)));
  $("#kill").addEventListener("click", killMatching);
  $("#csv").addEventListener("click", saveCsv);
}

export function choose({ filter = "", sort = "" }) {
  state.sort = COLUMNS.some(([, key]) => key && key === sort.replace(/^-/, "")) ? sort : "id";
  showHead();
  input.value = filter;
  apply();
}
