"""Runs over whole files: row by row in blocks, with the same numbers as one text at a time."""

from triage.batch.each import score_each
from triage.batch.frames import FrameScorer
from triage.batch.score import score_file
from triage.batch.summary import Progress, Summary

__all__ = ["FrameScorer", "Progress", "Summary", "score_each", "score_file"]
