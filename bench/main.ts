/** `npm run bench -- NAME …`: measurements, one line of JSON each, no verdict. */
import { benchFrames } from './frames.js';
import { benchPeers } from './peers.js';
import { benchSteps } from './steps.js';

const [what, ...args] = process.argv.slice(2);
const benches = {
  frames: (count = '10000') => benchFrames(Number(count)),
  peers: (digits = '4', tasks = '4', runs = '5000') =>
    benchPeers(Number(digits), Number(tasks), Number(runs)),
  steps: (clients = '4', requests = '2', reduced = '') =>
    benchSteps(Number(clients), Number(requests), reduced === 'reduced'),
};
if (what === 'frames' || what === 'peers' || what === 'steps') {
  process.stdout.write(`${JSON.stringify(await benches[what](...args))}\n`);
} else {
  process.stderr.write(
    'usage: npm run bench -- frames [count] | peers [digits tasks runs] | steps [clients requests [reduced]]\n',
  );
  process.exitCode = 2;
}
