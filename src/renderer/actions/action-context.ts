import type { OperationInput, OperationName, OperationOutput } from '../../shared/host-api';
import { messageOf } from '../../shared/user-error';
import type { AppState, AppStore, Message } from '../app-store';
import type { HostClient } from '../host-client';

/** What every action works with. */
export interface ActionContext {
  readonly client: HostClient;
  readonly store: AppStore;
  set(change: Partial<AppState>): void;
  tell(level: Message['level'], text: string): void;
  /** @returns undefined when it failed; the person has been told then */
  call<N extends OperationName>(operation: N, input: OperationInput<N>): Promise<OperationOutput<N> | undefined>;
}

export function createActionContext(client: HostClient, store: AppStore): ActionContext {
  const set = (change: Partial<AppState>): void => store.setState(change);
  let lastMessage = 0;
  const tell = (level: Message['level'], text: string): void => {
    // The same sentence twice is one that is still true.
    const others = store.getState().messages.filter((message) => message.text !== text);
    set({ messages: [...others, { id: `own-${++lastMessage}`, level, text }] });
  };
  return {
    client,
    store,
    set,
    tell,
    async call(operation, input) {
      try {
        return await client.call(operation, input);
      } catch (error) {
        tell('error', messageOf(error));
        return undefined;
      }
    },
  };
}
