"""Exports of tickets: reading any of them, writing them back with what was found."""

from triage.tickets.columns import Columns
from triage.tickets.known import Format, load_formats
from triage.tickets.read import TicketReader, read_tickets
from triage.tickets.rows import Block
from triage.tickets.write import TableWriter

__all__ = ["Block", "Columns", "Format", "TableWriter", "TicketReader", "load_formats", "read_tickets"]
