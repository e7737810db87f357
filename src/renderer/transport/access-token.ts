const KEY = 'framegauge.token';

/**
 * The token that proves to the headless host that this page's reader may use it. It comes in the part of the address
 * that browsers never send (`#token=…`), is kept for this tab only, and is taken out of the address bar so that it is
 * not copied along with it.
 */
export function takeAccessToken(location: Location, history: History, storage: Storage): string | null {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given !== null) {
    storage.setItem(KEY, given);
    history.replaceState(null, '', location.pathname + location.search);
    return given;
  }
  return storage.getItem(KEY);
}

export function keepAccessToken(token: string, storage: Storage): void {
  storage.setItem(KEY, token);
}

/** Takes the token out of whatever was pasted: the bare token, or the whole line that the host printed. */
export function tokenFromPaste(text: string): string {
  const match = /[#&]token=([^\s&"'<>]+)/.exec(text);
  return match ? decodeURIComponent(match[1]!) : text.trim();
}
