// Paper: a receipt of 58 or 80 mm for one ticket, and the whole line for the day the screens fail.
// A receipt that did not come out can be taken back, so that no ghost stands in line (rule 24).

import { timeOfDay } from "../clock.js";
import { ask } from "../components/dialog.js";
import { fill, list, part, say } from "../list.js";
import { browser } from "../memory.js";
import { problemWords, send } from "../press.js";
import { toast } from "../toast.js";
import { stateWords, waveWords } from "./staff.js";

const node = (id) => document.getElementById(id);

/** Returns {receipt(ticket), takeBack(ticket), learn(answer)}; `learn` keeps a new ticket's link. */
export function printing(tent, { takenBack }) {
  const takeBack = async (ticket) => {
    await send(`/api/v1/tickets/${encodeURIComponent(ticket.id)}/leave`);
    takenBack();
  };
  // Only the join's answer knows the link with the key; later prints have the code and the QR.
  const links = new Map();
  const learn = ({ code, url }) => links.set(code, url);
  // A printer of the tent's own says itself whether the ticket came out.
  const onNetwork = "printer" in node("desk").dataset;
  const put = async (ticket) => {
    const url = `/api/v1/tickets/${encodeURIComponent(ticket.id)}/print`;
    try {
      await send(url, { new: links.has(ticket.code) });
      toast(say("on-paper", { code: ticket.code }));
    } catch (error) {
      toast(problemWords(error));
      if (error.problem?.taken_back) takenBack();
    }
    // Only the first paper is the ticket's own: one printed again takes no place back.
    links.delete(ticket.code);
  };
  const receipt = async (ticket) => {
    if (onNetwork) return put(ticket);
    await drawReceipt(ticket, links.get(ticket.code));
    print("receipt");
    const answer = await ask("printed");
    if (answer === "again") await receipt(ticket);
    else if (answer === "back") await back(ticket, takeBack);
    return undefined;
  };
  remember();
  node("print-sheet").addEventListener("click", () => {
    drawSheet(tent.store.view);
    print("sheet");
  });
  return { receipt, takeBack, learn };
}

async function back(ticket, takeBack) {
  try {
    await takeBack(ticket);
    toast(say("taken-back", { code: ticket.code }));
  } catch (error) {
    toast(problemWords(error));
  }
}

/** Print one of the page's papers; the style sheet shows only that. */
function print(what) {
  document.body.dataset.print = what;
  window.print();
  delete document.body.dataset.print;
}

/** The width of the paper belongs to this desk's printer. */
function remember() {
  const choices = document.querySelectorAll("[name=paper]");
  const keep = (width) => (document.body.dataset.paper = width);
  const width = browser.kept("receipt-paper") ?? "80";
  keep(width);
  for (const choice of choices) {
    choice.checked = choice.value === width;
    choice.addEventListener("change", () => {
      keep(choice.value);
      browser.keep("receipt-paper", choice.value);
    });
  }
}

async function drawReceipt(ticket, link) {
  const root = node("receipt");
  const { estimate } = ticket;
  const time = timeOfDay(ticket.joined_at);
  const likely = estimate && { from: timeOfDay(estimate.from), to: timeOfDay(estimate.to), time };
  fill(root, {
    lane: say(`lane-${ticket.lane}`),
    code: ticket.code,
    say: say("receipt-say"),
    when: likely ? say("receipt-when", likely) : say("receipt-taken", { time }),
    link: { text: link ?? "", hidden: !link },
  });
  const image = node("receipt-qr");
  image.src = ticket.qr ?? `/q/s/${encodeURIComponent(ticket.id)}.svg`;
  // Without the picture the code alone still works; the printer must not wait for ever.
  await Promise.race([image.decode().catch(() => null), new Promise((done) => setTimeout(done, 2000))]);
}

const OPEN = ["called", "in_treatment", "waiting", "held"];

function drawSheet(view) {
  fill(node("sheet"), { at: timeOfDay() });
  const lanes = view.lanes.filter(({ lane }) => view.tickets.some((one) => one.lane === lane));
  list(node("sheet-lanes"), lanes, {
    key: ({ lane }) => lane,
    make: "sheet-lane",
    fill: (section, { lane }) => {
      fill(section, { name: say(`lane-${lane}`) });
      const line = view.tickets.filter((one) => one.lane === lane).sort(inOrder);
      list(part(section, "rows"), line, {
        key: ({ code }) => code,
        make: "sheet-row",
        fill: (row, ticket) => fillRow(row, ticket, view),
      });
    },
  });
}

const inOrder = (a, b) =>
  OPEN.indexOf(a.state) - OPEN.indexOf(b.state) || (a.place ?? 0) - (b.place ?? 0);

function fillRow(row, ticket, view) {
  fill(row, {
    place: ticket.place ?? "",
    code: ticket.code,
    bib: ticket.bib ?? "",
    name: ticket.name ?? "",
    state: stateWords(ticket),
    joined: timeOfDay(ticket.joined_at),
    wave: ticket.wave ? waveWords(view, ticket.wave) : "",
    table: ticket.table ?? "",
    called: ticket.called_at ? timeOfDay(ticket.called_at) : "",
    started: ticket.started_at ? timeOfDay(ticket.started_at) : "",
  });
}
