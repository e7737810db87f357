import type { DurationTarget } from './metrics-api';

type AnyFunction = (...args: never[]) => unknown;

/** What happens around a call. `ended` runs once a call, with the error where it threw or rejected. */
interface Around {
  readonly begun?: () => void;
  readonly ended: (outcome: { readonly error: unknown } | null, seconds: number) => void;
}

/** Receives what went wrong in a metric; the measured function must not suffer from it. */
type Report = (text: string) => void;

/**
 * Measures each call of a function: `this`, arguments, result and error remain its own. Of an async one the call lasts
 * until its promise settles; what the caller gets is the promise after that, so that a rejection that nobody handles is
 * still seen as one.
 */
function around<F extends AnyFunction>(run: F, { begun, ended }: Around, report: Report): F {
  if (typeof run !== 'function') throw new Error('What is to be measured is not a function.');
  function guarded(step: () => void): void {
    try {
      step();
    } catch (error) {
      report(
        `A metric of the function “${run.name}” failed: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  function measured(this: unknown, ...args: never[]): unknown {
    const start = performance.now();
    const seconds = (): number => (performance.now() - start) / 1000;
    if (begun) guarded(begun);
    let result: unknown;
    try {
      result = run.apply(this, args);
    } catch (error) {
      guarded(() => ended({ error }, seconds()));
      throw error;
    }
    if (!isThenable(result)) {
      guarded(() => ended(null, seconds()));
      return result;
    }
    return result.then(
      (value) => {
        guarded(() => ended(null, seconds()));
        return value;
      },
      (error: unknown) => {
        guarded(() => ended({ error }, seconds()));
        throw error;
      },
    );
  }
  // A framework may look at either.
  Object.defineProperties(measured, {
    name: { value: run.name, configurable: true },
    length: { value: run.length, configurable: true },
  });
  return measured as unknown as F;
}

interface Thenable {
  then(kept: (value: unknown) => unknown, broken: (error: unknown) => never): unknown;
}

function isThenable(value: unknown): value is Thenable {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}

/** See AddonMetrics.time in metrics-api.ts. */
export function timed<F extends AnyFunction>(target: DurationTarget, run: F, report: Report): F {
  const record = 'observe' in target ? target.observe.bind(target) : target.set.bind(target);
  return around(run, { ended: (_outcome, seconds) => record(seconds) }, report);
}

/** See AddonMetrics.trackInProgress in metrics-api.ts. */
export function tracked<F extends AnyFunction>(gauge: { inc(): void; dec(): void }, run: F, report: Report): F {
  return around(run, { begun: () => gauge.inc(), ended: () => gauge.dec() }, report);
}

/** See AddonMetrics.countExceptions in metrics-api.ts. */
export function counted<F extends AnyFunction>(
  counter: { inc(): void },
  run: F,
  only: ((error: unknown) => boolean) | undefined,
  report: Report,
): F {
  return around(
    run,
    {
      ended(outcome) {
        if (outcome && (only?.(outcome.error) ?? true)) counter.inc();
      },
    },
    report,
  );
}
