import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../../src/main/http/problem';
import { storedBytes, takeDelivery } from '../../../src/main/farm/deliveries';
import { type OpenTicket, deliveredFile } from '../../../src/main/farm/open-ticket';
import { contentDigest } from '../../../src/shared/farm';
import { temporaryFolder } from '../../helpers/temporary-folder';

const CONTENT = Buffer.from('0123456789');
const digestOf = (bytes: Buffer): string => contentDigest(createHash('sha256').update(bytes).digest('hex'));
const DIGEST = digestOf(CONTENT);

function makeTicket(): {
  readonly ticket: OpenTicket;
  send(
    body: Readable | Buffer,
    more?: { length?: number; digest?: string; offset?: number; find?: () => OpenTicket | null },
  ): Promise<void>;
  /** Sends part of the file, then breaks off. */
  breakOffAfter(bytes: number, offset?: number): Promise<unknown>;
  files(): string[];
  /** Errors that the ticket has failed with. */
  readonly failures: Error[];
} {
  const folder = temporaryFolder();
  const ticket = { folder, maxBytes: 100, arriving: new Map(), delivered: new Map() } as unknown as OpenTicket;
  const failures: Error[] = [];
  const fail = (_lease: number, error: Error): void => void failures.push(error);
  const send: ReturnType<typeof makeTicket>['send'] = (
    body,
    { length, digest = DIGEST, offset = 0, find = () => ticket } = {},
  ) => {
    const bytes = Buffer.isBuffer(body) ? body.length : CONTENT.length - offset;
    const stream = Buffer.isBuffer(body) ? Readable.from([body]) : body;
    return takeDelivery(1, find, 0, { length: length ?? bytes, digest, offset }, stream, { fail });
  };
  return {
    ticket,
    failures,
    send,
    files: () => readdirSync(folder),
    breakOffAfter(bytes, offset = 0) {
      const lost = Object.assign(new Error('lost'), { code: 'ECONNRESET' });
      const body = Readable.from(
        (async function* breaking() {
          yield CONTENT.subarray(offset, bytes);
          throw lost;
        })(),
      );
      return statusOf(send(body, { offset }));
    },
  };
}

const statusOf = (refused: Promise<unknown>): Promise<unknown> =>
  refused.then(
    () => 'taken',
    (error: unknown) => (error instanceof Problem ? error.status : error),
  );

describe('a delivery', () => {
  it('that broke off goes on where it stopped, as often as it must', async () => {
    const { ticket, send, breakOffAfter, files } = makeTicket();
    expect(await breakOffAfter(4)).toBe(400);
    expect(await storedBytes(ticket, 0, DIGEST)).toBe(4);
    expect(await breakOffAfter(7, 4)).toBe(400);
    expect(await storedBytes(ticket, 0, DIGEST)).toBe(7);
    expect(ticket.delivered.size).toBe(0);
    await send(CONTENT.subarray(7), { offset: 7 });
    expect(readFileSync(deliveredFile(ticket.folder, 0))).toEqual(CONTENT);
    expect([files(), [...ticket.delivered.keys()]]).toEqual([['delivered-0'], [0]]);
    expect(ticket.delivered.get(0)?.flushed).toBeNull();
  });

  it('goes on with nothing but the rest of the same file', async () => {
    const { ticket, send, breakOffAfter, files } = makeTicket();
    const other = digestOf(Buffer.from('another'));
    expect(await statusOf(send(CONTENT.subarray(4), { offset: 4 }))).toBe(416);
    await breakOffAfter(4);
    expect(await storedBytes(ticket, 0, other)).toBe(0);
    expect(await storedBytes(ticket, 1, DIGEST)).toBe(0);
    for (const [offset, digest] of [
      [3, DIGEST],
      [5, DIGEST],
      [4, other],
    ] as const)
      expect(await statusOf(send(CONTENT.subarray(offset), { offset, digest }))).toBe(416);
    // The rest is damaged: nothing of it is kept.
    expect(await statusOf(send(Buffer.from('xxxxxx'), { offset: 4 }))).toBe(422);
    expect([files(), await storedBytes(ticket, 0, DIGEST)]).toEqual([[], 0]);
    await send(CONTENT);
    expect(readFileSync(deliveredFile(ticket.folder, 0))).toEqual(CONTENT);
  });

  it('that arrived whole, and whose answer was lost, is there once it is hashed', async () => {
    const { ticket, files, failures } = makeTicket();
    // Larger than what is hashed as it arrives.
    const content = Buffer.alloc(2 * 1024 ** 2, 'x');
    const large = { ...ticket, maxBytes: content.length };
    const length = content.length;
    const digest = digestOf(content);
    const deliver = (body: Buffer, offset: number): Promise<unknown> =>
      statusOf(
        takeDelivery(1, () => large, 0, { length: body.length, digest, offset }, Readable.from([body]), {
          fail: (_lease, error) => void failures.push(error),
        }),
      );
    const first = deliver(content, 0);
    const sizeOfAll = (): number => files().reduce((sum, name) => sum + statSync(join(ticket.folder, name)).size, 0);
    while (sizeOfAll() < length) await nextTurn();
    expect(await storedBytes(large, 0, digest)).toBe(length);
    expect(await deliver(Buffer.alloc(0), length)).toBe('taken');
    expect([await first, files(), failures]).toEqual(['taken', ['delivered-0'], []]);
  });

  it('from the start replaces what had arrived', async () => {
    const { ticket, send, breakOffAfter, files } = makeTicket();
    await breakOffAfter(4);
    await send(CONTENT);
    expect(files()).toEqual(['delivered-0']);
    // It came in one piece: it is on the disk, and its hash is known.
    expect(ticket.delivered.get(0)?.flushed).toBe(createHash('sha256').update(CONTENT).digest('hex'));
  });

  it('ends the request of before, which a machine has given up', async () => {
    const { ticket, send, files } = makeTicket();
    const hanging = new PassThrough();
    const first = statusOf(send(hanging));
    hanging.write(CONTENT.subarray(0, 4));
    while (hanging.readableLength > 0 || files().length === 0) await nextTurn();
    expect(await storedBytes(ticket, 0, DIGEST)).toBe(4);
    await send(CONTENT.subarray(4), { offset: 4 });
    expect(await first).toBe(400);
    expect(files()).toEqual(['delivered-0']);
  });

  it('that others of the same file come between leaves the last of them', async () => {
    const { ticket, send, files } = makeTicket();
    const hanging = new PassThrough();
    const sent = [statusOf(send(hanging)), statusOf(send(new PassThrough())), statusOf(send(CONTENT))];
    expect(await Promise.all(sent)).toEqual([400, 400, 'taken']);
    expect(hanging.destroyed).toBe(true);
    expect(files()).toEqual(['delivered-0']);
    expect(ticket.arriving.size).toBe(0);
  });

  it('ends with its ticket, and leaves nothing', async () => {
    const { ticket, send, files } = makeTicket();
    let isOpen = true;
    const hanging = new PassThrough();
    const sent = statusOf(send(hanging, { find: () => (isOpen ? ticket : null) }));
    hanging.write(CONTENT.subarray(0, 4));
    while (files().length === 0) await nextTurn();
    isOpen = false;
    await ticket.arriving.get(0)!.stop();
    expect(hanging.destroyed).toBe(true);
    expect(await sent).toBe(400);
    expect(existsSync(ticket.folder)).toBe(false);
  });

  it('that can’t be stored fails its frame, and is not wanted again', async () => {
    const { ticket, send, failures } = makeTicket();
    rmSync(ticket.folder, { recursive: true });
    expect(await statusOf(send(CONTENT))).toBe(409);
    expect(failures).toMatchObject([
      { kind: 'output', message: expect.stringContaining('cannot be stored in') as unknown },
    ]);
  });

  it('is no longer than it was announced, and than the ticket says', async () => {
    const { send, breakOffAfter, files } = makeTicket();
    expect(await statusOf(send(CONTENT, { length: 9 }))).toBe(413);
    expect(await statusOf(send(CONTENT, { length: 101 }))).toBe(413);
    await breakOffAfter(4);
    expect(await statusOf(send(CONTENT, { offset: 4, length: 97 }))).toBe(413);
    expect(await statusOf(send(CONTENT, { offset: 4, length: 6 }))).toBe(413);
    expect(files()).toEqual([]);
  });
});
