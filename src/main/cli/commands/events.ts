import type { Command } from 'commander';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { StoredEvent } from '../../../shared/lifecycle';
import { UserError } from '../../../shared/user-error';
import { type Cli, type HostOptions, type JsonOption, withHostOptions, withJsonOption } from '../cli';
import type { HostConnection } from '../host-connection';
import { printable } from '../table';
import { type Terminal, interrupted, printJson } from '../terminal';

/** Page size of event requests. */
const PAGE = 1_000;
/** Number of past events printed when no cursor is given. */
const LAST = 100;
/**
 * While following, maximum interval between requests for events, in milliseconds; a change reported by the host
 * triggers one earlier.
 */
const POLL_INTERVAL = 1_000;
/** Delay between a change and the request, in milliseconds: changes come in bursts, and one request serves them all. */
const BATCH_DELAY = 50;

interface EventsOptions extends HostOptions, JsonOption {
  readonly after?: string;
  readonly follow?: boolean;
}

/** `events`: lists and follows lifecycle events, with cursors, so that none is missed. */
export function addEventsCommand(program: Command, cli: Cli): void {
  withJsonOption(
    withHostOptions(
      program.command('events').description('show events of jobs, frames and workers, named as in Blender'),
    ),
    'print each event as a line of JSON',
  )
    .option('--after <cursor>', `events after this one (default: the last ${LAST}); 0 for all that are kept`)
    .option('--follow', 'keep printing new events until Ctrl+C')
    .addHelpText(
      'after',
      '\nEvery event has a cursor that keeps increasing across restarts: pass the last one you saw to --after to miss nothing.',
    )
    .action(cli.run((options: EventsOptions) => showEvents(options, cli)));
}

async function showEvents(options: EventsOptions, cli: Cli): Promise<number> {
  const { terminal } = cli;
  if (options.after !== undefined && !/^\d{1,15}$/.test(options.after))
    throw new UserError(
      `--after cannot be “${options.after}”: write the cursor of an event, or 0 for all.`,
      'arguments',
    );
  return cli.withHost(options, { passive: true }, async (host, own) => {
    let cursor = await firstCursor(host, options.after, terminal);
    cursor = await printAfter(host, cursor, options, terminal);
    if (!options.follow) return 0;
    if (own)
      throw new UserError(
        'No host runs on this data folder, so no events are to come: start one with “framegauge serve”, or the app.',
      );
    await follow(host, cursor, options, terminal);
    return 0;
  });
}

/** The cursor to start after. Warns if events after the given one have already been deleted. */
async function firstCursor(host: HostConnection, after: string | undefined, { err }: Terminal): Promise<number> {
  const { oldest, newest } = await host.call('events.list', { after: Number(after ?? 0), limit: 1 });
  if (after === undefined) return Math.max(0, newest - LAST);
  const cursor = Number(after);
  if (cursor > 0 && oldest !== null && oldest > cursor + 1)
    err.write(`The events ${cursor + 1} to ${oldest - 1} are no longer kept.\n`);
  return cursor;
}

/** Prints every event after a cursor. @returns the cursor of the last one printed */
async function printAfter(
  host: HostConnection,
  after: number,
  { json }: EventsOptions,
  terminal: Terminal,
): Promise<number> {
  let cursor = after;
  for (;;) {
    const { events } = await host.call('events.list', { after: cursor, limit: PAGE });
    for (const event of events) {
      if (json) printJson(terminal, event);
      else terminal.out.write(`${eventLine(event)}\n`);
      cursor = event.cursor;
    }
    if (events.length < PAGE || terminal.signal.aborted) return cursor;
  }
}

async function follow(host: HostConnection, after: number, options: EventsOptions, terminal: Terminal): Promise<void> {
  let cursor = after;
  let wake: () => void = () => undefined;
  const unsubscribe = host.subscribe(() => wake());
  const stopped = Promise.race([
    interrupted(terminal.signal).then(() => 'stopped' as const),
    host.lost.then(() => 'lost' as const),
  ]);
  try {
    for (;;) {
      const woken = new Promise<'woken'>((resolve) => (wake = () => resolve('woken')));
      const timer = new AbortController();
      const timeout = delay(POLL_INTERVAL, 'time' as const, { signal: timer.signal }).catch(() => 'time' as const);
      const why = await Promise.race([woken, timeout, stopped]);
      timer.abort();
      if (why === 'stopped') return;
      if (why === 'lost')
        throw new UserError(`The host ended: “framegauge events --after ${cursor} --follow” goes on from here.`);
      if (why === 'woken') await Promise.race([delay(BATCH_DELAY), stopped]);
      cursor = await printAfter(host, cursor, options, terminal);
    }
  } finally {
    unsubscribe();
  }
}

/** An event as a line: cursor, time, name, and the fields that apply. */
function eventLine(event: StoredEvent): string {
  const parts = [
    String(event.cursor).padStart(7),
    new Date(event.time).toISOString(),
    event.name.padEnd(15),
    event.job && `job ${event.job.id} (${event.job.name})`,
    event.frame !== undefined && `frame ${event.frame}`,
    event.attempt !== undefined && event.attempt > 1 && `try ${event.attempt}`,
    event.worker !== undefined && `worker ${event.worker}`,
    event.name === 'job_state' && event.job?.state,
    event.state,
    event.sample !== undefined && `sample ${event.sample}${event.samples === undefined ? '' : `/${event.samples}`}`,
    event.seconds !== undefined && `${event.seconds.toFixed(2)} s`,
    event.file ?? (event.job ? null : event.scene && basename(event.scene)),
    event.reason,
  ];
  return printable(parts.filter((part) => part).join('  '));
}
