/** What `interlace list` shows and `interlace run` finds by name. */
import type { Property, System } from 'interlace';
import type { StreamScenario } from 'interlace/stream-class';
import { cameraScenario } from './scenarios/camera.js';
import { cancelScenario } from './scenarios/cancel.js';
import { formatsScenario } from './scenarios/formats.js';
import { playerScenario } from './scenarios/player.js';
import { powerCycleScenario } from './scenarios/powerCycle.js';
import { propertiesScenario } from './scenarios/properties.js';
import { rebalanceScenario } from './scenarios/rebalance.js';
import { timeoutScenario } from './scenarios/timeout.js';
import { unplugScenario } from './scenarios/unplug.js';
import { alternatingBit } from './systems/alternatingBit.js';
import { bankTransfer } from './systems/bankTransfer.js';
import { counter } from './systems/counter.js';
import { diningPhilosophers } from './systems/diningPhilosophers.js';
import { petersonsLock } from './systems/petersonsLock.js';
import pingPong from './systems/pingPong.js';
import { retry } from './systems/retry.js';
import { streamRequests } from './systems/streamRequests.js';
import { tokenRing } from './systems/tokenRing.js';
import { twoPhaseCommit } from './systems/twoPhaseCommit.js';

export interface ExampleSystem {
  readonly name: string;
  readonly summary: string;
  readonly system: System;
  /** What is expected of it, or shown to fail. */
  readonly properties: readonly Property[];
}

export const exampleSystems: readonly ExampleSystem[] = [
  {
    name: 'ping-pong',
    summary: 'two players serve a ball each; the rallies interleave',
    system: pingPong,
    properties: [],
  },
  {
    name: 'dining-philosophers',
    summary: 'three philosophers take the left fork first: all may starve',
    ...diningPhilosophers(3, 'left'),
  },
  {
    name: 'dining-philosophers-numbered',
    summary: 'three philosophers take the fork with the smaller number first: nobody starves',
    ...diningPhilosophers(3, 'numbered'),
  },
  {
    name: 'two-phase-commit',
    summary: 'three participants commit, or all abort, whoever is slow or fails',
    ...twoPhaseCommit(3),
  },
  {
    name: 'two-phase-commit-presuming',
    summary: 'its coordinator takes silence for consent: some commit what others have refused',
    ...twoPhaseCommit(3, 'presumes consent'),
  },
  {
    name: 'two-phase-commit-crash',
    summary: 'its coordinator may crash: those that are prepared wait for ever',
    ...twoPhaseCommit(3, 'may crash'),
  },
  {
    name: 'token-ring',
    summary: 'three stations work only while they have the token',
    ...tokenRing(3),
  },
  {
    name: 'token-ring-impatient',
    summary: 'a slow token is taken for a lost one and made again: two stations work at once',
    ...tokenRing(3, 'impatient'),
  },
  {
    name: 'bank-transfer',
    summary: 'three clerks move money and leave the sum to the account',
    ...bankTransfer(3),
  },
  {
    name: 'bank-transfer-lost-update',
    summary: 'three clerks read the balance and write it back: money is made',
    ...bankTransfer(3, 'read and write'),
  },
  {
    name: 'retry',
    summary: 'a shop repeats its payment when no answer comes; the bank knows it again',
    ...retry(3),
  },
  {
    name: 'retry-forgetful',
    summary: 'the bank does not know it again: the order is charged twice',
    ...retry(3, 'forgetful'),
  },
  {
    name: 'alternating-bit',
    summary: 'three letters arrive once and in order over channels that lose what they like',
    ...alternatingBit(3),
  },
  {
    name: 'alternating-bit-plain',
    summary: 'the letters have no bit: a repeated one is taken for the next',
    ...alternatingBit(3, 'plain'),
  },
  {
    name: 'counter',
    summary: 'two threads add one by compare-and-swap',
    ...counter(2, 'compare and swap'),
  },
  {
    name: 'counter-lost-update',
    summary: 'two threads add one by read and write: an update is lost',
    ...counter(2, 'read and write'),
  },
  {
    name: 'petersons-lock',
    summary: 'two threads keep each other out by atomic flags alone',
    ...petersonsLock(),
  },
  {
    name: 'petersons-lock-plain',
    summary: 'the flags are plain memory: a data race',
    ...petersonsLock('plain'),
  },
  {
    name: 'stream-requests',
    summary: 'the class driver opens and closes two streams, reads and cancels, all at once',
    ...streamRequests(),
  },
  {
    name: 'stream-requests-without-token',
    summary: 'a class driver that does not serialize opens (INV-006)',
    ...streamRequests('without token'),
  },
  {
    name: 'stream-requests-without-ready',
    summary: 'a class driver that dispatches a read before Ready (INV-010)',
    ...streamRequests('without Ready'),
  },
  {
    name: 'stream-requests-losing-cancels',
    summary: 'a class driver that loses cancels (INV-030)',
    ...streamRequests('losing cancels'),
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
  propertiesScenario,
  formatsScenario,
  playerScenario,
];
