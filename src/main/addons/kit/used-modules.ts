import { type Node, parse } from 'acorn';
import { full } from 'acorn-walk';

/** Where something is used, as `line:column`, both from 1. */
type Place = string;

/** What a module's code reaches for, found without running it. */
export interface UsedModules {
  /** Names in `import`, `export … from`, `import()` and `require()`, with their first place. */
  readonly modules: ReadonlyMap<string, Place>;
  /** Global functions and classes that it uses, with their first place. */
  readonly globals: ReadonlyMap<string, Place>;
  /** Imports whose name is computed, so that they cannot be looked at. */
  readonly computed: readonly Place[];
  /** Exported names; null where the module is not an ES module. */
  readonly exported: ReadonlySet<string> | null;
}

/** Globals that need a permission. */
const GLOBALS: ReadonlySet<string> = new Set(['fetch', 'WebSocket', 'EventSource']);

/**
 * Parses a module.
 *
 * @throws SyntaxError with acorn's message and `loc`
 */
export function usedModules(code: string): UsedModules {
  const { program, esm } = parseEither(code);
  const modules = new Map<string, Place>();
  const globals = new Map<string, Place>();
  const declared = new Set<string>();
  const exported = new Set<string>();
  const computed: Place[] = [];
  const use = (source: AnyNode | null | undefined): void => {
    if (!source) return;
    if (source.type === 'Literal' && typeof source.value === 'string') keepFirst(modules, source.value, source);
    else computed.push(placeOf(source));
  };
  full(program, (node) => {
    const at = node as AnyNode;
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
        if (at.object?.name === 'globalThis' && at.property?.name !== undefined && GLOBALS.has(at.property.name))
          keepFirst(globals, at.property.name, at);
        break;
    }
  });
  for (const name of declared) globals.delete(name);
  return { modules, globals, computed, exported: esm ? exported : null };
}

/** The parts of ESTree's nodes that are looked at. */
interface AnyNode extends Node {
  readonly name?: string;
  readonly value?: unknown;
  readonly source?: AnyNode | null;
  readonly callee?: AnyNode;
  readonly object?: AnyNode;
  readonly property?: AnyNode;
  readonly arguments?: readonly AnyNode[];
  readonly local?: AnyNode;
  readonly exported?: AnyNode | null;
  readonly specifiers?: readonly AnyNode[];
  readonly declaration?: AnyNode | null;
  readonly declarations?: readonly AnyNode[];
  readonly id?: AnyNode | null;
}

/** CommonJS files are not all valid ES modules, nor the reverse. */
function parseEither(code: string): { program: Node; esm: boolean } {
  const options = { ecmaVersion: 'latest', locations: true, allowHashBang: true } as const;
  try {
    const program = parse(code, { ...options, sourceType: 'module' });
    const esm = program.body.some((node) => /^(?:Import|Export)/.test(node.type));
    return { program, esm };
  } catch (error) {
    try {
      return {
        program: parse(code, { ...options, sourceType: 'script', allowReturnOutsideFunction: true }),
        esm: false,
      };
    } catch {
      throw error;
    }
  }
}

function keepFirst(map: Map<string, Place>, name: string, node: Node): void {
  if (!map.has(name)) map.set(name, placeOf(node));
}

const placeOf = ({ loc }: Node): Place => (loc ? `${loc.start.line}:${loc.start.column + 1}` : '1:1');

const nameOf = (node: AnyNode): string => node.name ?? String(node.value);

/** Names that a declaration declares; those of patterns are of no interest here. */
function namesOf(declaration: AnyNode | null | undefined): string[] {
  return [declaration?.id, ...(declaration?.declarations ?? []).map(({ id }) => id)].flatMap((id) =>
    id?.name === undefined ? [] : [id.name],
  );
}
