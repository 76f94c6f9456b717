import { cameraScenario } from '../../examples/scenarios/camera.js';
import { Course } from '../../src/explore/course.js';
import { createRandom } from '../../src/kernel/random.js';

/** What a world knows, table by table. */
export interface TableSizes {
  readonly contents: number;
  readonly messages: number;
  readonly values: number;
  readonly memo: number;
  readonly places: number;
}

/** The largest each table has been, at each of some frame counts of one run of the camera. */
export function tableSizesAt(frameCounts: readonly number[], contentsMax: number, seed = 1): TableSizes[] {
  const frames = Math.max(...frameCounts);
  const system = cameraScenario.system({
    ...{ frames, frameRate: { num: 25, den: 1 }, frameBytes: 6000, buffers: 4, clientDelayMs: 0 },
  });
  const course = new Course(system, contentsMax);
  const random = createRandom(seed);
  const found: TableSizes[] = [];
  let largest: TableSizes = { contents: 0, messages: 0, values: 0, memo: 0, places: 0 };
  let captured = 0;
  for (;;) {
    const choices = course.choices();
    if (choices.length === 0) return found;
    const step = course.take(choices, random.nextInt(choices.length));
    const { contents, messages, values, memo, actors } = course.world.tables;
    largest = {
      contents: Math.max(largest.contents, contents.size),
      messages: Math.max(largest.messages, messages.size),
      values: Math.max(largest.values, values.size),
      memo: Math.max(largest.memo, memo.size),
      places: Math.max(largest.places, actors.places.length),
    };
    for (const { type } of step.emitted) {
      if (type === 'FrameCaptured' && frameCounts.includes(++captured)) found.push(largest);
    }
  }
}
