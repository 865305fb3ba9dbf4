// Who may come in: each account and each program's token with one button that shuts it out.

import { ask } from "../components/dialog.js";
import { press } from "../press.js";

const event = document.getElementById("access").dataset.slug;

for (const place of document.querySelectorAll(".access__end")) {
  const { staff, token } = place.dataset;
  press(place.querySelector("button"), {
    ask: async () => (await ask("sure-end")) === "yes",
    url: staff ? "/api/v1/staff/revoke" : "/api/v1/staff/token-end",
    body: () => (staff ? { event, staff } : { event, token }),
    done: () => location.reload(),
  });
}
