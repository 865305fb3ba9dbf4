// The first set-up: a name and a passphrase for the organiser, by the code the console printed.

import { press } from "../press.js";
import { say } from "../list.js";

const SHORTEST = 15;
const node = (id) => document.getElementById(id);
const code = location.hash.slice(1);

// The code works once: it has no business in the address or the history.
history.replaceState(null, "", location.pathname);
node(code ? "setup" : "no-code").hidden = false;

function complain(id, words) {
  const problem = node(`${id}-problem`);
  problem.textContent = words;
  problem.hidden = !words;
  node(id).setAttribute("aria-invalid", String(Boolean(words)));
  if (words) node(id).focus();
  return !words;
}

function isGood() {
  const phrase = node("passphrase").value;
  const long = complain("passphrase", [...phrase].length < SHORTEST ? say("short") : "");
  return long && complain("again", phrase === node("again").value ? "" : say("unequal"));
}

press(node("begin"), {
  ask: isGood,
  url: "/api/v1/staff/passphrase",
  body: () => {
    const name = node("name").value.trim();
    return { code, passphrase: node("passphrase").value, ...(name ? { name } : {}) };
  },
  done: ({ to }) => location.replace(to),
});
