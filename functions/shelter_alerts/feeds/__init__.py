"""What the public reads of shelters: the board, a day's history, GBFS."""
