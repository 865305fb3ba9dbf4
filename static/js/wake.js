// Keeps a screen lit where the browser allows it (https only); elsewhere it does nothing.

let lock = null;
let wanted = false;

/** Keep the screen on until `release`; takes the lock again whenever the page comes back. */
export async function keepAwake() {
  wanted = true;
  if (!navigator.wakeLock || document.hidden) return false;
  try {
    lock = await navigator.wakeLock.request("screen");
    return true;
  } catch {
    return false; // A low battery may refuse.
  }
}

/** Let the screen sleep again. */
export async function release() {
  wanted = false;
  await lock?.release();
  lock = null;
}

document.addEventListener("visibilitychange", () => {
  if (wanted && !document.hidden) keepAwake();
});

/** Vibrate where the device can: two long for a call. */
export const buzz = (pattern = [400, 150, 400]) => navigator.vibrate?.(pattern) ?? false;
