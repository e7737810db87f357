/**
 * Removes the trailing zeros with which some exporters pad a glTF's JSON chunk. A regular expression would backtrack at
 * each of a million zeros that are not the last.
 */
export function withoutPadding(json: string): string {
  let end = json.length;
  while (end > 0 && json.charCodeAt(end - 1) === 0) end--;
  return json.slice(0, end);
}
