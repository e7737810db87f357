import { messageOf } from '../../shared/user-error';
import type { ActionContext } from './action-context';

/** Choosing a folder of the host's machine: with the system's dialog where the shell has one, else with ours. */
export function createFolderActions({ client, store, set, tell }: ActionContext) {
  return {
    /** @returns null where none was chosen */
    async pickFolder(start: string): Promise<string | null> {
      if (!client.pickFolder) return new Promise((answer) => set({ folderQuestion: { start, answer } }));
      try {
        return await client.pickFolder(start);
      } catch (error) {
        tell('error', messageOf(error));
        return null;
      }
    },
    answerFolder(folder: string | null): void {
      const { folderQuestion } = store.getState();
      set({ folderQuestion: null });
      folderQuestion?.answer(folder);
    },
  };
}
