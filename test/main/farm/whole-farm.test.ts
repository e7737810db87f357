import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Invitation, MachineInfo } from '../../../src/shared/machines';
import type { Frame, Job } from '../../../src/shared/jobs';
import { blenderScenes } from '../../helpers/blender-scenes';
import { TURNTABLE, runCli, startCli } from '../../helpers/cli';
import { eventually } from '../../helpers/eventually';
import { freePort } from '../../helpers/free-port';
import { needs, pathOf } from '../../helpers/needs';
import { runPrometheus } from '../../helpers/prometheus';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { testComputer } from '../../helpers/test-network';
import { freePair } from './manager-host';

const LONG = 300_000;

needs.redis('a farm of two machines in networks of their own', () => {
  needs.networkNamespaces('one of which is unplugged', () => {
    needs.chromium('with a glTF', () => {
      needs.blender('and a .blend', () => {
        needs.prometheus('and a Prometheus', () => {
          it('has every frame, and tells of the machine in the API, the metrics and an alert', async () => {
            const folder = temporaryFolder();
            const data = join(folder, 'manager');
            const env = { FRAMEGAUGE_BLENDER: pathOf('blender') };
            const [farmPort, metrics] = [await freePair(), `127.0.0.1:${await freePort()}`];
            for (const [key, value] of [
              ['farm.start', 'true'],
              ['farm.listen', `0.0.0.0:${farmPort}`],
              ['farm.renderHere', 'false'],
              ['addons.prometheus.address', metrics],
            ] as const)
              expect((await runCli(['prefs', 'set', key, value, '--data', data])).code).toBe(0);
            await runCli(['addons', 'enable', 'prometheus', '--data', data]);
            await startCli(['serve', '--port', '0', '--data', data], env).printed(/Press Ctrl\+C/);
            const json = async <T>(...args: string[]): Promise<T> => {
              const { code, stdout, stderr } = await runCli([...args, '--json', '--data', data]);
              expect(code, stderr).toBe(0);
              return JSON.parse(stdout) as T;
            };

            const computers = { near: testComputer(), far: testComputer() };
            for (const [name, { within, hostAddress }] of Object.entries(computers)) {
              const { token } = await json<Invitation>('machines', 'invite');
              const join_ = ['--join', `https://${hostAddress}:${farmPort}`, '--token', token, '--name', name];
              startCli(['machine', ...join_, '--workers', '1', '--data', join(folder, name)], env, within);
            }
            const machinesWhere = (what: string, holds: (machine: MachineInfo) => boolean): Promise<unknown> =>
              eventually(what, async () => ((await json<MachineInfo[]>('machines')).some(holds) ? true : null), LONG);
            for (const one of Object.keys(computers))
              await machinesWhere(`${one} taking frames`, ({ name, state }) => name === one && state === 'idle');

            // The kit as a person saves it, only faster.
            const kit = join(folder, 'kit');
            await runCli(['monitoring', 'save', kit, '--data', data]);
            for (const file of ['prometheus.yml', 'rules/recording.yml', 'rules/alerts.yml']) {
              const content = readFileSync(join(kit, file), 'utf8');
              writeFileSync(
                join(kit, file),
                content
                  .replaceAll('scrape_timeout: 4s', 'scrape_timeout: 1s')
                  .replaceAll(/(interval): (15|5)s/g, '$1: 1s')
                  .replaceAll(/for: \d+m/g, 'for: 2s'),
              );
            }
            const prometheus = await runPrometheus(folder, join(kit, 'prometheus.yml'));
            const up = 'framegauge_machine_up{machine="far"}';
            await eventually('the machine in the metrics', async () => (await prometheus.query(up)) || null);

            const blend = join(await blenderScenes(), 'anim.blend');
            const submit = (scene: string, images: string, ...more: string[]): Promise<Job> =>
              json('submit', scene, '--output', join(folder, images, '####.png'), ...more);
            const small = ['--size', '64x36', '--samples', '1', '--attempts', '1'];
            const jobs = [
              await submit(TURNTABLE, 'gltf', '--frames', '1-24', ...small),
              await submit(blend, 'blend', '--frames', '1-12', '--factory-startup', ...small),
            ];
            const framesOf = (job: Job): Promise<Frame[]> =>
              json<{ frames: Frame[] }>('job', String(job.id), '--frames').then((shown) => shown.frames);
            await eventually(
              'frames of both machines',
              async () => {
                const done = (await framesOf(jobs[0]!)).filter(({ state }) => state === 'done');
                return new Set(done.map(({ machine }) => machine)).size === 2 ? true : null;
              },
              LONG,
            );
            await machinesWhere('a frame on the far one', ({ name, frames }) => name === 'far' && frames > 0);
            computers.far.cut();

            await machinesWhere('the far one cut off', ({ name, state }) => name === 'far' && state === 'cut-off');
            await eventually('its metric', async () => ((await prometheus.query(up)) === 0 ? true : null));
            const alert = 'ALERTS{alertname="FramegaugeMachineCutOff", alertstate="firing", machine="far"}';
            await eventually('the alert', async () => await prometheus.query(alert));

            for (const [index, images] of [
              [0, 'gltf'],
              [1, 'blend'],
            ] as const) {
              const job = await eventually(
                `the end of ${images}`,
                async () => {
                  const found = (await json<Job[]>('jobs')).find(({ id }) => id === jobs[index]!.id)!;
                  return found.finishedAt === null ? null : found;
                },
                LONG,
              );
              const { total } = job.frames;
              expect([job.state, job.reason, job.frames.done]).toEqual(['completed', null, total]);
              expect(readdirSync(join(folder, images)).sort()).toEqual(
                Array.from({ length: total }, (_, frame) => `${String(frame + 1).padStart(4, '0')}.png`),
              );
            }
          }, 1_200_000);
        });
      });
    });
  });
});
