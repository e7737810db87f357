import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { lockDataFolder } from '../../src/main/data/data-lock';
import { openEventLog } from '../../src/main/events/event-log';
import { openHostLog } from '../../src/main/faults/host-log';
import { TURNTABLE } from '../helpers/cli';
import { startControlHost } from '../helpers/control-host';
import { needs } from '../helpers/needs';
import { fillDisk, smallDisk } from '../helpers/small-disk';
import { temporaryFolder } from '../helpers/temporary-folder';

needs.smallDisk('a data folder without room', () => {
  it('is said of it to whoever asks for a change, and nothing has changed', async () => {
    const disk = await smallDisk(8);
    const dataFolder = join(disk, 'data');
    const { ask } = await startControlHost({ dataFolder });
    const request = { scene: TURNTABLE, frames: '1-4', output: join(disk, 'out', '####.png') };
    const submitted = await ask('POST', '/api/v1/jobs', { body: request });
    expect(submitted.status).toBe(201);
    // Nothing changes it by itself.
    expect(await ask('POST', '/api/v1/jobs/1/pause')).toMatchObject({ status: 200 });
    const before = await ask('GET', '/api/v1/jobs/1');
    const free = fillDisk(disk);
    const changes = [
      ['POST', '/api/v1/jobs', { ...request, frames: '1-20000', output: join(temporaryFolder(), '####.png') }],
      ['POST', '/api/v1/jobs/1/duplicate', { newVersion: true }],
      ['PATCH', '/api/v1/jobs/1', { name: 'other '.repeat(20), note: 'x'.repeat(4_000) }],
      ['PUT', '/api/v1/preferences/queue.minFreeSpace', { value: 2 }],
    ] as const;
    for (const [method, path, body] of changes) {
      const { status, json } = await ask(method, path, { body });
      expect({ path, status, json }).toMatchObject({
        status: 507,
        json: {
          detail: `Framegauge cannot write to its data folder ${dataFolder} (no space is left on the device): make room on its disk, then try again.`,
        },
      });
    }
    expect((await ask('GET', '/api/v1/jobs/1')).json).toEqual(before.json);
    free();
    for (const [method, path, body] of changes.slice(2))
      expect(await ask(method, path, { body })).toMatchObject({ status: 200 });
  });

  it('keeps a host from starting, with a sentence', async () => {
    const disk = await smallDisk(4);
    const dataFolder = join(disk, 'data');
    mkdirSync(dataFolder);
    const free = fillDisk(disk);
    const sentence = `Framegauge cannot write to its data folder ${dataFolder} (no space is left on the device): make room on its disk, then try again.`;
    expect(() => lockDataFolder(dataFolder)).toThrow(sentence);
    await expect(startControlHost({ dataFolder })).rejects.toThrow(sentence);
    free();
    await startControlHost({ dataFolder });
  });

  it('is given as the reason why events are not stored; none is lost', async () => {
    const disk = await smallDisk(2);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const faults: string[] = [];
    let mended = 0;
    const log = openEventLog(join(disk, 'events.sqlite'), {
      onFault: (text) => faults.push(text),
      onMended: () => mended++,
    });
    const free = fillDisk(disk);
    for (let seq = 1; seq <= 900; seq++)
      log.append({ name: 'render_write', seq, time: seq, file: `/${'x'.repeat(500)}` });
    expect(log.list({ after: 0, limit: 1_000 }).events).toEqual([]);
    expect(faults).toEqual([
      'Events could not be stored (no space is left on the device): clients that were away may miss some. It is tried again.',
    ]);
    free();
    vi.advanceTimersByTime(10_000);
    vi.useRealTimers();
    expect(mended).toBe(1);
    expect(log.list({ after: 0, limit: 1_000 }).events.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 900 }, (_value, index) => index + 1),
    );
    log.close();
  });

  it('cuts a line of the log off, and no other with it', async () => {
    const disk = await smallDisk(1);
    const file = join(disk, 'logs', 'host.log');
    const { log, close } = openHostLog(file);
    const free = fillDisk(disk);
    for (let line = 0; line < 100; line++) log.info(`${line} ${'x'.repeat(200)}`);
    free();
    log.info('room again');
    close();
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ msg: 'room again' });
    expect(readdirSync(join(disk, 'logs'))).toEqual(['host.log']);
  });
});
