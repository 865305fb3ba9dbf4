// How a call sounds: two notes, rising for warm-up, falling for recovery, then the code digit by
// digit and the table, twice. Calls that come together wait for one another; none is lost.

const NOTES = { warmup: [659.3, 880], recovery: [587.3, 440], nextday: [523.3, 523.3] };
const NOTE_S = 0.32;

let audio = null;
let turn = Promise.resolve();

/** Browsers stay silent until a tap: call this in the tap. True when sound now works. */
export async function unlock() {
  audio ??= new (window.AudioContext ?? window.webkitAudioContext)();
  await audio.resume();
  // Some voices also want to be woken inside the tap.
  window.speechSynthesis?.speak(Object.assign(new SpeechSynthesisUtterance(" "), { volume: 0 }));
  return unlocked();
}

export const unlocked = () => audio?.state === "running";

/** Whether the browser still counts a tap on the page before this one; asked at the load, before any
 *  other. Then sound may be unlocked without a tap, after a reload nobody asked for, too. */
export const tappedBefore = navigator.userActivation?.hasBeenActive === true;

/** The two notes of a lane; resolves when they have faded. Silent until unlocked. */
export async function chime(lane) {
  if (!unlocked()) return;
  const start = audio.currentTime + 0.05;
  (NOTES[lane] ?? NOTES.recovery).forEach((pitch, index) => note(pitch, start + index * NOTE_S));
  await sleep((NOTE_S * 2 + 0.4) * 1000);
}

/** "W041" as it is spoken: letter and digits apart, leading zeros too. */
export const digitByDigit = (code) => [...code].join(", ");

/** Announce one call after all calls before it: chime, then each sentence said `times` times.
 *  `sentences` is [{text, lang}], made by the page from its own words with `digitByDigit(code)`. */
export function announce({ lane, sentences, times = 2 }) {
  const mine = async () => {
    await chime(lane);
    for (let time = 0; time < times; time += 1) {
      for (const sentence of sentences) await speak(sentence);
    }
  };
  // A call that fails must not silence those behind it.
  turn = turn.then(mine, mine);
  return turn;
}

/** Say a text aloud with a local voice of its language; without voices it is silent at once. */
function speak({ text, lang }) {
  const synthesis = window.speechSynthesis;
  if (!synthesis?.getVoices().length) return Promise.resolve();
  const words = new SpeechSynthesisUtterance(text);
  words.lang = lang;
  words.rate = 0.9;
  words.voice = voiceFor(lang, synthesis.getVoices());
  return new Promise((resolve) => {
    // Chromium sometimes never reports the end; the queue must not stop for that.
    const limit = setTimeout(resolve, 3000 + text.length * 150);
    words.onend = words.onerror = () => {
      clearTimeout(limit);
      resolve();
    };
    synthesis.speak(words);
  });
}

/** True when some voice on this machine speaks the language. */
export const hasVoice = (lang) => Boolean(voiceFor(lang, window.speechSynthesis?.getVoices() ?? []));

function voiceFor(lang, voices) {
  const short = lang.split("-")[0];
  const speakers = voices.filter((voice) => voice.lang.toLowerCase().startsWith(short));
  // The tent may have no internet: a voice that lives on this machine goes first.
  return speakers.find((voice) => voice.localService) ?? speakers[0] ?? null;
}

function note(pitch, start) {
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.type = "triangle";
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(0.6, start + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, start + NOTE_S + 0.3);
  tone.connect(volume).connect(audio.destination);
  tone.start(start);
  tone.stop(start + NOTE_S + 0.35);
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
