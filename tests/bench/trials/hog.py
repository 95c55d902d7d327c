"""A noisy neighbour: one core at 40 % duty, in bursts of 50 to 300 ms, until it is killed or its parent is gone."""
import os
import random
import sys
import time

random.seed(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
parent = os.getppid()
while os.getppid() == parent:
    burst = random.uniform(0.05, 0.3)
    end = time.monotonic() + burst
    while time.monotonic() < end:
        pass
    time.sleep(burst * 1.5)
