import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { actionsOf, scrapeConfig } from '../../../src/addon/prometheus/actions';
import { addonActionSchema } from '../../../src/shared/addons';
import { needs, pathOf } from '../../helpers/needs';
import { temporaryFolder } from '../../helpers/temporary-folder';

const target = (host: string, hostName = 'studio-7', secure = false): string | undefined => /targets: \['(.*)'\]/.exec(scrapeConfig({ host, port: 8000 }, secure, hostName).text)?.[1];

it('offers the metrics and their scrape config only while they are served, the kit always', () => {
  expect(actionsOf(null, null, 'studio-7').map(({ type }) => type)).toEqual(['save-monitoring-kit']);
  const actions = actionsOf({ host: '0.0.0.0', port: 8000 }, 'http://127.0.0.1:8000/metrics', 'studio-7');
  expect(actions.map(({ type }) => type)).toEqual(['open', 'copy', 'save-monitoring-kit']);
  expect(actions[0]).toMatchObject({ href: 'http://127.0.0.1:8000/metrics' });
  for (const action of actions) expect(addonActionSchema.parse(action)).toEqual(action);
});

it('names the target as another machine finds it, and says what to change where that can’t be known', () => {
  expect(target('192.168.1.9')).toBe('192.168.1.9:8000');
  expect(scrapeConfig({ host: '192.168.1.9', port: 8000 }, false, 'studio-7').note).toBeUndefined();
  for (const everywhere of ['0.0.0.0', '::']) {
    expect(target(everywhere)).toBe('studio-7:8000');
    expect(scrapeConfig({ host: everywhere, port: 8000 }, false, 'studio-7').note).toContain('its name, studio-7.');
    expect(target(everywhere, '')).toBe('localhost:8000');
  }
  expect(target('fe80::1%eth0')).toBe('[fe80::1]:8000');
  for (const own of ['127.0.0.1', '::1', 'localhost']) expect(scrapeConfig({ host: own, port: 8000 }, false, 'studio-7').note).toContain('serve on 0.0.0.0');
  expect(scrapeConfig({ host: '::2', port: 8000 }, false, 'studio-7').note).toBeUndefined();
});

needs.promtool('the scrape config', () => {
  it.each([
    ['0.0.0.0', false],
    ['::1', false],
    ['render.example', true],
  ])('for %s is one that Prometheus takes', (host, secure) => {
    const file = join(temporaryFolder(), 'prometheus.yml');
    writeFileSync(file, scrapeConfig({ host, port: 8000 }, secure, 'studio-7').text);
    const checked = spawnSync(pathOf('promtool'), ['check', 'config', file], { encoding: 'utf8' });
    expect(checked.stderr + checked.stdout).toContain('SUCCESS');
    expect(checked.status).toBe(0);
  });
});
