import type { AddonToHost } from '../../shared/addon-protocol';
import type { PreferenceValues } from '../../shared/addons';
import {
  MAX_OPERATORS,
  type OperatorCommand,
  type OperatorDefinition,
  type OperatorResult,
  operatorDefinitionSchema,
  operatorResultSchema,
} from '../../shared/operators';
import { throttle } from '../../shared/throttle';
import { messageOf } from '../../shared/user-error';
import type { AddonContext, OperatorDeclaration } from './context';

/** Minimum interval between two reports of a run's progress, in milliseconds. */
const PROGRESS_INTERVAL = 200;
/** Maximum length of a reason, in characters. */
const MAX_REASON = 1_000;

export interface OperatorsOptions {
  readonly send: (message: AddonToHost) => void;
  /** Registers a release for when the add-on is disabled. @throws Error when it is being disabled */
  readonly onDispose: (release: () => void) => () => void;
  readonly log: (level: 'error', text: string) => void;
}

/** `ctx.operators`, and the process's side of it. */
export interface Operators {
  readonly api: AddonContext['operators'];
  receive(command: OperatorCommand): void;
}

/** Builds `ctx.operators`. The host checks parameters and enforces limits; mistakes are reported here, to the author. */
export function createOperators({ send, onDispose, log }: OperatorsOptions): Operators {
  const declared = new Map<string, OperatorDeclaration['run']>();
  const running = new Map<number, AbortController>();

  function add(declaration: OperatorDeclaration): () => void {
    const { run, ...definition } = declaration ?? {};
    const operator = checked(definition);
    if (typeof run !== 'function') throw new Error(`The operator “${operator.id}” has no function named “run”.`);
    if (declared.has(operator.id)) throw new Error(`There is an operator “${operator.id}” already.`);
    if (declared.size >= MAX_OPERATORS) throw new Error(`An add-on has ${MAX_OPERATORS} operators at most.`);
    const forget = onDispose(remove);
    declared.set(operator.id, run);
    send({ type: 'operator', operator });

    function remove(): void {
      forget();
      if (declared.delete(operator.id)) send({ type: 'operator-removed', id: operator.id });
    }
    return remove;
  }

  async function start(number: number, id: string, parameters: PreferenceValues): Promise<void> {
    const aborter = new AbortController();
    let shown: { progress: number | null; text: string } = { progress: null, text: '' };
    const report = throttle(
      PROGRESS_INTERVAL,
      () => running.has(number) && send({ type: 'operator-progress', run: number, ...shown }),
    );
    running.set(number, aborter);
    let result: OperatorResult | null = null;
    let error: string | null = null;
    try {
      const run = declared.get(id);
      if (!run) throw new Error('It is no longer offered.');
      const forget = onDispose(() => aborter.abort());
      try {
        const answer = await run({
          parameters: Object.freeze({ ...parameters }),
          signal: aborter.signal,
          progress(progress, text) {
            shown = {
              progress: typeof progress === 'number' && progress >= 0 ? Math.min(1, progress) : null,
              text: typeof text === 'string' ? text.slice(0, 300) : shown.text,
            };
            report();
          },
        });
        result = fitResult(answer);
      } finally {
        forget();
      }
    } catch (thrown) {
      // What a cancelled run throws is how it stops: usually the signal's own AbortError.
      if (!aborter.signal.aborted) {
        error = messageOf(thrown).slice(0, MAX_REASON);
        log('error', `The operator “${id}” failed: ${error}`);
      }
    }
    // How far it came is part of how it ended.
    report.flush();
    running.delete(number);
    send({ type: 'operator-ended', run: number, result, error });
  }

  return {
    api: { add },
    receive(command) {
      if (command.type === 'operator-run') void start(command.run, command.id, command.parameters);
      else running.get(command.run)?.abort();
    },
  };
}

/** @throws Error naming what is wrong with a declaration */
function checked(definition: unknown): OperatorDefinition {
  const parsed = operatorDefinitionSchema.safeParse(definition);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const id = (definition as { id?: unknown } | null)?.id;
  throw new Error(
    `The operator ${typeof id === 'string' ? `“${id.slice(0, 60)}”` : 'without an id'} cannot be added: ${issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''}${issue?.message ?? 'it does not fit'}.`,
  );
}

/** @throws Error when a result is no sentence and no small plain data */
function fitResult(answer: unknown): OperatorResult | null {
  if (answer === undefined || answer === null) return null;
  if (typeof answer === 'string') return { text: answer.slice(0, 1_000) };
  const parsed = operatorResultSchema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Error(
    `Its work is done, but its result cannot be shown: ${issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''}${issue?.message ?? 'it does not fit'}.`,
  );
}
