"""Text as the model reads it: cleaned, cut into clauses, cut into tokens."""
