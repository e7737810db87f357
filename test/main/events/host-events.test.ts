import { expect, it } from 'vitest';
import { createHostEvents } from '../../../src/main/events/host-events';
import type { HostEvent } from '../../../src/shared/host-api';

it('tells every subscriber, in order, until one has had enough', () => {
  const { tell, subscribe } = createHostEvents(() => undefined);
  const heard: string[] = [];
  const listen = (name: string) => (event: HostEvent) => void heard.push(`${name} ${event.type}`);
  subscribe(listen('a'));
  const stop = subscribe(listen('b'));
  tell({ type: 'job-removed', id: 1 });
  stop();
  tell({ type: 'addons', addons: [] });
  expect(heard).toEqual(['a job-removed', 'b job-removed', 'a addons']);
});

it('shows notices, numbered, and keeps them for those who come later', () => {
  const logged: string[] = [];
  const { notify, warn, notices, subscribe } = createHostEvents((level, text) => logged.push(`${level} ${text}`));
  const heard: HostEvent[] = [];
  subscribe((event) => heard.push(event));
  notify('error', 'It broke.');
  warn(null);
  warn('It may break.');
  const expected = [
    { id: 1, level: 'error', text: 'It broke.', at: expect.any(Number) },
    { id: 2, level: 'warning', text: 'It may break.', at: expect.any(Number) },
  ];
  expect(notices()).toEqual(expected);
  expect(heard).toEqual(expected.map((notice) => ({ type: 'notice', notice })));
  expect(logged).toEqual(['error It broke.', 'warning It may break.']);
});

it('takes a notice back once its cause is gone, or something newer is said of it', () => {
  const { notify, settle, notices, subscribe } = createHostEvents(() => undefined);
  const heard: string[] = [];
  subscribe((event) => {
    if (event.type === 'notice') heard.push(`+${event.notice.id}`);
    if (event.type === 'notice-gone') heard.push(`-${event.id}`);
  });
  const texts = () => notices().map(({ text }) => text);
  notify('warning', 'The disk is away.', 'disk');
  notify('info', 'It rains.');
  notify('warning', 'The disk is away for good.', 'disk');
  expect(texts()).toEqual(['It rains.', 'The disk is away for good.']);
  notify('info', 'It rains.');
  settle('disk');
  settle('disk');
  settle('rain');
  expect(texts()).toEqual(['It rains.']);
  expect(heard).toEqual(['+1', '+2', '-1', '+3', '-2', '+4', '-3']);
});
