const NAMES: Readonly<Record<string, string>> = {
  cycles: 'Cycles',
  eevee: 'EEVEE',
  workbench: 'Workbench',
};

/** A render engine of Blender's as its users know it; an add-on's by its identifier. */
export function renderEngineName(engine: string): string {
  return NAMES[engine] ?? engine;
}

/** Blender's own, and the one that the scene uses. */
export function renderEngineOptions(own: string): { value: string; label: string }[] {
  return [...new Set([...Object.keys(NAMES), own])]
    .filter((engine) => engine !== '')
    .map((value) => ({ value, label: renderEngineName(value) }));
}
