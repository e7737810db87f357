/** The value of a JSON text; undefined where it is none, which no schema takes that asks for something. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
