/** The filter language of the sessions, the same as that of `natproxy sessions`: terms that all hold, `state established and dst :443`. */

export const TERMS = "state S[,S], src A, dst A, sport N, dport N, external IP[:PORT], subscriber NAME, pool NAME, listener NAME, olderthan TIME, idlefor TIME";

const wrong = (what, expected) => new Error(`${what} (expected: ${expected})`);
const plain = (word) => word.replace(/"/g, "");

function port(text, key) {
  const number = text.replace(/^:/, "");
  if (!/^\d{1,5}$/.test(number)) throw wrong(`${key} ${text}`, "a port");
  return ":" + number;
}

const endpoint = (text) => text.replace(/^\*:/, ":");

function external(text) {
  const colon = text.lastIndexOf(":");
  const hasPort = colon >= 0 && (text.indexOf(":") === colon || text[Math.max(0, colon - 1)] === "]");
  const found = {};
  if (!hasPort || colon > 0) found.externalIp = (hasPort ? text.slice(0, colon) : text).replace(/[[\]]/g, "");
  if (hasPort) found.port = text.slice(colon + 1);
  return found;
}

/** By the word in front: what is expected behind it, and which parameters of the API it becomes. */
const KEYS = {
  state: ["connecting, established or half_closed", (text) => ({ state: text.toLowerCase().replaceAll("-", "_") })],
  src: ["an address, a prefix, IP:PORT or :PORT", (text) => ({ src: endpoint(text) })],
  dst: ["an address, a prefix, IP:PORT or :PORT", (text) => ({ dst: endpoint(text) })],
  sport: ["a port", (text) => ({ src: port(text, "sport") })],
  dport: ["a port", (text) => ({ dst: port(text, "dport") })],
  external: ["IP or IP:PORT", external],
  externalip: ["an address or a prefix", (text) => ({ externalIp: text })],
  port: ["a port", (text) => ({ port: port(text, "port").slice(1) })],
  subscriber: ["a name", (text) => ({ subscriber: text })],
  pool: ["a name", (text) => ({ pool: text })],
  listener: ["a name", (text) => ({ listener: text })],
  olderthan: ["a time such as 60s", (text) => ({ olderThan: text })],
  idlefor: ["a time such as 60s", (text) => ({ idleFor: text })],
};
KEYS.sub = KEYS.subscriber;
KEYS.idle = KEYS.idlefor;

/** The API's parameters for what somebody wrote; throws what is wrong with it. */
export function parse(line) {
  const rest = line.match(/[^\s"]*"[^"]*"|\S+/g) || [];
  const filter = {};
  const next = (key, expected) => {
    if (!rest.length) throw wrong(key, expected);
    return rest.shift();
  };
  for (let isFirst = true; rest.length; isFirst = false) {
    let word = rest.shift();
    if (!isFirst && word.toLowerCase() === "and") word = next(word, "a term after it: " + TERMS);
    const [, name, joined] = /^([A-Za-z]+)[:=](.+)$/.exec(word) || [null, word];
    const key = name.toLowerCase();
    if (["or", "not", "!", "(", ")"].includes(key)) throw wrong(word, "terms that all hold, joined by and");
    if (!Object.hasOwn(KEYS, key)) throw wrong(word, TERMS);
    const [expected, toParameters] = KEYS[key];
    let value = joined ?? next(name, expected);
    if (joined === undefined && ["=", "==", "eq"].includes(value)) value = next(name, expected);
    for (const [parameter, text] of Object.entries(toParameters(plain(value)))) {
      if (Object.hasOwn(filter, parameter)) throw wrong(`${name} ${value}`, `${parameter} once`);
      filter[parameter] = text;
    }
  }
  return filter;
}

/** One term, as it is written. */
export const term = (name, value) => `${name} ${/\s/.test(value) ? `"${value}"` : value}`;
