import type { Duplex } from 'node:stream';
import { serialize } from 'node:v8';
import { addonToHostSchema, type AddonToHost, type HostToAddon } from '../../shared/addon-protocol';
import { fitsExtent } from '../../shared/scan-json';
import { createFrameReader, headOf, textLengthOf, unpackMessage } from '../../shared/framed-messages';
import { createRateLimit } from '../../shared/rate-limit';
import { messageOf } from '../../shared/user-error';
import { MAX_EXTENT, MAX_MESSAGE, MAX_TEXT, isWithinLimits } from './admit-message';
import { type Allowance, createAllowance } from './allowance';

/** Bytes that may queue up for a process that does not read its channel. */
const MAX_BACKLOG = 64 * 1024 * 1024;
/**
 * Rate limit of messages from a process, and the number of seconds above it within a minute that gets the process killed:
 * reading them keeps the host from its work.
 */
const MESSAGES_PER_SECOND = 2_000;
const MAX_SECONDS = 3;
/** So many in one second get it killed at once. */
const MESSAGE_BURST = 10_000;
/** Rate limits in bytes: of JSON, whose excess is not read either, and of everything, which is read later then. */
const TEXT_PER_SECOND = 8 * MAX_TEXT;
const BYTES_PER_SECOND = 2 * MAX_MESSAGE;
/** What a chunk counts at least, in bytes: many small ones cost the host more than few large ones. */
const CHUNK = 4_096;

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
 * Rate-limits and validates incoming messages: excess and oversized ones are dropped before they are read into memory,
 * and a process that keeps flooding is killed.
 */
export function openAddonChannel(pipe: Duplex, { receive, warn, tell, kill }: AddonChannelListener): AddonChannel {
  const waiting = new Map<number, (message: AddonAnswer | null) => void>();
  const limited = (perSecond: number, what: string): Allowance =>
    createAllowance(perSecond, MAX_SECONDS, {
      tell: () => tell(`It sent more than ${what} a second; the others were not read. It is stopped if it goes on.`),
      stop: () => kill(`it sent more than ${what} a second`),
    });
  const messages = limited(MESSAGES_PER_SECOND, `${MESSAGES_PER_SECOND} messages`);
  const text = limited(TEXT_PER_SECOND, `${TEXT_PER_SECOND / 1024 / 1024} MiB of messages`);
  const burst = createRateLimit(MESSAGE_BURST);
  const bytes = createRateLimit(BYTES_PER_SECOND);
  let lastId = 0;
  let resume: NodeJS.Timeout | undefined;

  function send(message: HostToAddon): void {
    if (!pipe.writable) return;
    let frame: Buffer;
    try {
      frame = serialize(message);
    } catch (error) {
      warn(`A message could not be sent to it: ${messageOf(error)}`);
      return;
    }
    pipe.cork();
    pipe.write(headOf(frame.length));
    pipe.write(frame);
    pipe.uncork();
    if (pipe.writableLength > MAX_BACKLOG) kill('it no longer reads what the host tells it');
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

  function refuse(): void {
    warn('It sent a message that is larger than any that add-ons send; it was not read.');
  }

  /** Whether a message of so many bytes is read. */
  function begin(length: number): boolean {
    if (!burst.take()) kill(`it sent more than ${MESSAGE_BURST} messages a second`);
    if (!messages.take()) return false;
    if (length > MAX_MESSAGE) refuse();
    return length <= MAX_MESSAGE;
  }

  function take(frame: Uint8Array): void {
    let raw: unknown;
    try {
      const length = textLengthOf(frame);
      if (length > MAX_TEXT) return refuse();
      if (!text.take(length)) return;
      if (!fitsExtent(frame.subarray(4, 4 + length), MAX_EXTENT)) return refuse();
      raw = unpackMessage(frame, isWithinLimits);
    } catch {
      // Whoever uses `ctx` sends no such thing.
      kill('it sent something that is no message');
      return;
    }
    if (raw === null) return refuse();
    const parsed = addonToHostSchema.safeParse(raw);
    if (!parsed.success)
      warn(`It sent a message that does not follow the protocol: ${parsed.error.issues[0]?.message ?? ''}`);
    else if (isAnswer(parsed.data)) waiting.get(parsed.data.id)?.(parsed.data);
    else receive(parsed.data);
  }

  const read = createFrameReader({ begin, take });
  pipe.on('data', (chunk: Buffer) => {
    read(chunk);
    if (bytes.take(Math.max(chunk.length, CHUNK))) return;
    // What it sends too fast stays in the process, which waits.
    pipe.pause();
    resume = setTimeout(() => pipe.resume(), 1_000);
  });

  return {
    send,
    ask,
    close() {
      clearTimeout(resume);
      for (const settle of waiting.values()) settle(null);
    },
  };
}

/** Whether a message answers a request of the host. */
function isAnswer(message: AddonToHost): message is AddonAnswer {
  return ANSWERS.has(message.type);
}
