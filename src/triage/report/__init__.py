"""How an outcome looks: a card for the terminal, HTML for a notebook. What it says is settled elsewhere."""
