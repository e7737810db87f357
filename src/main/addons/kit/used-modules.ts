import type { Node } from 'acorn';
import { full } from 'acorn-walk';
import { memberName, parseModule, type Place, placeOf, type SyntaxNode } from './parse-module';

/** What a module's code reaches for, found without running it. */
export interface UsedModules {
  /** Names in `import`, `export … from`, `import()` and `require()`, with their first place. */
  readonly modules: ReadonlyMap<string, Place>;
  /**
   * Global functions and classes that it uses, with their first place: those that need a permission, `process.kill` of
   * another process and `process.dlopen`, and `new Worker` where the module imports worker_threads, which alone needs none.
   */
  readonly globals: ReadonlyMap<string, Place>;
  /** Imports whose name is computed, so that they cannot be looked at. */
  readonly computed: readonly Place[];
  /** Exported names; null where the module is not an ES module. */
  readonly exported: ReadonlySet<string> | null;
}

/** Globals that need a permission. */
const GLOBALS: ReadonlySet<string> = new Set(['fetch', 'WebSocket', 'EventSource']);
/** Functions of `process` that need one. */
const OF_PROCESS: ReadonlySet<string> = new Set(['process.kill', 'process.dlopen']);
const THREADS = /^(?:node:)?worker_threads$/;

/**
 * Parses a module.
 *
 * @throws SyntaxError with acorn's message and `loc`
 */
export function usedModules(code: string): UsedModules {
  const { program, esm } = parseModule(code);
  const modules = new Map<string, Place>();
  const globals = new Map<string, Place>();
  const declared = new Set<string>();
  const exported = new Set<string>();
  const computed: Place[] = [];
  let worker: Node | null = null;
  const use = (source: SyntaxNode | null | undefined): void => {
    if (!source) return;
    if (source.type === 'Literal' && typeof source.value === 'string') keepFirst(modules, source.value, source);
    else computed.push(placeOf(source));
  };
  full(program, (node) => {
    const at = node as SyntaxNode;
    switch (at.type) {
      case 'ImportDeclaration':
      case 'ImportExpression':
        use(at.source);
        break;
      case 'ExportAllDeclaration':
        use(at.source);
        if (at.exported) exported.add(nameOf(at.exported));
        break;
      case 'ExportNamedDeclaration':
        use(at.source);
        for (const name of [...namesOf(at.declaration), ...(at.specifiers ?? []).map((one) => nameOf(one.exported!))])
          exported.add(name);
        break;
      case 'ExportDefaultDeclaration':
        exported.add('default');
        break;
      case 'CallExpression':
        if (at.callee?.type === 'Identifier' && at.callee.name === 'require') use(at.arguments?.[0]);
        if (at.callee?.object?.name === 'process' && !isOwnPid(at.arguments?.[0])) {
          const name = `process.${memberName(at.callee)}`;
          if (OF_PROCESS.has(name)) keepFirst(globals, name, at);
        }
        break;
      case 'NewExpression':
        if (at.callee && (at.callee.name ?? memberName(at.callee)) === 'Worker') worker ??= at;
        break;
      case 'ImportSpecifier':
      case 'ImportDefaultSpecifier':
      case 'ImportNamespaceSpecifier':
        declared.add(at.local!.name!);
        break;
      case 'VariableDeclarator':
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
        if (at.id?.name !== undefined) declared.add(at.id.name);
        break;
      case 'Identifier':
        if (GLOBALS.has(at.name!)) keepFirst(globals, at.name!, at);
        break;
      case 'MemberExpression':
        if (at.object?.name === 'globalThis' && GLOBALS.has(memberName(at) ?? ''))
          keepFirst(globals, memberName(at)!, at);
        break;
    }
  });
  for (const name of declared) globals.delete(name);
  if (worker && [...modules.keys()].some((name) => THREADS.test(name))) keepFirst(globals, 'Worker', worker);
  return { modules, globals, computed, exported: esm ? exported : null };
}

function keepFirst(map: Map<string, Place>, name: string, node: Node): void {
  if (!map.has(name)) map.set(name, placeOf(node));
}

const isOwnPid = (node: SyntaxNode | undefined): boolean =>
  node?.object?.name === 'process' && memberName(node) === 'pid';

const nameOf = (node: SyntaxNode): string => node.name ?? String(node.value);

/** Names that a declaration declares; those of patterns are of no interest here. */
function namesOf(declaration: SyntaxNode | null | undefined): string[] {
  return [declaration?.id, ...(declaration?.declarations ?? []).map(({ id }) => id)].flatMap((id) =>
    id?.name === undefined ? [] : [id.name],
  );
}
