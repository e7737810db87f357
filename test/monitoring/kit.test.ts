import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { alertRules } from '../../monitoring/source/alert-rules';
import { kitFiles } from '../../monitoring/source/kit-files';
import { catalogue } from '../../src/addon/prometheus/catalogue/catalogue';
import { KIT, dashboard, rules } from './kit-files';
import { metricNames } from './metric-names';

describe('the files of the kit', () => {
  it.each([...kitFiles()])('%s is what “npm run monitoring” makes', (path, content) => {
    expect(readFileSync(join(KIT, path), 'utf8')).toBe(content);
  });

  it('are all made, but the README', () => {
    const made = new Set([...kitFiles().keys(), 'README.md']);
    const found = readdirSync(KIT, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.ts'))
      .map((entry) => join(entry.parentPath, entry.name).slice(KIT.length + 1));
    expect(found.sort()).toEqual([...made].sort());
  });

  it('mount into the containers what there is, at the place where it is looked for', () => {
    const compose = parse(readFileSync(join(KIT, 'compose.yml'), 'utf8')) as {
      services: Record<string, { image: string; volumes: string[]; command?: string[] }>;
      volumes: Record<string, unknown>;
    };
    for (const [name, { image, volumes }] of Object.entries(compose.services)) {
      expect(image, name).toMatch(/:v?\d+\.\d+\.\d+$/);
      for (const volume of volumes) {
        const [from, , mode] = volume.split(':') as [string, string, string?];
        if (!from.startsWith('./')) expect(compose.volumes).toHaveProperty(from);
        else
          expect(
            [...kitFiles().keys()].some((file) => `./${file}` === from || `./${file}`.startsWith(`${from}/`)) &&
              mode === 'ro',
            volume,
          ).toBe(true);
      }
    }
  });
});

const series = new Set<string>(
  catalogue.flatMap(({ name, type }) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  ),
);
/** Those that Prometheus makes itself, and the standard ones of the process, which the real run checks. */
const others = /^(up|ALERTS|scrape_\w+|process_\w+|nodejs_\w+)$/;

describe('every name in the kit', () => {
  const records = new Set(
    rules()
      .filter((rule) => rule.kind === 'record')
      .map((rule) => rule.name),
  );
  const known = (name: string): boolean => series.has(name) || records.has(name) || others.test(name);
  const expressions: [where: string, expr: string][] = [
    ...rules().map((rule): [string, string] => [rule.name, rule.expr]),
    ...dashboard().panels.flatMap((panel) =>
      (panel.targets ?? []).map((target): [string, string] => [`panel “${panel.title}”`, target.expr]),
    ),
  ];

  it.each(expressions)('of %s is in the catalogue', (_where, expr) => {
    const names = metricNames(expr);
    expect(names).not.toEqual([]);
    expect(names.filter((name) => !known(name))).toEqual([]);
  });

  it('is found in an expression, whatever stands around it', () => {
    expect(
      metricNames(
        'sum by (job, le) (rate(a_total{x="b"}[5m])) / on (job) group_left (c) d offset 30m > 2 or label_replace(e:f:g, "h", "$1", "i", "(.*)") and -j{k=~"l|m"} * 1e3',
      ),
    ).toEqual(['a_total', 'd', 'e:f:g', 'j']);
  });

  it('and every series of the catalogue is looked at by a rule or a panel', () => {
    const used = new Set(expressions.flatMap(([, expr]) => metricNames(expr)));
    const base = (name: string): string => name.replace(/_(bucket|sum|count)$/, '');
    const usedFamilies = new Set([...used].map(base));
    // The two historic names are for dashboards that people have already.
    const left = catalogue
      .map(({ name }) => name)
      .filter((name) => !usedFamilies.has(name) && !/^(Blender_Render|Frame_Counter_total)$/.test(name));
    expect(left).toEqual([]);
  });
});

describe('alerts', () => {
  it.each(
    rules()
      .filter((rule) => rule.kind === 'alert')
      .map((rule) => [rule.name, rule] as const),
  )('%s says what happened and what to do', (name, { content }) => {
    expect(content.for).toMatch(/^\d+m$/);
    expect(content.labels!['severity']).toMatch(/^(critical|warning|info)$/);
    expect(content.annotations!['summary']!.length).toBeLessThan(100);
    expect(content.annotations!['description']!.length).toBeGreaterThan(content.annotations!['summary']!.length);
    expect(readFileSync(join(KIT, 'README.md'), 'utf8')).toContain(`### ${name}\n`);
  });

  it('are explained in README.md only if there are such', () => {
    const explained = [...readFileSync(join(KIT, 'README.md'), 'utf8').matchAll(/^### (Framegauge\w+)$/gm)].map(
      (match) => match[1],
    );
    expect(explained).toEqual(alertRules.map((rule) => rule.alert));
  });

  it('name panels that are there', () => {
    const titles = dashboard().panels.map((panel) => panel.title);
    const named = rules().flatMap((rule) =>
      [...(rule.content.annotations?.['description'] ?? '').matchAll(/panel “([^”]+)”/g)].map((match) => match[1]!),
    );
    expect(named.length).toBeGreaterThan(0);
    for (const title of named) expect(titles).toContain(title);
  });
});

describe('the dashboard', () => {
  const panels = dashboard().panels.filter((panel) => panel.type !== 'row');

  it('begins with frames per minute', () => {
    expect(panels[0]!.title).toBe('Frames per minute');
  });

  it('asks for the processes of Framegauge alone, and of its farm’s machines, when all jobs are chosen', () => {
    const { list } = dashboard().templating;
    expect(list.find(({ name }) => name === 'job')).not.toHaveProperty('allValue');
    expect(list.find(({ name }) => name === 'instance')).toMatchObject({ allValue: '.+' });
    const ofProcesses = panels
      .flatMap(({ targets }) => targets!.map(({ expr }) => expr))
      .flatMap((expr) => expr.match(/\b(?:process|nodejs)_\w+\{.*?\}/g) ?? []);
    expect(ofProcesses).toHaveLength(3);
    for (const selector of ofProcesses) expect(selector).toContain('job=~"$job|framegauge-machines"');
  });

  it.each(panels.map((panel) => [panel.title, panel] as const))(
    '%s has a description, a unit, the chosen data source and the chosen hosts',
    (_title, panel) => {
      expect(panel.description).toMatch(/\.$/);
      expect(panel.fieldConfig!.defaults.unit).toBeTruthy();
      expect(panel.datasource!.uid).toBe('${datasource}');
      expect(panel.targets!.length).toBeGreaterThan(0);
      for (const { expr, legendFormat } of panel.targets!) {
        expect(legendFormat).toBeTruthy();
        expect(expr).toMatch(/job=~"\$job(?:\|framegauge-machines)?"/);
        expect(expr).toContain('instance=~"$instance"');
        // Rates follow the zoom; a fixed range is for what is defined by it.
        expect(
          [...expr.matchAll(/\[(.*?)\]/g)]
            .map((match) => match[1])
            .filter((range) => !/^(\$__rate_interval|\$__range|1m|1h)$/.test(range!)),
        ).toEqual([]);
      }
    },
  );

  it('has variables for data source, job and host', () => {
    expect(dashboard().templating.list).toMatchObject([
      { name: 'datasource', type: 'datasource', query: 'prometheus' },
      { name: 'job', type: 'query', multi: true, includeAll: true },
      { name: 'instance', type: 'query', multi: true, includeAll: true },
    ]);
  });

  it('covers nothing twice, and every id and title stands for one panel', () => {
    const cells = new Set<string>();
    for (const { title, gridPos } of dashboard().panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(cells.has(`${x} ${y}`), title).toBe(false);
          cells.add(`${x} ${y}`);
        }
      }
    }
    expect(new Set(dashboard().panels.map((panel) => panel.id)).size).toBe(dashboard().panels.length);
    const named = panels.map((panel) => panel.title);
    expect(named.filter((title, index) => named.indexOf(title) !== index)).toEqual([]);
  });
});
