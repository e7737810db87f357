import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const recordSchema = z.object({ early: z.int().min(0) });
/** A host that ran this long has started well, in milliseconds. */
const WELL = 60_000;
/** This many hosts in a row that ended earlier, and not in order, are taken for the fault of something at the start. */
const MANY = 2;

/** Keeps record of hosts that end early. */
export interface StartRecord {
  /** This many hosts in a row ended early, and not in order, where that calls for safe mode; else null. */
  readonly early: number | null;
  /** This host ends because of a fault: closing it is no end in order. */
  fail(): void;
  /** This host ends in order. */
  close(): void;
}

/** Records the start of a host. Never throws: without a record there is no offer. */
export function recordStart(dataFolder: string, well = WELL): StartRecord {
  const file = join(dataFolder, 'last-start.json');
  const clear = (): void => {
    try {
      rmSync(file, { force: true });
    } catch {
      // The next start counts this one as early.
    }
  };
  let early = 0;
  let failed = false;
  try {
    early = recordSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).early;
  } catch {
    // The last host ended in order.
  }
  try {
    writeFileSync(file, JSON.stringify({ early: early + 1 }), { mode: 0o600 });
  } catch {
    // As if it ended in order.
  }
  const timer = setTimeout(clear, well);
  timer.unref();
  return {
    early: early >= MANY ? early : null,
    fail() {
      failed = true;
    },
    close() {
      clearTimeout(timer);
      if (!failed) clear();
    },
  };
}
