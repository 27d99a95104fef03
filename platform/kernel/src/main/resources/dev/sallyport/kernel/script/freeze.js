// Freezes all that one call could leave for the next: the built-in objects, ours, and the global object.
// What scripts are used to do with their own objects still works: setting `name` on an error of theirs, or `toString`
// on an object, although the prototype's own is frozen (the "override mistake" of ECMAScript).
(function (hidden) {
  "use strict";
  const { ownKeys, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
  const { freeze, defineProperty } = Object;

  // RegExp.$1 and its like would show what the last call matched.
  for (const key of ownKeys(RegExp)) {
    if (typeof key === "string" && /^(?:\$.|input|lastMatch|lastParen|leftContext|rightContext)$/.test(key)) delete RegExp[key];
  }

  const overridable = (object, keys) => {
    for (const key of keys) {
      const property = getOwnPropertyDescriptor(object, key);
      if (property === undefined || !("value" in property) || !property.configurable) continue;
      const { value, enumerable } = property;
      defineProperty(object, key, {
        get() {
          return value;
        },
        set(own) {
          if (this === object) throw new TypeError(`Cannot assign to read only property '${String(key)}'`);
          defineProperty(this, key, { value: own, writable: true, enumerable: true, configurable: true });
        },
        enumerable, configurable: false,
      });
    }
  };
  overridable(Object.prototype, ["constructor", "toString", "toLocaleString", "valueOf", "hasOwnProperty", "isPrototypeOf"]);
  overridable(Function.prototype, ["constructor", "bind", "toString", "name"]);
  overridable(Array.prototype, ["constructor", "toString", "push", "concat", "join"]);
  for (const error of [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError]) {
    overridable(error.prototype, ["constructor", "name", "message", "toString"]);
  }

  const seen = new Set(), found = [];
  const add = (value) => {
    if ((typeof value === "object" ? value !== null : typeof value === "function") && !seen.has(value)) {
      seen.add(value);
      found.push(value);
    }
  };
  add(globalThis);
  hidden.forEach(add);
  // Those that only syntax reaches.
  add(getPrototypeOf(function* () {}));
  add(getPrototypeOf(async function () {}));
  add(getPrototypeOf(async function* () {}));
  add(getPrototypeOf(getPrototypeOf([].values())));
  add(getPrototypeOf([].values()));
  add(getPrototypeOf(new Map().entries()));
  add(getPrototypeOf(new Set().values()));
  add(getPrototypeOf(""[Symbol.iterator]()));
  add(getPrototypeOf("".matchAll(/x/g)));
  add(getPrototypeOf(Int8Array));
  add(getPrototypeOf([].values().map((x) => x)));
  add(getPrototypeOf(Iterator.from({ next() {} })));
  add(getPrototypeOf(new Intl.Segmenter().segment("")));
  add(getPrototypeOf(new Intl.Segmenter().segment("")[Symbol.iterator]()));

  for (let i = 0; i < found.length; i++) {
    const object = found[i];
    add(getPrototypeOf(object));
    const isFunction = typeof object === "function";
    for (const key of ownKeys(object)) {
      // Most of the objects are functions, and most of the properties these two: plain values.
      if (isFunction && (key === "length" || key === "name")) continue;
      const property = getOwnPropertyDescriptor(object, key);
      if ("value" in property) {
        add(property.value);
      } else {
        add(property.get);
        add(property.set);
      }
    }
    freeze(object);
  }
})
