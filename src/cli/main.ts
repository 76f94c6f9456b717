#!/usr/bin/env node
import { runCommandLine } from './commandLine.js';

// Without `await`: when a file of the user's waits for ever, Node 24 would say that this one does.
void runCommandLine(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
  // When all is written: timers that a file of the user's has started shall not keep the process.
  process.stdout.write('', () => process.exit());
});
