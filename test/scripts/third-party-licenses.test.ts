import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { LICENSES_FILE, licensesText } from '../../scripts/third-party-licenses.mjs';

const ROOT = resolve(import.meta.dirname, '../..');

test.each<[string, readonly RegExp[]]>([
  ['main', [/^ {2}commander \S+: MIT$/m, /^ {2}zod \S+: MIT$/m]],
  [
    'renderer',
    [
      /^ {2}three \S+: MIT$/m,
      /^ {2}react \S+: MIT$/m,
      /^ {2}Draco .*: Apache-2\.0$/m,
      /^ {2}Basis Universal .*: Apache-2\.0$/m,
      /^ {2}meshoptimizer .*: MIT$/m,
      /^ {2}@fontsource-variable\/inter \S+: OFL-1\.1$/m,
      /SIL OPEN FONT LICENSE/i,
      /TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION/,
    ],
  ],
  ['addon', [/^ {2}prom-client \S+: Apache-2\.0$/m, /^ {2}yaml \S+: ISC$/m, /^ {2}bcryptjs \S+: BSD-3-Clause$/m]],
  ['worker', [/Framegauge carries/]],
])('the built %s has the licences of what it carries beside it', (part, wanted) => {
  const file = join(ROOT, 'out', part, LICENSES_FILE);
  expect(existsSync(file), `${file} is missing: run npm run build`).toBe(true);
  const text = readFileSync(file, 'utf8');
  for (const pattern of wanted) expect(text).toMatch(pattern);
});

test('what is ours needs none, and each package is named once', () => {
  const text = licensesText([
    join(ROOT, 'src/main/cli.ts'),
    join(ROOT, 'node_modules/zod/index.js'),
    join(ROOT, 'node_modules/zod/v4/core.js?x'),
    '\0virtual',
  ]);
  expect(text.match(/^ {2}\S.*$/gm)).toEqual([expect.stringMatching(/^ {2}zod /)]);
});
