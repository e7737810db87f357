import type { AddonImage } from '../api/context';
import type { Notice } from './notice';
import { MAX_WAITING, type QueueFile, type StoredQueue } from './queue-file';
import { DeliveryError, SERVICE_NAMES, type Service, type ServiceName } from './services/service';

/** Wait after the first failure in milliseconds; each further one in a row triples it. */
const FIRST_BACKOFF = 5_000;
const MAX_BACKOFF = 15 * 60_000;
/** A message that nobody took within this time is given up: it is no news any more. */
const MAX_AGE = 24 * 60 * 60_000;

/** What became of an attempt. `reason` is a sentence without secrets. */
export type DeliveryOutcome =
  | { readonly result: 'sent'; readonly seconds: number }
  | { readonly result: 'retried' | 'failed'; readonly reason: string };

export interface DeliveriesOptions {
  readonly file: QueueFile;
  /** The destination at the moment; undefined when it is no longer configured. */
  readonly service: (name: ServiceName) => Service | undefined;
  /** The image of a message; null where there is none any more. Never rejects. */
  readonly image: (notice: Notice) => Promise<AddonImage | null>;
  readonly outcome: (service: ServiceName, notice: Notice, outcome: DeliveryOutcome) => void;
  /** The number of waiting messages has changed. */
  readonly changed: () => void;
  /** Removes secrets from what a service answered. */
  readonly redact: (text: string) => string;
  readonly now?: () => number;
  readonly firstBackoff?: number;
}

export interface Deliveries {
  /** Puts a message into the queues of services. Returns at once. */
  add(notice: Notice, services: Iterable<ServiceName>): void;
  /** Tries again at once what waits for its next attempt, and gives up what waits for services that are gone. */
  retry(): void;
  waiting(name: ServiceName): number;
  /** Ends attempts under way; what waits is kept in the file. */
  close(): Promise<void>;
}

interface Lane {
  readonly name: ServiceName;
  readonly queue: Notice[];
  failures: number;
  /** Timer of the next attempt. */
  timer: NodeJS.Timeout | null;
  sending: Promise<void> | null;
}

/**
 * Sends messages, one after another for each service and in order. A service that is down holds up its own messages
 * only. A crash between sending and noting it leads to a message that arrives twice, never to one that is lost.
 *
 * @param stored what waited when the add-on ended
 */
export function createDeliveries(
  { file, service, image, outcome, changed, redact, now = Date.now, firstBackoff = FIRST_BACKOFF }: DeliveriesOptions,
  stored: StoredQueue,
): Deliveries {
  const aborter = new AbortController();
  const lanes = new Map<ServiceName, Lane>(
    SERVICE_NAMES.map((name) => [name, { name, queue: [], failures: 0, timer: null, sending: null }]),
  );
  for (const { service: name, notice } of stored.slice(-MAX_WAITING * SERVICE_NAMES.length))
    lanes.get(name)!.queue.push(notice);

  const save = (): Promise<void> =>
    file.save(() =>
      [...lanes.values()].flatMap(({ name, queue }) => queue.map((notice) => ({ service: name, notice }))),
    );

  function giveUp(lane: Lane, notice: Notice | undefined, reason: string): void {
    if (!notice) return;
    remove(lane, notice);
    outcome(lane.name, notice, { result: 'failed', reason });
  }

  /** Starts the next attempt unless one is under way or awaited. */
  function run(lane: Lane): void {
    if (lane.sending || lane.timer || lane.queue.length === 0 || aborter.signal.aborted) return;
    lane.sending = Promise.resolve()
      .then(() => attempt(lane))
      .catch(() => {})
      .finally(() => {
        lane.sending = null;
        run(lane);
      });
  }

  async function attempt(lane: Lane): Promise<void> {
    const notice = lane.queue[0]!;
    const began = performance.now();
    const target = service(lane.name);
    if (!target) giveUp(lane, notice, 'The service is not set up any more.');
    else if (now() - notice.time > MAX_AGE) giveUp(lane, notice, 'It could not be sent for 24 hours.');
    else {
      try {
        await sendOnce(target, notice);
        remove(lane, notice);
        lane.failures = 0;
        outcome(lane.name, notice, { result: 'sent', seconds: (performance.now() - began) / 1_000 });
      } catch (error) {
        if (aborter.signal.aborted) return;
        failed(lane, notice, error);
      }
    }
    changed();
    await save();
  }

  async function sendOnce(target: Service, notice: Notice): Promise<void> {
    const { signal } = aborter;
    const picture = target.takesImages && notice.image ? await image(notice) : null;
    signal.throwIfAborted();
    try {
      await target.send(notice, picture, signal);
    } catch (error) {
      if (!picture || !(error instanceof DeliveryError && error.imageRefused) || signal.aborted) throw error;
      await target.send(notice, null, signal);
    }
  }

  function failed(lane: Lane, notice: Notice, error: unknown): void {
    const reason = redact(error instanceof Error ? error.message : String(error)).slice(0, 400);
    lane.failures++;
    const { permanent, retryAfter } = error instanceof DeliveryError ? error : { permanent: false, retryAfter: null };
    if (permanent) {
      lane.failures = 0;
      remove(lane, notice);
      outcome(lane.name, notice, { result: 'failed', reason });
      return;
    }
    outcome(lane.name, notice, { result: 'retried', reason });
    const backoff = Math.min(firstBackoff * 3 ** (lane.failures - 1), MAX_BACKOFF);
    lane.timer = setTimeout(
      () => {
        lane.timer = null;
        run(lane);
      },
      Math.max(backoff, retryAfter ?? 0),
    );
  }

  function remove(lane: Lane, notice: Notice): void {
    const index = lane.queue.indexOf(notice);
    if (index >= 0) lane.queue.splice(index, 1);
  }

  for (const lane of lanes.values()) run(lane);

  return {
    add(notice, services) {
      for (const name of services) {
        const lane = lanes.get(name)!;
        lane.queue.push(notice);
        if (lane.queue.length > MAX_WAITING) {
          // The first one may be under way.
          giveUp(lane, lane.queue[lane.sending ? 1 : 0], `More than ${MAX_WAITING} messages wait for it.`);
        }
        run(lane);
      }
      changed();
      void save();
    },
    retry() {
      for (const lane of lanes.values()) {
        if (lane.timer) clearTimeout(lane.timer);
        lane.timer = null;
        lane.failures = 0;
        run(lane);
      }
    },
    waiting: (name) => lanes.get(name)!.queue.length,
    async close() {
      aborter.abort();
      for (const lane of lanes.values()) if (lane.timer) clearTimeout(lane.timer);
      await Promise.all([...lanes.values()].map(({ sending }) => sending));
      await save();
    },
  };
}
