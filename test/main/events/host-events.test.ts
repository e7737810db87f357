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
    { id: 1, level: 'error', text: 'It broke.' },
    { id: 2, level: 'warning', text: 'It may break.' },
  ];
  expect(notices()).toEqual(expected);
  expect(heard).toEqual(expected.map((notice) => ({ type: 'notice', notice })));
  expect(logged).toEqual(['error It broke.', 'warning It may break.']);
});
