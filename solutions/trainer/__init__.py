"""The Imagenette trainer, made of nothing but the pieces of the katas."""
