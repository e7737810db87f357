/**
 * A web address that the host gave, as this page reaches it: what is the host's own machine there is, for a page that
 * is seen from elsewhere, the machine that the page came from.
 *
 * @returns null for what does not lead to the web
 */
export function reachableHref(href: string, page: Pick<Location, 'protocol' | 'hostname'>): string | null {
  if (!/^https?:\/\//i.test(href) || !URL.canParse(href)) return null;
  const url = new URL(href);
  // In the desktop shell the page comes from nowhere; it is on the host's machine.
  if (page.protocol.startsWith('http') && isLoopback(url.hostname) && !isLoopback(page.hostname))
    url.hostname = page.hostname;
  return url.href;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
