/**
 * The base64 characters of a data URI, without filling, line breaks and percent signs: four encode three bytes. It reads
 * what the render page's `fetch` does (https://fetch.spec.whatwg.org/#data-url-processor), in time linear in its length.
 *
 * @returns null for another URI, and for one that is not in base64
 */
export function base64Of(uri: string): string | null {
  const head = /^data:[^,]{0,200}; *base64,/i.exec(uri)?.[0];
  if (head === undefined) return null;
  let text = uri.slice(head.length);
  if (/[^A-Za-z0-9+/=]/.test(text))
    text = text
      .replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
      .replaceAll(/[\t\n\f\r ]+/g, '');
  if (text.length % 4 === 0) text = text.replace(/={1,2}$/, '');
  return text.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(text) ? null : text;
}

/** Number of bytes that base64 characters without filling encode. */
export function bytesIn(base64: string): number {
  return Math.floor((base64.length * 3) / 4);
}
