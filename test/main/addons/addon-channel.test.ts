import { Duplex } from 'node:stream';
import { deserialize } from 'node:v8';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { type AddonChannel, openAddonChannel } from '../../../src/main/addons/addon-channel';
import { MAX_MESSAGE, MAX_TEXT } from '../../../src/main/addons/admit-message';
import type { HostToAddon } from '../../../src/shared/addon-protocol';
import { createFrameReader, headOf, packMessage } from '../../../src/shared/framed-messages';

afterEach(() => void vi.useRealTimers());

/** A frame with its head. */
const framed = (frame: Uint8Array): Buffer => Buffer.concat([headOf(frame.length), frame]);

/** The host's end of a channel whose other end is in the test's hands: a real process is in addon-process.test.ts. */
function open(): {
  channel: AddonChannel;
  /** A message arrives, or bytes as they are. */
  arrive: (message: unknown) => void;
  pipe: Duplex;
  sent: HostToAddon[];
  received: unknown[];
  warnings: string[];
  kills: string[];
  read: () => void;
} {
  let unread: (() => void)[] = [];
  const sent: HostToAddon[] = [];
  const take = createFrameReader({ begin: () => true, take: (frame) => sent.push(deserialize(frame)) });
  const pipe = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      unread.push(() => {
        take(chunk);
        done();
      });
    },
  });
  const received: unknown[] = [];
  const warnings: string[] = [];
  const kills: string[] = [];
  const channel = openAddonChannel(pipe, {
    receive: (message) => received.push(message),
    warn: (text) => warnings.push(text),
    tell: (text) => warnings.push(text),
    kill: (reason) => kills.push(reason),
  });
  return {
    channel,
    arrive: (message) =>
      pipe.emit('data', Buffer.isBuffer(message) ? message : framed(Buffer.concat(packMessage(message)))),
    pipe,
    sent,
    received,
    warnings,
    kills,
    // A chunk that was taken brings the next one.
    read() {
      while (unread.length > 0) {
        const taken = unread;
        unread = [];
        for (const take of taken) take();
      }
    },
  };
}

const ping = (id: number): HostToAddon => ({ type: 'ping', id });

it('brings each answer to its question, and other messages to the owner', async () => {
  const { channel, arrive, received } = open();
  const [first, second] = [channel.ask<'pong'>(ping, 1_000), channel.ask<'pong'>(ping, 1_000)];
  arrive({ type: 'pong', id: 2 });
  arrive({ type: 'registered' });
  arrive({ type: 'pong', id: 1 });
  arrive({ type: 'pong', id: 99 });
  expect([await first, await second]).toEqual([
    { type: 'pong', id: 1 },
    { type: 'pong', id: 2 },
  ]);
  expect(received).toEqual([{ type: 'registered' }]);
});

it('answers null where nothing comes in time, or the process is gone', async () => {
  vi.useFakeTimers();
  const { channel } = open();
  const late = channel.ask(ping, 1_000);
  vi.advanceTimersByTime(1_000);
  expect(await late).toBeNull();
  const lost = channel.ask(ping, 1_000);
  channel.close();
  expect(await lost).toBeNull();
  expect(vi.getTimerCount()).toBe(0);
});

it('drops what does not follow the protocol, or is too large, with a word for the log', () => {
  const { arrive, received, warnings } = open();
  arrive({ type: 'nonsense' });
  arrive('text');
  arrive({ type: 'left-out', addonId: 'a', text: 'x'.repeat(20_001) });
  expect(received).toEqual([]);
  expect(warnings).toEqual([
    expect.stringMatching(/does not follow the protocol/),
    expect.stringMatching(/does not follow the protocol/),
    expect.stringMatching(/larger than any/),
  ]);
});

it('drops deep and endless JSON before it is parsed: a megabyte of brackets takes a second', () => {
  const { arrive, kills, warnings } = open();
  const parse = vi.spyOn(JSON, 'parse');
  onTestFinished(() => parse.mockRestore());
  for (const json of ['['.repeat(1_000_000), `[${'[],'.repeat(300_000)}[]]`]) {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(json.length);
    arrive(framed(Buffer.concat([head, Buffer.from(json)])));
  }
  expect(parse).not.toHaveBeenCalled();
  expect(kills).toEqual([]);
  expect(warnings).toEqual([expect.stringMatching(/larger than any/), expect.stringMatching(/larger than any/)]);
});

it('drops more than 2,000 messages a second, and kills whoever does that in a third one', () => {
  vi.useFakeTimers();
  const { arrive, received, kills, warnings } = open();
  for (let second = 1; second <= 3; second++) {
    expect(kills).toEqual([]);
    for (let count = 0; count < 2_010; count++) arrive({ type: 'registered' });
    expect(received).toHaveLength(second * 2_000);
    vi.advanceTimersByTime(1_000);
  }
  expect(kills).toEqual(['it sent more than 2000 messages a second']);
  expect(warnings).toEqual([
    'It sent more than 2000 messages a second; the others were not read. It is stopped if it goes on.',
  ]);
});

it('kills whoever sends more than 10,000 messages in a second at once', () => {
  const { arrive, kills } = open();
  for (let sent = 0; sent < 10_000; sent++) arrive({ type: 'pong', id: 0 });
  expect(kills).toEqual([]);
  arrive({ type: 'pong', id: 0 });
  expect(kills).toEqual(['it sent more than 10000 messages a second']);
});

it('kills a process that does not read, and no other', async () => {
  const { channel, sent, kills, read } = open();
  const large: HostToAddon = { type: 'reply', id: 1, value: new Uint8Array(16 * 1024 * 1024) };
  for (let count = 0; count < 3; count++) channel.send(large);
  read();
  await vi.waitFor(() => {
    read();
    expect(sent).toHaveLength(3);
  });
  for (let count = 0; count < 3; count++) channel.send(large);
  expect(kills).toEqual([]);
  channel.send(large);
  expect(kills).toEqual(['it no longer reads what the host tells it']);
});

it.each([
  ['no JSON', framed(Buffer.from([0, 0, 0, 1, 0x7b]))],
  ['what Node’s own channel takes for a command', framed(Buffer.from('{"cmd":"NODE_HANDLE_ACK"}'))],
  ['a frame of nothing', headOf(0)],
])('kills whoever sends %s', (_name, bytes) => {
  const { arrive, received, kills } = open();
  arrive(Buffer.from(bytes));
  expect([received, kills]).toEqual([[], ['it sent something that is no message']]);
});

it('leaves out what is too large, without holding it', () => {
  const { arrive, received, warnings } = open();
  arrive(Buffer.from(headOf(MAX_MESSAGE + 1)));
  arrive(Buffer.alloc(MAX_MESSAGE + 1));
  arrive(framed(Buffer.concat([headOf(MAX_TEXT + 1), Buffer.alloc(MAX_TEXT + 1, 0x20)])));
  arrive(JSON.parse('['.repeat(500) + ']'.repeat(500)));
  arrive({ type: 'registered' });
  expect(received).toEqual([{ type: 'registered' }]);
  expect(warnings).toEqual(Array(3).fill(expect.stringMatching(/larger than any/)));
});

it('reads 8 MiB of text a second, and kills whoever sends more in a third one', () => {
  vi.useFakeTimers();
  const { arrive, received, kills, warnings } = open();
  const padded = framed(Buffer.concat(packMessage({ type: 'registered', padding: ' '.repeat(1_000_000) })));
  for (let second = 1; second <= 3; second++) {
    expect(kills).toEqual([]);
    for (let count = 0; count < 10; count++) arrive(padded);
    vi.advanceTimersByTime(1_000);
  }
  expect(received).toEqual([]);
  expect(kills).toEqual(['it sent more than 8 MiB of messages a second']);
  expect(warnings.filter((text) => text.includes('8 MiB'))).toHaveLength(1);
});

it('waits with what comes faster than it may, in bytes or in pieces', () => {
  vi.useFakeTimers();
  const { arrive, pipe } = open();
  arrive(Buffer.from(headOf(0xffff_ffff)));
  for (const chunk of [Buffer.alloc(MAX_MESSAGE), Buffer.alloc(1)]) {
    for (let count = 0; count < 20_000 && !pipe.isPaused(); count++) arrive(chunk);
    expect(pipe.isPaused()).toBe(true);
    vi.advanceTimersByTime(1_000);
    expect(pipe.isPaused()).toBe(false);
  }
});
