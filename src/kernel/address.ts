import { UsageError } from './usageError.js';

declare const addressBrand: unique symbol;

/** The path of an actor in its world, e.g. `classDriver/pin:0`: stable, readable, the same in every process. */
export type Address = string & { readonly [addressBrand]: true };

const FORBIDDEN = /[\s!?@~#/]/u;

function isWellFormed(name: string): name is Address {
  return name !== '' && !FORBIDDEN.test(name);
}

/**
 * The address of a top-level actor.
 *
 * @param name the actor's key in `defineSystem({ actors })`
 * @throws UsageError when the name is empty or holds white space or one of `! ? @ ~ # /`, which schedules and addresses use
 */
export function topLevelAddress(name: string): Address {
  if (!isWellFormed(name)) throw malformed('the actor name', name);
  return name;
}

/**
 * The address of a child that was given an id: `<parent>/<id>`.
 *
 * @throws UsageError when the id cannot be part of an address
 */
export function childAddress(parent: Address, id: string): Address {
  if (!isWellFormed(id)) throw malformed(`an id that '${parent}' gave to a child,`, id);
  return joined(`${parent}/${id}`);
}

/** The address of the `index`-th unnamed child of one logic: `<parent>/<src>#<index>`. */
export function unnamedChildAddress(parent: Address, src: string, index: number): Address {
  return joined(`${parent}/${src.replace(/[\s!?@~#/]/gu, '_')}#${index}`);
}

/** The address of the `index`-th bearer of a name that came back (architecture 4.3); 0 is the plain address. */
export function renewedAddress(address: Address, index: number): Address {
  return index === 0 ? address : joined(`${address}~${index}`);
}

function joined(text: string): Address {
  return text as Address;
}

function malformed(what: string, name: string): UsageError {
  return new UsageError(
    `${what} ${JSON.stringify(name)} cannot be part of an address`,
    'use a name without white space and without ! ? @ ~ # /',
  );
}
