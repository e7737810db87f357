import { afterEach, expect, it } from 'vitest';
import { createAddonOffers } from '../../../../src/main/addons/offers/addon-offers';
import type { HostEvent } from '../../../../src/shared/host-api';
import { createConditions } from '../../../helpers/conditions';
import { makeRgbaPng, slope } from '../../../helpers/image-files';
import { createFixture, type Fixture } from '../fixture';

let fixture: Fixture | undefined;
afterEach(() => fixture?.close());

async function world(main: string) {
  const told: HostEvent[] = [];
  const { check, until } = createConditions();
  const offers = createAddonOffers({
    tell(event) {
      told.push(event);
      check();
    },
    hasJob: () => true,
  });
  fixture = await createFixture({ one: { main: `export function register(ctx) {\n${main}\n}` } }, { offers });
  await fixture.manager.enable('one');
  return { offers, told, until, fixture };
}

it('panels are shown with the add-on’s id, and vanish when it is disabled', async () => {
  const {
    offers,
    told,
    until,
    fixture: f,
  } = await world(
    `ctx.panels.add({ id: 'disk', place: 'job', title: 'Disk', elements: [{ type: 'value', label: 'Free', value: 4 }] });`,
  );
  expect(offers.panels.list()).toMatchObject([
    { id: 'one.disk', addonId: 'one', addonName: 'Test one', elements: [{ label: 'Free', value: 4 }] },
  ]);
  expect(told).toContainEqual({ type: 'panel', panel: offers.panels.list()[0] });
  const disabling = f.manager.disable('one');
  await until(() => told.some((event) => event.type === 'panel-removed' && event.id === 'one.disk'));
  await disabling;
  expect(offers.panels.list()).toEqual([]);
});

it('an add-on that changes a panel all the time is heard three times a second for a panel, and shows no more than others', async () => {
  const {
    offers,
    told,
    until,
    fixture: f,
  } = await world(`
    const panel = (id, text) => raw.send({ type: 'panel', panel: { id, place: 'job', title: 'P', elements: [{ type: 'label', text }] } });
    for (let i = 0; i < 150; i++) panel('one', String(i));
    for (let i = 0; i < 20; i++) panel('p' + i, 'x');
    raw.send({ type: 'panel', panel: { id: 'html', place: 'job', title: 'P', elements: [{ type: 'html', html: '<b>' }] } });
    raw.send({ type: 'panel', panel: { id: 'one', place: 'job', title: 'P', elements: Array.from({ length: 30 }, () => ({ type: 'table', label: 'T', columns: ['a'], rows: Array.from({ length: 50 }, () => ['x'.repeat(100)]) })) } });
  `);
  await f.logged('one', 'Its panel “p9” is left out: 10 are the most.');
  await f.logged('one', 'does not follow the protocol');
  await f.logged('one', 'Its panel “one” is not updated: all its panels together may have 65536 characters of JSON.');
  expect(offers.panels.list()).toHaveLength(10);
  expect(offers.panels.list()[0]?.elements).toEqual([{ type: 'label', text: '149' }]);
  const ofOne = (): HostEvent[] => told.filter((event) => event.type === 'panel' && event.panel.id === 'one.one');
  await until(() => ofOne().length >= 2);
  expect(ofOne().length).toBeLessThan(20);
});

it('panels that come and go all the time are heard no more often, whatever their ids', async () => {
  const { told, until } = await world(`
    for (let i = 0; i < 90; i++) {
      const id = 'p' + (i % 3 ? 0 : i);
      raw.send({ type: 'panel', panel: { id, place: 'job', title: 'P', elements: [] } });
      raw.send({ type: 'panel-removed', id });
    }
    ctx.panels.add({ id: 'last', place: 'job', title: 'Last', elements: [] });
  `);
  await until(() => told.some((event) => event.type === 'panel' && event.panel.id === 'one.last'));
  expect(told.filter(({ type }) => type === 'panel' || type === 'panel-removed').length).toBeLessThan(20);
});

it('an image of the add-on’s own is checked before clients see it', async () => {
  const png = (await makeRgbaPng(16, 9, slope(16, 9))).toString('base64');
  const { offers, told, until } = await world(`
    const bytes = Buffer.from('${png}', 'base64');
    const panel = ctx.panels.add({ id: 'chart', place: 'job', title: 'Chart', elements: [{ type: 'image', label: 'Chart', bytes }] });
    ctx.operators.add({ id: 'bad', label: 'Bad', run: () => panel.update([{ type: 'image', label: 'Chart', bytes: Buffer.from('<svg/>') }]) });
    ctx.operators.add({ id: 'flood', label: 'Flood', run: () => raw.send({ type: 'panel', panel: { id: 'chart', place: 'job', title: 'C', elements: [{ type: 'image', label: 'C', bytes: Buffer.alloc(300_000) }] } }) });
  `);
  const shown = (): unknown[] => told.flatMap((event) => (event.type === 'panel' ? [event.panel.elements] : []));
  const image = { type: 'image', label: 'Chart', source: `data:image/png;base64,${png}` };
  await until(() => shown().length === 1);
  expect(shown()).toEqual([[image]]);
  expect(offers.panels.list()).toMatchObject([{ id: 'one.chart', addonId: 'one', elements: [image] }]);
  offers.operators.run('one.bad', {});
  await until(() => shown().length === 2);
  expect(shown()[1]).toMatchObject([{ type: 'label', text: '“Chart” is not shown: It is no PNG, JPEG or WebP.' }]);
  offers.operators.run('one.flood', {});
  await fixture!.logged('one', 'all its panels together may show images of 262144 bytes.');
  expect(offers.panels.list()).toMatchObject([{ title: 'Chart' }]);
});
