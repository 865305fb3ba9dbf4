import { say, set } from "../list.js";

/** Make the card of six questions work. `done(outcome)` gets {screening, sore}: "ok", "ask" or
 *  "refer", and whether a sore spot is to be avoided. The answers themselves stay in this function. */
export function questions(card, done) {
  const items = [...card.querySelectorAll("[data-question]")];
  const go = card.querySelector(".command__button");
  const yes = (flag) =>
    items.some((item) => item.dataset.flag === flag && item.getAttribute("aria-pressed") === "true");
  const draw = () => {
    const some = items.some((item) => item.getAttribute("aria-pressed") === "true");
    set(go.querySelector("[data-part=words]"), "text", say(some ? "asks-some" : "asks-none"));
  };
  for (const item of items) {
    item.addEventListener("click", () => {
      set(item, "aria-pressed", item.getAttribute("aria-pressed") === "true" ? "false" : "true");
      draw();
    });
  }
  go.addEventListener("click", () => {
    const screening = yes("red") ? "refer" : yes("amber") ? "ask" : "ok";
    done({ screening, sore: yes("local") });
  });
  return {
    /** Forget every answer. */
    clear() {
      for (const item of items) set(item, "aria-pressed", "false");
      draw();
    },
  };
}
