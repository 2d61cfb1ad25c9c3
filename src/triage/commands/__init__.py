"""Commands too long for ``cli``, and what commands share."""
