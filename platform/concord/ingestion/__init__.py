"""From source records to items, chunks, claims and index points."""
