/**
 * The layers, leftmost first, each with the reason why it must not import what stands to its left.
 * A layer imports itself and layers to its right, and no folder that is not in this list.
 * docs/ARCHITECTURE.md holds the same list; test/layers/layers.test.ts proves that, and that every rule
 * refuses a bad sample.
 */
const layers = [
  [
    'cli',
    'The command line is started, never imported; it ships with the examples, without tests and benchmarks.',
  ],
  ['viewer', 'A page is one way to look at a run; the command line is one way to start the page.'],
  ['distribute', 'Whoever hands out work does not care who watches.'],
  ['machines', 'The actors of the Windows stack are users of the engine, like any other user.'],
  ['stream', 'The vocabulary of kernel streaming does not know the actors that speak it.'],
  ['render', 'The engine knows nothing of Windows: it draws any actor system.'],
  ['explore', 'Who searches returns data; how it looks is decided later.'],
  ['trace', 'A run is written down and replayed without a search.'],
  ['property', 'What must hold does not depend on how a run is written down.'],
  ['routine', 'What a thread does is not known to what is demanded of it.'],
  ['runtime', 'Threads are one kind of actor: the world turns without them.'],
  ['kernel', 'Words come before whatever is said with them.'],
];

const names = layers.map(([name]) => name);
const folder = (name) => (name === 'machines' ? '^machines/' : `^src/${name}/`);
const fromHereToTheRight = (name) => names.slice(names.indexOf(name)).map(folder);

const ours = '^(src|machines|examples|bench|test)/';
const entry = '^src/index\\.ts$';
const engine = fromHereToTheRight('render');
const xstate = '(^|/)node_modules/xstate/|^xstate(/|$)';

const layerRules = layers.map(([name, comment]) => ({
  name: `layer-${name}`,
  comment,
  from: { path: folder(name) },
  to: {
    path: ours,
    pathNot: [
      ...fromHereToTheRight(name),
      ...(engine.includes(folder(name)) ? [] : [entry]),
      ...(name === 'cli' ? ['^examples/'] : []),
    ],
  },
}));

const otherRules = [
  {
    name: 'entry-is-the-engine',
    comment:
      'The entry `interlace` is the engine and nothing else: it runs in a browser and knows no Windows.',
    from: { path: entry },
    to: { path: ours, pathNot: engine },
  },
  {
    name: 'users-use-the-door',
    comment: 'The first users prove the API: they import ours by public name, never a file of ours.',
    from: { path: '^(machines|examples)/' },
    to: { path: '^src/', dependencyTypesNot: ['aliased-tsconfig-paths'] },
  },
  {
    name: 'machines-have-a-door',
    comment: "A minidriver of ours is written like a stranger's: against the package entry.",
    from: { path: '^examples/' },
    to: { path: folder('machines'), dependencyTypesNot: ['aliased-tsconfig-paths'] },
  },
  {
    name: 'machines-stand-alone',
    comment: 'Systems are handed in: of src/, only the command line knows those that are bundled.',
    from: { path: '^src/', pathNot: folder('cli') },
    to: { path: folder('machines') },
  },
  {
    name: 'node-at-the-edge',
    comment: 'The engine runs in a browser, and nondeterminism has one door: the edge.',
    from: { path: '^(src|machines)/', pathNot: '^src/(cli|distribute|viewer/server)/' },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'one-xstate-adapter',
    comment: 'One folder runs XState, so that one folder moves to its next version.',
    from: { path: '^src/', pathNot: '^src/(runtime/xstate/|stream/)' },
    to: { path: xstate, dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'xstate-types-in-runtime',
    comment:
      'Above the runtime an actor is described in our own words; only the public types name XState again.',
    from: { path: '^src/', pathNot: [entry, folder('runtime'), folder('stream')] },
    to: { path: xstate },
  },
  {
    name: 'no-cycles',
    comment:
      'Files in a cycle can only be understood all at once. Imports of types count: they are read too.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-orphans',
    comment: 'A file that imports nothing and that nobody imports is dead.',
    from: { orphan: true, path: '^(src|machines|bench)/' },
    to: {},
  },
];

module.exports = {
  forbidden: [...layerRules, ...otherRules].map((rule) => ({ severity: 'error', ...rule })),
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|\\.interlace)/' },
  },
};
