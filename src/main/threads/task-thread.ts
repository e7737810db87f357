import { Worker } from 'node:worker_threads';
import { oneAtATime } from '../../shared/one-at-a-time';
import { UserError, messageOf } from '../../shared/user-error';

/** A thread's reply to a task. `sentence`: the error is a {@link UserError}, whose message is shown as it is. */
export type ThreadReply<Value> =
  { readonly value: Value } | { readonly error: string; readonly sentence: UserError['kind'] | null };

export interface TaskThreadOptions<Task> {
  /** Maximum time per task, in milliseconds: one that hangs on damaged data must not block the others for ever. */
  readonly taskTime: number;
  /** How long an idle thread is kept, in milliseconds. */
  readonly idleTime: number;
  /** Heap limit in megabytes; undefined: the program's own. */
  readonly memory?: number;
  /** Creates the error for a task that timed out. */
  readonly late: (task: Task) => Error;
  /** Creates the error for a task whose thread ran out of memory or failed. */
  readonly lost: (task: Task, reason: 'memory' | 'ended', message: string) => Error;
  /** Creates the error for a task after the thread was closed. */
  readonly closed: () => Error;
}

/** Runs slow tasks in a thread, one at a time, so that the host's event loop stays responsive. */
export interface TaskThread<Task, Value> {
  /** @throws what the thread threw: a UserError as such, anything else as an Error with its message */
  run(task: Task): Promise<Value>;
  close(): Promise<void>;
}

/**
 * @param script a built thread, at a path that Node can read without Electron; it answers each message with one {@link
 * ThreadReply}
 */
export function createTaskThread<Task, Value>(
  script: string,
  { taskTime, idleTime, memory, late, lost, closed }: TaskThreadOptions<Task>,
): TaskThread<Task, Value> {
  let worker: Worker | null = null;
  let idle: NodeJS.Timeout | null = null;
  const inTurn = oneAtATime();
  let isClosed = false;

  async function end(): Promise<void> {
    if (idle) clearTimeout(idle);
    const ending = worker;
    worker = null;
    await ending?.terminate();
  }

  function start(): Worker {
    // Command line switches of add-on processes and Electron do not apply to threads.
    const started = new Worker(script, {
      execArgv: [],
      ...(memory !== undefined && { resourceLimits: { maxOldGenerationSizeMb: memory } }),
    });
    // The caller of a task gets the error; between tasks nobody needs it, and the next task starts another thread.
    started.on('error', () => undefined);
    started.on('exit', () => {
      if (worker === started) worker = null;
    });
    return started;
  }

  function run(task: Task): Promise<Value> {
    return inTurn(() => runNow(task));
  }

  async function runNow(task: Task): Promise<Value> {
    if (isClosed) throw closed();
    if (idle) clearTimeout(idle);
    const current = (worker ??= start());
    current.ref();
    try {
      return await ask(current, task);
    } finally {
      if (worker === current) {
        // An idle thread must not keep the program alive.
        current.unref();
        idle = setTimeout(() => void end(), idleTime).unref();
      }
    }
  }

  function ask(current: Worker, task: Task): Promise<Value> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        current.off('message', onMessage).off('error', onError).off('exit', onExit);
        act();
      };
      const leave = (error: Error): void => {
        settle(() => reject(error));
        if (worker === current) void end();
      };
      const onMessage = (reply: ThreadReply<Value>): void =>
        settle(() => {
          if ('value' in reply) resolve(reply.value);
          else reject(reply.sentence === null ? new Error(reply.error) : new UserError(reply.error, reply.sentence));
        });
      const onError = (error: Error): void =>
        leave(
          lost(
            task,
            (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'ended',
            messageOf(error),
          ),
        );
      const onExit = (): void => leave(lost(task, 'ended', 'its thread has ended'));
      const timer = setTimeout(() => leave(late(task)), taskTime);
      current.on('message', onMessage).on('error', onError).on('exit', onExit);
      current.postMessage(task, []);
    });
  }

  return {
    run,
    async close() {
      isClosed = true;
      await end();
    },
  };
}
