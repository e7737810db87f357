/**
 * Parses a list of additional host names, separated by blanks or commas.
 *
 * @returns the names in lower case, and the words that are not valid names
 */
export function readHostNames(text: string): { readonly names: readonly string[]; readonly wrong: readonly string[] } {
  const words = text
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter((word) => word !== '');
  // Also accepts an address that a router forwards, and service names of a compose file, which may contain “_”.
  const isName = (word: string): boolean =>
    word.length <= 253 && /^(?:[a-z\d_](?:[a-z\d_-]{0,61}[a-z\d_])?(?:\.(?!$)|\.?$))+$|^\[[\da-f:.]+\]$/.test(word);
  return {
    names: words.filter(isName).map((word) => word.replace(/\.$/, '')),
    wrong: words.filter((word) => !isName(word)),
  };
}

/** A sentence about the first problem in a list of host names; null where it is valid. */
export function problemOfHostNames(text: string): string | null {
  const [wrong] = readHostNames(text).wrong;
  return wrong === undefined
    ? null
    : `“${wrong}” is no name of a host: write it as renders.example, without http:// and without a port.`;
}

/** A host name or address without the brackets that URLs have around IPv6. */
export function unbracketed(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}
