"""Tests of reading and writing exports."""
