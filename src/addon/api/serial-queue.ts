/** Runs tasks one after another, in the order pushed. Tasks must not throw. */
export interface SerialQueue {
  push(task: () => void | Promise<void>): void;
  /** Settles when everything pushed so far has run. */
  idle(): Promise<void>;
}

export function createSerialQueue(): SerialQueue {
  const tasks: (() => void | Promise<void>)[] = [];
  let running = false;

  async function run(): Promise<void> {
    running = true;
    for (let task = tasks.shift(); task; task = tasks.shift()) await task();
    running = false;
  }

  function push(task: () => void | Promise<void>): void {
    tasks.push(task);
    if (!running) void run();
  }

  return { push, idle: () => new Promise((resolve) => push(resolve)) };
}
