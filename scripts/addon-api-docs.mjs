// @ts-check
// Writes the documentation of the add-on API, a Markdown page a type and member, from packages/addon/index.d.ts.
// node scripts/addon-api-docs.mjs [FOLDER]; by default out/addon-api
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { spawnSync } from 'node:child_process';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';

const ROOT = resolve(import.meta.dirname, '..');
const target = resolve(process.argv[2] ?? join(ROOT, 'out', 'addon-api'));
const work = mkdtempSync(join(tmpdir(), 'framegauge-addon-api-'));
try {
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: join(ROOT, 'packages', 'addon'),
      mainEntryPointFilePath: join(ROOT, 'packages', 'addon', 'index.d.ts'),
      compiler: {
        overrideTsconfig: {
          compilerOptions: { target: 'es2023', module: 'nodenext', types: ['node'], skipLibCheck: true },
        },
      },
      apiReport: { enabled: false, reportFileName: 'addon.api.md' },
      docModel: { enabled: true, apiJsonFilePath: join(work, 'framegauge-addon.api.json') },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        // Our docstrings are written for people: “@throws” within a line, “@param options.size”.
        tsdocMessageReporting: { default: { logLevel: /** @type {any} */ ('none') } },
        extractorMessageReporting: {
          default: { logLevel: /** @type {any} */ ('warning') },
          'ae-forgotten-export': { logLevel: /** @type {any} */ ('none') },
          'ae-missing-release-tag': { logLevel: /** @type {any} */ ('none') },
          'ae-unresolved-link': { logLevel: /** @type {any} */ ('none') },
        },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(ROOT, 'packages', 'addon', 'package.json'),
  });
  const { succeeded } = Extractor.invoke(config, {
    localBuild: true,
    messageCallback(message) {
      // “Analysis will use the bundled TypeScript version”, and that it is another one than the repository's.
      if (message.logLevel === 'info' || message.messageId.startsWith('console-')) message.handled = true;
    },
  });
  if (!succeeded) throw new Error('the documentation of the add-on API could not be made; see above');
  const documenter = join(
    dirname(createRequire(import.meta.url).resolve('@microsoft/api-documenter/package.json')),
    'bin',
    'api-documenter',
  );
  rmSync(target, { recursive: true, force: true });
  const made = spawnSync(
    process.execPath,
    [documenter, 'markdown', '--input-folder', work, '--output-folder', target],
    {
      encoding: 'utf8',
    },
  );
  if (made.status !== 0) throw new Error(made.stdout + made.stderr);
  console.log(`The documentation of the add-on API is in ${target}.`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
