export * from "./Accounts.ts"
