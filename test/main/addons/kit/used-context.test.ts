import { describe, expect, it } from 'vitest';
import { usedContext } from '../../../../src/main/addons/kit/used-context';

const calls = (code: string): Record<string, string> => Object.fromEntries(usedContext(code).calls);

describe('what code does with jobs and images', () => {
  it.each([
    ['the parameter of register', 'export function register(host) { host.jobs.list(); host.images.read(1, 1); }'],
    [
      'that of an arrow function',
      'export const register = async (host) => { host.jobs.list(); host?.images?.read(1, 1); };',
    ],
    [
      'that of a method',
      'export default defineAddon({ register(host) { host.jobs.list(); host.images.read(1, 1); } });',
    ],
    [
      'a parameter that is taken apart',
      'export function register({ jobs, images }) { jobs.list(); images.read(1, 1); }',
    ],
    ['anything called ctx', 'class A { go(ctx) { this.ctx.jobs.list(); ctx["images"]["read"](1, 1); } }'],
    ['variables', 'const register = (host) => { const { jobs } = host; const { read } = host.images; jobs.list(); };'],
  ])('is found of %s', (_what, code) => {
    expect(Object.keys(calls(code)).sort()).toEqual(['images.read', 'jobs.list']);
  });

  it('is told with its first place', () => {
    expect(calls('ctx.jobs.get(1);\n ctx.jobs.get(2);\n ctx.jobs.cancel(3)')).toEqual({
      'jobs.get': '1:1',
      'jobs.cancel': '3:2',
    });
  });

  it('is not all known where they are handed on', () => {
    expect(usedContext('ctx.jobs.list()').whole).toBeNull();
    expect(usedContext('start({\n  jobs: ctx.jobs })').whole).toBe('2:9');
    expect(usedContext('const jobs = ctx.jobs;').whole).toBe('1:7');
    expect(usedContext('ctx.jobs[name]()').whole).toBe('1:1');
  });

  it('is nothing of other objects, though they are mentioned', () => {
    const {
      calls: found,
      whole,
      mentioned,
    } = usedContext('const jobs = new Map(); this.jobs.get(1); queue.jobs.list();');
    expect([found.size, whole, mentioned]).toEqual([0, null, true]);
    expect(usedContext('function start({ jobs }) {}').mentioned).toBe(true);
    expect(usedContext('console.log("ctx.jobs.list()")').mentioned).toBe(false);
  });
});
