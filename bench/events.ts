import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openEventLog } from '../src/main/events/event-log';
import { percentile } from './percentile';
import type { Row } from './report';
import { eventOf } from './sample-event';

const EVENTS = 200_000;
/** Events per round: those of one frame. */
const BATCH = 4;
const PAGE = 1_000;

/** Measures the host's cost of storing lifecycle events, with the maximum number already stored. */
export async function benchEvents(folder: string): Promise<Row[]> {
  const file = join(folder, 'events.sqlite');
  const log = openEventLog(file, {
    onFault: (text) => {
      throw new Error(text);
    },
  });
  for (let seq = 1; seq <= EVENTS; seq++) log.append(eventOf(seq));
  log.list({ after: EVENTS, limit: 1 });

  const turns: number[] = [];
  for (let turn = 0; turn < 2_000; turn++) {
    const begun = performance.now();
    for (let count = 0; count < BATCH; count++) log.append(eventOf(EVENTS + turn * BATCH + count));
    // Listing flushes pending events.
    log.list({ after: EVENTS + turn * BATCH + BATCH, limit: 1 });
    turns.push(performance.now() - begun);
    if (turn % 100 === 0) await nextTurn();
  }
  const begun = performance.now();
  const page = log.list({ after: EVENTS / 2, limit: PAGE }).events.length;
  const reading = performance.now() - begun;
  log.close();
  return [
    {
      what: `storing the ${BATCH} events of a frame, ${EVENTS.toLocaleString('en')} stored`,
      value: `${percentile(turns, 0.5).toFixed(2)} ms`,
      goal: '≤ 1 ms',
      detail: `99 of 100 within ${percentile(turns, 0.99).toFixed(2)} ms; file of ${(statSync(file).size / 1e6).toFixed(0)} MB`,
    },
    {
      what: `reading ${page} stored events`,
      value: `${reading.toFixed(1)} ms`,
      goal: '≤ 20 ms',
      detail: 'a page of events.list',
    },
  ];
}
