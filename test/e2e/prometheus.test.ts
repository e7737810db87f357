import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { TURNTABLE, startCli } from '../helpers/cli';
import { eventually } from '../helpers/eventually';
import { startMeteredHost } from '../helpers/metered-host';
import { needs, pathOf } from '../helpers/needs';
import { startPrometheus } from '../helpers/prometheus';
import { temporaryFolder } from '../helpers/temporary-folder';

/**
 * When a process began, in seconds since 1970: field 22 of its stat is that in ticks of 10 ms since the system began,
 * btime when that was (proc(5)).
 */
function startTimeOf(pid: number | undefined): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  const began = Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]);
  return began + ticks / 100;
}

needs.prometheus('Prometheus', () => {
  it('scrapes a running render and answers the frames per minute', async () => {
    const folder = temporaryFolder();
    const { data, address, pid } = await startMeteredHost(folder);
    const prometheus = await startPrometheus(folder, address);
    const render = startCli([
      'render',
      TURNTABLE,
      '--size',
      '160x90',
      '--samples',
      '1',
      '--output',
      join(folder, 'x', '####.png'),
      '--data',
      data,
    ]);
    const rate = await eventually('a rate above zero', async () => {
      const value = await prometheus.query('rate(Frame_Counter_total[1m]) * 60');
      return value !== null && value > 0 ? value : null;
    });
    expect(rate).toBeGreaterThan(0);
    expect(await prometheus.target()).toMatchObject({ health: 'up', lastError: '' });
    await render.ended;
    expect(
      await eventually('the last frame', async () =>
        (await prometheus.query('Frame_Counter_total')) === 48 ? 48 : null,
      ),
    ).toBe(48);
    expect(
      await eventually('the gauge', async () => ((await prometheus.query('Blender_Render')) === 0 ? true : null)),
    ).toBe(true);
    expect(await prometheus.query('max_over_time(Blender_Render[5m])')).toBe(1);
    // The process that is metered is the host, not the add-on’s.
    const started = await prometheus.query('process_start_time_seconds');
    expect(Math.abs(startTimeOf(pid) - started!)).toBeLessThan(3);
  });
});

needs.promtool('promtool', () => {
  it('finds nothing wrong with the exposition but the two historic names and three of Node’s', async () => {
    const folder = temporaryFolder();
    const { address } = await startMeteredHost(folder);
    const text = await (await fetch(`http://${address}/metrics`)).text();
    const { stdout, stderr } = spawnSync(pathOf('promtool'), ['check', 'metrics'], { input: text, encoding: 'utf8' });
    const complaints = `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
    const allowed = /^(Blender_Render|Frame_Counter_total|nodejs_active_(handles|requests|resources)_total) /;
    expect(complaints.filter((line) => !allowed.test(line))).toEqual([]);
  });
});
