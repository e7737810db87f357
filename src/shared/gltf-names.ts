/** The parts of a glTF document needed to name its scenes and animations. */
export interface GltfNameSource {
  readonly scene?: number | undefined;
  readonly scenes?: readonly { readonly name?: string | undefined }[] | undefined;
  readonly animations?: readonly { readonly name?: string | undefined }[] | undefined;
}

/** Makes names unique as Blender does: the second of two equal names becomes `Name.001`. Linear in their number. */
export function distinctNames(bases: readonly string[]): string[] {
  const taken = new Set<string>();
  const next = new Map<string, number>();
  return bases.map((base) => {
    let name = base;
    let n = next.get(base) ?? 1;
    for (; taken.has(name); n++) name = `${base}.${String(n).padStart(3, '0')}`;
    next.set(base, n);
    taken.add(name);
    return name;
  });
}

/** The names of a document's animations, in its order: the host shows these names, and the page finds clips by them. */
export function animationNamesOf(gltf: GltfNameSource): string[] {
  return distinctNames((gltf.animations ?? []).map(({ name }, i) => name || `Animation ${i + 1}`));
}

/** The names of a document's scenes, in its order; empty where it lists none. */
export function sceneNamesOf(gltf: GltfNameSource): string[] {
  return distinctNames((gltf.scenes ?? []).map(({ name }, i) => name || `Scene ${i + 1}`));
}

/**
 * Finds a name in a list: an exact match, else the first that is equal after Unicode normalization. macOS writes names
 * decomposed (NFD), most other systems composed (NFC), and the two look the same.
 *
 * @returns the name as listed; null where there is no match
 */
export function findName(names: readonly string[], wanted: string): string | null {
  if (names.includes(wanted)) return wanted;
  const composed = wanted.normalize('NFC');
  return names.find((name) => name.normalize('NFC') === composed) ?? null;
}
