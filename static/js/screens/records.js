// What is kept of the event: the one button that makes it anonymous, after a question.

import { ask } from "../components/dialog.js";
import { press } from "../press.js";

const event = document.getElementById("records").dataset.slug;

press(document.getElementById("wipe"), {
  ask: async () => (await ask("sure-wipe")) === "yes",
  url: "/api/v1/staff/wipe",
  body: () => ({ event }),
  done: () => location.reload(),
});
