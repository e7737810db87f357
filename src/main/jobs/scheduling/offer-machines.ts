import type { ReservedMachines } from '../workers/worker-places';
import type { Turns } from './alike-jobs';
import type { JobMachines } from './job-machines';
import type { Obstacles } from './obstacles';

/**
 * Result of offering machines to a job. `none`: no machine may take it at present; `failed`: none ever will; `over`: nothing is
 * left for the others.
 */
export type OfferOutcome = 'served' | 'none' | 'failed' | 'over';

export interface OfferOptions {
  readonly turns: Turns;
  readonly machines: Pick<JobMachines, 'asks' | 'mayHaveAny'>;
  readonly obstacles: Obstacles;
}

/**
 * Offers each job what machines have left, best first. A job is passed over where another one that asks the same found
 * every machine closed, so the work depends on what can be handed out and not on how many jobs wait.
 *
 * @param reserved machines that better-ranked jobs lack workers on; grows with the offers
 */
export function offerMachines(
  { turns, machines, obstacles }: OfferOptions,
  reserved: ReservedMachines,
  offer: (id: number) => OfferOutcome,
): void {
  for (let id = turns.next(); id !== null; id = turns.next()) {
    const ask = machines.asks(id);
    const { alike } = ask;
    if (alike !== null && turns.file(id, alike)) {
      obstacles.set(id, turns.told(alike));
      continue;
    }
    const turn = offer(id);
    if (turn === 'over') return;
    // Those that ask the same fail by themselves.
    if (turn === 'failed') continue;
    const open = machines.mayHaveAny(ask, reserved);
    // One that has begun gets a turn in each round: nothing tells when a machine is avoided for it, or no longer.
    if (alike === null) continue;
    if (turn === 'none' && open) turns.setAside(id);
    // What keeps every machine from this job keeps it from those that ask the same.
    const obstacle = obstacles.of(id);
    if (obstacle === null || !open) for (const other of turns.tell(alike, obstacle)) obstacles.set(other, obstacle);
    if (!open) turns.close(alike);
  }
}
