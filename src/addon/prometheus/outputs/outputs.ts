import type { MetricFamily, PreferenceValue } from '../../api/context';
import { graphiteOutput } from './graphite';
import type { Output, OutputFactory } from './output';
import { OUTPUT_NAMES, type OutputName, type OutputState } from './output-state';
import { pushgatewayOutput } from './pushgateway';
import { repeat } from './repeat';
import { textfileOutput } from './textfile';

/** Each kind of output: its factory and the preferences that it is created from. */
const KINDS: Readonly<Record<OutputName, { readonly make: OutputFactory; readonly keys: readonly string[] }>> = {
  textfile: { make: textfileOutput, keys: ['textfilePath', 'textfileSeconds'] },
  pushgateway: {
    make: pushgatewayOutput,
    keys: [
      'pushgatewayUrl',
      'pushgatewayMethod',
      'pushgatewayJob',
      'pushgatewayInstance',
      'pushgatewayLabels',
      'pushgatewayUser',
      'pushgatewayPassword',
      'pushgatewayCa',
      'pushgatewaySeconds',
      'pushgatewayDelete',
    ],
  },
  graphite: { make: graphiteOutput, keys: ['graphiteAddress', 'graphitePrefix', 'graphiteSeconds'] },
};

/** Keys of all preferences that outputs are created from. */
export const OUTPUT_PREFERENCES: readonly string[] = OUTPUT_NAMES.flatMap((name) => KINDS[name].keys);

/**
 * Timeout for the last update to a target that is given up, in milliseconds: less than the add-on host waits for a
 * release.
 */
const LEAVE_DEADLINE = 1_500;
/**
 * Minimum age of the last report before another success is reported, in milliseconds: the panel needs no message a
 * second.
 */
const REPORT_INTERVAL = 10_000;

export interface OutputsOptions {
  readonly preference: (key: string) => PreferenceValue;
  readonly collect: () => Promise<readonly MetricFamily[]>;
  /** The states have changed since they were last reported. */
  readonly onState: () => void;
  readonly log: (level: 'info' | 'warn', text: string) => void;
}

/** The outputs that are switched on, independent of each other. */
export interface Outputs {
  /** Applies the current preferences; outputs whose own preferences are unchanged go on undisturbed. Never rejects. */
  apply(): Promise<void>;
  /** The state of each output that is switched on. Counts survive changes of preferences. */
  state(): OutputState[];
  /** Ends all outputs for good. Never rejects, and takes two seconds at most. */
  close(): Promise<void>;
}

interface Slot {
  /** The preferences that it was created from, serialized. */
  settings: string;
  output: Output | null;
  stop: (() => Promise<void>) | null;
  target: string;
  errors: number;
  lastSuccess: number | null;
  error: string | null;
  reportedAt: number;
}

export function createOutputs({ preference, collect, onState, log }: OutputsOptions): Outputs {
  const slots = new Map<OutputName, Slot>();
  for (const name of OUTPUT_NAMES)
    slots.set(name, {
      settings: '',
      output: null,
      stop: null,
      target: '',
      errors: 0,
      lastSuccess: null,
      error: null,
      reportedAt: 0,
    });
  let turn: Promise<unknown> = Promise.resolve();
  let closed = false;

  const preferences = {
    text: (key: string) => String(preference(key)).trim(),
    number: (key: string) => Number(preference(key)),
    boolean: (key: string) => preference(key) === true,
  };

  function fail(slot: Slot, error: unknown): void {
    slot.errors++;
    const text = messageOf(error);
    if (text === slot.error) return;
    slot.error = text;
    log('warn', text);
    report(slot);
  }

  function succeed(name: OutputName, slot: Slot): void {
    const before = slot.error;
    slot.error = null;
    slot.lastSuccess = Date.now();
    if (before !== null) log('info', `${TITLES[name]} works again.`);
    if (before !== null || performance.now() - slot.reportedAt >= REPORT_INTERVAL) report(slot);
  }

  function report(slot: Slot): void {
    slot.reportedAt = performance.now();
    onState();
  }

  /** Ends the slot's output, so that the next one can use the slot. */
  async function stop(name: OutputName, slot: Slot, next: Output | null): Promise<void> {
    const { output } = slot;
    const stopped = slot.stop?.();
    slot.output = null;
    slot.stop = null;
    await stopped;
    if (!output) return;
    const aborter = new AbortController();
    const timer = setTimeout(() => aborter.abort(new Error('it took too long')), LEAVE_DEADLINE);
    try {
      await unlessAborted(output.leave(next?.target !== output.target, collect, aborter.signal), aborter.signal);
    } catch (error) {
      log('warn', `${TITLES[name]} could not be left as it should be: ${messageOf(error)}`);
    } finally {
      clearTimeout(timer);
    }
  }

  async function change(name: OutputName): Promise<void> {
    const slot = slots.get(name)!;
    const { make, keys } = KINDS[name];
    const settings = JSON.stringify(keys.map(preference));
    if (closed || settings === slot.settings) return;
    slot.settings = settings;
    let made: Output | null = null;
    let refused: unknown = null;
    try {
      made = make(preferences);
    } catch (error) {
      refused = error;
    }
    await stop(name, slot, made);
    if (closed) return void made?.leave(false, collect, AbortSignal.abort());
    slot.error = null;
    slot.target = made?.target ?? '';
    if (refused !== null) {
      slot.target = String(preference(keys[0]!));
      fail(slot, refused);
      return;
    }
    slot.output = made;
    if (made) {
      const { interval, growing } = made;
      slot.stop = repeat({
        seconds: interval,
        growing,
        run: async (signal) => made.send(await unlessAborted(collect(), signal), signal),
        succeeded: () => succeed(name, slot),
        failed: (error) => fail(slot, error),
      });
    }
    report(slot);
  }

  return {
    apply() {
      turn = turn.then(() => Promise.all(OUTPUT_NAMES.map(change)));
      return turn.then(() => {});
    },
    state: () =>
      OUTPUT_NAMES.flatMap((output) => {
        const { target, errors, lastSuccess, error } = slots.get(output)!;
        return target === '' ? [] : [{ output, target, errors, lastSuccess, error }];
      }),
    async close() {
      closed = true;
      await Promise.all(OUTPUT_NAMES.map((name) => stop(name, slots.get(name)!, null)));
    },
  };
}

/** Names for the start of a sentence. */
const TITLES: Readonly<Record<OutputName, string>> = {
  textfile: 'The text file',
  pushgateway: 'The Pushgateway',
  graphite: 'Graphite',
};

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
