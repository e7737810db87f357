import { afterEach, describe, expect, test } from 'vitest';
import { LIFECYCLE_EVENTS, type LifecycleEventName } from '../../../src/shared/lifecycle';
import { createFixture, type Fixture } from '../../main/addons/fixture';

let fixture: Fixture;
afterEach(() => fixture?.close());

/** An add-on that logs, for every event, which of its two handlers ran; the plain one was registered first. */
const RECORDER = `export function register(ctx) {
  for (const name of ${JSON.stringify(LIFECYCLE_EVENTS)}) {
    ctx.handlers.on(name, (event) => console.log('> plain ' + name + (event.frame ?? '')));
    ctx.handlers.on(name, (event) => console.log('> persistent ' + name + (event.frame ?? '')), { persistent: true });
  }
}`;

async function ran(...events: [LifecycleEventName, number?][]): Promise<string[]> {
  for (const [name, frame] of events) fixture.emit(name, frame === undefined ? {} : { frame });
  fixture.emit('queue_idle');
  await fixture.logged('recorder', '> persistent queue_idle');
  return fixture
    .log('recorder')
    .filter((line) => line.startsWith('> ') && !line.includes('queue_idle'))
    .map((line) => line.slice(2));
}

const both = (...names: string[]): string[] => names.flatMap((name) => [`plain ${name}`, `persistent ${name}`]);

// The rules are those measured with Blender 3.4.1: docs of bpy.app.handlers, and a trace of its handlers while loading
// and rendering.
describe('handlers', () => {
  test('run in the order of the events, and of their registration', async () => {
    fixture = await createFixture({ recorder: { main: RECORDER } });
    await fixture.manager.enable('recorder');
    const trace = await ran(
      ['render_init', 1],
      ['render_pre', 1],
      ['render_post', 1],
      ['render_write', 1],
      ['render_pre', 2],
      ['render_post', 2],
      ['render_write', 2],
      ['render_complete', 1],
    );
    expect(trace).toEqual(
      both(
        'render_init1',
        'render_pre1',
        'render_post1',
        'render_write1',
        'render_pre2',
        'render_post2',
        'render_write2',
        'render_complete1',
      ),
    );
  });

  test('that are not persistent are dropped between load_pre and load_post, and stay dropped', async () => {
    fixture = await createFixture({ recorder: { main: RECORDER } });
    await fixture.manager.enable('recorder');
    const trace = await ran(['render_init'], ['load_pre'], ['load_post'], ['render_init'], ['load_pre'], ['load_post']);
    expect(trace).toEqual([
      ...both('render_init', 'load_pre'),
      'persistent load_post',
      'persistent render_init',
      'persistent load_pre',
      'persistent load_post',
    ]);
  });

  test('are all kept when a scene cannot be read', async () => {
    fixture = await createFixture({ recorder: { main: RECORDER } });
    await fixture.manager.enable('recorder');
    expect(await ran(['load_post_fail'], ['render_init'])).toEqual(both('load_post_fail', 'render_init'));
  });

  test('are dropped on load_post also in an add-on that handles neither load event', async () => {
    fixture = await createFixture({
      recorder: {
        main: `export function register(ctx) {
          ctx.handlers.on('render_write', () => console.log('> plain render_write'));
          ctx.handlers.on('queue_idle', () => console.log('> persistent queue_idle'), { persistent: true });
        }`,
      },
    });
    await fixture.manager.enable('recorder');
    expect(await ran(['render_write'], ['load_pre'], ['load_post'], ['render_write'])).toEqual(['plain render_write']);
  });

  test('one that throws, rejects or removes another does not keep the others from running; each failure is counted', async () => {
    fixture = await createFixture({
      recorder: {
        main: `export function register(ctx) {
          const persistent = { persistent: true };
          let remove;
          ctx.handlers.on('render_write', () => console.log('> first'), persistent);
          ctx.handlers.on('render_write', () => { throw new Error('thrown'); }, persistent);
          ctx.handlers.on('render_write', async () => { throw new Error('rejected'); }, persistent);
          ctx.handlers.on('render_write', () => remove(), persistent);
          remove = ctx.handlers.on('render_write', () => console.log('> removed'), persistent);
          ctx.handlers.on('render_write', async () => { await new Promise((r) => setTimeout(r, 50)); console.log('> slow'); }, persistent);
          ctx.handlers.on('render_write', () => console.log('> last'), persistent);
          ctx.handlers.on('queue_idle', () => console.log('> persistent queue_idle'), persistent);
        }`,
      },
    });
    await fixture.manager.enable('recorder');
    expect(await ran(['render_write'], ['render_write'])).toEqual(['first', 'slow', 'last', 'first', 'slow', 'last']);
    const addon = await fixture.until('recorder', ({ handlerErrors }) => handlerErrors === 4);
    expect(addon.state).toBe('running');
    expect(
      fixture
        .log('recorder')
        .filter((line) => /A handler of render_write failed after \d+\.\d{3} s: Error: (thrown|rejected)/.test(line)),
    ).toHaveLength(4);
  });

  test('nothing more can be taken through ctx while the add-on is being disabled, and its handlers are gone', async () => {
    fixture = await createFixture({
      recorder: {
        main: `let kept;
          export function register(ctx) { kept = ctx; ctx.handlers.on('queue_idle', () => {}); }
          export function unregister() { try { kept.handlers.on('queue_idle', () => {}); } catch (error) { console.log(error.message); } }`,
      },
    });
    await fixture.manager.enable('recorder');
    await fixture.manager.disable('recorder');
    expect(fixture.log('recorder')).toContain('The add-on is being disabled: nothing more can be taken through ctx.');
  });

  test('for an event that does not exist, or that are no functions, are refused where they are added', async () => {
    fixture = await createFixture({
      recorder: {
        main: `export function register(ctx) {
          for (const add of [() => ctx.handlers.on('render_wrote', () => {}), () => ctx.handlers.on('render_write', 'log')]) {
            try { add(); } catch (error) { console.log(error.message); }
          }
          ctx.handlers.on('render_write', (event) => { event.frame = 2; });
        }`,
      },
    });
    await fixture.manager.enable('recorder');
    expect(fixture.log('recorder')[0]).toContain('There is no lifecycle event “render_wrote”: there are load_pre,');
    expect(fixture.log('recorder')[1]).toBe('The handler for render_write is not a function.');
    fixture.emit('render_write', { frame: 1 });
    await fixture.logged('recorder', 'Cannot assign to read only property');
  });

  test('events without a handler are not sent', async () => {
    fixture = await createFixture({
      recorder: {
        main: `export function register(ctx) { raw.listen((m) => m.type === 'event' && console.log('> ' + m.event.name)); ctx.handlers.on('queue_idle', () => console.log('> persistent queue_idle'), { persistent: true }); }`,
      },
    });
    await fixture.manager.enable('recorder');
    expect(await ran(['render_stats'], ['render_write'], ['load_pre'], ['load_post'])).toEqual([
      'load_pre',
      'load_post',
    ]);
  });
});
