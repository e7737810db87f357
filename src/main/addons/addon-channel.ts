import type { ChildProcess } from 'node:child_process';
import { addonToHostSchema, type AddonToHost, type HostToAddon } from '../../shared/addon-protocol';
import { createRateLimit } from '../../shared/rate-limit';
import { isWithinLimits } from './admit-message';
import { createAllowance } from './allowance';

/** Messages that may queue up for a process that does not read its channel. */
const MAX_BACKLOG = 20_000;
/**
 * Rate limit of messages from a process, and the number of seconds above it within a minute that gets the process killed:
 * reading them keeps the host from its work.
 */
const MESSAGES_PER_SECOND = 2_000;
const MAX_SECONDS = 3;
/** So many in one second get it killed at once: Node has read them all before they can be dropped. */
const MESSAGE_BURST = 10_000;

const ANSWERS: ReadonlySet<string> = new Set(['metrics', 'preferences-applied', 'pong', 'http-answer']);

/** A message that answers a request of the host. */
export type AddonAnswer = Extract<AddonToHost, { type: 'metrics' | 'preferences-applied' | 'pong' | 'http-answer' }>;

/** Callbacks to the channel's owner. */
export interface AddonChannelListener {
  /** A valid message that is not an answer. */
  receive(message: Exclude<AddonToHost, AddonAnswer>): void;
  /** A problem worth a line in the add-on's log, as a sentence. */
  warn(text: string): void;
  /** It sends more than it may, as a sentence. */
  tell(text: string): void;
  /** The process abuses the channel and must be killed. */
  kill(reason: string): void;
}

/** The message channel to an add-on's process, which may send anything at any rate. */
export interface AddonChannel {
  send(message: HostToAddon): void;
  /** Sends a request; null when the answer timed out or the process is gone. */
  ask<T extends AddonAnswer['type']>(
    message: (id: number) => HostToAddon,
    milliseconds: number,
  ): Promise<Extract<AddonAnswer, { type: T }> | null>;
  /** The process is gone: pending requests resolve to null. */
  close(): void;
}

/**
 * Rate-limits and validates incoming messages: excess and oversized ones are dropped, and a process that keeps flooding
 * is killed.
 *
 * Memory used while a message arrives cannot be limited: neither serialization of `fork` has a maximum length, so Node
 * buffers and deserializes a whole message before this code sees it. Only a pipe with our own framing, which reads the
 * length first, could refuse it earlier.
 */
export function openAddonChannel(
  child: ChildProcess,
  { receive, warn, tell, kill }: AddonChannelListener,
): AddonChannel {
  const waiting = new Map<number, (message: AddonAnswer | null) => void>();
  const tooMany = `it sent more than ${MESSAGES_PER_SECOND} messages a second`;
  const messages = createAllowance(MESSAGES_PER_SECOND, MAX_SECONDS, {
    tell: () => tell(`I${tooMany.slice(1)}; the others were not read. It is stopped if it goes on.`),
    stop: () => kill(tooMany),
  });
  const burst = createRateLimit(MESSAGE_BURST);
  let lastId = 0;
  let backlog = 0;

  function send(message: HostToAddon): void {
    if (!child.connected) return;
    backlog++;
    child.send(message, (error) => {
      backlog--;
      if (error && child.connected) warn(`A message could not be sent to it: ${error.message}`);
    });
    if (backlog > MAX_BACKLOG) kill('it no longer reads what the host tells it');
  }

  /** Sends a request; null when the answer timed out or the process is gone. */
  function ask<T extends AddonAnswer['type']>(
    message: (id: number) => HostToAddon,
    milliseconds: number,
  ): Promise<Extract<AddonAnswer, { type: T }> | null> {
    const id = ++lastId;
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle(null), milliseconds);
      function settle(answer: AddonAnswer | null): void {
        clearTimeout(timer);
        waiting.delete(id);
        resolve(answer as Extract<AddonAnswer, { type: T }> | null);
      }
      waiting.set(id, settle);
      send(message(id));
    });
  }

  /** Whether the rate limit allows one more message. */
  function admit(raw: unknown): boolean {
    if (!burst.take()) kill(`it sent more than ${MESSAGE_BURST} messages a second`);
    if (!messages.take()) return false;
    if (isWithinLimits(raw)) return true;
    warn('It sent a message that is larger than any that add-ons send; it was not read.');
    return false;
  }

  child.on('message', (raw) => {
    if (!admit(raw)) return;
    const parsed = addonToHostSchema.safeParse(raw);
    if (!parsed.success)
      warn(`It sent a message that does not follow the protocol: ${parsed.error.issues[0]?.message ?? ''}`);
    else if (isAnswer(parsed.data)) waiting.get(parsed.data.id)?.(parsed.data);
    else receive(parsed.data);
  });

  return {
    send,
    ask,
    close() {
      for (const settle of waiting.values()) settle(null);
    },
  };
}

/** Whether a message answers a request of the host. */
function isAnswer(message: AddonToHost): message is AddonAnswer {
  return ANSWERS.has(message.type);
}
