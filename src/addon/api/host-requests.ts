import type { ZodType } from 'zod';
import type { AddonToHost } from '../../shared/addon-protocol';

/** How long the host may take to answer, in milliseconds. */
const REQUEST_DEADLINE = 5_000;

interface Pending {
  readonly settle: (answer: { value: unknown; error?: string | undefined }) => void;
  /** Asked by a handler that the events behind it wait for. */
  readonly insideHandler: boolean;
}

/** Questions to the host that are under way. */
export interface HostRequests {
  /**
   * Asks the host. The promise settles when every event that the host sent before its answer has been handled; asked inside a handler, as soon as the answer
   * is here, for those events wait for that handler.
   *
   * @throws Error when the host refuses, answers something else, or does not answer in time
   */
  ask<T>(what: Extract<AddonToHost, { type: 'request' }>['what'], schema: ZodType<T>): Promise<T>;
  /** Takes the host's answer in. */
  answered(id: number, answer: { value: unknown; error?: string | undefined }): void;
}

/**
 * @param afterEvents runs a function once the events received so far have been handled
 * @param insideHandler whether the calling code is a handler
 */
export function createHostRequests(
  send: (message: AddonToHost) => void,
  afterEvents: (task: () => void) => void,
  insideHandler: () => boolean,
): HostRequests {
  const pending = new Map<number, Pending>();
  let lastId = 0;
  return {
    ask(what, schema) {
      const id = ++lastId;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          pending.delete(id);
          reject(new Error(`The host did not answer a request for ${what} within ${REQUEST_DEADLINE / 1000} s.`));
        }, REQUEST_DEADLINE);
        pending.set(id, {
          insideHandler: insideHandler(),
          settle({ value, error }) {
            clearTimeout(timer);
            if (error !== undefined) return reject(new Error(error));
            const parsed = schema.safeParse(value);
            if (parsed.success) resolve(parsed.data);
            else
              reject(new Error(`The host answered a request for ${what} with something else: ${parsed.error.message}`));
          },
        });
        send({ type: 'request', id, what });
      });
    },
    answered(id, answer) {
      const request = pending.get(id);
      if (!request) return;
      pending.delete(id);
      if (request.insideHandler) request.settle(answer);
      else afterEvents(() => request.settle(answer));
    },
  };
}
