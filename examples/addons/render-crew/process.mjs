// A process for one frame. What it counted is sent as it ends, and stays in the add-on's sums.
const [, , module, frame] = process.argv;
const { workerMetrics } = await import(module);
const metrics = workerMetrics();

const frames = metrics.counter({ name: 'crew_frames_total', help: 'Frames looked at', labelNames: ['parity'] });
const seconds = metrics.histogram({ name: 'crew_seconds', help: 'Time that took', buckets: [0.01, 0.1, 1] });
const failures = metrics.counter({ name: 'crew_failures_total', help: 'Frames that could not be looked at' });
const memory = metrics.gauge({
  name: 'crew_memory_bytes',
  help: 'Memory of all processes that run',
  mode: 'livesum',
});

memory.set(process.memoryUsage.rss());
const lookAt = metrics.time(
  seconds,
  metrics.countExceptions(failures, (number) => {
    if (!Number.isInteger(number)) throw new Error(`${number} is no frame.`);
    frames.inc({ parity: number % 2 === 0 ? 'even' : 'odd' });
  }),
);
lookAt(Number(frame));
