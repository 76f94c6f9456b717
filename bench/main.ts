/** `npm run bench -- NAME …`: measurements, one line of JSON each, no verdict. */
import { benchFrames } from './frames.js';

const [what, frames = '10000'] = process.argv.slice(2);
if (what !== 'frames') {
  process.stderr.write('usage: npm run bench -- frames [count]\n');
  process.exitCode = 2;
} else {
  process.stdout.write(`${JSON.stringify(benchFrames(Number(frames)))}\n`);
}
