/**
 * The door of the fakes.
 * Decides nothing: it names what others may use.
 */
export {}
