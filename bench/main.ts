/** `npm run bench -- NAME …`: measurements, one line of JSON each, no verdict. */
import { UsageError } from 'interlace';
import { benchFrames } from './frames.js';
import { benchPeers } from './peers.js';
import { benchSpin } from './spin.js';
import { benchSteps } from './steps.js';

const [what, ...args] = process.argv.slice(2);
const benches = {
  frames: (count = '10000') => benchFrames(Number(count)),
  peers: (digits = '4', tasks = '4', runs = '5000') =>
    benchPeers(Number(digits), Number(tasks), Number(runs)),
  spin: (clients = '5', requests = '2', runs = '3') =>
    benchSpin(Number(clients), Number(requests), Number(runs)),
  steps: (clients = '4', requests = '2', reduced = '') =>
    benchSteps(Number(clients), Number(requests), reduced === 'reduced'),
};
try {
  if (what !== 'frames' && what !== 'peers' && what !== 'spin' && what !== 'steps')
    throw new UsageError(
      'what is to be measured?',
      'npm run bench -- frames [count] | peers [digits tasks runs] | spin [clients requests [runs]] | steps [clients requests [reduced]]',
    );
  process.stdout.write(`${JSON.stringify(await benches[what](...args))}\n`);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`bench: ${error.message}\n`);
  process.exitCode = 2;
}
