/** See {@link withRawChannel}. */
const RAW_CHANNEL = `
import { deserialize as rawDeserialize } from 'node:v8';
const raw = {
  socket: process._getActiveHandles().find((handle) => handle._handle?.fd === 3),
  head(length) {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(length);
    return head;
  },
  send(message) {
    const bytes = [];
    const mark = (value) =>
      value instanceof Uint8Array
        ? { $bytes: bytes.push(value) - 1 }
        : Array.isArray(value)
          ? value.map(mark)
          : typeof value === 'object' && value !== null
            ? Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, mark(entry)]))
            : value;
    const marked = mark(message);
    const json = Buffer.from(JSON.stringify({ message: marked, bytes: bytes.map(({ length }) => length) }));
    const frame = Buffer.concat([raw.head(json.length), json, ...bytes]);
    raw.socket.write(Buffer.concat([raw.head(frame.length), frame]));
  },
  listen(receive) {
    let held = Buffer.alloc(0);
    raw.socket.on('data', (chunk) => {
      held = Buffer.concat([held, chunk]);
      while (held.length >= 4 && held.length >= 4 + held.readUInt32BE(0)) {
        const end = 4 + held.readUInt32BE(0);
        receive(rawDeserialize(held.subarray(4, end)));
        held = held.subarray(end);
      }
    });
  },
};
`;

/**
 * An add-on's main module that may go around `ctx`: in it `raw.send(message)` sends the host whatever it likes,
 * `raw.socket` is the channel, and `raw.listen(receive)` sees what the host sends.
 */
export function withRawChannel(main: string): string {
  return /\braw\./.test(main) ? RAW_CHANNEL + main : main;
}
