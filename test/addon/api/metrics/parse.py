"""Prometheus's client for Python as the yardstick of test/addon/api/metrics/parse-exposition.test.ts.

Reads [["text" | "openmetrics", text], ...] and writes for each the samples, or null where its parser refuses the text.
"""

import json
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_open
from prometheus_client.parser import text_string_to_metric_families as parse_text


def number(value):
    value = float(value)
    return value if value - value == 0 else str(value)


def samples(kind, text):
    try:
        families = list((parse_open if kind == "openmetrics" else parse_text)(text))
    except Exception:
        return None
    return [
        [sample.name, sample.labels, number(sample.value), None if sample.timestamp is None else number(round(float(sample.timestamp), 3))]
        for family in families
        for sample in family.samples
    ]


json.dump([samples(kind, text) for kind, text in json.load(sys.stdin)], sys.stdout)
