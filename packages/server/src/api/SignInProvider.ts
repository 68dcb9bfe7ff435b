/**
 * Providers that users sign in with, as requests and the command line name them. A published calendar has no sign-in.
 */
export const signInProviders = ["microsoft", "google"] as const

export type SignInProvider = (typeof signInProviders)[number]
