import type { AddonContext } from '../api/context';

/**
 * The two metrics that the add-on is known for, under their historic names. What is rendering is read at scrape time from the set of jobs that are, which the host
 * corrects whenever it says that a job or the whole queue is done; so the gauge cannot stick.
 */
export async function registerRenderMetrics(ctx: AddonContext): Promise<void> {
  const active = new Set<number>();
  ctx.metrics.gauge({
    name: 'Blender_Render',
    help: 'Rendering processes',
    collect() {
      this.set(active.size > 0 ? 1 : 0);
    },
  });
  const frames = ctx.metrics.counter({ name: 'Frame_Counter_total', help: 'Number of frames rendered' });

  const persistent = { persistent: true };
  ctx.handlers.on('render_init', (event) => void (event.job && active.add(event.job.id)), persistent);
  ctx.handlers.on('render_write', () => frames.inc(), persistent);
  for (const name of ['render_complete', 'render_cancel'] as const) {
    ctx.handlers.on(name, (event) => void (event.job && active.delete(event.job.id)), persistent);
  }
  ctx.handlers.on('job_state', (event) => void (event.job && FINAL_STATES.has(event.job.state) && active.delete(event.job.id)), persistent);
  ctx.handlers.on('queue_idle', () => active.clear(), persistent);

  // Enabled in the middle of a render: its render_init is long over.
  const { jobs } = await ctx.app.snapshot();
  active.clear();
  for (const job of jobs) if (job.state === 'rendering') active.add(job.id);
}

const FINAL_STATES: ReadonlySet<string> = new Set(['completed', 'failed', 'cancelled']);
