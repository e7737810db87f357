import type { Node } from 'acorn';
import { full } from 'acorn-walk';
import { memberName, parseModule, type Place, placeOf, type SyntaxNode } from './parse-module';

/** What code does with `ctx.jobs` and `ctx.images`, which need the permission `jobs`. */
export interface UsedContext {
  /** Methods of `ctx.jobs`, and `images.read`, each with its first place. */
  readonly calls: ReadonlyMap<string, Place>;
  /** The first place that hands `ctx.jobs` or `ctx.images` on, or names it, so that not every call of it is known. */
  readonly whole: Place | null;
  /** Whether the code mentions members of these names at all, of whatever object. */
  readonly mentioned: boolean;
}

type Part = 'jobs' | 'images';
const isPart = (name: string | null): name is Part => name === 'jobs' || name === 'images';

/**
 * Finds uses of the context: of whatever `register` names its parameter, of a variable or member named `ctx`, and of what
 * is destructured from them or assigned from their members. Names are followed through a module without regard to
 * scopes; a context that a function takes under another name is not found.
 *
 * @throws SyntaxError with acorn's message and `loc`
 */
export function usedContext(code: string): UsedContext {
  const { program } = parseModule(code);
  const contexts = new Set(['ctx']);
  const aliases = new Map<string, Part>();
  const calls = new Map<string, Place>();
  const members: SyntaxNode[] = [];
  /** Nodes that stand for a part and of which a member is taken. */
  const taken = new Set<SyntaxNode>();
  let whole: Place | null = null;
  let mentioned = false;

  /** Takes what a pattern takes out of the context. */
  function fromContext(pattern: SyntaxNode | null | undefined): void {
    const target = pattern?.type === 'AssignmentPattern' ? pattern.left : pattern;
    if (target?.type === 'Identifier') contexts.add(target.name!);
    for (const property of target?.properties ?? []) {
      const part = memberName(property);
      if (isPart(part)) fromPart(part, property.value as SyntaxNode);
    }
  }

  function fromPart(part: Part, pattern: SyntaxNode | null | undefined): void {
    if (pattern?.type === 'Identifier') {
      aliases.set(pattern.name!, part);
      whole ??= placeOf(pattern);
    }
    for (const property of pattern?.properties ?? []) {
      const name = memberName(property);
      if (name === null) whole ??= placeOf(property);
      else keepFirst(`${part}.${name}`, property);
    }
  }

  function keepFirst(name: string, node: Node): void {
    if (!calls.has(name)) calls.set(name, placeOf(node));
  }

  const isContext = (node: SyntaxNode | null | undefined): boolean =>
    node?.type === 'Identifier'
      ? contexts.has(node.name!)
      : node?.type === 'MemberExpression' && memberName(node) === 'ctx';

  /** The part that an expression stands for. */
  function partOf(node: SyntaxNode | null | undefined): Part | null {
    if (node?.type === 'ChainExpression') return partOf(node.expression);
    if (node?.type === 'Identifier') return aliases.get(node.name!) ?? null;
    if (node?.type !== 'MemberExpression' || !isContext(node.object)) return null;
    const name = memberName(node);
    return isPart(name) ? name : null;
  }

  // `register` first: its parameter names the context for the code before it, too.
  full(program, (node) => {
    const at = node as SyntaxNode;
    if (at.type === 'FunctionDeclaration' && at.id?.name === 'register') fromContext(at.params?.[0]);
    if (at.type === 'VariableDeclarator' && at.id?.name === 'register') fromContext(at.init?.params?.[0]);
    if (at.type === 'Property' && memberName(at) === 'register')
      fromContext((at.value as SyntaxNode | null)?.params?.[0]);
  });
  full(program, (node) => {
    const at = node as SyntaxNode;
    if (at.type === 'MemberExpression') members.push(at);
    for (const one of at.type === 'ObjectPattern' ? at.properties! : [at])
      if (/^(?:MemberExpression|Property)$/.test(one.type) && isPart(memberName(one))) mentioned = true;
    if (at.type !== 'VariableDeclarator') return;
    if (isContext(at.init)) fromContext(at.id);
    const part = partOf(at.init);
    if (part === null) return;
    fromPart(part, at.id);
    taken.add(at.init!);
  });
  for (const member of members) {
    const part = partOf(member.object);
    if (part === null) continue;
    taken.add(member.object!);
    const name = memberName(member);
    if (name === null) whole ??= placeOf(member);
    else keepFirst(`${part}.${name}`, member);
  }
  for (const member of members) if (partOf(member) !== null && !taken.has(member)) whole ??= placeOf(member);
  return { calls, whole, mentioned };
}
