/** The external addresses of a pool, and what each block of theirs carries. */
import { $, duration, fill, make, meter, number, percent, say } from "./dom.js";

const MOST = 256; // addresses
const BLOCKS = 1000; // of one answer
const ANSWERS = 4; // in one look
const CELL = 14; // pixels high
const card = $("#addresses");
const tip = $("#tip");
const rows = new Map();

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => rows.forEach((row) => row.canvas && paint(row)));

function hideTip() { tip.hidden = true; }

/** Below that point of the window, or above it where there is no room. */
function showTip(x, y, text) {
  say(tip, text);
  tip.hidden = false;
  tip.style.left = Math.max(8, Math.min(x + 14, innerWidth - tip.offsetWidth - 8)) + "px";
  tip.style.top = (y + 18 + tip.offsetHeight > innerHeight ? y - tip.offsetHeight - 10 : y + 18) + "px";
}

/** What a cell stands for: a block where they are lent, told by owner, fill and age. */
function words(row, cell) {
  const block = row.blocks.get(cell);
  if (!block) return `${row.address}\nblock ${cell + 1} of ${row.perAddress}: free`;
  return `${block.subscriber}\n${row.address}, ports ${block.ports}\n${number(block.live)} live, ${number(block.resting)} resting of `
    + `${number(block.size)} (${percent((block.live + block.resting) / block.size)})\nlent ${duration(block.ageSeconds)} ago`;
}

function canvas(row, onSubscriber) {
  const cellAt = (event) => {
    const box = row.canvas.getBoundingClientRect();
    return Math.min(row.perAddress - 1, Math.max(0, Math.floor((event.clientX - box.left) / box.width * row.perAddress)));
  };
  const choose = (cell) => {
    const block = row.blocks.get(cell);
    if (block) onSubscriber(block.subscriber);
  };
  const point = (cell) => {
    row.cell = Math.min(row.perAddress - 1, Math.max(0, cell));
    const box = row.canvas.getBoundingClientRect();
    showTip(box.left + box.width * (row.cell + 0.5) / row.perAddress, box.bottom - CELL, words(row, row.cell));
  };
  const steps = { ArrowLeft: () => row.cell - 1, ArrowRight: () => row.cell + 1, Home: () => 0, End: () => row.perAddress - 1 };
  return make("canvas", {
    role: "img",
    tabindex: "0",
    "aria-describedby": "tip",
    onmousemove: (event) => showTip(event.clientX, event.clientY, words(row, cellAt(event))),
    onmouseleave: hideTip,
    onblur: hideTip,
    onclick: (event) => choose(cellAt(event)),
    onkeydown: (event) => {
      if (event.key === "Enter") choose(row.cell);
      else if (event.key === "Escape") hideTip();
      else if (Object.hasOwn(steps, event.key)) {
        event.preventDefault(); // else the list scrolls
        point(steps[event.key]());
      }
    },
  });
}

function paint(row) {
  const ratio = devicePixelRatio || 1;
  const width = row.canvas.clientWidth;
  if (!width) return;
  row.canvas.width = Math.round(width * ratio);
  row.canvas.height = Math.round(CELL * ratio);
  const style = getComputedStyle(document.documentElement);
  const context = row.canvas.getContext("2d");
  context.fillStyle = style.getPropertyValue("--grid");
  context.fillRect(0, 0, row.canvas.width, row.canvas.height);
  const cell = row.canvas.width / row.perAddress;
  const gap = cell > 4 ? ratio : 0;
  const [live, resting] = [style.getPropertyValue("--in-use"), style.getPropertyValue("--held")];
  for (const [at, block] of row.blocks) {
    context.fillStyle = block.live ? live : resting;
    context.globalAlpha = 0.3 + 0.7 * Math.min(1, (block.live + block.resting) / block.size); // the fuller, the stronger
    context.fillRect(at * cell, 0, Math.max(1, cell - gap), row.canvas.height);
  }
}

function update(item, pool, blocks, onSubscriber) {
  let row = rows.get(item.address);
  if (!row) {
    row = { address: item.address, cell: -1, meter: meter(0, 0, 0), share: make("span", { class: "share" }), tag: make("span", { class: "tag" }) };
    row.element = make("div", { class: "address" }, make("span", {}, item.address + " ", row.tag), row.meter, row.share);
    if (pool.blocks) {
      row.canvas = canvas(row, onSubscriber);
      row.element.append(row.canvas);
    }
    rows.set(item.address, row);
  }
  say(row.tag, item.state === "active" ? "" : item.state);
  if (item.ports) {
    const total = item.ports.inUse + item.ports.held + item.ports.reserved + item.ports.free;
    fill(row.meter, item.ports.inUse / total, item.ports.held / total, item.ports.reserved / total);
    row.meter.title = `${number(item.ports.inUse)} in use, ${number(item.ports.held)} held, ${number(item.ports.reserved)} reserved of ${number(total)}`;
    say(row.share, percent(item.utilization));
    row.share.title = row.meter.title;
  }
  if (row.canvas) {
    row.perAddress = pool.blocks.perAddress;
    row.blocks = blocks.get(item.address) || new Map();
    row.canvas.setAttribute("aria-label", `${item.address}: ${row.blocks.size} of ${row.perAddress} blocks lent`);
  }
  return row;
}

/** Shows them as they are now. */
export async function refresh(pool, get, onSubscriber) {
  const path = "/pools/" + encodeURIComponent(pool.name);
  const list = await get(path + "/addresses", { limit: MOST });
  const blocks = new Map();
  let cursor;
  for (let answers = 0; pool.blocks && answers < ANSWERS && (cursor || !answers); answers++) {
    const lent = await get(path + "/blocks", { limit: BLOCKS, cursor });
    cursor = lent.nextCursor;
    for (const block of lent.items) {
      if (!blocks.has(block.address)) blocks.set(block.address, new Map());
      blocks.get(block.address).set(block.number % pool.blocks.perAddress, block);
    }
  }
  const shown = list.items.map((item) => update(item, pool, blocks, onSubscriber));
  const body = $(".body", card);
  const elements = shown.map((row) => row.element);
  const holder = body.firstElementChild || make("div", { class: "addresses", tabindex: "0", role: "region", "aria-label": "External addresses" });
  if (elements.length !== holder.children.length || elements.some((element, i) => holder.children[i] !== element)) {
    holder.replaceChildren(...elements);
  }
  if (!holder.parentElement) body.replaceChildren(holder);
  shown.filter((row) => row.canvas).forEach(paint);
  const { active, draining, disabled } = pool.addresses;
  say($("#addresses-sub"), `${number(active)} active` + (draining ? `, ${number(draining)} draining` : "") + (disabled ? `, ${number(disabled)} disabled` : "")
    + (list.nextCursor ? `; the first ${MOST} are shown` : "")
    + (pool.blocks ? `; below each its ${pool.blocks.perAddress} blocks of ${pool.blocks.size} ports, the fuller the stronger: point at one, or walk by ← and →` : "")
    + (cursor ? `; the first ${number(BLOCKS * ANSWERS)} lent blocks are shown` : ""));
}

/** Of another pool. */
export function clear() {
  rows.clear();
  $(".body", card).replaceChildren();
  hideTip();
}
