import { operations, type OperationInput, type OperationName, type OperationOutput } from '../../shared/host-api';
import { messageOf } from '../../shared/user-error';
import type { AppState, AppStore, Message } from '../app-store';
import type { HostClient } from '../host-client';
import { whyReadOnly } from '../read-only';

/** What every action works with. */
export interface ActionContext {
  readonly client: HostClient;
  readonly store: AppStore;
  set(change: Partial<AppState>): void;
  /** @param about a topic, by which {@link settle} finds the message again; and what can be done about it */
  tell(level: Message['level'], text: string, about?: { topic?: string; action?: Message['action'] }): void;
  /** The cause of what was told of these topics is gone, and so are the messages. */
  settle(...topics: readonly string[]): void;
  /** Whether nothing can be changed with this page's token; the person has been told then. */
  refused(): boolean;
  /** @returns undefined when it failed; the person has been told then */
  call<N extends OperationName>(operation: N, input: OperationInput<N>): Promise<OperationOutput<N> | undefined>;
  /** @param busy what the status bar says until it is done */
  withBusy<T>(busy: string, run: () => Promise<T>): Promise<T>;
  /** Whether Blender starts without the person's own settings unless a job says otherwise. */
  factoryStartup(): boolean;
}

export function createActionContext(client: HostClient, store: AppStore): ActionContext {
  const set = (change: Partial<AppState>): void => store.setState(change);
  let lastMessage = 0;
  const tell: ActionContext['tell'] = (level, text, { topic = null, action = null } = {}) => {
    // The same sentence twice is one that is still true; of one topic the newest counts.
    const others = store
      .getState()
      .messages.filter((message) => message.text !== text && (topic === null || message.topic !== topic));
    set({ messages: [...others, { id: `own-${++lastMessage}`, level, text, topic, action }] });
  };
  const settle: ActionContext['settle'] = (...topics) => {
    const { messages } = store.getState();
    const left = messages.filter(({ topic }) => topic === null || !topics.includes(topic));
    if (left.length < messages.length) set({ messages: left });
  };
  const refused = (): boolean => {
    const why = whyReadOnly(store.getState());
    if (why !== null) tell('warning', why, { topic: 'read-only' });
    return why !== null;
  };
  return {
    client,
    store,
    set,
    tell,
    settle,
    refused,
    async call(operation, input) {
      if (operations[operation].access === 'control' && refused()) return undefined;
      // What failed for one job is not mended by its success for another.
      const topic = 'id' in input ? `${operation} ${input.id}` : operation;
      try {
        const output = await client.call(operation, input);
        settle(topic);
        return output;
      } catch (error) {
        tell('error', messageOf(error), { topic });
        return undefined;
      }
    },
    async withBusy(busy, run) {
      set({ busy });
      try {
        return await run();
      } finally {
        set({ busy: null });
      }
    },
    factoryStartup: () => store.getState().model.host?.preferences['blender.factoryStartup'] === true,
  };
}
