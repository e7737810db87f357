import { expect, it } from 'vitest';
import { backward, dot, factorise, forward } from '../../../../src/main/jobs/eta/cholesky';

it('solves a system of equations with a symmetric positive matrix', () => {
  const matrix = [
    [4, 2, 0.5],
    [2, 5, 1],
    [0.5, 1, 3],
  ];
  const wanted = [1, -2, 3];
  const right = Float64Array.from(matrix, (row) => dot(Float64Array.from(row), Float64Array.from(wanted)));
  const lower = Float64Array.from(matrix.flat());
  factorise(lower, 3);
  forward(lower, 3, right);
  backward(lower, 3, right);
  for (const [index, value] of wanted.entries()) expect(right[index]).toBeCloseTo(value, 10);
});
