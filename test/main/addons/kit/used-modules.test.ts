import { describe, expect, it } from 'vitest';
import { usedModules } from '../../../../src/main/addons/kit/used-modules';

describe('the modules that code uses', () => {
  it('are found however they are imported, with their first place', () => {
    const { modules, computed, exported } = usedModules(`#!/usr/bin/env node
import fs from 'node:fs';
export { x as register } from './x.mjs';
export * from 'all';
export default 1;
export const { a } = {}, b = 2;
const child = await import('node:child_process');
const other = await import(name);
const c = require('net');
import 'node:fs';`);
    expect(Object.fromEntries(modules)).toEqual({
      'node:fs': '2:16',
      './x.mjs': '3:31',
      all: '4:15',
      'node:child_process': '7:28',
      net: '9:19',
    });
    expect(computed).toEqual(['8:28']);
    expect([...exported!]).toEqual(['register', 'default', 'b']);
  });

  it('include globals, unless the module has its own of that name', () => {
    expect([...usedModules(`export const f = () => fetch('/'); globalThis.WebSocket;`).globals.keys()]).toEqual([
      'fetch',
      'WebSocket',
    ]);
    expect([...usedModules(`import { fetch } from 'undici'; fetch('/');`).globals.keys()]).toEqual([]);
    expect([...usedModules(`const text = 'fetch(1)'; const o = { notFetch: 1 }; // fetch()`).globals.keys()]).toEqual(
      [],
    );
  });

  it('include threads, signals to other processes and native code', () => {
    const globals = (code: string): string[] => [...usedModules(code).globals.keys()];
    expect(globals(`import { Worker } from 'node:worker_threads'; new Worker('a');`)).toEqual(['Worker']);
    expect(globals(`import threads from 'worker_threads'; new threads.Worker('a');`)).toEqual(['Worker']);
    expect(globals(`import { parentPort } from 'node:worker_threads';`)).toEqual([]);
    expect(globals(`class Worker {} new Worker('a');`)).toEqual([]);
    expect(globals(`process.kill(pid); process['dlopen'](m, f);`)).toEqual(['process.kill', 'process.dlopen']);
    expect(globals(`process.kill(process.pid, 'SIGTERM'); child.kill();`)).toEqual([]);
  });

  it('are found in CommonJS, which exports in its own way', () => {
    const { modules, exported } = usedModules(`const { spawn } = require('child_process');\nreturn;`);
    expect([...modules.keys()]).toEqual(['child_process']);
    expect(exported).toBeNull();
  });

  it('cannot be found in what is no JavaScript', () => {
    expect(() => usedModules('const = 3')).toThrow(/Unexpected token \(1:6\)/);
  });
});
