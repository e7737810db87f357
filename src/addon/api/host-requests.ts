import type { ZodType } from 'zod';
import type { AddonRequest, AddonToHost, Refusal } from '../../shared/addon-protocol';

/** Timeout of a request to the host, in milliseconds. */
const REQUEST_DEADLINE = 5_000;
/** Timeout of those that may have to read a scene or decode an image, in milliseconds. */
const CALL_DEADLINE = 300_000;

interface Answer {
  readonly value: unknown;
  readonly error?: Refusal | undefined;
}

interface Pending {
  readonly settle: (answer: Answer) => void;
  /** Sent from within a handler that later events wait for. */
  readonly insideHandler: boolean;
}

/** Pending requests to the host. */
export interface HostRequests {
  /**
   * Sends a request. The promise settles once every event that the host sent before its answer has been handled; inside
   * a handler it settles as soon as the answer arrives, since those events wait for the handler.
   *
   * @throws Error when the host refuses (its `code` is the kind of the refusal), the answer is invalid, or the request
   * times out
   */
  ask<T>(request: AddonRequest, schema: ZodType<T>): Promise<T>;
  /** Delivers the host's answer. */
  answered(id: number, answer: Answer): void;
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
    ask(request, schema) {
      const id = ++lastId;
      const what = request.what === 'operation' ? request.operation : request.what;
      const milliseconds = request.what === 'operation' || request.what === 'image' ? CALL_DEADLINE : REQUEST_DEADLINE;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          pending.delete(id);
          reject(new Error(`The host did not answer a request for ${what} within ${milliseconds / 1000} s.`));
        }, milliseconds);
        pending.set(id, {
          insideHandler: insideHandler(),
          settle({ value, error }) {
            clearTimeout(timer);
            if (error) return reject(Object.assign(new Error(error.message), { code: error.kind }));
            const parsed = schema.safeParse(value);
            if (parsed.success) resolve(parsed.data);
            else
              reject(new Error(`The host answered a request for ${what} with something else: ${parsed.error.message}`));
          },
        });
        send({ type: 'request', id, request });
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
