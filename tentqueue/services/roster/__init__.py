"""Who is in the race and when they finished, as timing systems tell it (rule 30).

Never decides about the line: a finish reaches a ticket as one command through `RaceDay.handle`.
"""
