"""Who may work, how much, and for how long: one gate for all that takes the server's time."""
