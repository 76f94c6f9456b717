import { shown } from '../kernel/options.js';
import { UsageError } from '../kernel/usageError.js';
import type { ActorIndex } from '../runtime/actors.js';
import type { Enabled } from '../runtime/choiceFinder.js';
import type { ContentId } from '../runtime/contents.js';
import { withoutHiddenInputs } from '../runtime/determinism.js';
import { Ints } from '../runtime/ints.js';
import { Slot } from '../runtime/layout.js';
import type { MailList } from '../runtime/mailPatterns.js';
import { PairMap } from '../runtime/pairMap.js';
import type { StateReader } from '../runtime/probes.js';
import { NO_STEP } from '../runtime/stepLabels.js';
import type { NamesAskedFor } from '../runtime/unknownNames.js';
import type { World } from '../runtime/world.js';
import { WorldView } from '../runtime/worldView.js';
import { type Change, Losses } from './losses.js';
import type { Predicate } from './property.js';
import { LAST_STEP, type Question, Questions } from './questions.js';
import { type Consulted, type Given, Reply } from './reply.js';
import type { Watch, Watched, Watcher } from './watched.js';

const UNKNOWN = -1;
const { no: NO, yes: YES, unclear: ASK } = Reply;
const NOTHING_ENABLED: Enabled = { choices: [], quiescent: false };
/**
 * Added to an answer about a state that was imagined only. In a real one the predicate is asked again, and it is heard what it
 * reads: else nobody would watch that.
 */
const IMAGINED = 3;
/** Nodes are numbered from here on. */
const FIRST_NODE = 5;

/**
 * The answers of one predicate, remembered by what it asked (architecture 4.2): a tree of questions and their answers, mostly slots
 * and their contents. A state that agrees with an earlier one in those has its answer, at the cost of a look-up for each.
 */
export class Answers implements Watcher {
  /** Hears what is read, in a search that leaves states out. */
  watch: Watch | undefined;
  readonly #world: World;
  readonly #name: string;
  readonly #predicate: Predicate;
  /** Whether the predicate has ever asked for the step that led to a state: it is then no question about states. */
  readsLastStep = false;
  readonly #questions: Questions;
  readonly #names: NamesAskedFor;
  #losses: Losses | undefined;
  #root = UNKNOWN;
  #asked = new Ints();
  #branches = new PairMap();
  /** How many slots there were when the tree was begun: a predicate may have looked at an actor that had none yet. */
  #width = 0;

  constructor(world: World, name: string, predicate: Predicate) {
    this.#world = world;
    this.#name = name;
    this.#predicate = predicate;
    this.#questions = new Questions(world);
    this.#names = world.unknownNames.of(name);
  }

  /**
   * The answer in the state that the world's stepper has turned to.
   *
   * @param lastStep the number of the step that led there
   * @throws what the predicate throws; UsageError when it depends on anything but the world
   */
  holds(lastStep: number = NO_STEP): boolean {
    const node = this.#recall(lastStep);
    return node === NO || node === YES ? node === YES : this.#ask(node !== ASK, lastStep);
  }

  /** Whether the answer in the state that the stepper has turned to is remembered, and is this one. The predicate is not asked. */
  isKnownToBe(answer: boolean): boolean {
    return this.#recall(NO_STEP) === (answer ? YES : NO);
  }

  #recall(lastStep: number): number {
    const { stepper, layout } = this.#world;
    if (this.#width !== layout.width) this.#forget();
    let node = this.#root;
    while (node >= FIRST_NODE) {
      const question = this.#asked.at(node - FIRST_NODE);
      const answer = question >= 0 ? stepper.valueAt(question) : this.#questions.answer(question, lastStep);
      node = this.#branches.get(node, answer);
    }
    return node;
  }

  /** What the predicate says in a state of which no more is known than what is given, or what it asks next. */
  consult(given: Given): Consulted {
    if (this.#width !== this.#world.layout.width) this.#forget();
    for (;;) {
      let node = this.#root;
      while (node >= FIRST_NODE) {
        const question = this.#asked.at(node - FIRST_NODE);
        const answer = given.get(question);
        if (answer === undefined) return { reply: Reply.asks, asks: question };
        node = this.#branches.get(node, answer);
      }
      if (node !== UNKNOWN) return { reply: replyOf(node), asks: LAST_STEP };
      if (!this.#imagine(given)) return { reply: Reply.unclear, asks: LAST_STEP };
    }
  }

  isHarmless(slot: number, before: ContentId, after: ContentId): boolean {
    this.#losses ??= new Losses(this, this.#questions, this.watch?.sought ?? true);
    return this.#losses.isHarmless(slot, before, after);
  }

  verify(): readonly Change[] {
    return this.#losses?.verify() ?? [];
  }

  #forget(): void {
    this.#width = this.#world.layout.width;
    this.#root = UNKNOWN;
    this.#asked = new Ints();
    this.#branches = new PairMap();
  }

  #ask(isNew: boolean, lastStep: number): boolean {
    const { finder } = this.#world;
    const { holds, asked, lead, asksForOffers, asksForRest } = this.#evaluate(
      lastStep,
      isNew,
      () => finder.enabled().quiescent,
    );
    // What is read behind a question of more than slots hangs on its answer too.
    const answer = asksForOffers || asksForRest ? ASK : holds ? YES : NO;
    if (isNew) this.#remember(asked.slice(0, lead), lastStep, answer);
    if (!this.watch) return holds;
    const { watched, sought } = this.watch;
    if (asksForOffers) watched.isBlind = true;
    if (finder.owed || !asksForRest) this.#listen(asked, watched);
    else if (watched.asksTwice) {
      const other = this.#evaluate(lastStep, false, () => false);
      this.#listen(other.asked, watched);
      if (other.holds === sought && holds !== sought) watched.isBlind = true;
    }
    return holds;
  }

  #listen(asked: readonly Question[], watched: Watched): void {
    for (const question of asked) {
      const mail = this.#questions.mail(question);
      if (mail) watched.addMail(mail.slot, mail.pattern);
      else watched.add(question, this);
    }
  }

  /** Asks about a state that need not be one, and remembers the answer. @returns whether there is one */
  #imagine(given: Given): boolean {
    try {
      const { holds, asked, lead, asksForOffers, asksForRest } = this.#evaluate(
        NO_STEP,
        true,
        () => false,
        given,
      );
      const answer = asksForOffers || asksForRest ? ASK : IMAGINED + (holds ? YES : NO);
      this.#remember(asked.slice(0, lead), NO_STEP, answer, given);
      // Of mail only that is met which is watched; of snapshots all are.
      if (this.watch)
        this.#listen(
          asked.filter((question) => this.#questions.isMail(question)),
          this.watch.watched,
        );
      return true;
    } catch {
      // It need not bear with states that never are. Where one is, it will be asked again.
      return false;
    }
  }

  /**
   * @param isNew whether the answer is to be remembered
   * @param given what it is told instead of what is so; of offers it is told none then
   */
  #evaluate(lastStep: number, isNew: boolean, isQuiescent: () => boolean, given?: Given) {
    const { finder, stepper, labels } = this.#world;
    const reader = new RecordingReader(stepper, this.#world, this.#questions, given);
    let lead: number | undefined;
    let asksForOffers = false;
    let asksForRest = false;
    const view = new WorldView(this.#world, {
      reader,
      findMail: (slot, pattern) => reader.findMail(slot, pattern),
      // What is imagined may lead it to ask for anybody.
      ...(given ? {} : { names: this.#names }),
      enabled: () => {
        lead ??= reader.asked.length;
        asksForOffers = true;
        return given ? NOTHING_ENABLED : finder.enabled();
      },
      isQuiescent: () => {
        lead ??= reader.asked.length;
        asksForRest = true;
        return isQuiescent();
      },
      lastStep: () => {
        this.readsLastStep = true;
        reader.note(LAST_STEP);
        return labels.step(lastStep);
      },
    });
    const holds = isNew ? this.#askClosed(view) : Boolean(this.#predicate(view));
    return { holds, asked: reader.asked, lead, asksForOffers, asksForRest };
  }

  /**
   * Asks with the doors to everything but the world closed. Cost: that of closing them, which is why it is done only once for each
   * answer that is remembered.
   */
  #askClosed(view: WorldView): boolean {
    const refuse = (what: string, fix: string): never => {
      throw new UsageError(`the property '${this.#name}': ${what}`, fix);
    };
    const answer: unknown = withoutHiddenInputs(
      (what) => refuse(what, 'let it depend on nothing but the world that it is given'),
      () => this.#predicate(view),
    );
    if (typeof answer === 'object' && answer !== null && 'then' in answer)
      return refuse('it answers with a promise', 'let it answer at once, with true or false');
    // `undefined` is what a `?.` gives where nobody is, and as good as false.
    if (typeof answer !== 'boolean' && answer !== undefined && answer !== null)
      return refuse(`it answers with ${shown(answer)}`, 'let it answer with true or false');
    return answer === true;
  }

  #remember(asked: readonly Question[], lastStep: number, leaf: number, given?: Given): void {
    let node = this.#root;
    let hang = (value: number): void => {
      this.#root = value;
    };
    for (const question of asked) {
      if (node === UNKNOWN) {
        node = FIRST_NODE + this.#asked.push(question);
        hang(node);
      }
      if (node < FIRST_NODE || this.#asked.at(node - FIRST_NODE) !== question) this.#refuse();
      const at = node;
      const answer = given?.get(question) ?? this.#questions.answer(question, lastStep);
      node = this.#branches.get(at, answer);
      hang = (value) => this.#branches.set(at, answer, value);
    }
    if (node !== UNKNOWN && !isImagined(node)) this.#refuse();
    hang(leaf);
  }

  #refuse(): never {
    throw new UsageError(
      `the property '${this.#name}' looked at different things in states that it could not tell apart`,
      'let it depend on nothing but the world that it is given',
    );
  }
}

function isImagined(node: number): boolean {
  return node === IMAGINED + NO || node === IMAGINED + YES;
}

/** What a leaf says, imagined or not. */
function replyOf(leaf: number): Reply {
  if (leaf === YES || leaf === IMAGINED + YES) return YES;
  return leaf === NO || leaf === IMAGINED + NO ? NO : ASK;
}

/** Reads the present state, but for what is given, and notes the questions, each once, in order. */
class RecordingReader implements StateReader {
  readonly #seen = new Set<Question>();
  readonly #reader: StateReader;
  readonly #world: World;
  readonly #questions: Questions;
  readonly #given: Given | undefined;

  constructor(reader: StateReader, world: World, questions: Questions, given: Given | undefined) {
    this.#reader = reader;
    this.#world = world;
    this.#questions = questions;
    this.#given = given;
  }

  get asked(): readonly Question[] {
    return [...this.#seen];
  }

  note(question: Question): void {
    this.#seen.add(question);
  }

  valueAt(slot: number): ContentId {
    this.#seen.add(slot);
    return this.#given?.get(slot) ?? this.#reader.valueAt(slot);
  }

  findMail(slot: number, pattern: number): MailList {
    const question = this.#questions.ofMail(slot, pattern);
    this.#seen.add(question);
    return this.#given?.get(question) ?? this.#questions.answer(question, NO_STEP);
  }

  snapshotAt(actor: ActorIndex): ContentId {
    const slot = this.#world.layout.find(Slot.snapshot, actor);
    return slot === -1 ? 0 : this.valueAt(slot);
  }

  isMentioned(actor: ActorIndex): boolean {
    for (let slot = 0; slot < this.#world.layout.width; slot++) this.#seen.add(slot);
    return this.#reader.isMentioned(actor);
  }
}
