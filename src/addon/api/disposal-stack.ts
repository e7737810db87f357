import { deadline } from './deadline';

/** How long one release may take before the next one is begun, in milliseconds. */
const RELEASE_DEADLINE = 2_000;

type Release = () => void | Promise<void>;

/** What has been taken and must be given back, last taken first. */
export interface DisposalStack {
  /** @returns takes it off again without releasing it */
  add(release: Release): () => void;
  /**
   * Releases everything, also when some of it throws or never settles. What is added meanwhile is released too.
   *
   * @param report told each error
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
