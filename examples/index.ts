/** What `interlace list` shows and `interlace run` finds by name. */
import type { System } from 'interlace';
import type { StreamScenario } from 'interlace/stream-class';
import { cameraScenario } from './scenarios/camera.js';
import { cancelScenario } from './scenarios/cancel.js';
import { playerScenario } from './scenarios/player.js';
import { powerCycleScenario } from './scenarios/powerCycle.js';
import { rebalanceScenario } from './scenarios/rebalance.js';
import { timeoutScenario } from './scenarios/timeout.js';
import { unplugScenario } from './scenarios/unplug.js';
import { diningPhilosophers } from './systems/diningPhilosophers.js';
import pingPong from './systems/pingPong.js';

export interface ExampleSystem {
  readonly name: string;
  readonly summary: string;
  readonly system: System;
}

export const exampleSystems: readonly ExampleSystem[] = [
  { name: 'ping-pong', summary: 'two players serve a ball each; the rallies interleave', system: pingPong },
  {
    name: 'dining-philosophers',
    summary: 'three philosophers take the left fork first: all may starve',
    system: diningPhilosophers(3, 'left'),
  },
  {
    name: 'dining-philosophers-numbered',
    summary: 'three philosophers take the fork with the smaller number first: nobody starves',
    system: diningPhilosophers(3, 'numbered'),
  },
];

/** Systems that carry frames. */
export const exampleScenarios: readonly StreamScenario[] = [
  cameraScenario,
  cancelScenario,
  unplugScenario,
  powerCycleScenario,
  rebalanceScenario,
  timeoutScenario,
  playerScenario,
];
