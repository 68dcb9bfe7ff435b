/**
 * The door of this package.
 * Decides nothing: it names what others may use.
 */
export {}
