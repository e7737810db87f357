import type { AddonRequest, AddonToHost, HostToAddon, Refusal } from '../../shared/addon-protocol';
import { UserError, messageOf } from '../../shared/user-error';
import type { QueuedRateLimit } from './queued-rate-limit';

const TOO_MANY = new UserError('So many questions in a second are not answered.');

export interface AnswerOptions {
  /** Answers at once where it returns no promise. @throws Error, or rejects with one */
  readonly answer: (request: AddonRequest) => unknown;
  readonly send: (message: HostToAddon) => void;
  /** Null for what may ask as often as it likes. */
  readonly turns: QueuedRateLimit | null;
}

/** Answers the questions of an add-on's process, in its turns. What they take of the host's time is counted. */
export function answerQuestions({
  answer,
  send,
  turns,
}: AnswerOptions): (question: Extract<AddonToHost, { type: 'request' }>) => Promise<void> {
  function counted<T>(work: () => T): T {
    const start = performance.now();
    try {
      return work();
    } finally {
      turns?.spend(performance.now() - start);
    }
  }

  return async ({ id, request }) => {
    const turn = turns?.take() ?? true;
    if (!(turn instanceof Promise ? await turn : turn))
      return send({ type: 'reply', id, value: null, error: refusalOf(TOO_MANY) });
    const reply = (value: unknown): void => counted(() => send({ type: 'reply', id, value }));
    try {
      const given = counted(() => answer(request));
      // What is sent is copied meanwhile.
      if (given instanceof Promise) reply(await given);
      else reply(given);
    } catch (error) {
      send({ type: 'reply', id, value: null, error: refusalOf(error) });
    }
  };
}

function refusalOf(error: unknown): Refusal {
  return { message: messageOf(error), kind: error instanceof UserError ? error.kind : 'failed' };
}
