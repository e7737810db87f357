/** See index.d.ts. */
export function defineAddon(addon) {
  return addon;
}
