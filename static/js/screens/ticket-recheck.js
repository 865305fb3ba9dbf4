// The six questions on the ticket's own page: nobody has asked them, or too long ago (rule 6).

import { body as bodyPicture } from "../components/body.js";
import { questions } from "../components/questions.js";
import { say, set } from "../list.js";
import { press } from "../press.js";

const byId = (name) => document.getElementById(name);

/** Make the card work; `sent(screening)` is told what was answered once the server has it. */
export function recheck({ address, headers, sent }) {
  let answer = null;
  const picture = bodyPicture(byId("recheck-avoid"));
  const offer = () => {
    const avoid = picture.chosen();
    const sore = !byId("recheck-sore").hidden;
    if (sore && !avoid.length && answer.screening === "ok") answer.screening = "ask";
    answer.avoid = avoid;
    set(byId("recheck-go").querySelector("[data-part=words]"), "text", say(`recheck-${answer.screening}`));
    byId("recheck-send").hidden = false;
    byId("recheck-go").focus();
  };
  questions(byId("recheck-questions"), ({ screening, sore }) => {
    answer = { screening };
    byId("recheck-sore").hidden = !sore || screening === "refer";
    if (byId("recheck-sore").hidden) offer();
  });
  byId("recheck-sore-go").addEventListener("click", offer);
  press(byId("recheck-go"), {
    url: `${address}/screening`,
    headers,
    body: () => answer,
    done: () => {
      byId("recheck").hidden = true;
      sent(answer.screening);
    },
  });
}
