/** Asks the admin API. Paths are relative to the page, so that it also works behind a prefix. */

const BASE = "api/v1";
const KEY = "natproxy-token";
const LONGEST_WAIT = 10_000;

export class Problem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

let askForToken = () => Promise.reject(new Problem(401, "a token is needed"));
let asking = null;

/** What to do when the server wants a token: resolves to one. */
export function onToken(ask) { askForToken = ask; }

function headers(more) {
  const token = sessionStorage.getItem(KEY);
  return token ? { ...more, Authorization: "Bearer " + token } : more;
}

async function newToken(wasGiven) {
  sessionStorage.removeItem(KEY);
  asking = asking || askForToken(wasGiven).then((token) => sessionStorage.setItem(KEY, token)).finally(() => { asking = null; });
  return asking;
}

async function send(path, options = {}) {
  for (;;) {
    const sent = sessionStorage.getItem(KEY);
    const response = await fetch(BASE + path, { ...options, cache: "no-store", headers: headers(options.headers || {}) });
    if (response.status !== 401) return response;
    if (sent === sessionStorage.getItem(KEY)) await newToken(sent !== null); // else another request got one meanwhile
  }
}

async function problem(response) {
  try {
    return new Problem(response.status, (await response.json()).detail || response.statusText);
  } catch {
    return new Problem(response.status, response.statusText);
  }
}

async function answer(response) {
  if (!response.ok) throw await problem(response);
  return response.json();
}

function query(parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== "");
  return given.length ? "?" + new URLSearchParams(given) : "";
}

export const get = async (path, parameters = {}) => answer(await send(path + query(parameters)));
export const remove = async (path, parameters = {}) => answer(await send(path + query(parameters), { method: "DELETE" }));
export const post = async (path, body) => answer(await send(path, {
  method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" },
}));

/**
 * Follows the events for ever, and comes back after a loss where it was. By fetch, as EventSource cannot send a token.
 *
 * on: event(type, data), up(), down(message)
 */
export async function follow(types, on) {
  let lastId = "0"; // what is kept comes first: a few minutes of samples
  let wait = 500;
  for (;;) {
    try {
      const response = await send("/events" + query({ types }), { headers: { "Last-Event-ID": lastId } });
      if (!response.ok) throw await problem(response);
      on.up();
      wait = 500;
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        const events = (rest + value).split("\n\n");
        rest = events.pop();
        for (const text of events) {
          const fields = Object.fromEntries(text.split("\n").map((line) => {
            const colon = line.indexOf(":");
            return [line.slice(0, colon), line.slice(colon + 1).trimStart()];
          }));
          if (fields.id) lastId = fields.id;
          if (fields.event && fields.data) on.event(fields.event, JSON.parse(fields.data));
        }
      }
      on.down("the proxy closed the stream of events");
    } catch (failure) {
      on.down(failure instanceof Problem ? failure.message : "the proxy does not answer");
    }
    await new Promise((resume) => setTimeout(resume, wait));
    wait = Math.min(2 * wait, LONGEST_WAIT);
  }
}
