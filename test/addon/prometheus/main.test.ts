import { afterEach, expect, test, vi } from 'vitest';
import { createFixture, freePort, type Fixture } from '../../main/addons/fixture';

let fixture: Fixture | undefined;
afterEach(async () => {
  await fixture?.close();
  fixture = undefined;
  vi.unstubAllEnvs();
});

async function start(): Promise<{ fixture: Fixture; url: string; port: number }> {
  const port = await freePort();
  vi.stubEnv('FRAMEGAUGE_PROMETHEUS_FALLBACK', `127.0.0.1:${await freePort()}`);
  fixture = await createFixture();
  await fixture.manager.setPreference('prometheus', 'address', `127.0.0.1:${port}`);
  const addon = await fixture.manager.enable('prometheus');
  expect(addon.reason).toBeNull();
  expect(addon.state).toBe('running');
  return { fixture, port, url: `http://127.0.0.1:${port}/metrics` };
}

async function sample(url: string, name: string): Promise<number | undefined> {
  const text = await (await fetch(url)).text();
  const line = new RegExp(`^${name} (.*)$`, 'm').exec(text);
  return line ? Number(line[1]) : undefined;
}

test('serves the two metrics as the events say', async () => {
  const { fixture: f, url } = await start();
  expect(await sample(url, 'Blender_Render')).toBe(0);
  expect(await sample(url, 'Frame_Counter_total')).toBe(0);
  const job = { id: 1, name: 'a', state: 'rendering' };
  f.emit('render_init', { job });
  expect(await sample(url, 'Blender_Render')).toBe(1);
  for (let frame = 1; frame <= 5; frame++) {
    f.emit('render_write', { job, frame });
    expect(await sample(url, 'Frame_Counter_total')).toBe(frame);
  }
  f.emit('render_complete', { job });
  expect(await sample(url, 'Blender_Render')).toBe(0);
});
