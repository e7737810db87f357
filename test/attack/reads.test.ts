import { mkdirSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { openEventLog } from '../../src/main/events/event-log';
import type { Job } from '../../src/shared/jobs';
import { eventually } from '../helpers/eventually';
import { startTarget, type Target } from './target';

const TURNTABLE = resolve(import.meta.dirname, '../../examples/turntable.glb');

/** Asks with a token and reads the answer without keeping it. @returns its bytes */
function read(
  { host, port, tokens }: Target,
  path: string,
  token: 'read' | 'control' = 'read',
): Promise<{ status: number; bytes: number }> {
  return new Promise((resolve, reject) => {
    get({ host, port, path, headers: { authorization: `Bearer ${tokens[token]}` } }, (response) => {
      let bytes = 0;
      response.on('data', (data: Buffer) => (bytes += data.length));
      response.on('end', () => resolve({ status: response.statusCode!, bytes }));
      response.on('error', reject);
    }).on('error', reject);
  });
}

async function ask<T>({ url, tokens }: Target, path: string, body: unknown): Promise<T> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokens.control}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as T;
}

/** A black PNG, row by row, so that a large one needs no memory here. */
function blackPng(side: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const part = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    crc.writeUInt32BE(crc32(part));
    return Buffer.concat([length, part, crc]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 6], 8);
  const data = deflateSync(Buffer.alloc(side * (side * 4 + 1)), { level: 1 });
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe.skipIf(process.platform !== 'linux')('a host stands, from those who may only look,', () => {
  it('lists of a job of a million frames, asked for by many at once', async () => {
    const target = await startTarget();
    await ask(target, '/queue/pause', {});
    const job = await ask<Job>(target, '/jobs', {
      scene: TURNTABLE,
      frames: '1-1000000',
      output: join(target.folder, 'images', '####.png'),
    });
    // What the first answers take stays: programs that were made, pages of the database.
    for (let page = 0; page < 20; page++)
      await read(target, `/api/v1/jobs/${job.id}/frames?limit=2000&offset=${page * 50_000}`);
    await target.withstands('20 × 10 pages of a million frames', async () => {
      await Promise.all(
        Array.from({ length: 20 }, async (_, reader) => {
          for (let page = 0; page < 10; page++) {
            const { status, bytes } = await read(
              target,
              `/api/v1/jobs/${job.id}/frames?limit=2000&offset=${(reader * 10 + page) * 5_000}`,
            );
            expect(status).toBe(200);
            expect(bytes).toBeLessThan(1 << 20);
          }
        }),
      );
    });
    expect((await read(target, `/api/v1/jobs/${job.id}/frames?limit=1000000`)).status).toBe(400);
  });

  it('streams of every event that is kept, thirty at once', async () => {
    const target = await startTarget((data) => {
      mkdirSync(data, { recursive: true, mode: 0o700 });
      const log = openEventLog(join(data, 'events.sqlite'), { onFault: (text) => expect.fail(text) });
      for (let seq = 1; seq <= 100_000; seq++)
        log.append({
          name: 'render_write',
          seq,
          time: seq,
          frame: seq,
          job: { id: 1, name: 'a job with a name', state: 'rendering' },
          file: `/images/of/the/job/${seq}.png`,
        } as Parameters<typeof log.append>[0]);
      log.close();
    });
    const stream = (count: number): Promise<void> =>
      new Promise((resolve, reject) => {
        const request = get(
          {
            host: target.host,
            port: target.port,
            path: '/api/v1/events/stream?cursor=0',
            headers: { authorization: `Bearer ${target.tokens.read}` },
          },
          (response) => {
            let seen = 0;
            response.on('data', (data: Buffer) => {
              for (let at = data.indexOf('id: '); at >= 0; at = data.indexOf('id: ', at + 1)) seen += 1;
              if (seen < count) return;
              request.destroy();
              resolve();
            });
            response.on('error', () => undefined);
          },
        );
        request.on('error', reject);
      });
    const socket = (count: number): Promise<void> =>
      new Promise((resolve, reject) => {
        const client = new WebSocket(`${target.url.replace('http', 'ws')}/api/v1/socket?cursor=0`, [
          'framegauge',
          `token.${target.tokens.read}`,
        ]);
        onTestFinished(() => client.terminate());
        let seen = 0;
        client.on('error', reject);
        client.on('message', () => {
          if (++seen < count) return;
          client.terminate();
          resolve();
        });
      });
    await stream(5_000);
    await target.withstands('15 SSE and 15 WebSocket streams of 20,000 events each', async () => {
      await Promise.all(Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? stream(20_000) : socket(20_000))));
    });
  });

  it('every size of thumbnails of large images', async () => {
    const side = Number(process.env['FRAMEGAUGE_ATTACK_SIDE'] ?? 4_096);
    const target = await startTarget();
    const images = join(target.folder, 'images');
    mkdirSync(images);
    const png = blackPng(side);
    for (const frame of [1, 2]) writeFileSync(join(images, `000${frame}.png`), png);
    const job = await ask<Job>(target, '/jobs', {
      scene: TURNTABLE,
      frames: '1-2',
      size: `${side}x${side}`,
      samples: 1,
      output: join(images, '####.png'),
      keepExisting: true,
    });
    await eventually(
      'the images being taken',
      async () => {
        const found = (await (
          await fetch(`${target.url}/api/v1/jobs/${job.id}`, {
            headers: { authorization: `Bearer ${target.tokens.read}` },
          })
        ).json()) as Job;
        return found.frames.skipped === 2 ? true : null;
      },
      240_000,
    );
    await delay(1_000);
    await target.withstands(
      `six sizes of two images of ${side} × ${side} pixels, and the images themselves`,
      async () => {
        const answers = await Promise.all(
          [1, 2].flatMap((frame) =>
            ['?size=64', '?size=128', '?size=256', '?size=512', '?size=1024', '?size=2048', ''].map((size) =>
              read(target, `/api/v1/jobs/${job.id}/frames/${frame}/image${size}`),
            ),
          ),
        );
        // Of more than half a gigabyte of pixels there are no thumbnails.
        const thumbnail = side * side * 4 <= 512 * 2 ** 20 ? 200 : 422;
        const statuses = [...Array.from({ length: 6 }, () => thumbnail), 200];
        expect(answers.map(({ status }) => status)).toEqual([...statuses, ...statuses]);
      },
    );
  });
});
