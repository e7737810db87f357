import type { PreferenceValues } from '../../shared/addons';
import type { Notice } from '../../shared/host-api';
import { FINAL_JOB_STATES, type QueueInfo } from '../../shared/jobs';
import type { LifecycleEvent } from '../../shared/lifecycle';
import { messageOf } from '../../shared/user-error';
import { within } from '../../shared/within';
import type { PowerAction } from './power';
import type { RunCommand } from './shell-command';
import type { StoredJob } from '../jobs/store/job-row';

/** How long sleep, shutdown and the final command can be cancelled, in milliseconds. */
const WARNING = 60_000;
/** How long closing the host waits for running commands, in milliseconds. */
const CLOSE_TIMEOUT = 10_000;
/** Maximum number of parallel commands: cancelling a hundred jobs at once must not start a hundred processes. */
const AT_ONCE = 4;
/** If more jobs than this ended together, a single notification covers all. */
const SINGLY = 3;

/** A desktop notification. */
export interface Notification {
  readonly title: string;
  readonly body: string;
}

export interface EndActionsOptions {
  /** The host's preferences by full key. */
  preferences(): PreferenceValues;
  job(id: number): StoredJob | null;
  /** Shows a notice to the user and adds it to the host log. @param topic by which it is settled */
  notify(level: Notice['level'], text: string, topic: string): void;
  /** The cause of a notice is gone. */
  settle(topic: string): void;
  /** Logs the output of commands. */
  log(fields: object, text: string): void;
  runCommand: RunCommand;
  /** @throws Error with the reason if it can't be done */
  setPower(action: PowerAction): Promise<void>;
  /** Shows a desktop notification; null if there is no desktop. */
  readonly show: ((notification: Notification) => void) | null;
  /** Milliseconds. */
  readonly warning?: number;
  readonly closeTimeout?: number;
}

/**
 * Actions at the end of a job or of the queue: notifications, commands, sleep, shutdown. They never affect the queue.
 */
export interface EndActions {
  /** To be called with every lifecycle event. */
  see(event: LifecycleEvent): void;
  /** The queue was paused or resumed: a pause cancels announced actions. */
  queueChanged(queue: Pick<QueueInfo, 'state'>): void;
  /** Preferences changed: announced actions that are now disabled are cancelled. */
  preferencesChanged(): void;
  /** Cancels announced actions, and waits briefly for running commands. */
  close(): Promise<void>;
}

/** Topic of what is said of the queue's end: the next end has something else to say. */
const QUEUE_DONE = 'queue-done';

type WhenDone = 'nothing' | 'command' | PowerAction;

export function createEndActions(options: EndActionsOptions): EndActions {
  const {
    preferences,
    notify,
    settle,
    log,
    runCommand,
    show,
    warning = WARNING,
    closeTimeout = CLOSE_TIMEOUT,
  } = options;
  /** Jobs that ended and were not reported yet. */
  let ended: StoredJob[] = [];
  let idle = false;
  let telling: NodeJS.Immediate | null = null;
  /** What the queue did since its last end. */
  let done = { worked: false, completed: 0, failed: 0, cancelled: 0 };
  let announced: { what: WhenDone; timer: NodeJS.Timeout } | null = null;
  const running = new Set<Promise<void>>();
  const waiting: (() => void)[] = [];
  let atWork = 0;

  const whenDone = (): WhenDone => preferences()['queue.whenDone'] as WhenDone;

  function jobEnded(job: StoredJob): void {
    if (job.state === 'completed' || job.state === 'failed' || job.state === 'cancelled') done[job.state]++;
    ended.push(job);
    const command = String(preferences()['queue.jobCommand'] ?? '');
    if (command.trim() !== '') {
      start('the command for a job that ended', command, {
        FRAMEGAUGE_JOB: String(job.id),
        FRAMEGAUGE_JOB_NAME: job.name,
        FRAMEGAUGE_STATE: job.state,
        FRAMEGAUGE_REASON: job.reason ?? '',
        FRAMEGAUGE_OUTPUT: job.settings.output,
      });
    }
    // At the end of this turn it is known whether the queue has finished, too.
    telling ??= setImmediate(tell);
  }

  function tell(): void {
    telling = null;
    const jobs = ended.filter((job) => job.state !== 'cancelled');
    ended = [];
    const all = idle;
    idle = false;
    if (!show || preferences()['queue.notify'] === false || jobs.length === 0) return;
    if (jobs.length > SINGLY) {
      const failed = jobs.filter((job) => job.state === 'failed').length;
      show({
        title: all ? 'The queue is done' : `${jobs.length} jobs have ended`,
        body: failed > 0 ? `${failed} of them failed.` : 'All of them are complete.',
      });
      return;
    }
    for (const [index, job] of jobs.entries())
      show({
        title: titleOf(job),
        body: bodyOf(job) + (all && index === jobs.length - 1 ? ' The queue is done.' : ''),
      });
  }

  function queueDone(): void {
    const result = done;
    if (!announced) settle(QUEUE_DONE);
    done = { worked: false, completed: 0, failed: 0, cancelled: 0 };
    idle = telling !== null;
    const what = whenDone();
    // A user who cancels the last job is present, and did not ask for sleep.
    const byHand = ended.at(-1)?.state === 'cancelled';
    if (!result.worked || byHand || what === 'nothing' || announced) return;
    if (what === 'command' && doneCommand() === '') return;
    notify(
      what === 'command' ? 'info' : 'warning',
      `The queue is done: in ${inWords(warning)} ${sentenceOf[what]}. To call it off, add a job, pause the queue or change “When the queue is done” in the preferences.`,
      QUEUE_DONE,
    );
    announced = { what, timer: setTimeout(() => void act(what, result), warning).unref() };
    if (what !== 'command' && show && preferences()['queue.notify'] !== false)
      show({ title: 'The queue is done', body: `In ${inWords(warning)} ${sentenceOf[what]}.` });
  }

  const doneCommand = (): string => String(preferences()['queue.doneCommand'] ?? '').trim();

  async function act(what: WhenDone, result: typeof done): Promise<void> {
    announced = null;
    settle(QUEUE_DONE);
    if (what === 'nothing') return;
    if (what === 'command') {
      start('the command for the end of the queue', doneCommand(), {
        FRAMEGAUGE_COMPLETED: String(result.completed),
        FRAMEGAUGE_FAILED: String(result.failed),
        FRAMEGAUGE_CANCELLED: String(result.cancelled),
      });
      return;
    }
    log({ action: what }, 'the queue is done');
    try {
      await options.setPower(what);
    } catch (error) {
      notify(
        'error',
        `The queue is done, but ${what === 'sleep' ? 'this machine could not be put to sleep' : 'this machine could not be shut down'}: ${messageOf(error)}`,
        QUEUE_DONE,
      );
    }
  }

  function callOff(why: string): void {
    if (!announced) return;
    clearTimeout(announced.timer);
    const { what } = announced;
    announced = null;
    if (what !== 'nothing') notify('info', `It was called off that ${sentenceOf[what]}, because ${why}.`, QUEUE_DONE);
  }

  function start(what: string, command: string, env: Record<string, string>): void {
    const run = turn()
      .then(() => runCommand(command, env))
      .then(
        ({ problem, output }) => {
          log({ command, output }, problem === null ? `${what} is done` : `${what} failed`);
          // Excludes the command and its output: they may contain passwords, and notices are visible to everyone with
          // read access.
          if (problem === null) settle(what);
          else
            notify(
              'warning',
              `${what[0]!.toUpperCase()}${what.slice(1)} failed (${problem}): what it printed is in logs/host.log of the data folder.`,
              what,
            );
        },
        (error: unknown) => {
          log({ command, error: messageOf(error) }, `${what} could not be run`);
          notify(
            'warning',
            `${what[0]!.toUpperCase()}${what.slice(1)} could not be run: logs/host.log of the data folder says why.`,
            what,
          );
        },
      )
      .finally(() => {
        atWork--;
        waiting.shift()?.();
        running.delete(run);
      });
    running.add(run);
  }

  async function turn(): Promise<void> {
    if (atWork >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
    atWork++;
  }

  return {
    see(event) {
      if (event.name === 'render_init') {
        done.worked = true;
        callOff('a job is being rendered');
      } else if (event.name === 'job_queued') {
        callOff('a job was added');
      } else if (event.name === 'queue_idle') {
        queueDone();
      } else if (
        event.name === 'job_state' &&
        event.job &&
        FINAL_JOB_STATES.includes(event.job.state as StoredJob['state'])
      ) {
        const job = options.job(event.job.id);
        if (job) jobEnded(job);
      }
    },
    queueChanged({ state }) {
      if (state !== 'running') callOff('the queue was paused');
    },
    preferencesChanged() {
      if (announced && announced.what !== whenDone()) callOff('the preference was changed');
    },
    async close() {
      if (announced) clearTimeout(announced.timer);
      announced = null;
      if (telling) {
        clearImmediate(telling);
        tell();
      }
      if (running.size === 0) return;
      await within(Promise.all(running), closeTimeout);
    },
  };
}

const sentenceOf: Readonly<Record<Exclude<WhenDone, 'nothing'>, string>> = {
  command: 'the command for it is run',
  sleep: 'this machine is put to sleep',
  shutdown: 'this machine is shut down',
};

function titleOf(job: StoredJob): string {
  if (job.state === 'failed') return `${job.name} failed`;
  return job.frames.failed > 0 ? `${job.name} is done, with failures` : `${job.name} is done`;
}

function bodyOf({ state, reason, frames, startedAt, finishedAt }: StoredJob): string {
  if (state === 'failed') return reason ?? `${frames.failed} of ${frames.total} frames failed.`;
  const parts = [`${frames.done} ${frames.done === 1 ? 'frame' : 'frames'} rendered`];
  if (frames.skipped > 0) parts.push(`${frames.skipped} were there already`);
  if (frames.failed > 0) parts.push(`${frames.failed} failed`);
  const took = startedAt !== null && finishedAt !== null ? ` in ${inWords(finishedAt - startedAt)}` : '';
  return `${parts.join(', ')}${took}.`;
}

/** @param milliseconds at least 0 */
function inWords(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes === 1) return 'a minute';
  return minutes < 120 ? `${minutes} minutes` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
