/** A sentence about what is wrong with the preference farm.listen; null where it is valid. */
export function problemOfFarmAddress(text: string): string | null {
  const port = /^(?:[^\s:/[\]]+|\[[\da-fA-F:.]+\]):(\d{1,5})$/.exec(text)?.[1];
  return port !== undefined && Number(port) < 65_535
    ? null
    : `farm.listen cannot be “${text}”: write an address and a port, as 0.0.0.0:8790.`;
}
