// Which calls are new on this board, and showing and saying each of them in turn; none is lost.

import { announce, digitByDigit } from "../sound.js";
import { say } from "../list.js";

const LANES = { W: "warmup", R: "recovery", N: "nextday" };
const SHOWN_MS = 3_000;
const SHOWN_IN_A_RUSH_MS = 2_000;
const RUSH = 4;

export const laneOf = (code) => LANES[code[0]] ?? "recovery";

/** The queue of one board. `show(call)` puts a call in front, `rest()` says that all were shown. */
export function callQueue({ show, rest }) {
  const known = new Map();
  let turn = Promise.resolve();
  let waiting = 0;

  // A table found later is news too; a table taken away is not shouted.
  const isNew = ({ code, call, table }) => {
    const before = known.get(code);
    if (!before || call > before.call) return true;
    return Boolean(table) && table !== before.table;
  };

  const inTurn = (call) => {
    waiting += 1;
    turn = turn.then(() => present(call));
  };

  async function present(call) {
    show(call);
    const shown = waiting > RUSH ? SHOWN_IN_A_RUSH_MS : SHOWN_MS;
    const said = announce({ lane: laneOf(call.code), sentences: sentences(call) });
    // A muted board shows each call as long as a speaking one needs at least.
    await Promise.all([said.catch(() => {}), new Promise((done) => setTimeout(done, shown))]);
    waiting -= 1;
    if (waiting === 0) rest();
  }

  return {
    get busy() {
      return waiting > 0;
    },
    /** Take the calls of a view, newest first. The first view is shown, not shouted. */
    take(recent, first) {
      const fresh = first ? [] : recent.filter(isNew).reverse();
      for (const call of recent) known.set(call.code, call);
      fresh.forEach(inTurn);
    },
  };
}

function sentences({ code, table }) {
  const gaps = { code: digitByDigit(code), table };
  const text = table ? say("speech-table", gaps) : say("speech-tent", gaps);
  return [{ text, lang: document.documentElement.lang || "en" }];
}
