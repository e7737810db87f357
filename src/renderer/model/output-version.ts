/** The version in an output's folder or name, as `v002`; the last one where there are several. */
export function versionIn(output: string): string {
  return [...output.matchAll(/v\d{3,}(?!\d)/gi)].at(-1)?.[0] ?? 'v002';
}
