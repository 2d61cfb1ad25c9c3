"""Runs over whole files: row by row in blocks, with the same numbers as one text at a time."""

from triage.batch.score import score_file
from triage.batch.summary import Progress, Summary

__all__ = ["Progress", "Summary", "score_file"]
