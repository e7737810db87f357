import { deadline } from './deadline';

/** Timeout of one release before the next begins, in milliseconds. */
const RELEASE_DEADLINE = 2_000;

type Release = () => void | Promise<void>;

/** Resources to be released in reverse order of acquisition. */
export interface DisposalStack {
  /** @returns a function that removes the entry without releasing it */
  add(release: Release): () => void;
  /**
   * Releases everything, even if some releases throw or never settle. Entries added meanwhile are released too.
   *
   * @param report receives each error
   */
  releaseAll(report: (error: unknown) => void): Promise<void>;
}

export function createDisposalStack(): DisposalStack {
  const stack: { release: Release }[] = [];
  return {
    add(release) {
      const entry = { release };
      stack.push(entry);
      return () => {
        const index = stack.indexOf(entry);
        if (index >= 0) stack.splice(index, 1);
      };
    },
    async releaseAll(report) {
      for (let entry = stack.pop(); entry; entry = stack.pop()) {
        try {
          await deadline(
            entry.release(),
            RELEASE_DEADLINE,
            'Something that the add-on registered with onDispose was not released within 2 s.',
          );
        } catch (error) {
          report(error);
        }
      }
    },
  };
}
