import { expect, it, onTestFinished, vi } from 'vitest';
import { FrameLostError } from '../../../src/main/engines/render-engine';
import type { TicketQueue } from '../../../src/main/farm/ticket-queue';
import { type OpenTicket, Tickets } from '../../../src/main/farm/tickets';

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
