"""What other gates would have said, on the very same recordings (only the latency phase's p95 is judged).

Histograms are read from the result file (HdrHistogram V2, compressed), so that rules on raw requests can be played.
"""
import base64
import math
import struct
import zlib

NAMES = ["mann_whitney_raw_1pct", "point_p95_20pct", "welch_t_1s"]
LIMIT = 1.20


def wilson(count, n, z=1.96):
    if n == 0:
        return 0.0, 1.0
    p = count / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, centre - half), min(1.0, centre + half)


def histogram_counts(encoded):
    """Counts per bucket index, in order of value."""
    data = base64.b64decode(encoded)
    body = zlib.decompress(data[8:])
    payload = body[40:40 + struct.unpack(">i", body[4:8])[0]]
    counts, value, shift, index = {}, 0, 0, 0
    i = 0
    while i < len(payload):
        value = shift = 0
        for k in range(9):
            byte = payload[i]
            i += 1
            value |= (byte if k == 8 else byte & 0x7F) << shift
            shift += 7
            if k == 8 or byte < 0x80:
                break
        signed = (value >> 1) ^ -(value & 1)
        if signed < 0:
            index += -signed
        else:
            if signed:
                counts[index] = signed
            index += 1
    return counts


def mann_whitney_worse(baseline, candidate, z_limit=2.326):
    """One-sided, normal approximation with ties, on bucket counts: are the candidate's requests slower?"""
    n, m = sum(baseline.values()), sum(candidate.values())
    u, below, ties = 0.0, 0, 0.0
    for index in sorted(set(baseline) | set(candidate)):
        b, c = baseline.get(index, 0), candidate.get(index, 0)
        u += c * (below + b / 2)
        below += b
        ties += (b + c) ** 3 - (b + c)
    total = n + m
    variance = n * m / 12 * (total + 1 - ties / (total * (total - 1)))
    return variance > 0 and (u - n * m / 2) / math.sqrt(variance) > z_limit


def student_t_tail(t, df):
    """P(T > t) by numerical integration of the density (Simpson's rule)."""
    if t <= 0:
        return 1.0
    constant = math.exp(math.lgamma((df + 1) / 2) - math.lgamma(df / 2)) / math.sqrt(df * math.pi)
    steps = 400
    h = t / steps
    density = lambda x: constant * (1 + x * x / df) ** (-(df + 1) / 2)
    area = sum((1 if i in (0, steps) else 4 if i % 2 else 2) * density(i * h) for i in range(steps + 1)) * h / 3
    return max(0.0, 0.5 - area)


def welch_worse(baseline, candidate, alpha=0.01):
    n, m = len(baseline), len(candidate)
    if n < 3 or m < 3:
        return False
    mean = lambda x: sum(x) / len(x)
    variance = lambda x: sum((v - mean(x)) ** 2 for v in x) / (len(x) - 1)
    a, b = variance(baseline) / n, variance(candidate) / m
    if a + b == 0:
        return False
    t = (mean(candidate) - mean(baseline)) / math.sqrt(a + b)
    df = (a + b) ** 2 / (a * a / (n - 1) + b * b / (m - 1))
    return student_t_tail(t, df) < alpha


def batches_of_a_second(slices):
    """ln of the mean slice p95 over batches of about one second of load."""
    batches, values, length = [], [], 0.0
    for start, duration, p95 in slices:
        values.append(p95)
        length += duration
        if length >= 1:
            batches.append(math.log(sum(values) / len(values)))
            values, length = [], 0.0
    return batches


def p95_slices(result):
    return [(s["start_s"], s["duration_s"], s["latency_ms"]["p95"]) for s in result["slices"] if s["samples"] > 0]


def all_of(saved):
    baseline, candidate = saved["paired"]["baseline"], saved
    p95 = lambda r: r["totals"]["latency_ms"]["p95"]
    counts = lambda r: histogram_counts(r["totals"]["histograms"]["ok"]["hdr"])
    return {
        "point_p95_20pct": p95(candidate) > LIMIT * p95(baseline),
        "welch_t_1s": welch_worse(batches_of_a_second(p95_slices(baseline)), batches_of_a_second(p95_slices(candidate))),
        "mann_whitney_raw_1pct": mann_whitney_worse(counts(baseline), counts(candidate)),
    }

