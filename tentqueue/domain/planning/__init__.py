"""Whose turn and how long: the policy as plain functions over facts, in seconds.

It knows nothing of tickets' lives, of events or of screens; `domain/seen.py` says what it sees.
"""
