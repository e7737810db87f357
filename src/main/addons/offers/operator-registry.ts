import type { PreferenceValues } from '../../../shared/addons';
import {
  MAX_OPERATOR_TEXT,
  MAX_OPERATORS,
  MAX_OPERATORS_TEXT,
  MAX_RUNS,
  type Operator,
  type OperatorCommand,
  type OperatorDefinition,
  type OperatorMessage,
  type OperatorRun,
  operatorSize,
} from '../../../shared/operators';
import { type Throttled, throttle } from '../../../shared/throttle';
import { UserError, messageOf } from '../../../shared/user-error';
import { createPatternMatch, type PatternMatch, UNMATCHED } from '../../preferences/pattern-match';
import { checkParameter, completeParameters } from './operator-parameters';

/** How long an operator may take to stop once it is cancelled, in milliseconds; then its add-on's process is killed. */
const CANCEL_DEADLINE = 10_000;
/** Minimum interval between two reports of a run's progress, in milliseconds. */
const PROGRESS_INTERVAL = 250;
/** Maximum number of ended runs that are kept. */
const MAX_ENDED = 100;

/** The process of an add-on, as operators need it. */
export interface OperatorProcess {
  send(command: OperatorCommand): void;
  /** Ends the process by force; the add-on is then started again like after a crash. */
  kill(reason: string): void;
  /** Writes a line to the add-on's log. */
  warn(text: string): void;
}

export interface OperatorRegistryOptions {
  /** The result of `list` has changed. */
  readonly onOperators: (operators: Operator[]) => void;
  /** A run has started, progressed or ended. */
  readonly onRun: (run: OperatorRun) => void;
  readonly hasJob: (id: number) => boolean;
  /** Milliseconds; the default is 10 s. */
  readonly cancelDeadline?: number;
}

/** The operators of every running add-on, and their runs. */
export interface OperatorRegistry {
  /** By add-on, in the order in which they were added. */
  list(): Operator[];
  /** Runs under way and the last ones that ended, oldest first. */
  runs(): OperatorRun[];
  /**
   * Starts an operator.
   *
   * @param id `ADDON.OPERATOR`
   * @throws UserError when there is no such operator, a parameter does not fit, or too many runs are under way
   */
  run(id: string, parameters: PreferenceValues): OperatorRun;
  /** Settles with the run when it has ended. @throws UserError (`not-found`) */
  ended(run: number): Promise<OperatorRun>;
  /** Asks a run to stop; one that has ended is left as it is. @throws UserError (`not-found`) */
  cancel(run: number): OperatorRun;
  /** Takes messages of an add-on's new process. */
  attach(addon: { readonly id: string; readonly name: string }, process: OperatorProcess): AttachedOperators;
}

/** One process's side. */
export interface AttachedOperators {
  receive(message: OperatorMessage): void;
  /** Whether one of them is running. */
  busy(): boolean;
  /** Its operators vanish, and its runs end as failed. May be called again. @param reason a clause */
  close(reason: string): void;
}

interface Run {
  state: OperatorRun;
  readonly owner: AttachedOperators;
  readonly process: OperatorProcess;
  readonly report: Throttled;
  /** Until a cancelled run has to have stopped. */
  timer: NodeJS.Timeout | null;
  readonly ended: Promise<OperatorRun>;
  readonly settle: (run: OperatorRun) => void;
}

interface Offered extends OperatorProcess {
  readonly name: string;
  readonly owner: AttachedOperators;
  readonly operators: Map<string, OperatorDefinition>;
  readonly matches: PatternMatch;
}

export function createOperatorRegistry(options: OperatorRegistryOptions): OperatorRegistry {
  const addons = new Map<string, Offered>();
  const runs = new Map<number, Run>();
  let lastRun = 0;
  const tellOperators = throttle(100, () => options.onOperators(list()));

  const list = (): Operator[] =>
    [...addons].flatMap(([addonId, { name, operators }]) =>
      [...operators.values()].map((operator) => ({
        ...operator,
        id: `${addonId}.${operator.id}`,
        addonId,
        addonName: name,
      })),
    );

  const isUnderWay = ({ state }: Run): boolean => state.finishedAt === null;

  /** Those under way. */
  const runsOf = (owner: AttachedOperators): Run[] =>
    [...runs.values()].filter((run) => isUnderWay(run) && run.owner === owner);

  function runOf(id: number): Run {
    const run = runs.get(id);
    if (!run) throw new UserError(`There is no run ${id} of an operator, or it ended long ago.`, 'not-found');
    return run;
  }

  function end(run: Run, change: Pick<OperatorRun, 'state' | 'result' | 'error'>): void {
    if (!isUnderWay(run)) return;
    if (run.timer) clearTimeout(run.timer);
    run.state = { ...run.state, ...change, finishedAt: Date.now() };
    options.onRun(run.state);
    run.settle(run.state);
    const old = [...runs].filter(([, candidate]) => !isUnderWay(candidate)).slice(0, -MAX_ENDED);
    for (const [id] of old) runs.delete(id);
  }

  /** @throws UserError naming the operators there are */
  function find(id: string): { offered: Offered; operator: Operator } {
    const operator = list().find((candidate) => candidate.id === id);
    const offered = operator && addons.get(operator.addonId);
    if (operator && offered) return { offered, operator };
    const known = list().map((candidate) => candidate.id);
    throw new UserError(
      `There is no operator “${id.slice(0, 100)}”: ${known.length === 0 ? 'no running add-on has one' : `choose one of ${known.slice(0, 20).join(', ')}`}.`,
      'not-found',
    );
  }

  function run(id: string, parameters: PreferenceValues): OperatorRun {
    const { offered, operator } = find(id);
    const complete = completeParameters(operator, parameters, options.hasJob, offered.matches);
    const underWay = runsOf(offered.owner).length;
    if (underWay >= MAX_RUNS)
      throw new UserError(
        `“${offered.name}” is running ${underWay} operators already: wait for one to end, or cancel it.`,
      );
    const number = ++lastRun;
    let settle!: (ended: OperatorRun) => void;
    const ended = new Promise<OperatorRun>((resolve) => (settle = resolve));
    const made: Run = {
      state: {
        run: number,
        operator: id,
        label: operator.label,
        addonName: offered.name,
        state: 'running',
        progress: null,
        text: '',
        startedAt: Date.now(),
        finishedAt: null,
        result: null,
        error: null,
      },
      owner: offered.owner,
      process: offered,
      report: throttle(PROGRESS_INTERVAL, () => isUnderWay(made) && options.onRun(made.state)),
      timer: null,
      ended,
      settle,
    };
    runs.set(number, made);
    options.onRun(made.state);
    offered.send({
      type: 'operator-run',
      run: number,
      id: id.slice(operator.addonId.length + 1),
      parameters: complete,
    });
    return made.state;
  }

  function cancel(number: number): OperatorRun {
    const cancelled = runOf(number);
    if (cancelled.state.state !== 'running') return cancelled.state;
    cancelled.state = { ...cancelled.state, state: 'cancelling' };
    options.onRun(cancelled.state);
    cancelled.process.send({ type: 'operator-cancel', run: number });
    const deadline = options.cancelDeadline ?? CANCEL_DEADLINE;
    cancelled.timer = setTimeout(() => {
      const seconds = deadline / 1000;
      const { label } = cancelled.state;
      end(cancelled, {
        state: 'cancelled',
        result: null,
        error: `It did not stop within ${seconds} s, so its add-on was stopped by force.`,
      });
      cancelled.process.kill(`its operator “${label}” did not stop within ${seconds} s after it was cancelled`);
    }, deadline);
    return cancelled.state;
  }

  function attach({ id: addonId, name }: { id: string; name: string }, process: OperatorProcess): AttachedOperators {
    const operators = new Map<string, OperatorDefinition>();
    const sizes = new Map<string, number>();
    let closed = false;

    function add(operator: OperatorDefinition): void {
      if (!operators.has(operator.id) && operators.size >= MAX_OPERATORS)
        return process.warn(`Its operator “${operator.id}” is left out: ${MAX_OPERATORS} are the most.`);
      const size = operatorSize(operator);
      if (size > MAX_OPERATOR_TEXT)
        return process.warn(
          `Its operator “${operator.id}” is left out: its texts have ${size} characters, and ${MAX_OPERATOR_TEXT} are the most.`,
        );
      const others = [...sizes].reduce((sum, [id, one]) => (id === operator.id ? sum : sum + one), 0);
      if (others + size > MAX_OPERATORS_TEXT)
        return process.warn(
          `Its operator “${operator.id}” is left out: all its operators together may have texts of ${MAX_OPERATORS_TEXT} characters.`,
        );
      try {
        // A text's default "" means not given, whatever is expected.
        for (const parameter of operator.parameters)
          if ('default' in parameter && parameter.default !== undefined && parameter.default !== '')
            checkParameter(parameter, parameter.default, () => true, UNMATCHED);
      } catch (error) {
        return process.warn(`Its operator “${operator.id}” is left out: a default does not fit. ${messageOf(error)}`);
      }
      operators.set(operator.id, operator);
      sizes.set(operator.id, size);
      tellOperators();
    }

    const attached: AttachedOperators = {
      receive(message) {
        if (closed) return;
        if (message.type === 'operator') return add(message.operator);
        if (message.type === 'operator-removed') {
          sizes.delete(message.id);
          if (operators.delete(message.id)) tellOperators();
          return;
        }
        const told = runs.get(message.run);
        // Only runs of its own: another add-on's are none of its business.
        if (!told || told.owner !== attached || !isUnderWay(told)) return;
        if (message.type === 'operator-progress') {
          told.state = { ...told.state, progress: message.progress, text: message.text };
          told.report();
          return;
        }
        const { result, error } = message;
        const state = error !== null ? 'failed' : told.state.state === 'cancelling' ? 'cancelled' : 'done';
        // Work that was done before the wish to cancel it arrived is done.
        if (state === 'cancelled' && result) end(told, { state: 'done', result, error: null });
        else end(told, { state, result, error });
      },
      busy: () => runsOf(attached).length > 0,
      close(reason) {
        if (closed) return;
        closed = true;
        if (addons.get(addonId)?.owner === attached) addons.delete(addonId);
        if (operators.size > 0) tellOperators();
        for (const other of runsOf(attached))
          end(other, { state: 'failed', result: null, error: `“${name}” ${reason}.` });
      },
    };
    addons.set(addonId, { ...process, name, owner: attached, operators, matches: createPatternMatch() });
    return attached;
  }

  return {
    list,
    runs: () => [...runs.values()].map(({ state }) => state),
    run,
    ended: (number) => runOf(number).ended,
    cancel,
    attach,
  };
}
