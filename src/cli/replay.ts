import { replay } from '../explore/replay.js';
import { UsageError } from '../kernel/usageError.js';
import { isBuiltInName } from '../property/builtInName.js';
import { replayLines } from '../render/report.js';
import { findChecked } from './checked.js';
import { loadCounterexample } from './counterexampleFiles.js';
import { type Edge, ExitCode, printJson } from './edge.js';

/** `interlace replay`: takes the run of a counterexample file again, and says whether it still shows the violation. */
export async function replayCommand(
  file: string,
  options: { readonly json?: true },
  edge: Edge,
): Promise<number> {
  const counterexample = loadCounterexample(file);
  const { system: reference, property, schedule, loopAt } = counterexample;
  const { system, properties } = await findChecked(
    reference.kind === 'file' ? reference.path : reference.name,
    reference.kind === 'file',
    edge,
  );
  const claimed = properties.find(({ name }) => name === property);
  if (!claimed && !isBuiltInName(property)) {
    throw new UsageError(
      `${file} violates '${property}', and the system has no property of that name any more`,
      'name it as it was, or run `interlace check` again',
    );
  }
  if (claimed?.kind === 'reachable') {
    throw new UsageError(
      `${file} says of all runs that none comes to '${property}', which no single run can show`,
      'run `interlace check` again',
    );
  }
  const result = replay(system, schedule, { properties, ...(loopAt === undefined ? {} : { loopAt }) });
  const isThere = result.findings.some((finding) => finding.property === property);
  if (options.json) printJson(edge.terminal, { file, property, violated: isThere, ...result });
  else edge.terminal.out(`${replayLines(property, result, loopAt).join('\n')}\n`);
  if (result.misfit) return ExitCode.misuse;
  return result.findings.length > 0 ? ExitCode.violated : ExitCode.done;
}
