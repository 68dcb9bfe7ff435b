/**
 * What a port's error says: which operation of which port failed, why, and what the reason knows beside its name.
 */

/** As in `Store.commit: Conflict: someone else wrote first; load again and decide again`. */
export const portMessage = (
  port: string,
  operation: string,
  { _tag, message }: { readonly _tag: string; readonly message: string }
): string => [`${port}.${operation}`, _tag, message].filter((part) => part !== "").join(": ")
