import fc from 'fast-check';

/**
 * One seed for every property test, so that a run can be repeated: 1 unless the environment says otherwise.
 * Try other cases with `INTERLACE_SEED=2 npm test`; a failure found so is repeated by the same command.
 */
const text = process.env['INTERLACE_SEED'] ?? '1';
const seed = Number(text);
if (!Number.isInteger(seed)) {
  throw new Error(`INTERLACE_SEED is "${text}": give a whole number, such as 1.`);
}

fc.configureGlobal({ seed });
