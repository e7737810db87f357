import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { afterEach, expect, it, vi } from 'vitest';
import { type AddonChannel, openAddonChannel } from '../../../src/main/addons/addon-channel';
import type { HostToAddon } from '../../../src/shared/addon-protocol';

afterEach(() => void vi.useRealTimers());

/** The host's end of a channel whose other end is in the test's hands: a real process is in addon-process.test.ts. */
function open(): {
  channel: AddonChannel;
  arrive: (message: unknown) => void;
  sent: HostToAddon[];
  received: unknown[];
  warnings: string[];
  kills: string[];
  read: () => void;
} {
  const unread: (() => void)[] = [];
  const sent: HostToAddon[] = [];
  const child = Object.assign(new EventEmitter(), {
    connected: true,
    send(message: HostToAddon, done: () => void) {
      sent.push(message);
      unread.push(done);
    },
  });
  const received: unknown[] = [];
  const warnings: string[] = [];
  const kills: string[] = [];
  const channel = openAddonChannel(child as unknown as ChildProcess, {
    receive: (message) => received.push(message),
    warn: (text) => warnings.push(text),
    tell: (text) => warnings.push(text),
    kill: (reason) => kills.push(reason),
  });
  return {
    channel,
    arrive: (message) => child.emit('message', message),
    sent,
    received,
    warnings,
    kills,
    read: () => unread.splice(0).forEach((done) => done()),
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

it('kills a process that does not read, and no other', () => {
  const { channel, sent, kills, read } = open();
  for (let count = 0; count < 20_000; count++) channel.send(ping(1));
  read();
  for (let count = 0; count < 20_000; count++) channel.send(ping(1));
  expect(kills).toEqual([]);
  channel.send(ping(1));
  expect(kills).toEqual(['it no longer reads what the host tells it']);
  expect(sent).toHaveLength(40_001);
});
