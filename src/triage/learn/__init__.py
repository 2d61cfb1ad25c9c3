"""The user's own tickets: which to label next, which labels look wrong, and what the model learns from them."""
