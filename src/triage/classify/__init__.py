"""What a complaint is: features, heads, signals, evidence, decision, and how they are trained and measured."""
