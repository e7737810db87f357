import { expect, it } from 'vitest';
import { parseExposition } from '../../helpers/exposition';
import { freePort } from '../../helpers/free-port';
import { needs } from '../../helpers/needs';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { joinMachines, startManager } from './farm-fixture';

needs.redis('metrics of a farm', () => {
  it('tell what each machine did, once, and forget the gauges of one that is taken out', async () => {
    const folder = temporaryFolder();
    const manager = await startManager(folder);
    const address = `127.0.0.1:${await freePort()}`;
    await manager.call('preferences.set', { key: 'addons.prometheus.address', value: address });
    await manager.call('addon.enable', { id: 'prometheus' });
    /** By name and machine. */
    const scrape = async (): Promise<ReadonlyMap<string, number>> => {
      const { samples } = parseExposition(await (await fetch(`http://${address}/metrics`)).text());
      return new Map(samples.map(({ name, labels, value }) => [[name, ...Object.values(labels)].join(' '), value]));
    };
    const before = await scrape();
    expect(before.get('framegauge_farm_queue_up')).toBe(1);
    expect(before.get('framegauge_farm_machines idle')).toBe(0);

    await joinMachines(manager, folder, ['left', 'right']);
    const job = await manager.submit(8, 100);
    expect(await manager.ended(job.id)).toMatchObject({ state: 'completed' });
    const rendered = await scrape();
    const ofMachine = (name: string, machine: string): number | undefined => rendered.get(`${name} ${machine}`);
    const frames = (machine: string): number => ofMachine('framegauge_machine_frames_rendered_total', machine)!;
    expect(frames('left') + frames('right')).toBe(8);
    expect(rendered.get('framegauge_frames_rendered_total flat-colour')).toBe(8);
    expect(ofMachine('framegauge_machine_delivered_bytes_total', 'left')).toBeGreaterThan(0);
    expect(ofMachine('framegauge_machine_frame_seconds_total', 'left')).toBeGreaterThan(0);
    expect(ofMachine('framegauge_machine_up', 'left')).toBe(1);
    expect(ofMachine('framegauge_machine_workers', 'right')).toBe(1);

    const [left] = await manager.machinesWhere((machines) => machines.length === 2);
    await manager.call('machine.forget', { id: left!.id });
    const after = await scrape();
    expect(after.has('framegauge_machine_up left')).toBe(false);
    expect(after.get('framegauge_machine_frames_rendered_total left')).toBe(frames('left'));
  });
});
