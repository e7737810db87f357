import { setTimeout as wait } from 'node:timers/promises';

/** @param {import('../../../src/addon/api/context').AddonContext} ctx */
export function register(ctx) {
  // In the menu of a job, which becomes the parameter “job”.
  ctx.operators.add({
    id: 'slow-frames',
    label: 'Find Slow Frames',
    description: 'Names the frames that took longer than most of their job',
    parameters: [
      { key: 'job', type: 'job', label: 'Job' },
      { key: 'factor', type: 'number', label: 'Times the median', default: 2, min: 1, max: 100 },
    ],
    menu: 'job',
    async run({ parameters, signal, progress }) {
      const job = await ctx.jobs.get(Number(parameters.job));
      const rendered = [];
      for (let offset = 0; offset < job.frames.total; offset += 500) {
        signal.throwIfAborted();
        progress(offset / job.frames.total, `Reading frames from number ${offset + 1}`);
        rendered.push(...(await ctx.jobs.frames(job.id, { states: ['done'], offset, limit: 500 })));
      }
      if (rendered.length === 0) throw new Error(`Job ${job.id} has no rendered frames yet.`);
      const times = rendered.map((frame) => frame.seconds ?? 0).sort((a, b) => a - b);
      const median = times[Math.floor(times.length / 2)];
      const slow = rendered.filter((frame) => (frame.seconds ?? 0) > median * Number(parameters.factor));
      return {
        text:
          slow.length === 0
            ? `No frame of job ${job.id} is slow: the median is ${median.toFixed(2)} s.`
            : `${slow.length} of ${rendered.length} frames are slow: ${slow.map(({ frame }) => frame).join(', ')}.`.slice(
                0,
                1000,
              ),
        data: { slow: slow.length, medianSeconds: median },
      };
    },
  });

  // A panel below the queue, drawn from data.
  const panel = ctx.panels.add({
    id: 'times',
    place: 'job',
    title: 'Frame Times',
    elements: [{ type: 'label', text: 'Waiting for the first frame.' }],
  });
  const seconds = [];
  ctx.handlers.on(
    'render_write',
    (event) => {
      seconds.push(event.seconds ?? 0);
      if (seconds.length > 60) seconds.shift();
      panel.update([
        { type: 'value', label: 'Last frame', value: (event.seconds ?? 0).toFixed(2), unit: 's' },
        { type: 'sparkline', label: 'Last 60 frames', points: [...seconds], unit: 's' },
        { type: 'button', operator: 'slow-frames' },
      ]);
    },
    { persistent: true },
  );

  ctx.operators.add({
    id: 'remind',
    label: 'Remind Me',
    description: 'Says something after a while',
    parameters: [
      { key: 'text', type: 'string', label: 'Text', default: 'Look at the render' },
      { key: 'seconds', type: 'integer', label: 'Seconds', default: 60, min: 0, max: 86_400 },
    ],
    menu: 'window',
    key: 'Ctrl+Shift+M',
    async run({ parameters, signal, progress }) {
      const seconds = Number(parameters.seconds);
      for (let passed = 0; passed < seconds; passed++) {
        progress(passed / seconds, `${seconds - passed} s left`);
        // Throws when the person cancels, which ends the run.
        await wait(1_000, undefined, { signal });
      }
      return `${parameters.text}.`;
    },
  });
}
