/** Elements, and figures in words. Text is always set as text, never as HTML. */

export const $ = (selector, root = document) => root.querySelector(selector);

export function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== null));
  return element;
}

/** Sets the text only where it differs, so that a screen reader is not told the same again. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

const plain = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });
export const number = (value) => plain.format(value);

export function rate(value) {
  return number(value < 10 ? Math.round(value * 10) / 10 : Math.round(value));
}

export function short(value) {
  if (Math.abs(value) >= 1e6) return number(Math.round(value / 1e4) / 100) + "M";
  if (Math.abs(value) >= 1e4) return number(Math.round(value / 100) / 10) + "k";
  return number(value);
}

export function percent(ratio) {
  const value = ratio * 100;
  return (value > 0 && value < 10 ? value.toFixed(1) : String(Math.floor(value))) + " %";
}

export function bytes(value) {
  let unit = 0;
  while (value >= 1000 && unit < 5) { value /= 1000; unit++; }
  return (unit && value < 100 ? value.toFixed(1) : String(Math.round(value))) + " " + ["B", "kB", "MB", "GB", "TB", "PB"][unit];
}

export function duration(seconds) {
  if (seconds < 1) return Math.max(0, Math.round(seconds * 1000)) + " ms";
  if (seconds < 60) return (seconds < 10 ? seconds.toFixed(1) : String(Math.floor(seconds))) + " s";
  const whole = Math.floor(seconds);
  if (whole < 3600) return Math.floor(whole / 60) + " min " + (whole % 60) + " s";
  if (whole < 86400) return Math.floor(whole / 3600) + " h " + Math.floor((whole % 3600) / 60) + " min";
  return Math.floor(whole / 86400) + " d " + Math.floor((whole % 86400) / 3600) + " h";
}

export const time = (at) => new Date(at).toLocaleTimeString("en-GB");

/** Widths of the parts of a bar, each a share of 0 to 1. */
export function fill(meter, ...shares) {
  [...meter.children].forEach((part, i) => { part.style.width = 100 * Math.max(0, Math.min(1, shares[i] || 0)) + "%"; });
}

export const meter = (...shares) => {
  const element = make("span", { class: "meter", "aria-hidden": "true" }, ...shares.map(() => make("i")));
  fill(element, ...shares);
  return element;
};
