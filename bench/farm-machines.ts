import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { openTicketSource } from '../src/main/farm/bullmq/bullmq-ticket-source';
import type { TicketSource } from '../src/main/farm/ticket-queue';
import { type CopiedScene, deliverFrame } from '../src/main/machine/deliver';
import { RefusedError, createFarmClient } from '../src/main/machine/farm-client';
import { untilTaken } from '../src/main/machine/join';
import { provedCertificate } from '../src/main/machine/manager-trust';
import { VERSION } from '../src/main/version';
import {
  PRESENCE_INTERVAL,
  type Presence,
  type Ticket,
  joinAnswerSchema,
  presenceAnswerSchema,
} from '../src/shared/farm';
import { percentile } from './percentile';

/*
 * Machines that render nothing, any number of them in one process: they join, take tickets, wait and deliver one image.
 *   node scripts/run-ts.mjs bench/farm-machines.ts FILE
 */

/** What FILE holds, as JSON. */
export interface SimulatedMachines {
  readonly url: string;
  /** One for each machine. */
  readonly tokens: readonly string[];
  /** What a frame takes, in milliseconds. */
  readonly frameTime: number;
  /** Path of the image that each frame is. */
  readonly image: string;
}

const { url, tokens, frameTime, image } = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as SimulatedMachines;
/** It has no further files, which depend on where a scene is. */
const UNCOPIED: CopiedScene = { root: '/', pathOf: (file) => file };
/** What a lease is answered that the manager gave to another machine. */
const VOID = 409;
const print = (text: string): void => void process.stdout.write(`${text}\n`);
const deliveries: number[] = [];
/** What was used before the first delivery. */
let used: NodeJS.CpuUsage | null = null;
process.on('SIGTERM', () => {
  const { user, system } = process.cpuUsage(used ?? undefined);
  print(`processor ${(user + system) / 1_000 / deliveries.length}`);
  print(`delivery ${percentile(deliveries, 0.5)}`);
  process.exit(0);
});

const certificate = await provedCertificate(url, tokens[0]!.split('.')[1]!);

async function startOne(token: string, number: number): Promise<void> {
  const secret = token.split('.')[0]!;
  const join = { secret, name: `box-${number}`, version: VERSION };
  const identity = await untilTaken(url, async () => {
    const stranger = createFarmClient(url, certificate, null);
    try {
      return await stranger.ask('POST', '/join', join, joinAnswerSchema);
    } finally {
      stranger.close();
    }
  });
  const client = createFarmClient(url, certificate, identity.token);
  const under = new Set<number>();
  let source: TicketSource | null = null;

  async function render({ lease }: Ticket, signal: AbortSignal): Promise<void> {
    if (frameTime > 0) await delay(frameTime, undefined, { signal });
    const begun = performance.now();
    const rest = { seconds: frameTime / 1000, peakBytes: null, warnings: [], log: [] };
    await deliverFrame(client, lease, [{ path: image, target: { view: '' } }], UNCOPIED, rest, signal);
    used ??= process.cpuUsage();
    deliveries.push(performance.now() - begun);
  }

  async function run(ticket: Ticket, signal: AbortSignal): Promise<void> {
    under.add(ticket.lease);
    try {
      await render(ticket, signal);
    } catch (error) {
      if (signal.aborted) print(`gave up at ${Date.now()}`);
      // It was away for too long, as where all machines of a large farm share one processor.
      else if (!(error instanceof RefusedError && error.status === VOID)) console.error(error);
    }
    under.delete(ticket.lease);
  }

  async function tell(): Promise<void> {
    const presence: Presence = {
      session: `session-${number}`,
      version: VERSION,
      workers: 1,
      engines: ['flat-colour'],
      queue: source?.connected ?? false,
      leases: [...under],
      installations: [],
      roots: [],
      idleSeconds: null,
      utcOffset: 0,
      macs: [],
      memory: null,
      metrics: null,
    };
    const answer = await client.ask('PUT', '/presence', presence, presenceAnswerSchema).catch(() => null);
    for (const lease of answer?.void ?? []) source?.giveUp(lease);
  }

  const { queue } = identity;
  source = openTicketSource({
    endpoint: {
      host: queue.host ?? new URL(url).hostname,
      port: queue.port,
      username: queue.username,
      password: queue.password,
      tls: { ca: identity.queue.certificate },
    },
    id: identity.id,
    workers: 1,
    run,
    onConnection: () => void tell(),
    onFault: (error) => console.error(error),
  });
  setInterval(() => void tell(), PRESENCE_INTERVAL);
  await tell();
}

// A few at a time, as computers that are started in the morning.
const left = tokens.entries();
await Promise.all(
  Array.from({ length: 20 }, async () => {
    for (const [number, token] of left) await startOne(token, number);
  }),
);
print('ready');
