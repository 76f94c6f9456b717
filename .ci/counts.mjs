// Prints "<passed> <failed>" from a report of vitest's json reporter; "0 1" if there is no such report.
// A test file that fails before it has defined a test counts as one failure.
import { readFileSync } from 'node:fs';

try {
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
  const broken = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  console.log(numPassedTests, numFailedTests + broken.length);
} catch {
  console.log(0, 1);
}
