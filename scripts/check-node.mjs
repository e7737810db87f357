// @ts-check
import { readFileSync } from 'node:fs';

/*
 * Imported before anything that may need a newer Node: ends the process with a sentence if this one is too old. Uses
 * only what Node 16 has.
 */

/** @param {string} text `20.19.0`, `20.19` or `20` @returns {[number, number, number]} */
function numbersOf(text) {
  const [major = 0, minor = 0, patch = 0] = text
    .replace(/[-+].*$/, '')
    .split('.')
    .map(Number);
  return [major, minor, patch];
}

/** @typedef {ReturnType<typeof numbersOf>} Version */

/** @param {Version} a @param {Version} b @returns {number} below, at or above 0 as `a` is lower, the same or higher */
function compare(a, b) {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/**
 * Whether a version is in a range of the kinds that package.json's `engines` uses: `^20.19.0`, `>=22.12.0`, `20`, and
 * several joined by `||`.
 *
 * @param {string} version
 * @param {string} range
 * @returns {boolean}
 * @throws {Error} when the range is written in another way
 */
export function satisfies(version, range) {
  const given = numbersOf(version);
  return range.split('||').some((part) => {
    const match = /^\s*(\^|>=)?\s*v?(\d+(?:\.\d+){0,2})\s*$/.exec(part);
    if (match === null)
      throw new Error(
        `“${range}” is no version range that is understood here: write ^20.19.0, >=22.12.0 or 20, joined by ||.`,
      );
    const [, operator, lowest] = match;
    const from = numbersOf(lowest ?? '');
    if (compare(given, from) < 0) return false;
    return operator === '>=' || given[0] === from[0];
  });
}

/** The supported Node versions, from package.json. */
export const NODE_RANGE = /** @type {string} */ (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).engines.node
);

/**
 * What to tell somebody whose Node is too old; null if it will do.
 *
 * @param {string} version
 * @returns {string | null}
 */
export function nodeProblem(version) {
  if (satisfies(version, NODE_RANGE)) return null;
  return `Framegauge needs Node.js ${NODE_RANGE.replace(/\s*\|\|\s*/g, ' or ')}, and this is ${version}: install a newer one from https://nodejs.org.`;
}

const problem = nodeProblem(process.versions.node);
if (problem !== null) {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}
