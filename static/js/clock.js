// The server's time on a page, and minutes in words. The only reader of the device's clock.

let offset = 0;
let best = Infinity;

// What was heard lately, as [device's time, difference]: a clock that runs at another pace, as the
// practice day's, is not a clock that is wrong.
let heardLately = [];
const LATELY = 30_000;
const PACE = 3_000;

/** Learn the server's time from an ISO instant; `trip` is how long the answer took, in ms.
 *  The quickest answer knows best; without a trip time the word counts as one second old. */
export function learn(iso, trip = 1000) {
  const server = Date.parse(iso);
  if (Number.isNaN(server)) return;
  const heard = server + trip / 2 - Date.now();
  heardLately = [...heardLately.filter(([at]) => Date.now() - at < LATELY), [Date.now(), heard]];
  // A clock that jumped shows as a difference no network explains.
  if (trip <= best || Math.abs(heard - offset) > 5000) {
    best = trip;
    offset = heard;
  }
}

/** The server's now, in ms since 1970. */
export const now = () => Date.now() + offset;

/** How far the device's own clock is from the server's, in seconds, once both are known to run at
 *  one pace; 0 before. Over 30 is worth showing (rule 29). */
export function drift() {
  const differences = heardLately.map(([, difference]) => difference);
  const known = heardLately.length > 1 && Date.now() - heardLately[0][0] > LATELY / 2;
  const steady = Math.max(...differences) - Math.min(...differences) < PACE;
  return known && steady ? Math.round(-offset / 1000) : 0;
}

// The page's language, as times and numbers are written where the race is.
const locale = () => document.documentElement.dataset.formats || "en";
const zone = () => document.documentElement.dataset.timezone || undefined;

/** Whole minutes from now until `iso`, rounded up; negative once it has passed. */
const minutesUntil = (iso) => Math.ceil((Date.parse(iso) - now()) / 60000);

// Making a formatter costs more than all that it formats in a second.
const made = new Map();
function formatter(kind, options, as = locale()) {
  const name = `${as} ${JSON.stringify(options)}`;
  if (!made.has(name)) made.set(name, new Intl[kind](as, options));
  return made.get(name);
}

/** "14:05", or "2:05 PM" where clocks say so, in the event's time zone and the page's language. */
export function timeOfDay(when = now()) {
  const { hour12 } = formatter("DateTimeFormat", { hour: "numeric" }).resolvedOptions();
  const hour = hour12 ? "numeric" : "2-digit";
  const clock = formatter("DateTimeFormat", { hour, minute: "2-digit", timeZone: zone() });
  return clock.format(typeof when === "string" ? Date.parse(when) : when);
}

/** "14:05" always, for a time field; "" without an instant. */
export const clockTime = (iso) => (iso ? clock24().format(Date.parse(iso)) : "");

/** The instant nearest to now at which the event's clocks show a time such as "14:05". */
export function instantAt(typed) {
  const [hour, minute] = clock24().format(now()).split(":").map(Number);
  const [wantedHour, wantedMinute] = typed.split(":").map(Number);
  const ahead = (wantedHour * 60 + wantedMinute - (hour % 24) * 60 - minute + 2160) % 1440;
  const whole = Math.floor(now() / 60_000) * 60_000;
  return new Date(whole + (ahead - 720) * 60_000).toISOString();
}

const clock24 = () =>
  new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone() });

/** "Monday" in the event's time zone and the page's language. */
export const dayOfWeek = (iso) =>
  formatter("DateTimeFormat", { weekday: "long", timeZone: zone() }).format(Date.parse(iso));

const minute = () =>
  formatter("NumberFormat", { style: "unit", unit: "minute", unitDisplay: "short" }, unitsAs());

// British short units have a plural, "20 mins"; our own sentences and all other English have none.
const unitsAs = () => locale().replace(/^en-GB/, "en");

/** "12 min" in the page's language. */
export const minutesText = (minutes) => minute().format(minutes);

/** Whether a range from there on would promise what nobody knows: no therapist of the lane is at work. */
export const isUnknown = (minutes) => minutes >= 230;

/** "20–30 min", or "20 min" when both ends are equal. */
export function rangeText(from, to) {
  const unit = minute();
  if (from === to || to == null) return unit.format(from);
  return unit.formatRange ? unit.formatRange(from, to) : `${from}–${unit.format(to)}`;
}

/** Range of minutes from now for an estimate of two ISO instants, in steps of five, never below 0. */
export function estimateMinutes({ from, to }) {
  const low = Math.max(0, Math.floor(minutesUntil(from) / 5) * 5);
  return { from: low, to: Math.max(low, Math.ceil(minutesUntil(to) / 5) * 5) };
}

/** "4:07" from seconds; a minus sign once they have run out. */
export function countdown(seconds) {
  const whole = Math.abs(Math.trunc(seconds));
  const text = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  return seconds < 0 && whole ? `−${text}` : text;
}

/** Call `redraw` once a second, on the second, while the page is visible. Returns a stop function. */
export function everySecond(redraw) {
  let timer = 0;
  const tick = () => {
    redraw(now());
    timer = setTimeout(tick, 1000 - (now() % 1000) + 5);
  };
  const wake = () => {
    clearTimeout(timer);
    if (!document.hidden) tick();
  };
  document.addEventListener("visibilitychange", wake);
  wake();
  return () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", wake);
  };
}
