import { EventEmitter } from 'node:events';

type Key = string | symbol;

/** What the whole process shares and a plugin may not change: by name, with the properties that are watched. */
const SHARED: [name: string, object: object, keys?: readonly Key[]][] = [
  ...[Object, Array, Function, String, Number, RegExp, Promise, Map, Set, Date, URL, Buffer].flatMap(
    (one): [string, object][] => [
      [one.name, one],
      [`${one.name}.prototype`, one.prototype],
    ],
  ),
  ['JSON', JSON],
  ['Math', Math],
  ['Reflect', Reflect],
  ['Symbol', Symbol],
  ['console', console],
  ['EventEmitter.prototype', EventEmitter.prototype],
  ['process', process, ['exit', 'on', 'emit', 'kill', 'nextTick', 'removeAllListeners', 'stdin', 'stdout', 'stderr']],
  [
    'globalThis',
    globalThis,
    [
      ...['Object', 'Array', 'Function', 'String', 'Number', 'RegExp', 'Promise', 'Map', 'Set', 'Date', 'URL', 'JSON'],
      ...['Math', 'Reflect', 'Symbol', 'Buffer', 'process', 'console', 'fetch', 'structuredClone', 'queueMicrotask'],
      ...['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'],
    ],
  ],
];

const EVENTS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR1', 'uncaughtException', 'unhandledRejection'];

interface Property {
  name: string;
  object: object;
  key: Key;
  descriptor: PropertyDescriptor | undefined;
}

/**
 * Records the shared objects and returns a check for later. The check restores what has changed since, where it can,
 * and names it. A mere addition stays if it is not enumerable.
 */
export function watchGlobals(): () => string[] {
  const known = SHARED.flatMap(([name, object, keys]) =>
    (keys ?? ownKeys(object)).map((key) => ({ name, object, key, descriptor: getOwnPropertyDescriptor(object, key) })),
  );
  const own = SHARED.filter(([, , keys]) => keys === undefined).map(([name, object]) => ({
    name,
    object,
    keys: new Set(ownKeys(object)),
  }));
  const listeners = EVENTS.map((event) => ({ event, known: process.rawListeners(event) }));
  return () => {
    const changed = putBack(known);
    for (const { name, object, keys } of own)
      for (const key of ownKeys(object)) {
        if (keys.has(key)) continue;
        changed.push(`${name}.${String(key)}`);
        if (getOwnPropertyDescriptor(object, key)?.enumerable) deleteProperty(object, key);
      }
    for (const { event, known: before } of listeners) {
      const gone = before.filter((listener) => !process.rawListeners(event).includes(listener));
      for (const listener of gone) process.on(event, listener as () => void);
      if (gone.length > 0) changed.push(`the handlers of ${event}`);
    }
    return changed;
  };
}

const { defineProperty, deleteProperty, getOwnPropertyDescriptor, ownKeys } = Reflect;
const { is } = Object;

/** A bare loop: until it is done, any built-in that it could use may be one that was changed. */
function putBack(known: readonly Property[]): string[] {
  const changed: string[] = [];
  for (let index = 0; index < known.length; index += 1) {
    const { name, object, key, descriptor: old } = known[index] as Property;
    const now = getOwnPropertyDescriptor(object, key);
    if (is(old?.value, now?.value) && old?.get === now?.get && old?.set === now?.set) continue;
    changed[changed.length] = `${name}.${key as string}`;
    if (old === undefined) deleteProperty(object, key);
    else defineProperty(object, key, old);
  }
  return changed;
}
