import { cellName, isCellOf, isIndex, LENGTH, valueText } from './heapObject.js';
import type { Operation, Point } from './point.js';
import type { Refuse, ThreadMemory } from './threadMemory.js';

/** Checks an operation that code asks for, and turns its arguments into values of memory. */
export function checkedPoint(
  operation: Operation,
  cells: ThreadMemory,
  lockNames: readonly string[],
  refuse: Refuse,
): Point {
  const { kind } = operation;
  if (cells.readOnly) cells.refuseInCondition('came to a point');
  switch (kind) {
    case 'acquire':
    case 'release': {
      const lock = lockNames.indexOf(operation.lock);
      if (lock !== -1) return { kind, text: `${kind} ${operation.lock}`, values: [], lock };
      return refuse(
        `there is no lock '${operation.lock}'`,
        `name it in threads({ locks: ['${operation.lock}'] })`,
      );
    }
    case 'preempt':
      return { kind, text: kind, values: [] };
    case 'until':
      if (typeof operation.condition === 'function')
        return { kind, text: kind, values: [], condition: operation.condition };
      return refuse('until() was given no function', 'write yield* until(() => …)');
    case 'service': {
      const { name } = operation;
      const values = operation.args.map((arg, i) => cells.encode(arg, `argument ${i} of ${name}`));
      return { kind, text: [name, ...values.map(valueText)].join(' '), service: name, values };
    }
    default:
      return checkedAccess(operation, cells, refuse);
  }
}

function checkedAccess(
  operation: Extract<Operation, { readonly key: PropertyKey }>,
  cells: ThreadMemory,
  refuse: Refuse,
): Point {
  const { kind } = operation;
  const key = String(operation.key);
  const given: unknown = operation.object;
  const object = typeof given === 'object' && given !== null ? cells.objectOf(given) : undefined;
  if (!object) {
    return refuse(
      `${kind}(…, '${key}') was given something that is not in memory`,
      'take it from memory, or allocate it',
    );
  }
  if (typeof operation.key === 'symbol' || !isCellOf(object, key)) {
    return refuse(
      `${kind}() was given the key '${key}' of '${object.name}'`,
      'use string keys, and indices on arrays',
    );
  }
  const cell = cellName(object, key);
  const values = argumentsOf(operation).map((value) => cells.encode(value, cell));
  if (object.isArray && key === LENGTH && values.some((value) => !isIndex(String(value)))) {
    return refuse(`${kind}() was given a length that no array has`, 'use a whole number');
  }
  return { kind, text: [kind, cell, ...values.map(valueText)].join(' '), object, key, values };
}

function argumentsOf(operation: Extract<Operation, { readonly key: PropertyKey }>): readonly unknown[] {
  if (operation.kind === 'read') return [];
  return operation.kind === 'write' ? [operation.value] : [operation.expected, operation.next];
}
