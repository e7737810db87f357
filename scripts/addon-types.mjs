// @ts-check
// Writes packages/addon/index.d.ts: the add-on API as authors get it, in files that need no other package.
// Interfaces are copied from src/addon/api/context.ts; types inferred from schemas are written out with their comments.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { format } from 'prettier';

const ROOT = resolve(import.meta.dirname, '..');
// TypeScript 7 has no interface for programs. The API's documentation is made with an earlier one, which has.
const ts = createRequire(createRequire(import.meta.url).resolve('@microsoft/api-extractor/package.json'))('typescript');

const ENTRY = join(ROOT, 'src/addon/api/context.ts');
const PROM_CLIENT = join(ROOT, 'node_modules/prom-client/index.d.ts');
const HEAD = `// The add-on API of Framegauge, version 1. Made by scripts/addon-types.mjs from src/addon/api/context.ts: do not edit.

/// <reference types="node" />
`;
const PROM_CLIENT_HEAD = `// The types of prom-client, on which ctx.metrics is built, as they come with it.
// Copyright 2015 Simon Nyberg and the contributors of prom-client; Apache License 2.0.

`;
const TAIL = `
/** Returns the given module unchanged, so that editors and compilers check it against {@link AddonModule}. */
export declare function defineAddon(addon: AddonModule): AddonModule;
`;

/**
 * The declaration files of packages/addon.
 *
 * @returns {Promise<Record<string, string>>} their texts by name
 */
export async function addonTypes() {
  const config = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile).config;
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
  const program = ts.createProgram([ENTRY], { ...options, types: ['node'] });
  const checker = program.getTypeChecker();
  const entry = checker.getSymbolAtLocation(program.getSourceFile(ENTRY));

  /** @type {Map<any, string>} Declared symbols to write, with their names. */
  const names = new Map();
  /** @type {Set<string>} Types that are imported. */
  const ofPromClient = new Set();
  /** @type {Map<any, string>} Types that have a name. */
  const named = new Map();
  const real = (/** @type {any} */ symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const exported = checker.getExportsOfModule(entry).map(real);
  for (const symbol of exported) name(symbol);

  function name(/** @type {any} */ symbol) {
    if (names.has(symbol)) return;
    if ([...names.values()].includes(symbol.name))
      throw new Error(`two types of the add-on API are called ${symbol.name}`);
    names.set(symbol, symbol.name);
    const type = checker.getDeclaredTypeOfSymbol(symbol);
    if (type.flags & ts.TypeFlags.Object && !symbol.declarations[0].typeParameters) named.set(type, symbol.name);
  }

  /** Whether a symbol comes with TypeScript or @types/node, so that authors have it. */
  const isGlobal = (/** @type {any} */ symbol) =>
    symbol.declarations?.every((/** @type {any} */ one) =>
      /\/(?:typescript\/lib|@types\/node|undici-types)\//.test(one.getSourceFile().fileName),
    );
  const isInferred = (/** @type {any} */ declaration) =>
    ts.isTypeAliasDeclaration(declaration) && !declaration.typeParameters && !isPlain(declaration.type);
  /** Whether a type is written in words that can be copied. */
  function isPlain(/** @type {any} */ node) {
    let plain = true;
    const visit = (/** @type {any} */ one) => {
      if (ts.isTypeQueryNode(one) || ts.isIndexedAccessTypeNode(one)) plain = false;
      if (ts.isTypeReferenceNode(one) && !isCopied(one)) plain = false;
      ts.forEachChild(one, visit);
    };
    visit(node);
    return plain;
  }
  /** Whether a reference can stay as it is: to a global, a parameter, or a declaration that is written too. */
  function isCopied(/** @type {any} */ reference) {
    const symbol = real(checker.getSymbolAtLocation(reference.typeName));
    if (symbol.flags & ts.SymbolFlags.TypeParameter || isGlobal(symbol)) return true;
    const [declaration] = symbol.declarations;
    const file = declaration.getSourceFile().fileName;
    if (file === PROM_CLIENT) return true;
    // Generic types of the host's own operations mean nothing to authors.
    if (names.has(symbol)) return true;
    return !/\/node_modules\//.test(file) && !declaration.typeParameters && !file.endsWith('/shared/host-api.ts');
  }

  /** A declaration's text, with what authors can't see written out. */
  function copy(/** @type {any} */ declaration) {
    const source = declaration.getSourceFile();
    const start = declaration.getStart(source, true);
    /** @type {{ start: number, end: number, text: string }[]} */
    const changes = [];
    const visit = (/** @type {any} */ node) => {
      if (ts.isTypeReferenceNode(node)) {
        if (!isCopied(node)) {
          changes.push({
            start: node.getStart(source),
            end: node.getEnd(),
            text: write(checker.getTypeFromTypeNode(node)),
          });
          return;
        }
        const symbol = real(checker.getSymbolAtLocation(node.typeName));
        if (symbol.declarations[0].getSourceFile().fileName === PROM_CLIENT) ofPromClient.add(symbol.name);
        else if (!(symbol.flags & ts.SymbolFlags.TypeParameter) && !isGlobal(symbol)) name(symbol);
      } else if (ts.isExpressionWithTypeArguments(node)) {
        const symbol = real(checker.getSymbolAtLocation(node.expression));
        if (!isGlobal(symbol)) name(symbol);
      }
      ts.forEachChild(node, visit);
    };
    visit(declaration);
    let text = source.text.slice(start, declaration.getEnd());
    for (const change of changes.sort((a, b) => b.start - a.start))
      text = text.slice(0, change.start - start) + change.text + text.slice(change.end - start);
    return text;
  }

  /**
   * Writes out a type, by the names of those that have one.
   *
   * @returns {string}
   */
  function write(/** @type {any} */ type, /** @type {boolean} */ whole = false, /** @type {any[]} */ path = []) {
    if (!whole && named.has(type)) return String(named.get(type));
    if (!whole && type.aliasSymbol && names.has(type.aliasSymbol)) return String(names.get(type.aliasSymbol));
    if (path.includes(type)) throw new Error(`${checker.typeToString(type)} refers to itself and has no name`);
    /** @type {(one: any) => string} */
    const inside = (one) => write(one, false, [...path, type]);
    if (type.isUnion()) {
      const parts = type.types.map(inside);
      if (parts.includes('false') && parts.includes('true'))
        parts.splice(
          0,
          parts.length,
          ...parts.filter((/** @type {string} */ part) => !/^(?:true|false)$/.test(part)),
          'boolean',
        );
      return [...new Set(parts.map((/** @type {string} */ part) => (part.includes('=>') ? `(${part})` : part)))].join(
        ' | ',
      );
    }
    if (checker.isArrayType(type)) return `Array<${inside(checker.getTypeArguments(type)[0])}>`;
    if (checker.isTupleType(type)) return `[${checker.getTypeArguments(type).map(inside).join(', ')}]`;
    if (!(type.flags & ts.TypeFlags.Object) || isGlobal(type.symbol ?? {}))
      if (!(type.flags & ts.TypeFlags.Intersection))
        return checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation);
    const [call] = type.getCallSignatures();
    if (call) return checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation);
    const lines = checker
      .getIndexInfosOfType(type)
      .map((/** @type {any} */ one) => `[key: ${checker.typeToString(one.keyType)}]: ${inside(one.type)};`);
    for (const property of checker.getPropertiesOfType(type)) {
      const optional = property.flags & ts.SymbolFlags.Optional ? '?' : '';
      let of = checker.getTypeOfSymbol(property);
      if (optional && of.isUnion()) {
        const rest = of.types.filter((/** @type {any} */ one) => !(one.flags & ts.TypeFlags.Undefined));
        const text = [...new Set(rest.map(inside))]
          .join(' | ')
          .replace(/\b(?:false \| true|true \| false)\b/, 'boolean');
        lines.push(`${comment(property)}${key(property.name)}?: ${text};`);
        continue;
      }
      lines.push(`${comment(property)}${key(property.name)}${optional}: ${inside(of)};`);
    }
    return `{\n${lines.join('\n')}\n}`;
  }

  const key = (/** @type {string} */ text) => (/^[A-Za-z_$][\w$]*$/.test(text) ? text : JSON.stringify(text));
  function comment(/** @type {any} */ symbol) {
    const text = ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();
    return text === '' ? '' : `/** ${text.replaceAll('\n', '\n * ')} */\n`;
  }

  const written = new Map();
  for (const [symbol, label] of names) {
    const blocks = symbol.declarations
      .filter(
        (/** @type {any} */ one) =>
          ts.isInterfaceDeclaration(one) || ts.isTypeAliasDeclaration(one) || ts.isClassDeclaration(one),
      )
      .map((/** @type {any} */ declaration) => {
        if (!isInferred(declaration))
          return copy(declaration)
            .replace(
              /^((?:\/\*\*[^]*?\*\/\s*)?)(?:export )?(?:declare )?(abstract )?class /,
              '$1export declare $2class ',
            )
            .replace(/^((?:\/\*\*[^]*?\*\/\s*)?)(interface|type) /, '$1export $2 ');
        const doc = comment(symbol);
        return `${doc}export type ${label} = ${write(checker.getDeclaredTypeOfSymbol(symbol), true)};`;
      });
    written.set(label, blocks.join('\n\n'));
  }
  const first = exported.map((/** @type {any} */ symbol) => symbol.name);
  const order = [...new Set(['AddonContext', 'AddonModule', ...first, ...written.keys()])];
  const imports =
    ofPromClient.size > 0 ? `import type { ${[...ofPromClient].sort().join(', ')} } from './prom-client.js';\n` : '';
  const text = `${HEAD}${imports}\n${order.map((label) => written.get(label)).join('\n\n')}\n${TAIL}`;
  const form = /** @type {const} */ ({ parser: 'typescript', printWidth: 120, singleQuote: true });
  return {
    'index.d.ts': await format(text, form),
    'prom-client.d.ts': PROM_CLIENT_HEAD + (await format(readFileSync(PROM_CLIENT, 'utf8'), form)),
  };
}

if (process.argv[1] === import.meta.filename)
  for (const [name, text] of Object.entries(await addonTypes()))
    writeFileSync(join(ROOT, 'packages/addon', name), text);
