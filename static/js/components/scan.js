// Reads a ticket's code with the camera. Browsers lend it on https and on the machine itself only;
// the reader is fetched when somebody scans, and pictures never leave the page.

import { say } from "../list.js";

const LOOK_EVERY_MS = 120;
const WIDE = 640; // Pixels across are enough for a ticket at arm's length.
const node = (id) => document.getElementById(id);

/** Make the page's scan button work where there may be a camera; `read(text)` gets each code. */
export function scanning(read) {
  if (!window.isSecureContext || !navigator.mediaDevices?.getUserMedia) return;
  const dialog = node("scan");
  let stop = () => {};
  node("scan-open").hidden = false;
  node("scan-open").addEventListener("click", async () => {
    node("scan-problem").hidden = true;
    dialog.showModal();
    stop = await look((text) => {
      dialog.close();
      read(text);
    }).catch(refused);
    if (!dialog.open) stop();
  });
  node("scan-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => stop());
}

function refused(error) {
  const problem = node("scan-problem");
  problem.textContent = say(error.name === "NotAllowedError" ? "scan-denied" : "scan-none");
  problem.hidden = false;
  return () => {};
}

/** Look through the camera until a code is found; returns what switches it off. */
async function look(found) {
  const camera = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  const stop = () => {
    clearInterval(timer);
    for (const track of camera.getTracks()) track.stop();
  };
  let timer = 0;
  try {
    if (!self.jsQR) await import("../../vendor/jsqr.js");
    const sight = node("scan-sight");
    sight.srcObject = camera;
    await sight.play();
    const sheet = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    timer = setInterval(() => {
      const text = codeIn(sight, sheet);
      if (!text) return;
      stop();
      found(text);
    }, LOOK_EVERY_MS);
  } catch (error) {
    stop();
    throw error;
  }
  return stop;
}

function codeIn(sight, sheet) {
  if (!sight.videoWidth) return null;
  const scale = Math.min(1, WIDE / sight.videoWidth);
  const [width, height] = [Math.round(sight.videoWidth * scale), Math.round(sight.videoHeight * scale)];
  Object.assign(sheet.canvas, { width, height });
  sheet.drawImage(sight, 0, 0, width, height);
  return self.jsQR(sheet.getImageData(0, 0, width, height).data, width, height)?.data || null;
}
