import { parentPort, workerData } from 'node:worker_threads';

// A thread that runs as long as the add-on.
const { workerMetrics } = await import(workerData.metrics);
const metrics = workerMetrics();

const longest = metrics.gauge({ name: 'crew_longest_frame_seconds', help: 'Longest time of a frame', mode: 'max' });
const last = metrics.gauge({ name: 'crew_last_frame_seconds', help: 'Time of the last frame', mode: 'mostrecent' });
let most = 0;

parentPort.on('message', ({ seconds }) => {
  longest.set((most = Math.max(most, seconds)));
  last.set(seconds);
});
