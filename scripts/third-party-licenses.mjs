// @ts-check
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';

// electron-vite bundles this file into its configuration, which lies in the root.
const ROOT =
  [resolve(import.meta.dirname, '..'), import.meta.dirname].find((folder) =>
    existsSync(join(folder, 'scripts', 'licenses')),
  ) ?? '.';
const MODULES = `${sep}node_modules${sep}`;

/** Written next to each built part: the licences of the packages bundled in it. */
export const LICENSES_FILE = 'THIRD-PARTY-LICENSES.txt';

/** @param {string} name @param {string} holder */
const withText = (name, holder) =>
  `${holder}\n\n${readFileSync(join(ROOT, 'scripts', 'licenses', `${name}.txt`), 'utf8').trim()}`;

/**
 * Code that other packages bundle under a licence of its own, without that licence's text beside it.
 *
 * @type {readonly { readonly of: RegExp, readonly name: string, readonly license: string, readonly text: () => string
 * }[]}
 */
const CARRIED = [
  {
    of: /three\/examples\/jsm\/libs\/draco\//,
    name: 'Draco 3D graphics compression (inside of three)',
    license: 'Apache-2.0',
    text: () => withText('Apache-2.0', 'Copyright The Draco Authors'),
  },
  {
    of: /three\/examples\/jsm\/libs\/basis\//,
    name: 'Basis Universal transcoder (inside of three)',
    license: 'Apache-2.0',
    text: () => withText('Apache-2.0', 'Copyright Binomial LLC'),
  },
  {
    of: /three\/examples\/jsm\/libs\/meshopt_/,
    name: 'meshoptimizer (inside of three)',
    license: 'MIT',
    text: () => withText('MIT', 'Copyright (c) 2016-2026 Arseny Kapoulkine'),
  },
  {
    of: /three\/examples\/jsm\/libs\/ktx-parse/,
    name: 'ktx-parse (inside of three)',
    license: 'MIT',
    text: () => withText('MIT', 'Copyright (c) 2020 Don McCurdy'),
  },
  {
    of: /three\/examples\/jsm\/libs\/zstddec/,
    name: 'zstddec, with Zstandard (inside of three)',
    license: 'MIT, BSD-3-Clause',
    text: () =>
      withText('MIT', 'Copyright (c) 2020 Don McCurdy') +
      '\n\n' +
      withText('BSD-3-Clause', 'Copyright (c) Meta Platforms, Inc. and affiliates. All rights reserved.'),
  },
  {
    of: /three\/examples\/jsm\/libs\/fflate/,
    name: 'fflate (inside of three)',
    license: 'MIT',
    text: () => withText('MIT', 'Copyright (c) 2023 Arjun Barrett'),
  },
];

/** The folder of the package that a file belongs to; null for a file of ours. @param {string} file */
function packageOf(file) {
  const at = file.lastIndexOf(MODULES);
  if (at < 0) return null;
  const [first, second] = file.slice(at + MODULES.length).split(sep);
  return file.slice(0, at + MODULES.length) + (first?.startsWith('@') ? join(first, second ?? '') : first);
}

/** @param {string} folder of a package */
function licenseOf(folder) {
  const { name, version, license } = /** @type {{ name: string, version: string, license?: unknown }} */ (
    JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  );
  const files = readdirSync(folder)
    .filter((file) => /^(?:licen[cs]e|copying|notice)/i.test(file))
    .sort();
  const said = typeof license === 'string' ? license : 'see below';
  const text = files.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n');
  if (text === '' && said !== 'MIT')
    throw new Error(
      `${name} is carried inside of the program, and its licence (${said}) has no text in its package: add it to scripts/third-party-licenses.mjs.`,
    );
  return {
    title: `${name} ${version}`,
    license: said,
    text: text || withText('MIT', `Copyright the authors of ${name}`),
  };
}

/**
 * The licences of all packages that the given files come from.
 *
 * @param {Iterable<string>} files paths; of ours too
 */
export function licensesText(files) {
  /** @type {Map<string, { title: string, license: string, text: string }>} */
  const found = new Map();
  for (const given of files) {
    const file = given.replace(/^\0+/, '').replace(/[?#].*$/, '');
    const folder = packageOf(file);
    if (folder === null || !existsSync(join(folder, 'package.json'))) continue;
    const slashed = relative(ROOT, file).split(sep).join('/');
    const carried = CARRIED.find(({ of }) => of.test(slashed));
    if (carried && !found.has(carried.name))
      found.set(carried.name, { title: carried.name, license: carried.license, text: carried.text() });
    if (!found.has(folder)) found.set(folder, licenseOf(folder));
  }
  const entries = [...found.values()].sort((a, b) => (a.title < b.title ? -1 : 1));
  const rule = '-'.repeat(80);
  return [
    'Framegauge carries work of others inside of its files here. Each is under its own licence.',
    entries.map(({ title, license }) => `  ${title}: ${license}`).join('\n'),
    ...entries.map(({ title, license, text }) => `${rule}\n${title} (${license})\n${rule}\n\n${text}`),
    '',
  ].join('\n\n');
}

/** Writes the licences of a build's bundled packages next to it. @returns {import('vite').Plugin} */
export function thirdPartyLicenses() {
  let root = ROOT;
  return {
    name: 'framegauge-third-party-licenses',
    configResolved(config) {
      root = config.root;
    },
    generateBundle(_options, bundle) {
      /** @type {Set<string>} */
      const files = new Set();
      for (const part of Object.values(bundle)) {
        if (part.type === 'chunk') for (const id of part.moduleIds) files.add(id);
        else for (const name of part.originalFileNames) files.add(resolve(root, name));
      }
      // Style sheets and the files they refer to are assets by now; they were modules before.
      for (const id of this.getModuleIds()) if (/\.(?:css|woff2?|wasm)(?:\?|$)/.test(id)) files.add(id);
      this.emitFile({ type: 'asset', fileName: LICENSES_FILE, source: licensesText(files) });
    },
  };
}
