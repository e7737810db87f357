/** 90th percentile of the standard normal distribution. */
const TO_P90 = 1.2816;

/**
 * Distance of the 90th percentile from the median of a quantity that can't be negative and is therefore skewed:
 * modelled as log-normal.
 *
 * @param p50 the median
 * @param deviation the standard deviation, in the same unit
 */
export function spreadToP90(p50: number, deviation: number): number {
  if (p50 <= 0) return TO_P90 * deviation;
  return p50 * (Math.exp(TO_P90 * Math.sqrt(Math.log(1 + (deviation / p50) ** 2))) - 1);
}
