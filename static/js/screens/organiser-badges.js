// A badge for one more device: a QR that signs it in once, within ten minutes.

import { timeOfDay } from "../clock.js";
import { fill, list, say } from "../list.js";
import { press } from "../press.js";

const node = (id) => document.getElementById(id);

/** Returns what keeps the choice of therapists current. */
export function badges(tent) {
  press(node("badge-make"), {
    url: "/api/v1/staff/badges",
    body: () => {
      const therapist = node("badge-who").value;
      const role = therapist ? "therapist" : "desk";
      return { event: tent.slug, role, ...(therapist ? { therapist } : {}) };
    },
    done: ({ qr, expires_at: until }) => {
      // Drawn here and fetched from nowhere: a code in an address would stay in logs.
      node("badge-qr").setAttribute("viewBox", `0 0 ${qr.side} ${qr.side}`);
      node("badge-modules").setAttribute("d", qr.path);
      node("badge").hidden = false;
      fill(node("badge"), { "badge-words": say("badge-words", { time: timeOfDay(until) }) });
    },
  });
  press(node("badges-print"), {
    url: "/api/v1/staff/badge-sheet",
    body: () => ({ event: tent.slug }),
    done: ({ path, badges: count, expires_at: until, too_early: early }) => {
      node("badges-said").hidden = false;
      node("badges-said").textContent = say(early ? "badges-early" : "badges-said", { count, time: timeOfDay(until) });
      location.assign(path);
    },
  });
  // A code shown to nobody any more must not stay on the screen.
  node("more-dialog").addEventListener("close", () => {
    node("badge").hidden = true;
    node("badge-modules").removeAttribute("d");
  });
  return ({ therapists }) => {
    const desk = { id: "", name: node("badge-who").options[0].textContent };
    list(node("badge-who"), [desk, ...therapists], {
      key: ({ id }) => id,
      make: () => document.createElement("option"),
      fill: (option, { id, name, table }) => {
        option.value = id;
        option.textContent = table ? say("badge-therapist", { name, table }) : name;
      },
    });
  };
}
