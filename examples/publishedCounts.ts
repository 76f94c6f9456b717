/** What a check of a system finds, without reduction. */
export interface PublishedCount {
  readonly verdict: 'holds' | 'violated';
  /** Distinct states, those behind a violation included; missing where there is no end of them, or no need. */
  readonly states?: number;
  /** Steps of a shortest run that violates. */
  readonly shortest?: number;
}

function holds(states: number): PublishedCount {
  return { verdict: 'holds', states };
}

function violated(shortest: number, states?: number): PublishedCount {
  return { verdict: 'violated', shortest, ...(states === undefined ? {} : { states }) };
}

/**
 * The bundled systems and more sizes of them, by the name of the system. `interlace list` shows these numbers, and nothing else
 * reads them: a check counts. test/examples/publishedCounts.test.ts compares them with a fresh search, and with an enumeration
 * that knows no actors.
 */
export const publishedCounts: Readonly<Record<string, PublishedCount>> = {
  'ping-pong': holds(10),

  '2 dining philosophers, left fork first': violated(6, 14),
  '3 dining philosophers, left fork first': violated(9, 52),
  '4 dining philosophers, left fork first': violated(12, 194),
  '2 dining philosophers, smaller number first': holds(20),
  '3 dining philosophers, smaller number first': holds(84),
  '4 dining philosophers, smaller number first': holds(331),

  'two-phase commit of 1': holds(15),
  'two-phase commit of 2': holds(129),
  'two-phase commit of 3': holds(1_497),
  'two-phase commit of 4': holds(22_953),
  'two-phase commit of 2, the coordinator presumes consent': violated(4, 176),
  'two-phase commit of 3, the coordinator presumes consent': violated(4, 2_290),
  'two-phase commit of 2, the coordinator may crash': violated(5, 169),
  'two-phase commit of 3, the coordinator may crash': violated(7, 1_801),

  'token ring of 2': holds(12),
  'token ring of 3': holds(36),
  'token ring of 6': holds(576),
  'token ring of 2 with an impatient monitor': violated(6, 45),
  'token ring of 3 with an impatient monitor': violated(6, 162),
  'token ring of 6 with an impatient monitor': violated(6, 3_888),

  'bank of 2 clerks that ask': holds(10),
  'bank of 3 clerks that ask': holds(28),
  'bank of 5 clerks that ask': holds(176),
  'bank of 2 clerks that read and write': violated(8, 22),
  'bank of 3 clerks that read and write': violated(12, 68),
  'bank of 5 clerks that read and write': violated(20, 512),

  'up to 1 attempts to pay, with a remembering bank': holds(8),
  'up to 3 attempts to pay, with a remembering bank': holds(87),
  'up to 4 attempts to pay, with a remembering bank': holds(202),
  'up to 2 attempts to pay, with a forgetful bank': violated(3, 31),
  'up to 3 attempts to pay, with a forgetful bank': violated(3, 87),

  '1 numbered letters over a channel that loses some': holds(84),
  '2 numbered letters over a channel that loses some': holds(267),
  '3 numbered letters over a channel that loses some': holds(450),
  '7 numbered letters over a channel that loses some': holds(1_182),
  '2 plain letters over a channel that loses some': violated(7),
  '3 plain letters over a channel that loses some': violated(7),

  'counter of 2 threads that read and write': violated(6, 19),
  'counter of 3 threads that read and write': violated(9, 105),
  'counter of 4 threads that read and write': violated(12, 651),
  'counter of 2 threads that compare and swap': holds(18),
  'counter of 3 threads that compare and swap': holds(91),
  'counter of 4 threads that compare and swap': holds(512),

  "Peterson's lock with atomic accesses": holds(42),
  "Peterson's lock with plain accesses": violated(0),

  // With two frames and two buffers; test/examples/cameraCheck.test.ts.
  camera: holds(533_018),
  cancel: holds(378_736),
  timeout: holds(183_907),
  formats: holds(308_226),
  'stream requests, class driver sound': holds(2_059),
  'stream requests, class driver without token': violated(41),
  'stream requests, class driver without Ready': violated(67),
  'stream requests, class driver losing cancels': violated(80),
};
