import type { NextPictures, Pictures } from 'interlace/streaming';
import { type ActorSystem, type ActorSystemInfo, type AnyActorRef, fromTransition } from 'xstate';
import { PICTURES_AHEAD } from './hardwareRegisters.js';

export interface SceneInput {
  /** How many pictures there are, those included that the sensor knows of at first. */
  readonly frames: number;
}

/** What is in front of the lens. */
interface Scene {
  readonly picturesLeft: number;
}

/**
 * What the camera looks at: as many pictures as the clip has, of which the sensor is told some at a time. So this is the one actor
 * that counts all frames of a run, and all other actors come back to where they were.
 */
export const scene = fromTransition<Scene, NextPictures, ActorSystem<ActorSystemInfo>, SceneInput>(
  ({ picturesLeft }, _event, { system }) => {
    const count = Math.min(picturesLeft, PICTURES_AHEAD / 2);
    const pictures: Pictures = { type: 'Pictures', count, areLast: count === picturesLeft };
    const hardware: AnyActorRef | undefined = system.get('hardware');
    hardware?.send(pictures);
    return { picturesLeft: picturesLeft - count };
  },
  ({ input }) => ({ picturesLeft: Math.max(0, input.frames - PICTURES_AHEAD) }),
);
