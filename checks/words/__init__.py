"""The words that laws are written in: what they draw, watch, and compute by hand."""
