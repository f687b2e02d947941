/** The same object, but what its calls throw passes through `translate`: the parser of a database's errors stands in one place. */
export function translated<T extends object>(target: T, translate: (error: unknown) => unknown): T {
  return new Proxy(target, {
    get(object, name) {
      const member: unknown = Reflect.get(object, name, object);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]): Promise<unknown> => {
        try {
          return await (Reflect.apply(member, object, args) as unknown);
        } catch (error) {
          throw translate(error);
        }
      };
    },
  });
}
