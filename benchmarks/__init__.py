"""Measurements of tentqueue against what else there is, as ratios within one run."""
