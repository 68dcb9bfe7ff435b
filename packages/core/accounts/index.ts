/** The reference server's own port, which stores implement beside the core's. Decides nothing: it names one file. */
export * from "./Accounts.ts"
