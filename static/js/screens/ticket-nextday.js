// An appointment for tomorrow, booked from today's ticket (rule 5).

import { chosenTime, drawTimes } from "../components/times.js";
import { press } from "../press.js";

const byId = (name) => document.getElementById(name);

/** Show what can be booked; the section is there when the event has that lane. */
export function drawNextDay({ appointments }) {
  const box = byId("nextday");
  if (!box) return;
  const free = appointments ?? [];
  box.hidden = free.length === 0;
  if (!box.hidden) drawTimes(byId("nextday-times"), free);
}

/** Make the booking work; `refused()` is told when a time was gone. */
export function wireNextDay({ address, headers, refused }) {
  if (!byId("book")) return;
  press(byId("book"), {
    url: `${address}/nextday`,
    headers,
    body: () => ({ consent: true, appointment_at: chosenTime(byId("nextday-times")) }),
    done: ({ id: booked, key: its }) => location.assign(`/t/${encodeURIComponent(booked)}#${its}`),
    refused: () => void refused(),
  });
}
