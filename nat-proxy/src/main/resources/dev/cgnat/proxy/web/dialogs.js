/** The one dialog of the page, and what is asked or told in it. */
import { $, make } from "./dom.js";

const dialog = $("#dialog");
const form = $("form", dialog);
let onSubmit = null;
let onClose = null;

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const problem = $(".problem", dialog);
  problem.hidden = true;
  try {
    await onSubmit();
    dialog.close("done");
  } catch (failure) {
    problem.textContent = failure.message;
    problem.hidden = false;
  }
});
dialog.addEventListener("close", () => { if (onClose) onClose(dialog.returnValue === "done"); });

/** Opens it; submit, if there is one, is done by the button named action, and what it throws is shown. Resolves to whether it was done. */
export function open({ title, body, action, danger, submit }) {
  if (dialog.open) dialog.close("");
  dialog.returnValue = "";
  $("h2", dialog).textContent = title;
  $(".body", dialog).replaceChildren(...body);
  $(".problem", dialog).hidden = true;
  onSubmit = submit || (() => {});
  $(".actions", dialog).replaceChildren(
    make("button", { type: "button", onclick: () => dialog.close("") }, action ? "Cancel" : "Close"),
    ...(action ? [make("button", { class: danger ? "danger" : "primary" }, action)] : []));
  dialog.showModal();
  const field = $("input, select", $(".body", dialog));
  (field || $(".actions button", dialog)).focus();
  return new Promise((resolve) => { onClose = resolve; });
}

export const text = (...words) => make("p", {}, ...words);

export function askForToken(wasGiven) {
  const field = make("input", { type: "password", autocomplete: "off", required: true });
  return open({
    title: "Token",
    body: [
      text(wasGiven ? "The proxy does not accept this token." : "This admin API wants the token of admin.token-file."),
      make("label", {}, "Token", field),
      make("p", { class: "muted" }, "It is kept until this tab is closed."),
    ],
    action: "Go on",
    submit: () => {},
  }).then((done) => (done ? field.value.trim() : askForToken(wasGiven)));
}

export function help() {
  const keys = [["/", "to the filter of the sessions"], ["p", "pause, and go on"], ["d", "drain"], ["← →", "from block to block, where an address has the focus; Enter: its subscriber's sessions"], ["?", "this"], ["Esc", "closes a dialog"]];
  const filters = [
    ["subscriber NAME", "one subscriber"], ["src A, dst A", "IP, prefix, IP:PORT or :PORT, as in dst :443"], ["sport N, dport N", "a port alone"],
    ["external IP:PORT", "the external side; either part alone"], ["state S", "connecting, established, half_closed; several with commas"],
    ["pool NAME, listener NAME", "by name"], ["olderthan TIME, idlefor TIME", "such as 60s, 5m, 2h"],
  ];
  const list = (rows, wrap) => make("dl", {}, ...rows.flatMap(([what, does]) => [make("dt", {}, make(wrap, {}, what)), make("dd", {}, does)]));
  return open({
    title: "Help",
    body: [make("h3", {}, "Keys"), list(keys, "kbd"), make("h3", {}, "Filters of the sessions"), list(filters, "code"),
      text("As in natproxy sessions. All of them have to match; and may stand between them, and a colon behind the first word. The address of this page holds what is chosen, so it can be kept and sent.")],
  });
}
