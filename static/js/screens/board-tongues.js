// The languages of the event on its board: the words change in turn, a call is said in each.

import { digitByDigit, hasVoice } from "../sound.js";
import { say, sayFrom, set } from "../list.js";

const EACH_MS = 10_000;
const tongues = [...document.querySelectorAll("template[data-language]")];
const root = document.documentElement;
let turn = 0;

/** Show the words of one language; codes and numbers stay where they are. */
function speak({ content, dataset }) {
  sayFrom(content);
  set(root, "lang", dataset.language);
  set(root, "data-formats", dataset.formats);
  for (const node of document.querySelectorAll("[data-word]")) set(node, "text", say(node.dataset.word));
  for (const node of document.querySelectorAll("[data-label]")) set(node, "aria-label", say(node.dataset.label));
}

/** Begin with the first language, and call `changed` each time the next one takes over. */
export function takeTurns(changed) {
  speak(tongues[0]);
  if (tongues.length === 1) return;
  setInterval(() => {
    turn = (turn + 1) % tongues.length;
    speak(tongues[turn]);
    changed();
  }, EACH_MS);
}

/** A text in each language somebody on this machine can speak, as [{text, lang}]; the first language
 *  when there is a voice for none. */
function said(name, gaps) {
  const spoken = tongues.filter(({ dataset }) => hasVoice(dataset.language));
  return (spoken.length ? spoken : tongues.slice(0, 1)).map(({ content, dataset }) => ({
    text: say(name, gaps, content),
    lang: dataset.language,
  }));
}

/** A call in every language: the code digit by digit, then the table. */
export function saidCall({ code, table }) {
  return said(table ? "speech-table" : "speech-tent", { code: digitByDigit(code), table });
}

/** What the sound test says. */
export const saidTest = () => said("speech-test", {});
