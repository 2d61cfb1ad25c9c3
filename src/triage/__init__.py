"""Read a Chinese customer complaint; say what it is and what to do now. Everything stays on this machine."""

from triage.engine import Triager
from triage.errors import TriageError
from triage.records import Category, Decision, IssueType, Outcome, Severity, Ticket

__version__ = "0.1.0"
__all__ = ["Category", "Decision", "IssueType", "Outcome", "Severity", "Ticket", "TriageError", "Triager"]
