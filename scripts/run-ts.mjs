// Runs a TypeScript file of this repository on Node: node scripts/run-ts.mjs examples/make-turntable.ts [ARGS]
import { resolve } from 'node:path';
import { runnerImport } from 'vite';

const [file, ...args] = process.argv.slice(2);
if (!file) throw new Error('usage: node scripts/run-ts.mjs FILE [ARGS]');
process.argv = [process.execPath, resolve(file), ...args];
await runnerImport(resolve(file), { configFile: false, logLevel: 'error' });
