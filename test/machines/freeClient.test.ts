import { describe } from 'vitest';
import { everyUseIsSound } from './everyUse.js';

describe('a client that does what it likes', () => everyUseIsSound('short'));
