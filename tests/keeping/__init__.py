"""Backup, restore, wipe: what is kept, and what is let go."""
