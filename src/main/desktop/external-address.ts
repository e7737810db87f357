/**
 * Whether a link of the UI may be opened in the system's browser. Only web addresses: other schemes start programs or
 * open files, and credentials in a URL serve to disguise it.
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
