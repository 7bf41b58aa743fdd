"""What a teacher runs: grade, prove, mutate, and the tables and pictures of the README."""
