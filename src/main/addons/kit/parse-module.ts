import { type Node, parse } from 'acorn';

/** Where something is, as `line:column`, both from 1. */
export type Place = string;

/** Where a node begins. */
export const placeOf = ({ loc }: Node): Place => (loc ? `${loc.start.line}:${loc.start.column + 1}` : '1:1');

/**
 * Parses a module.
 *
 * @throws SyntaxError with acorn's message and `loc`
 */
export function parseModule(code: string): { program: Node; esm: boolean } {
  const options = { ecmaVersion: 'latest', locations: true, allowHashBang: true } as const;
  // CommonJS files are not all valid ES modules, nor the reverse.
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

/** The parts of ESTree's nodes that are looked at. */
export interface SyntaxNode extends Node {
  readonly name?: string;
  readonly value?: unknown;
  readonly computed?: boolean;
  readonly source?: SyntaxNode | null;
  readonly callee?: SyntaxNode;
  readonly object?: SyntaxNode;
  readonly property?: SyntaxNode;
  readonly key?: SyntaxNode;
  readonly left?: SyntaxNode;
  readonly init?: SyntaxNode | null;
  readonly id?: SyntaxNode | null;
  readonly expression?: SyntaxNode;
  readonly params?: readonly SyntaxNode[];
  readonly properties?: readonly SyntaxNode[];
  readonly arguments?: readonly SyntaxNode[];
  readonly local?: SyntaxNode;
  readonly exported?: SyntaxNode | null;
  readonly specifiers?: readonly SyntaxNode[];
  readonly declaration?: SyntaxNode | null;
  readonly declarations?: readonly SyntaxNode[];
}

/** The name of a member or property; null where it is computed, or a rest of others. */
export function memberName({ property, key, computed }: SyntaxNode): string | null {
  const name = property ?? key;
  if (name?.type === 'Literal') return String(name.value);
  return computed ? null : (name?.name ?? null);
}
