import { fstatSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Whether a stream goes to systemd's journal, which keeps it for months and shows it to the groups `adm` and
 * `systemd-journal`. systemd names device and inode of that stream in `JOURNAL_STREAM`, so that a program whose output was
 * sent elsewhere meanwhile is not mistaken.
 *
 * @param descriptor of the stream
 */
export function isJournal(descriptor: number, env: NodeJS.ProcessEnv = process.env): boolean {
  const named = /^(\d+):(\d+)$/.exec(env['JOURNAL_STREAM'] ?? '');
  if (!named) return false;
  try {
    const { dev, ino } = fstatSync(descriptor, { bigint: true });
    return dev === BigInt(named[1]!) && ino === BigInt(named[2]!);
  } catch {
    return false;
  }
}

/**
 * The address of a host's UI for people, with its token where only who runs this command reads what it prints.
 *
 * @param host its address without a trailing slash, its control token, and its data folder
 */
export function addressForPeople(
  { url, token, dataFolder }: { readonly url: string; readonly token: string; readonly dataFolder: string },
  env: NodeJS.ProcessEnv = process.env,
): string {
  // systemd names one of both where they are different connections to the journal.
  if (!isJournal(1, env) && !isJournal(2, env)) return `${url}/#token=${token}`;
  const place = env['FRAMEGAUGE_TOKEN'] ? '' : `is in ${join(dataFolder, 'control-token')}, and `;
  return `${url}/ (the token ${place}does not go into the journal, which others may read: “framegauge --data ${dataFolder} serve” in a terminal of this user prints the address with it)`;
}
