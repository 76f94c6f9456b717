import { jsonText } from './jsonText.js';
import { shown } from './options.js';

/** What was thrown, in a sentence: the message of an error, the data of anything else, its kind if that cannot be looked at. */
export function reasonOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  if (typeof thrown !== 'object' || thrown === null) return String(thrown);
  try {
    return jsonText(thrown, 0);
  } catch {
    return shown(thrown);
  }
}
