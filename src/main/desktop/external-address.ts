/**
 * Whether a link of the UI may be handed to the system's browser. Only web addresses: others start programs or open files, and credentials in an
 * address serve to disguise it.
 */
export function isExternalAddress(address: string): boolean {
  try {
    const url = new URL(address);
    return (
      (url.protocol === 'https:' || url.protocol === 'http:') &&
      url.username === '' &&
      url.password === '' &&
      url.hostname !== ''
    );
  } catch {
    return false;
  }
}
