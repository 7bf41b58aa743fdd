"""The reference: one file for each kata, and the trainer that is made of them."""
