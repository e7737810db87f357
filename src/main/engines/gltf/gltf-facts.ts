import { camerasOf, nodesIn } from '../../../shared/gltf-cameras';
import { animationNamesOf, sceneNamesOf } from '../../../shared/gltf-names';
import { shortened } from '../../../shared/shortened';
import { UserError } from '../../../shared/user-error';
import { type ExternalFile, sentenceOf } from './external-files';
import { SUPPORTED_EXTENSIONS, type GltfDocument } from './gltf-document';
import { SCENE_LIMITS } from './scene-limits';

/** Extensions that don't affect the image. */
const INVISIBLE = new Set(['KHR_xmp', 'KHR_xmp_json_ld']);

/** Facts about one scene of a document. */
export interface GltfSceneFacts {
  readonly name: string;
  readonly cameras: readonly string[];
  /** Indices of the animations that affect it. */
  readonly animations: readonly number[];
}

/** What the host keeps of a glTF. Its size is bounded, whatever the file contains. */
export interface GltfFacts {
  /** Size of the scene file in bytes, its modification time (milliseconds since 1970), and its stamp. */
  readonly bytes: number;
  readonly modifiedAt: number;
  readonly stamp: string;
  /** Absolute path of the scene file, with links resolved. */
  readonly realPath: string;
  /** At least one: a document without scenes has all of its nodes in an unnamed one. */
  readonly scenes: readonly GltfSceneFacts[];
  /** Index of the scene shown by default. */
  readonly activeScene: number;
  /** `seconds`: null where unknown. */
  readonly animations: readonly { readonly name: string; readonly seconds: number | null }[];
  readonly externals: readonly ExternalFile[];
  /** Warnings to show before rendering, one sentence each. */
  readonly warnings: readonly string[];
  /** Pairs of animations that animate the same property, in the order of shared/animation-overlaps. */
  readonly overlaps: readonly (readonly [first: number, other: number])[];
}

/**
 * Collects the facts of a document.
 *
 * @param name of the file, for messages
 * @param lengths of its animations in seconds; null where unknown
 * @throws UserError when it has more names than can be shown
 */
export function factsOf(
  document: GltfDocument,
  name: string,
  externals: readonly ExternalFile[],
  lengths: readonly (number | null)[],
): Pick<GltfFacts, 'scenes' | 'activeScene' | 'animations' | 'externals' | 'warnings' | 'overlaps'> {
  const animationNames = animationNamesOf(document);
  const sceneNames = sceneNamesOf(document);
  let names = animationNames.length + sceneNames.length;
  let text = externals.reduce((sum, { uri }) => sum + uri.length, 0);
  const count = (list: readonly string[]): void => {
    for (const one of list) {
      if (one.length > SCENE_LIMITS.nameLength)
        throw new UserError(
          `“${name}” has a name of ${one.length.toLocaleString('en')} characters (“${shortened(one)}”), and at most ${SCENE_LIMITS.nameLength.toLocaleString('en')} are taken: rename it.`,
        );
      text += one.length;
    }
    if (names > SCENE_LIMITS.names || text > SCENE_LIMITS.text)
      throw new UserError(
        `“${name}” has more cameras, animations and scenes than can be shown (${SCENE_LIMITS.names.toLocaleString('en')} names, ${SCENE_LIMITS.text.toLocaleString('en')} characters): split it.`,
      );
  };
  count(animationNames);
  count(sceneNames);
  const scenes: GltfSceneFacts[] = [];
  for (let i = 0; i < Math.max(1, sceneNames.length); i++) {
    const cameras = camerasOf(document, i).map((camera) => camera.name);
    names += cameras.length;
    count(cameras);
    const animations = animationsIn(document, i);
    names += animations.length;
    scenes.push({ name: sceneNames[i] ?? '', cameras, animations });
  }
  const animations = animationNames.map((animation, i) => ({ name: animation, seconds: lengths[i] ?? null }));
  count([]);
  return {
    scenes,
    activeScene: document.scene ?? 0,
    animations,
    externals,
    warnings: warningsOf(document, name, externals, animations),
    overlaps: overlapsOf(document, animationNames),
  };
}

/** Animations that affect a node of a scene, or something other than a node, such as a material's colour. */
function animationsIn({ animations = [], scenes = [], ...document }: GltfDocument, scene: number): number[] {
  if (scenes.length <= 1) return animations.map((_, i) => i);
  const nodes = new Set(nodesIn({ ...document, scenes }, scene));
  return animations.flatMap(({ channels }, i) =>
    channels.some(({ target }) => target.node === undefined || nodes.has(target.node)) ? [i] : [],
  );
}

function warningsOf(
  document: GltfDocument,
  name: string,
  externals: readonly ExternalFile[],
  animations: GltfFacts['animations'],
): string[] {
  const warnings = externals
    .filter(({ found }) => found === null)
    .map((file) => `${sentenceOf(name, file)} Frames will fail.`);
  for (const extension of document.extensionsUsed ?? []) {
    if (!SUPPORTED_EXTENSIONS.has(extension) && !INVISIBLE.has(extension))
      warnings.push(`The glTF extension ${shortened(extension)} is not rendered.`);
  }
  for (const animation of animations) {
    if (animation.seconds === null)
      warnings.push(
        `How long the animation “${shortened(animation.name)}” is cannot be read: give the frames to render.`,
      );
  }
  const left = warnings.length - SCENE_LIMITS.warnings;
  return left > 0
    ? [...warnings.slice(0, SCENE_LIMITS.warnings), `There are ${left.toLocaleString('en')} more such warnings.`]
    : warnings;
}

/** Animations that animate a property which an earlier one animates, too. Truncated for files with very many. */
function overlapsOf(document: GltfDocument, names: readonly string[]): [number, number][] {
  const movers = new Map<string, number[]>();
  const overlaps: [number, number][] = [];
  let text = 0;
  for (const [i, { channels }] of (document.animations ?? []).entries()) {
    const others = new Set<number>();
    for (const { target } of channels) {
      const property = propertyOf(target);
      const earlier = movers.get(property);
      if (earlier === undefined) movers.set(property, [i]);
      else if (earlier.at(-1) !== i) {
        for (const other of earlier) others.add(other);
        earlier.push(i);
      }
    }
    for (const other of [...others].toSorted((a, b) => a - b)) {
      text += names[other]!.length + names[i]!.length + SCENE_LIMITS.overlapCost;
      if (text > SCENE_LIMITS.overlaps) return overlaps;
      overlaps.push([other, i]);
    }
  }
  return overlaps;
}

/** The property a channel animates; KHR_animation_pointer specifies it as a path into the document. */
function propertyOf({
  node,
  path,
  extensions,
}: NonNullable<GltfDocument['animations']>[number]['channels'][number]['target']): string {
  const pointed = extensions?.['KHR_animation_pointer'] as { pointer?: unknown } | undefined;
  return path === 'pointer' ? `pointer ${String(pointed?.pointer)}` : `${node}.${path}`;
}
