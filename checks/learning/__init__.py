"""What a learner meets: check, watch, hint, solution, progress, notebook cells, own trainer."""
