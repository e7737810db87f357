/** What an invitation says. */
export interface ReadInvitation {
  readonly url: string;
  readonly token: string;
}

/**
 * Reads the command that `machines invite` prints, which a person may paste whole.
 *
 * @returns null where the text is not such a command
 */
export function readInvitation(text: string): ReadInvitation | null {
  const option = (name: string): string | undefined => new RegExp(`--${name}[ =]+["']?([^\\s"']+)`).exec(text)?.[1];
  const [url, token] = [option('join'), option('token')];
  return url === undefined || token === undefined ? null : { url, token };
}
