import { describe } from 'vitest';
import { everyUseIsSound } from '../machines/everyUse.js';

describe('a client that does what it likes, once more than in npm test', () => everyUseIsSound('long'));
