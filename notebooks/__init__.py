"""The notebooks: what the katas are for, in experiments and pictures."""

import os

# torch's threads rest while they wait, or a short fit takes twenty times as long on a busy
# machine. The library that starts them reads this once, when torch is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
