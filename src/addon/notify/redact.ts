/** Preferences that no log line and no panel may show. */
export const SECRET_PREFERENCES = [
  'slackUrl',
  'discordUrl',
  'ntfyUrl',
  'ntfyToken',
  'matrixToken',
  'jsonUrl',
  'jsonToken',
  'smtpPassword',
] as const;

/**
 * Replaces secrets in what a service answered, which may repeat what it was sent: the values themselves, and the parts of
 * a URL's path and query, since those of web hooks are passwords.
 */
export function redact(text: string, secrets: readonly string[]): string {
  const parts = new Set<string>();
  for (const secret of secrets) {
    const trimmed = secret.trim();
    parts.add(trimmed).add(encodeURIComponent(trimmed));
    if (!URL.canParse(trimmed)) continue;
    const url = new URL(trimmed);
    parts.add(url.pathname + url.search);
    for (const part of `${url.pathname}&${url.search}`.split(/[/?&=]/)) parts.add(part);
  }
  return [...parts]
    .filter((part) => part.length >= 5)
    .sort((a, b) => b.length - a.length)
    .reduce((redacted, part) => redacted.replaceAll(part, '••••••'), text);
}
