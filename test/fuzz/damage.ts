import fc from 'fast-check';

/** What happens to a file on a bad disk: bytes are others, or its end is missing. */
export interface Damage {
  /** Where and which bits are flipped; places beyond the file count from its start again. */
  readonly flips: readonly { readonly at: number; readonly bits: number }[];
  /** How much is left of it, 0 to 1. */
  readonly keep: number;
}

/** @param within where bytes are flipped: so many from the file's start */
export function damages(within: number): fc.Arbitrary<Damage> {
  const flips = fc.array(fc.record({ at: fc.nat(within - 1), bits: fc.integer({ min: 1, max: 255 }) }), {
    minLength: 1,
    maxLength: 12,
  });
  return fc.oneof(
    { weight: 4, arbitrary: fc.record({ flips, keep: fc.constant(1) }) },
    {
      weight: 1,
      arbitrary: fc.record({ flips: fc.constant([]), keep: fc.double({ min: 0, max: 0.999, noNaN: true }) }),
    },
  );
}

export function damaged(bytes: Buffer, { flips, keep }: Damage): Buffer {
  const result = Buffer.from(bytes.subarray(0, Math.floor(bytes.length * keep)));
  for (const { at, bits } of flips) if (result.length > 0) result[at % result.length]! ^= bits;
  return result;
}
