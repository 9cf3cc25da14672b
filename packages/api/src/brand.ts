/**
 * A mark on a class that survives two copies of this package in one process: the symbol is the same in all of them,
 * while `instanceof` would only know the classes of its own copy.
 */
export interface Brand {
  /** Marks every instance; call it in the class's static block. */
  mark(type: { readonly prototype: object }): void;
  isOn(value: unknown): boolean;
}

export function brandOf(name: string): Brand {
  const symbol = Symbol.for(`@millrace/api.${name}`);
  return {
    mark: (type) => {
      Object.defineProperty(type.prototype, symbol, { value: true });
    },
    isOn: (value) => typeof value === 'object' && value !== null && symbol in value,
  };
}
