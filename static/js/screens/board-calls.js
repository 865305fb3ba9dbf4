// Which calls are new on this board, and showing and saying each of them in turn; none is lost.

import { laneOf } from "../components/bib.js";
import { announce } from "../sound.js";
import { saidCall } from "./board-tongues.js";

const SHOWN_MS = 3_000;
const SHOWN_IN_A_RUSH_MS = 2_000;
const RUSH = 4;

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
    const sentences = saidCall(call);
    // Twice (rule 23); in a rush each language is said once, for those behind it.
    const times = waiting > RUSH && sentences.length > 1 ? 1 : 2;
    const said = announce({ lane: laneOf(call.code), sentences, times });
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
