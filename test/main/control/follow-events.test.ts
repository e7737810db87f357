import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type EventLog, openEventLog } from '../../../src/main/events/event-log';
import { type Followed, type FollowedLog, followEvents } from '../../../src/main/control/follow-events';
import { createReadQueue } from '../../../src/main/control/read-queue';
import { temporaryFolder } from '../../helpers/temporary-folder';

function open(keep?: number): EventLog {
  const log = openEventLog(join(temporaryFolder(), 'events.sqlite'), {
    onFault: (text) => expect.fail(text),
    ...(keep === undefined ? {} : { keep }),
  });
  onTestFinished(() => log.close());
  return log;
}

const followed = (log: EventLog): FollowedLog => ({ log, turn: createReadQueue() });

const emit = (log: EventLog, count: number): void => {
  for (let seq = 1; seq <= count; seq++) log.append({ name: 'render_write', seq, time: seq });
};

/** What comes, in short: cursors, and gaps. */
async function take(events: AsyncGenerator<Followed>, count: number): Promise<(number | string)[]> {
  const taken: (number | string)[] = [];
  while (taken.length < count) {
    const { value } = (await events.next()) as { value: Followed };
    taken.push(value.kind === 'event' ? value.event.cursor : `${value.gap.after}→${value.gap.resume}`);
  }
  return taken;
}

it('gives the past, then what comes, each once', async () => {
  const log = open();
  emit(log, 1_203);
  const ended = new AbortController();
  const events = followEvents(followed(log), 700, ended.signal);
  expect(await take(events, 503)).toEqual(Array.from({ length: 503 }, (_, index) => 701 + index));
  const next = take(events, 3);
  emit(log, 3);
  expect(await next).toEqual([1_204, 1_205, 1_206]);
  const last = events.next();
  ended.abort();
  expect(await last).toEqual({ done: true, value: undefined });
});

it('gives only what comes where no cursor is said', async () => {
  const log = open();
  emit(log, 5);
  log.list({ after: 0, limit: 1 });
  const next = take(followEvents(followed(log), null, new AbortController().signal), 1);
  emit(log, 1);
  expect(await next).toEqual([6]);
});

it('tells of events that are no longer kept, also to a client that became slow, but not to one that asks for all there is', async () => {
  const log = open(10);
  emit(log, 20);
  const slow = followEvents(followed(log), 15, new AbortController().signal);
  expect(await take(slow, 1)).toEqual([16]);
  emit(log, 2_100);
  expect(log.list({ after: 0, limit: 1 })).toMatchObject({ oldest: 2_111, newest: 2_120 });
  expect(await take(followEvents(followed(log), 3, new AbortController().signal), 2)).toEqual(['3→2110', 2_111]);
  expect(await take(followEvents(followed(log), 2_110, new AbortController().signal), 1)).toEqual([2_111]);
  expect(await take(followEvents(followed(log), 0, new AbortController().signal), 1)).toEqual([2_111]);
  // The page that it has is given to its end.
  expect(await take(slow, 6)).toEqual([17, 18, 19, 20, '20→2110', 2_111]);
});

it('tells a client with a cursor of elsewhere that it missed something', async () => {
  const log = open();
  emit(log, 2);
  const events = followEvents(followed(log), 99, new AbortController().signal);
  expect(await take(events, 1)).toEqual(['99→2']);
  const next = take(events, 1);
  emit(log, 1);
  expect(await next).toEqual([3]);
});
