/** Puts the page together: what is chosen, what is asked when, keys. */
import * as addresses from "./addresses.js";
import { follow, gauge, get, onToken, post } from "./api.js";
import { Chart, count, millis } from "./charts.js";
import * as dialogs from "./dialogs.js";
import { $, make, say } from "./dom.js";
import * as panels from "./panels.js";
import { perSecond, pool as poolOf, Samples } from "./samples.js";
import * as sessions from "./sessions.js";
import { RESULTS, word } from "./words.js";

const LOOK_MILLIS = 3000; // between two looks at what is not in the samples
const LOOKS_PER_FORECAST = 5;
const DRAW_MILLIS = 100; // kept samples come many at a time

const samples = new Samples();
const view = { status: null, forecasts: new Map(), pools: [], isConnected: false, isPaused: false };
const choices = { pool: $("#pool"), window: $("#window"), by: $("#by"), to: $("#to"), kinds: $("#kinds") };
const defaults = { window: "300", by: "ports", to: "sessions", kinds: "all" };

const charts = {
  ports: new Chart("ports", {
    lines: [{ name: "in use", colour: "in-use" }, { name: "held", colour: "held" }, { name: "reserved", colour: "reserved", optional: true }],
    stacked: true, format: count, limit: "capacity",
  }),
  opened: new Chart("opened", {
    lines: RESULTS.map((result) => ({ name: word(result), colour: result, optional: result !== "established" })), stacked: true, format: count,
  }),
  connect: new Chart("connect", { lines: ["p50", "p95", "p99"].map((name) => ({ name, colour: name })), format: millis }),
};

// ---- what is chosen, and the address of the page

function readHash() {
  const hash = new URLSearchParams(location.hash.slice(1));
  for (const name of Object.keys(defaults)) {
    choices[name].value = hash.get(name) || defaults[name];
    if (!choices[name].value) choices[name].value = defaults[name];
  }
  view.wantedPool = hash.get("pool") || "";
  return { filter: hash.get("filter") || "", sort: hash.get("sort") || "" };
}

function writeHash() {
  const hash = new URLSearchParams();
  const pool = choices.pool.options.length ? choices.pool.selectedIndex > 0 && choices.pool.value : view.wantedPool;
  if (pool) hash.set("pool", pool);
  for (const [name, value] of Object.entries(defaults)) if (choices[name].value !== value) hash.set(name, choices[name].value);
  for (const [name, value] of Object.entries(sessions.chosen())) if (value) hash.set(name, value);
  history.replaceState(null, "", hash.size ? "#" + hash : location.pathname + location.search);
}

const filterBy = (name) => (value) => {
  sessions.setFilter(name, value);
  $("#sessions").scrollIntoView({ block: "start" });
};
const filterBySubscriber = filterBy("subscriber");
const filterByDestination = filterBy("dst");

// ---- what is shown

function draw() {
  if (view.status) panels.showState(view.status, view.isConnected, view.isPaused);
  if (view.isPaused || !samples.last()) return;
  const name = choices.pool.value;
  panels.showTiles(samples, name, view.status);
  panels.showReasons(samples, name);
  const recent = samples.recent(Number(choices.window.value));
  const x = recent.map((sample) => sample.seconds);
  const ports = recent.map((sample) => poolOf(sample, name)?.ports);
  const of = (key) => ports.map((one) => (one ? one[key] : null));
  const last = ports[ports.length - 1];
  charts.ports.show(x, [of("inUse"), of("held"), of("reserved")], last && last.inUse + last.held + last.reserved + last.free);
  charts.opened.show(x, RESULTS.map((result) => perSecond(recent, (sample) => sample.opened[result] || 0)));
  charts.connect.show(x, ["p50", "p95", "p99"].map((key) => recent.map((sample) => (sample.connect ? sample.connect[key] : null))));
}

function banner(message) {
  $("#banner").hidden = !message;
  say($("#banner"), message);
}

function showPools() {
  const names = view.pools.map((pool) => pool.name);
  if (names.join("\n") !== [...choices.pool.options].map((option) => option.value).join("\n")) {
    const chosen = choices.pool.value || view.wantedPool;
    choices.pool.replaceChildren(...names.map((name) => make("option", { value: name }, name)));
    choices.pool.value = names.includes(chosen) ? chosen : names[0];
    draw();
  }
}

async function lookAtDrains() {
  panels.showDrains((await get("/drain")).drains, view.status.readOnly, safely(undrain));
}

let looks = 0;

/** One look; each request after the other, as the API answers one query at a time anyway. */
async function look() {
  view.status = await get("/status");
  sessions.setReadOnly(view.status.readOnly);
  $("#drain").disabled = view.status.readOnly;
  $("#drain").title = view.status.readOnly ? "admin.read-only is true" : "";
  draw();
  if (view.isPaused) return;
  view.pools = await get("/pools");
  showPools();
  const pool = view.pools.find((one) => one.name === choices.pool.value);
  await lookAtDrains();
  panels.showTop(await get("/top", { of: "subscribers", by: choices.by.value, window: "60s", n: 10 }), filterBySubscriber);
  panels.showTop(await get("/top", { of: "destinations", by: choices.to.value, window: "60s", n: 10 }), filterByDestination);
  if (pool) {
    await addresses.refresh(pool, get, filterBySubscriber);
    panels.showDiagnosis((await get("/diagnose", { pool: pool.name })).pools[0]);
    if (looks++ % LOOKS_PER_FORECAST === 0) view.forecasts = await gauge("cgn_seconds_to_exhaustion");
    panels.showForecast(view.forecasts.get(pool.name));
  }
  await sessions.refresh();
}

async function lookForEver() {
  for (;;) {
    if (!document.hidden) {
      try {
        await look();
        if (view.isConnected) banner("");
      } catch (failure) {
        banner(failure.status ? failure.message : "The proxy does not answer; what is shown is old.");
      }
    }
    await new Promise((resume) => setTimeout(resume, LOOK_MILLIS));
  }
}

// ---- what is done

function pause() {
  view.isPaused = !view.isPaused;
  $("#pause").setAttribute("aria-pressed", String(view.isPaused));
  say($("#pause"), view.isPaused ? "Go on" : "Pause");
  draw();
  if (!view.isPaused) panels.showEvents(choices.kinds.value);
}

async function drain() {
  const { drains } = await get("/drain");
  const list = await Promise.all(view.pools.map(async (pool) => [pool, await get(`/pools/${encodeURIComponent(pool.name)}/addresses`, { limit: 256 })]));
  const taken = new Set(drains.map((one) => one.scope));
  const scopes = ["all", ...view.pools.map((pool) => "pool:" + pool.name), ...new Set(list.flatMap(([, page]) => page.items.map((item) => "address:" + item.address)))];
  const scope = make("select", {}, ...scopes.filter((one) => !taken.has(one)).map((one) => make("option", { value: one }, one)));
  const deadline = make("input", { placeholder: "5m; empty: until undrained", pattern: "\\d{1,9}(ms|s|m|h|d)", autocomplete: "off" });
  const done = await dialogs.open({
    title: "Drain",
    body: [dialogs.text("No new flow begins there. What lives goes on until the deadline, and is then reset."),
      make("label", {}, "What", scope), make("label", {}, "Deadline", deadline)],
    action: "Drain",
    danger: true,
    submit: () => post("/drain", deadline.value ? { scope: scope.value, deadline: deadline.value } : { scope: scope.value }),
  });
  if (done) await lookAtDrains();
}

async function undrain(scope) {
  await post("/undrain", { scope });
  await lookAtDrains();
}

const safely = (act) => async (...given) => {
  try {
    await act(...given);
  } catch (failure) {
    banner(failure.message);
  }
};

const isTyping = (target) => target.matches("input, select, textarea");
const keys = {
  "/": () => $("#filter").focus(),
  p: pause,
  d: () => $("#drain").click(),
  "?": dialogs.help,
};

document.addEventListener("keydown", (event) => {
  if (event.target.id === "filter" && event.key === "Escape") event.target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || $("#dialog").open || isTyping(event.target)) return;
  if (Object.hasOwn(keys, event.key)) {
    event.preventDefault();
    keys[event.key]();
  }
});

$("#pause").addEventListener("click", pause);
$("#drain").addEventListener("click", safely(drain));
$("#help").addEventListener("click", dialogs.help);
for (const [name, select] of Object.entries(choices)) {
  select.addEventListener("change", () => {
    writeHash();
    if (name === "pool") addresses.clear();
    if (name === "kinds") panels.showEvents(select.value);
    draw();
    if (["by", "to", "pool"].includes(name)) safely(look)();
  });
}
addEventListener("hashchange", () => {
  sessions.choose(readHash());
  if (view.wantedPool) choices.pool.value = view.wantedPool;
  draw();
});

onToken(dialogs.askForToken);
sessions.start(readHash(), writeHash);

let drawing = null;
function drawSoon() {
  drawing = drawing || setTimeout(() => {
    drawing = null;
    draw();
    if (!view.isPaused) panels.showEvents(choices.kinds.value);
  }, DRAW_MILLIS);
}

panels.showEvents(choices.kinds.value);
lookForEver();
follow("sample,alarm,block,config", {
  event(type, data) {
    if (type === "sample") samples.add(data);
    else if (type !== "gap") panels.addEvent(type, data);
    drawSoon();
  },
  up() {
    view.isConnected = true;
    banner("");
    draw();
  },
  down(message) {
    view.isConnected = false;
    banner(`No live data: ${message}. Trying again…`);
    draw();
  },
});
