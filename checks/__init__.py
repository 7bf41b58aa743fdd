"""The checks of every kata, and what stands behind `make`."""
