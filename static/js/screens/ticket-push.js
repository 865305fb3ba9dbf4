// "Tell me even when this page is closed": the browser's own push service wakes the phone for a call.
// Only where the server may push and the browser can (https).

import { say } from "../list.js";
import { send, show } from "../press.js";
import { toast } from "../toast.js";

/** Show and wire the button where it can do anything. `headers()` holds the ticket's key. */
export async function offerPush(button, { address, key, headers }) {
  const box = button.closest("[data-command]");
  box.hidden = true;
  if (!key || !navigator.serviceWorker || !globalThis.PushManager) return;
  const worker = await navigator.serviceWorker.ready;
  const asked = Notification.permission !== "default";
  const known = asked && (await worker.pushManager.getSubscription());
  // One phone, many tickets: a subscription that is there is told of this ticket without asking.
  if (known) return void tell(known, address, headers()).catch(() => null);
  box.hidden = Notification.permission === "denied";
  button.addEventListener("click", () => ask(button, box, worker, { address, key, headers }));
}

async function ask(button, box, worker, { address, key, headers }) {
  show(button, "sending");
  try {
    if ((await Notification.requestPermission()) !== "granted") throw new Error("blocked");
    const options = { userVisibleOnly: true, applicationServerKey: key };
    await tell(await worker.pushManager.subscribe(options), address, headers());
    box.hidden = true;
    toast(say("tell-me-on"));
  } catch (error) {
    show(button, "refused", error.problem?.detail ?? say("tell-me-blocked"));
  }
}

function tell(subscription, address, headers) {
  const { endpoint, keys } = subscription.toJSON();
  return send(`${address}/push`, { endpoint, p256dh: keys.p256dh, auth: keys.auth }, { headers });
}
