/** `npm run bench -- NAME …`: measurements, one line of JSON each, no verdict. */
import { benchFrames } from './frames.js';
import { benchSteps } from './steps.js';

const [what, ...args] = process.argv.slice(2);
const benches = {
  frames: (count = '10000') => benchFrames(Number(count)),
  steps: (clients = '4', requests = '2') => benchSteps(Number(clients), Number(requests)),
};
if (what === 'frames' || what === 'steps') {
  process.stdout.write(`${JSON.stringify(await benches[what](...args))}\n`);
} else {
  process.stderr.write('usage: npm run bench -- frames [count] | steps [clients requests]\n');
  process.exitCode = 2;
}
