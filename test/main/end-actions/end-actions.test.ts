import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { PreferenceValues } from '../../../src/shared/addons';
import type { Job } from '../../../src/shared/jobs';
import { type EndActionsOptions, type Notification, createEndActions } from '../../../src/main/end-actions/end-actions';
import { createLifecycle } from '../../../src/main/events/lifecycle';
import { runShellCommand } from '../../../src/main/end-actions/shell-command';
import { sampleJob } from '../../helpers/samples';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const counts = (done: number, failed = 0) => ({
  total: done + failed,
  waiting: 0,
  rendering: 0,
  done,
  failed,
  skipped: 0,
});

/** End actions behind a real lifecycle, with jobs that end when the test says so. */
function setUp(preferences: PreferenceValues, given: Partial<EndActionsOptions> = {}) {
  const values: Record<string, PreferenceValues[string]> = {
    'queue.notify': true,
    'queue.jobCommand': '',
    'queue.whenDone': 'nothing',
    'queue.doneCommand': '',
    ...preferences,
  };
  const jobs = new Map<number, Job>();
  const notices: string[] = [];
  /** Those that were not settled, by topic. */
  const held = new Map<string, string>();
  const shown: Notification[] = [];
  const commands: { command: string; env: Readonly<Record<string, string>> }[] = [];
  const power: string[] = [];
  const logged: object[] = [];
  const lifecycle = createLifecycle((error) => {
    throw error;
  });
  const actions = createEndActions({
    preferences: () => values,
    job: (id) => jobs.get(id) ?? null,
    notify: (level, text, topic) => {
      notices.push(`${level}: ${text}`);
      held.set(topic, text);
    },
    settle: (topic) => void held.delete(topic),
    log: (fields) => void logged.push(fields),
    async runCommand(command, env) {
      commands.push({ command, env });
      return { problem: null, output: '' };
    },
    setPower: async (action) => void power.push(action),
    show: (notification) => void shown.push(notification),
    ...given,
  });
  lifecycle.on(actions.see);
  onTestFinished(() => actions.close());
  return {
    actions,
    values,
    notices,
    held,
    shown,
    commands,
    power,
    logged,
    begin: (id: number) => lifecycle.emit('render_init', { job: { id, name: 'turntable', state: 'rendering' } }),
    add: () => lifecycle.emit('job_queued', { job: { id: 99, name: 'more', state: 'queued' } }),
    idle: () => lifecycle.emit('queue_idle'),
    end(job: Job) {
      jobs.set(job.id, job);
      lifecycle.emit('job_state', { job: { id: job.id, name: job.name, state: job.state } });
    },
    turn: () => new Promise((resolve) => setImmediate(resolve)),
  };
}

const completed = (change: Partial<Job> = {}): Job =>
  sampleJob({ state: 'completed', frames: counts(48), startedAt: 0, finishedAt: 754_000, ...change });

describe('notifications', () => {
  it('tell how a job ended, and that the queue is done', async () => {
    const { begin, end, idle, shown, turn } = setUp({});
    begin(1);
    end(completed());
    await turn();
    begin(2);
    end(completed({ id: 2, frames: counts(47, 1) }));
    await turn();
    begin(3);
    end(completed({ id: 3, state: 'failed', reason: 'The scene is gone.' }));
    idle();
    await turn();
    expect(shown).toEqual([
      { title: 'turntable is done', body: '48 frames rendered in 13 minutes.' },
      { title: 'turntable is done, with failures', body: '47 frames rendered, 1 failed in 13 minutes.' },
      { title: 'turntable failed', body: 'The scene is gone. The queue is done.' },
    ]);
  });

  it('are one for many jobs that end together, and none for what the user cancelled', async () => {
    const { begin, end, idle, shown, turn } = setUp({});
    begin(1);
    for (let id = 1; id <= 40; id++) end(completed({ id, state: id === 7 ? 'failed' : 'completed' }));
    idle();
    await turn();
    expect(shown).toEqual([{ title: 'The queue is done', body: '1 of them failed.' }]);
    end(completed({ id: 50, state: 'cancelled' }));
    idle();
    await turn();
    expect(shown).toHaveLength(1);
  });

  it('are not shown where they are switched off', async () => {
    const { end, idle, shown, turn } = setUp({ 'queue.notify': false });
    end(completed());
    idle();
    await turn();
    expect(shown).toEqual([]);
  });
});

describe('the command when a job ends', () => {
  it('is told which job ended and how', async () => {
    const { end, commands, turn } = setUp({ 'queue.jobCommand': 'mail -s done ada' });
    end(completed({ id: 7, reason: '1 of 48 frames failed' }));
    await turn();
    expect(commands).toEqual([
      {
        command: 'mail -s done ada',
        env: {
          FRAMEGAUGE_JOB: '7',
          FRAMEGAUGE_JOB_NAME: 'turntable',
          FRAMEGAUGE_STATE: 'completed',
          FRAMEGAUGE_REASON: '1 of 48 frames failed',
          FRAMEGAUGE_OUTPUT: '/out/####.png',
        },
      },
    ]);
  });

  it('runs in the system’s shell; what it prints is logged only, and a failure is a notice', async () => {
    vi.useRealTimers();
    const node = `"${process.execPath}"`;
    const { actions, end, logged, notices, values } = setUp(
      { 'queue.jobCommand': `${node} -p process.env.FRAMEGAUGE_JOB_NAME` },
      { runCommand: runShellCommand },
    );
    end(completed());
    await actions.close();
    expect(logged).toEqual([{ command: values['queue.jobCommand'], output: 'turntable' }]);
    expect(notices).toEqual([]);
    values['queue.jobCommand'] = `${node} -e "console.error('no paper'); process.exit(3)"`;
    end(completed({ id: 2 }));
    await actions.close();
    expect(notices[0]).toBe(
      'warning: The command for a job that ended failed (it ended with code 3): what it printed is in logs/host.log of the data folder.',
    );
    expect(logged[1]).toMatchObject({ output: 'no paper' });
    values['queue.jobCommand'] = 'no-such-program-is-here';
    end(completed({ id: 3 }));
    await actions.close();
    expect(notices[1]).toContain('The command for a job that ended failed');
  });

  it('keeps the end of what is printed', async () => {
    vi.useRealTimers();
    const { output } = await runShellCommand(
      `"${process.execPath}" -e "for (let i = 0; i < 1e5; i++) console.log('line ' + i)"`,
      {},
    );
    expect(output).toHaveLength(16_384 - 1);
    expect(output.endsWith('line 99999')).toBe(true);
  });

  it('runs four times at once, however many jobs end', async () => {
    const finish: (() => void)[] = [];
    const { end, turn } = setUp(
      { 'queue.jobCommand': 'slow' },
      { runCommand: () => new Promise((resolve) => finish.push(() => resolve({ problem: null, output: '' }))) },
    );
    for (let id = 1; id <= 10; id++) end(completed({ id }));
    await turn();
    expect(finish).toHaveLength(4);
    finish[0]!();
    await turn();
    expect(finish).toHaveLength(5);
    for (let ended = 1; ended < 10; ended++) {
      finish[ended]!();
      await turn();
    }
    expect(finish).toHaveLength(10);
  });
});

describe('when the queue is done', () => {
  it('shuts the machine down after a minute, in which a notice says so', async () => {
    const { begin, end, idle, held, notices, power, shown, turn } = setUp({ 'queue.whenDone': 'shutdown' });
    begin(1);
    end(completed());
    idle();
    await turn();
    expect(notices[0]).toMatch(/^warning: The queue is done: in a minute this machine is shut down\. To call it off/);
    expect(shown.map(({ title }) => title)).toContain('The queue is done');
    vi.advanceTimersByTime(59_999);
    expect(power).toEqual([]);
    idle();
    expect([...held.values()]).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(power).toEqual(['shutdown']);
    expect([...held.values()]).toEqual([]);
  });

  it('does it once, and only when something was rendered before', () => {
    const { begin, end, idle, power } = setUp({ 'queue.whenDone': 'sleep' });
    idle();
    end(completed({ id: 5, state: 'failed' }));
    idle();
    vi.advanceTimersByTime(120_000);
    expect(power).toEqual([]);
    begin(1);
    end(completed());
    idle();
    vi.advanceTimersByTime(120_000);
    idle();
    vi.advanceTimersByTime(120_000);
    expect(power).toEqual(['sleep']);
  });

  it.each([
    ['a job was added', (set: ReturnType<typeof setUp>) => set.add()],
    ['a job is being rendered', (set: ReturnType<typeof setUp>) => set.begin(2)],
    ['the queue was paused', (set: ReturnType<typeof setUp>) => set.actions.queueChanged({ state: 'paused' })],
    [
      'the preference was changed',
      (set: ReturnType<typeof setUp>) => {
        set.values['queue.whenDone'] = 'nothing';
        set.actions.preferencesChanged();
      },
    ],
  ])('is called off when %s', (why, objection) => {
    const set = setUp({ 'queue.whenDone': 'shutdown' });
    set.begin(1);
    set.end(completed());
    set.idle();
    set.actions.queueChanged({ state: 'running' });
    set.actions.preferencesChanged();
    vi.advanceTimersByTime(59_000);
    objection(set);
    vi.advanceTimersByTime(120_000);
    expect(set.power).toEqual([]);
    expect(set.notices.at(-1)).toBe(`info: It was called off that this machine is shut down, because ${why}.`);
    // It has taken the place of what was announced, and goes when there is news.
    expect([...set.held.values()]).toEqual([expect.stringMatching(/^It was called off/)]);
    set.values['queue.whenDone'] = 'nothing';
    set.begin(3);
    set.end(completed({ id: 3 }));
    set.idle();
    expect([...set.held.values()]).toEqual([]);
  });

  it('does nothing when the user cancelled the last job, or the host ends', async () => {
    const { actions, begin, end, idle, notices, power } = setUp({ 'queue.whenDone': 'shutdown' });
    begin(1);
    end(completed({ state: 'cancelled' }));
    idle();
    vi.advanceTimersByTime(120_000);
    expect(notices).toEqual([]);
    begin(2);
    end(completed({ id: 2 }));
    idle();
    await actions.close();
    vi.advanceTimersByTime(120_000);
    expect(power).toEqual([]);
  });

  it('runs a command that is told how many jobs ended how', async () => {
    const { begin, end, idle, commands, turn } = setUp({
      'queue.whenDone': 'command',
      'queue.doneCommand': 'wake ada',
    });
    begin(1);
    end(completed());
    end(completed({ id: 2, state: 'cancelled' }));
    end(completed({ id: 3, state: 'failed' }));
    idle();
    vi.advanceTimersByTime(60_000);
    await turn();
    expect(commands).toEqual([
      { command: 'wake ada', env: { FRAMEGAUGE_COMPLETED: '1', FRAMEGAUGE_FAILED: '1', FRAMEGAUGE_CANCELLED: '1' } },
    ]);
  });

  it('says so when the machine can’t be put to sleep', async () => {
    const { begin, end, idle, notices, turn } = setUp(
      { 'queue.whenDone': 'sleep' },
      { setPower: () => Promise.reject(new Error('Access denied')) },
    );
    begin(1);
    end(completed());
    idle();
    vi.advanceTimersByTime(60_000);
    await turn();
    expect(notices.at(-1)).toBe('error: The queue is done, but this machine could not be put to sleep: Access denied');
  });
});
