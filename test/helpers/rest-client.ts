/** Asks a host's REST interface, below `/api/v1`. @throws with the problem that it answered */
export type AskRest = <T>(method: string, path: string, body?: unknown) => Promise<T>;

/** @param token of the control server */
export function restClient(port: number, token: string): AskRest {
  return async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${text}`);
    return JSON.parse(text);
  };
}
