import { expect, it, onTestFinished, vi } from 'vitest';
import { FrameLostError } from '../../../src/main/engines/render-engine';
import type { TicketQueue } from '../../../src/main/farm/ticket-queue';
import type { OpenTicket } from '../../../src/main/farm/open-ticket';
import { Tickets } from '../../../src/main/farm/tickets';
import type { RenderedResult } from '../../../src/shared/farm';

it('hands out a frame again whose machine reaches the queue and not the manager', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const machine = { id: 'aaaaaaaaaaaa', name: 'left' };
  let near = true;
  const lost: string[] = [];
  const queue = {
    connected: true,
    put: () => Promise.resolve(),
    withdraw: () => Promise.resolve(),
    // It renews the lock of its ticket.
    placeOf: () => Promise.resolve('active'),
  } as unknown as TicketQueue;
  const tickets = new Tickets({
    machines: {
      isNear: () => near,
      holds: () => near,
      session: () => 'a session',
      isReady: () => near,
      rest: () => expect.unreachable(),
      failed: () => expect.unreachable(),
    },
    queue: () => queue,
    adoptable: [],
    onCount: () => undefined,
    onLost: (_ticket, _machine, why) => lost.push(why),
    onDelivered: () => expect.unreachable(),
    onFault: (error) => expect.unreachable(String(error)),
  });
  onTestFinished(() => tickets.close());
  const wanted = { ticket: { lease: 7 }, machine, published: { id: '' } } as unknown as OpenTicket;
  const ended = tickets.render(wanted, new AbortController().signal).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(20_000);
  near = false;
  await vi.advanceTimersByTimeAsync(5_000);
  // A moment of silence is none.
  near = true;
  await vi.advanceTimersByTimeAsync(5_000);
  near = false;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(lost).toEqual([]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(lost).toEqual(['“left” has not been heard from.']);
  expect(await ended).toBeInstanceOf(FrameLostError);
  expect(tickets.get(machine.id, 7)).toBeNull();
});

it('that have ended by a result end what still comes in, and count their files once', async () => {
  const counted: number[] = [];
  const machine = { id: 'aaaaaaaaaaaa', name: 'left' };
  const machines = { isNear: () => true, holds: () => true, session: () => null, isReady: () => true };
  const tickets = new Tickets({
    machines: { ...machines, rest: () => expect.unreachable(), failed: () => expect.unreachable() },
    queue: () => ({ connected: true, put: () => Promise.resolve() }) as unknown as TicketQueue,
    adoptable: [],
    onCount: () => undefined,
    onLost: () => expect.unreachable(),
    onDelivered: (_machine, bytes) => void counted.push(bytes),
    onFault: (error) => expect.unreachable(String(error)),
  });
  onTestFinished(() => tickets.close());
  const wanted = { ticket: { lease: 7 }, machine, folder: '/', root: '/', published: { id: '' } };
  const ended = tickets.render(wanted as unknown as OpenTicket, new AbortController().signal);
  const open = tickets.get(machine.id, 7)!;
  const result: RenderedResult = {
    outcome: 'rendered',
    files: [{ view: '' }],
    seconds: 1,
    peakBytes: null,
    warnings: [],
    log: [],
  };
  const finish = (): boolean => tickets.finish(open, result);
  const whole = { digest: 'sha', flushed: null, content: null };
  open.delivered.set(1, { ...whole, bytes: 50 });
  expect(finish()).toBe(false);
  open.delivered.set(0, { ...whole, bytes: 7 });
  let stopped = 0;
  const stop = (): Promise<void> => Promise.resolve(void stopped++);
  open.arriving.set(2, { path: '/x', digest: 'sha', bytes: 0, stop });
  expect(finish()).toBe(true);
  expect(await ended).toMatchObject({ seconds: 1 });
  expect([counted, stopped]).toEqual([[7], 1]);
  expect(tickets.get(machine.id, 7)).toBeNull();
  const { finished } = tickets;
  expect([0, 1].map((number) => finished.bytesOf(machine.id, 7, number, 'sha'))).toEqual([7, null]);
  expect(finished.bytesOf(machine.id, 7, 0, 'other')).toBeNull();
});
