"""The multiprocess mode of Prometheus's client for Python, as the yardstick of test/addon/api/metrics/process-hub.test.ts.

Reads {"processes": [[[metric, method, labels, value], ...], ...], "ended": [index, ...]} and writes its samples, with the
index of a process in place of its id.
"""

import json
import os
import subprocess
import sys
import tempfile

if len(sys.argv) > 1:
    from prometheus_client import Counter, Gauge, Histogram, Summary

    made = {}

    def metric(name):
        if name not in made:
            kinds = {"c": Counter, "h": Histogram, "s": Summary}
            if name[0] == "g":
                made[name] = Gauge(name, "h", ["a"], multiprocess_mode=name[2:])
            elif name[0] == "h":
                made[name] = Histogram(name, "h", ["a"], buckets=[0.5, 1, 2.5])
            else:
                made[name] = kinds[name[0]](name, "h", ["a"])
        return made[name]

    for name, method, labels, value in json.load(sys.stdin):
        getattr(metric(name).labels(**labels), method)(value)
    print(os.getpid())
    sys.exit()

given = json.load(sys.stdin)
with tempfile.TemporaryDirectory() as folder:
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": folder}
    indices = {}
    for index, orders in enumerate(given["processes"]):
        run = subprocess.run(
            [sys.executable, __file__, "process"], input=json.dumps(orders), env=environment, text=True, capture_output=True, check=True
        )
        indices[run.stdout.strip()] = str(index)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
    from prometheus_client import CollectorRegistry
    from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

    for pid, index in indices.items():
        if int(index) in given["ended"]:
            mark_process_dead(pid)
    samples = [
        [sample.name, {**sample.labels, **({"pid": indices[sample.labels["pid"]]} if "pid" in sample.labels else {})}, sample.value]
        for family in MultiProcessCollector(CollectorRegistry()).collect()
        for sample in family.samples
    ]
    print(json.dumps(samples))
