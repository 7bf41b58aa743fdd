"""From an answer to its verdict."""
