/**
 * Metrics for a board on the wall: what everybody may scrape, and a registry of the board's own, which has some of them
 * too.
 *
 * @param {import('../../../src/addon/api/context').AddonContext} ctx
 */
export function register(ctx) {
  // Every name here begins with studio_.
  const studio = ctx.metrics.namespace('studio_');
  const frames = studio.counter({ name: 'frames_total', help: 'Frames written', labelNames: ['engine'] });
  const failures = studio.counter({ name: 'failures_total', help: 'Attempts at frames that failed' });
  const state = studio.enum({
    name: 'board_state',
    help: 'What the board shows',
    states: ['idle', 'rendering', 'trouble'],
  });
  studio.info({ name: 'board_build', help: 'Version of the board' }).set({ version: '1.0.0' });
  studio.gauge({ name: 'board_uptime_seconds', help: 'Time since the board began', value: () => process.uptime() });

  // Not served with the host's metrics: the board alone reads it. Two of its metrics are served as well.
  const board = ctx.metrics.createRegistry({ served: false });
  board.add(frames);
  board.add(state);
  const lastFrame = board.gauge({ name: 'board_last_frame', help: 'Number of the last frame' });

  const on = (event, handler) => ctx.handlers.on(event, handler, { persistent: true });
  on('render_init', () => state.state('rendering'));
  on('frame_failed', () => {
    failures.inc();
    state.state('trouble');
  });
  on('render_write', (event) => {
    frames.inc({ engine: event.engine ?? 'unknown' });
    lastFrame.set(event.frame ?? 0);
    state.state('rendering');
  });
  on('queue_idle', async () => {
    state.state('idle');
    ctx.log.info(await board.text());
  });
}
