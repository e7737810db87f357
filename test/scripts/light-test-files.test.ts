import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { lightTestFiles } from '../../scripts/light-test-files.mjs';
import { temporaryFolder } from '../helpers/temporary-folder';

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

it('are those that reach nothing that starts a process or a thread, over any number of imports', () => {
  const folder = folderOf({
    'pure.test.ts': `import { readFileSync } from 'node:fs';\nimport { two } from './deep/two';`,
    'deep/view.test.tsx': `import { two } from './two';\nimport script from './script.py?raw';`,
    'types.test.ts': `import type { ChildProcess } from 'node:child_process';\nimport type {\n  Worker,\n} from 'node:worker_threads';`,
    'direct.test.ts': `import { spawn } from 'node:child_process';`,
    'thread.test.ts': `import {\n  Worker,\n  type WorkerOptions,\n} from 'node:worker_threads';`,
    'over.test.ts': `import { over } from './deep/over';`,
    'passed-on.test.ts': `export * from './deep/starts';`,
    'late.test.ts': `it('starts one', async () => (await import('./deep/starts')).start());`,
    'effect.test.ts': `import './deep/starts';`,
    'nowhere.test.ts': `import { gone } from './gone';`,
    'no-test.ts': '',
    'deep/two.ts': `import { join } from 'node:path';\nimport { back } from './view.test';`,
    'deep/script.py': 'import subprocess',
    'deep/over.ts': `import { start } from './starts';`,
    'deep/starts.ts': `import { spawn } from 'node:child_process';\nexport const start = () => spawn('true');`,
  });
  expect(lightTestFiles(folder)).toEqual(['deep/view.test.tsx', 'pure.test.ts', 'types.test.ts']);
});
