import { operations, type OperationInput, type OperationName, type OperationOutput } from '../../shared/host-api';
import { messageOf } from '../../shared/user-error';
import { t } from '../../shared/texts/translate';
import { keptSubject, type AppState, type AppStore, type Message } from '../app-store';
import type { HostClient } from '../host-client';
import { jobCount } from '../model/format';
import { withoutOptions } from '../model/job-sentences';
import { whyReadOnly } from '../read-only';

/** What every action works with. */
export interface ActionContext {
  readonly client: HostClient;
  readonly store: AppStore;
  /** Changes the state. A frame is pinned of what is shown, which stays the subject from then on. */
  set(change: Partial<AppState>): void;
  /**
   * @param about a topic, by which {@link settle} finds the message again; what can be done about it; and whether it goes
   * by itself
   */
  tell(
    level: Message['level'],
    text: string,
    about?: { topic?: string; action?: Message['action']; passing?: boolean },
  ): void;
  /** The cause of what was told of these topics is gone, and so are the messages. */
  settle(...topics: readonly string[]): void;
  /** Whether nothing can be changed with this page's token; the person has been told then. */
  refused(): boolean;
  /**
   * @param mendedBy what can be done about a refusal, by its sentence
   * @returns undefined when it failed; the person has been told then
   */
  call<N extends OperationName>(
    operation: N,
    input: OperationInput<N>,
    mendedBy?: (sentence: string) => Message['action'],
  ): Promise<OperationOutput<N> | undefined>;
  /**
   * Asks the same for each of several jobs, a few at a time. What fails is told once for each reason.
   *
   * @param done what is done with each, as the end of “2 jobs could not be …”
   * @returns those for which it succeeded
   */
  eachJob(ids: readonly number[], done: string, ask: (id: number) => Promise<unknown>): Promise<number[]>;
  /** @param busy what the status bar says until it is done */
  withBusy<T>(busy: string, run: () => Promise<T>): Promise<T>;
  /** Whether Blender starts without the person's own settings unless a job says otherwise. */
  factoryStartup(): boolean;
}

/** Of the message that nothing can be changed with this page's token. */
export const READ_ONLY = 'read-only';

export function createActionContext(client: HostClient, store: AppStore): ActionContext {
  const set = (change: Partial<AppState>): void =>
    store.setState(change.pinnedFrame == null ? change : { subject: keptSubject(store.getState()), ...change });
  let told = 0;
  const tell: ActionContext['tell'] = (
    level,
    text,
    { topic = null, action = null, passing = level === 'success' } = {},
  ) => {
    // Of one topic the newest counts. Without one, the same sentence twice is one that is still true.
    const isSame = (message: Message): boolean =>
      message.topic === topic && (topic !== null || (message.text === text && message.action === null));
    const { messages } = store.getState();
    const others = messages.filter((message) => !isSame(message));
    const before = messages.find((message) => isSame(message) && message.level === level);
    told += 1;
    set({ messages: [...others, { id: before?.id ?? `own-${told}`, level, text, topic, action, passing, told }] });
  };
  const settle: ActionContext['settle'] = (...topics) => {
    const { messages } = store.getState();
    const left = messages.filter(({ topic }) => topic === null || !topics.includes(topic));
    if (left.length < messages.length) set({ messages: left });
  };
  const refused = (): boolean => {
    const why = whyReadOnly(store.getState());
    if (why !== null) tell('warning', why, { topic: READ_ONLY });
    return why !== null;
  };
  const withBusy: ActionContext['withBusy'] = async (busy, run) => {
    set({ busy });
    try {
      return await run();
    } finally {
      set({ busy: null });
    }
  };
  return {
    client,
    store,
    set,
    tell,
    settle,
    refused,
    async call(operation, input, mendedBy = () => null) {
      if (operations[operation].access === 'control' && refused()) return undefined;
      // What failed for one job is not mended by its success for another.
      const topic = 'id' in input ? `${operation} ${input.id}` : operation;
      try {
        const output = await client.call(operation, input);
        settle(topic);
        return output;
      } catch (error) {
        const sentence = messageOf(error);
        tell('error', withoutOptions(sentence), { topic, action: mendedBy(sentence) });
        return undefined;
      }
    },
    async eachJob(ids, done, ask) {
      if (ids.length === 0 || refused()) return [];
      const { succeeded, failures } = await askForEach(ids, ask);
      // What failed before has been tried again.
      settle(...store.getState().messages.flatMap(({ topic }) => (topic?.startsWith(`each ${done} `) ? [topic] : [])));
      for (const [sentence, count] of failures)
        tell(
          'error',
          ids.length === 1
            ? sentence
            : t('{jobs} could not be {done}: {sentence}', { jobs: jobCount(count), done: t(done), sentence }),
          {
            topic: `each ${done} ${sentence}`,
          },
        );
      return succeeded;
    },
    withBusy,
    factoryStartup: () => store.getState().model.host?.preferences['blender.factoryStartup'] === true,
  };
}

/** As many requests are under way at a time: the host takes them one after another anyway. */
const AT_ONCE = 4;

/** @returns for which it succeeded, in their order, and how often it failed for which reason */
async function askForEach(
  ids: readonly number[],
  ask: (id: number) => Promise<unknown>,
): Promise<{ succeeded: number[]; failures: Map<string, number> }> {
  const done = new Set<number>();
  const failures = new Map<string, number>();
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < ids.length) {
      const id = ids[next++]!;
      try {
        await ask(id);
        done.add(id);
      } catch (error) {
        // Each names its own job; what follows is the same.
        const sentence = withoutOptions(messageOf(error)).replace(/\bjob \d+\b/gi, (word) =>
          ids.length === 1 ? word : word.replace(/\d+/, 'N'),
        );
        failures.set(sentence, (failures.get(sentence) ?? 0) + 1);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { succeeded: ids.filter((id) => done.has(id)), failures };
}
