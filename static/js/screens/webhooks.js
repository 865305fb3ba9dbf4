// Where the journal is sent on to: add an address, try it out, end it.

import { ask } from "../components/dialog.js";
import { say } from "../list.js";
import { press, show } from "../press.js";

const LOOK_EVERY_MS = 1_000;
const LOOKS = 12;

const event = document.getElementById("webhooks").dataset.slug;
const add = document.getElementById("add");

if (add) {
  const url = document.getElementById("url");
  press(document.getElementById("add-go"), {
    url: "/api/v1/staff/webhook",
    body: () => ({ event, url: url.value.trim() }),
    done: async ({ secret }) => {
      const shown = document.getElementById("secret");
      shown.value = secret;
      shown.addEventListener("focus", () => shown.select());
      await ask("secret-dialog");
      location.reload();
    },
    refused: () => void url.focus(),
  });
}

for (const one of document.querySelectorAll(".webhooks__one")) {
  const { webhook, last } = one.dataset;
  const test = document.getElementById(`test-${webhook}`);
  press(document.getElementById(`end-${webhook}`), {
    ask: async () => (await ask("sure-end")) === "yes",
    url: "/api/v1/staff/webhook-end",
    body: () => ({ event, webhook }),
    done: () => location.reload(),
  });
  if (!test) continue;
  press(test, {
    url: "/api/v1/staff/webhook-test",
    body: () => ({ event, webhook }),
    done: async () => {
      show(test, "waiting", say("test-waits"));
      await tried(webhook, last);
      location.reload();
    },
  });
}

/** Wait until the list tells of a later try than `before`, or long enough. */
async function tried(webhook, before) {
  for (let looks = 0; looks < LOOKS; looks += 1) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    const known = await fetch(`/api/v1/staff/webhooks?event=${encodeURIComponent(event)}`)
      .then((answer) => (answer.ok ? answer.json() : null))
      .catch(() => null);
    const at = known?.webhooks.find((each) => each.webhook === webhook)?.last?.at;
    if (at && at !== before) return;
  }
}
