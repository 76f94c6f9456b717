/** What `interlace list` shows and `interlace run` finds by name. */
import type { System } from 'interlace';
import pingPong from './systems/pingPong.js';

export interface ExampleSystem {
  readonly name: string;
  readonly summary: string;
  readonly system: System;
}

export const exampleSystems: readonly ExampleSystem[] = [
  { name: 'ping-pong', summary: 'two players serve a ball each; the rallies interleave', system: pingPong },
];
