"""The beginning of an event file that several tests go on from: one contest, one wave."""

from __future__ import annotations

BEGINNING = """\
[event]
slug = "riverside-half"
name = "Riverside Half"
timezone = "Europe/London"
date = 2027-04-25
tables = 4

[[contest]]
name = "Half"
distance_km = 21.1
  [[contest.wave]]
  name = "A"
  start = "09:30"

"""
