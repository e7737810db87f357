/*
 * Messages on a stream of bytes between two processes. Each frame is its length (four bytes, big-endian) and as many
 * bytes. What comes from an add-on's process is JSON with its byte arrays behind it: the smallest language that can be
 * read from code that means harm.
 */

/** The descriptor of the channel in an add-on's process. */
export const ADDON_CHANNEL = 3;

const HEAD = 4;

/** What is done with frames as they arrive. */
export interface FrameTaker {
  /** A frame of so many bytes begins. @returns whether to keep it; of one that is not kept, nothing is held */
  begin(length: number): boolean;
  /** A kept frame has arrived. */
  take(frame: Uint8Array): void;
}

/** The bytes before a frame. */
export function headOf(length: number): Uint8Array {
  const head = new Uint8Array(HEAD);
  new DataView(head.buffer).setUint32(0, length);
  return head;
}

/** Memory for the beginning of a frame, in bytes; it grows with what has come, not with the length that is claimed. */
const FIRST_ROOM = 64 * 1024;

/** Takes the frames out of a stream. @returns takes the next bytes, however they are cut */
export function createFrameReader({ begin, take }: FrameTaker): (chunk: Uint8Array) => void {
  const head = new Uint8Array(HEAD);
  /** Bytes of the head that are there. */
  let headed = 0;
  /** Of the frame that arrives, in bytes, and how many of them are there. */
  let length = 0;
  let there = 0;
  let kept = false;
  /** Room for a frame that comes in several chunks. */
  let room: Uint8Array | null = null;

  function hold(part: Uint8Array): void {
    if (!room || room.length < there + part.length) {
      const larger = new Uint8Array(Math.min(length, Math.max(FIRST_ROOM, 2 * (there + part.length))));
      if (room) larger.set(room.subarray(0, there));
      room = larger;
    }
    room.set(part, there);
  }

  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (headed < HEAD) {
        head[headed++] = chunk[at++]!;
        if (headed < HEAD) continue;
        length = new DataView(head.buffer).getUint32(0);
        there = 0;
        kept = begin(length);
        if (length > 0) continue;
      }
      const part = chunk.subarray(at, at + length - there);
      const whole = part.length === length;
      if (kept && !whole) hold(part);
      at += part.length;
      there += part.length;
      if (there < length) break;
      headed = 0;
      const frame = whole ? part : room?.subarray(0, length);
      room = null;
      if (kept && frame) take(frame);
    }
  };
}

/** Stands for a byte array in JSON: which of the message's arrays it is. */
interface BytesMark {
  readonly $bytes: number;
}

/**
 * A message as a frame: the length of its JSON (four bytes, big-endian), the JSON, the byte arrays.
 *
 * @param message plain values and byte arrays; anything else is what JSON makes of it
 * @returns the parts of the frame, in order
 * @throws Error where it cannot be written as JSON
 */
export function packMessage(message: unknown): Uint8Array[] {
  const bytes: Uint8Array[] = [];
  const marked = markBytes(message, bytes);
  const json = new TextEncoder().encode(JSON.stringify({ message: marked, bytes: bytes.map(({ length }) => length) }));
  return [headOf(json.length), json, ...bytes];
}

function markBytes(value: unknown, bytes: Uint8Array[]): unknown {
  if (value instanceof Uint8Array) return { $bytes: bytes.push(value) - 1 } satisfies BytesMark;
  if (Array.isArray(value)) return value.map((entry) => markBytes(entry, bytes));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, markBytes(entry, bytes)]));
}

const NO_MESSAGE = 'it is none';

/** Length of the JSON in a frame that {@link packMessage} may have made, in bytes. @throws Error where it made it not */
export function textLengthOf(frame: Uint8Array): number {
  const length = frame.length < HEAD ? Infinity : new DataView(frame.buffer, frame.byteOffset).getUint32(0);
  if (length > frame.length - HEAD) throw new Error(NO_MESSAGE);
  return length;
}

/**
 * The message in a frame.
 *
 * @param mayEnter whether a value of any depth, in which marks stand for byte arrays, is gone through
 * @returns the message; null where it is not to be gone through
 * @throws Error where the frame is none that {@link packMessage} makes
 */
export function unpackMessage(frame: Uint8Array, mayEnter: (message: unknown) => boolean): unknown {
  let at = HEAD + textLengthOf(frame);
  const envelope: unknown = JSON.parse(new TextDecoder().decode(frame.subarray(HEAD, at)));
  const { message, bytes } = (envelope ?? {}) as { message?: unknown; bytes?: unknown };
  if (!Array.isArray(bytes)) throw new Error(NO_MESSAGE);
  if (!mayEnter(message)) return null;
  const arrays = bytes.map((size: unknown) => {
    if (typeof size !== 'number' || !Number.isInteger(size) || size < 0 || size > frame.length - at)
      throw new Error(NO_MESSAGE);
    return frame.subarray(at, (at += size));
  });
  return arrays.length === 0 ? message : unmarkBytes(message, arrays);
}

function unmarkBytes(value: unknown, arrays: readonly Uint8Array[]): unknown {
  if (Array.isArray(value)) return value.map((entry) => unmarkBytes(entry, arrays));
  if (typeof value !== 'object' || value === null) return value;
  const array = arrays[(value as BytesMark).$bytes];
  if (array) return array;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, unmarkBytes(entry, arrays)]));
}
