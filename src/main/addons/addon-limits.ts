import { createRateLimit } from '../../shared/rate-limit';
import { type Allowance, createAllowance } from './allowance';
import { createQueuedRateLimit, type QueuedRateLimit } from './queued-rate-limit';

/** Rates of one add-on's channels, per second: each message costs the host some work, and windows a redraw. */
const REQUESTS = 500;
/** Time that answering them may take of the host's event loop in a second, in milliseconds. */
const HOST_TIME = 200;
/** Questions that may wait: code that awaits each answer has few, however fast it asks. */
const WAITING_REQUESTS = 100;
const STATUSES = 20;
const OFFERS = 200;
/** This many seconds above a rate within a minute are the last. */
const SECONDS = 10;

/**
 * What a process may do in a second. The excess is left out and told, questions after some have waited; a process that
 * goes on is killed.
 */
export interface AddonLimits {
  readonly requests: QueuedRateLimit;
  readonly statuses: Allowance;
  /** Panels, operators and their progress. */
  readonly offers: Allowance;
}

/** @param tell takes a sentence @param kill takes a clause */
export function createAddonLimits(tell: (text: string) => void, kill: (reason: string) => void): AddonLimits {
  const limit = (perSecond: number, done: string): Allowance =>
    createAllowance(perSecond, SECONDS, {
      tell: () => tell(`It ${done}; the others were left out. It is stopped if it goes on.`),
      stop: () => kill(`it ${done}, and went on`),
    });
  const slowTold = createRateLimit(1);
  const requests = createQueuedRateLimit({
    perSecond: REQUESTS,
    waiting: WAITING_REQUESTS,
    budget: HOST_TIME,
    slowed() {
      if (slowTold.take())
        tell(`Its questions take more than ${HOST_TIME} ms of the host’s time in a second; the next ones wait.`);
    },
  });
  const refused = limit(0, 'asked more questions than the host answers in a second');
  return {
    // What is refused is one more than none.
    requests: { take: () => requests.take() || refused.take(), spend: requests.spend },
    statuses: limit(STATUSES, `changed its status more than ${STATUSES} times a second`),
    offers: limit(OFFERS, `changed its panels and operators more than ${OFFERS} times a second`),
  };
}
