/** What some systems take a name or path for: they tell no case, and no way of composing a letter, from another. */
export function foldedName(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
