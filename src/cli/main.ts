#!/usr/bin/env node
import { runCommandLine } from './commandLine.js';

process.exitCode = await runCommandLine(process.argv.slice(2));
// When all is written: timers that a file of the user's has started shall not keep the process.
process.stdout.write('', () => process.exit());
