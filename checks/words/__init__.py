"""The words that laws are written in: what they draw, what they watch, what they compute by hand."""
