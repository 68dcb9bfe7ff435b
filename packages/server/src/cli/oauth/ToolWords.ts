/**
 * What the sign-in tool says of each provider: what it asks for and why, where an address is registered, how long a token
 * lasts. Decides words alone.
 */
import type { SignInProvider } from "../../api/SignInProvider.ts"

export interface ToolWords {
  /** Whose calendar it is for. */
  readonly account: string
  readonly purposes: Readonly<Record<string, string>>
  /** Where the redirect address is registered, for the page and for the terminal. */
  readonly register: string
  readonly whereRegistered: string
  /** The member of `create_calendar` that the refresh token goes into. */
  readonly member: string
  readonly lifetime: string
  /** What is tried with the access token. */
  readonly api: string
  /** Worth knowing before one signs in; null: nothing. */
  readonly beforehand: string | null
}

const google: ToolWords = {
  account: "Google account whose calendar",
  purposes: {
    "https://www.googleapis.com/auth/calendar.events.readonly": "Read calendar events",
    "https://www.googleapis.com/auth/calendar.calendarlist.readonly": "Read the list of calendars",
    openid: "Know which account it is, also after its address changes",
    email: "Know the account's address",
    profile: "Know the account's name"
  },
  register:
    "in the Google Cloud console under APIs & Services, Credentials, to the OAuth client's authorized redirect URIs",
  whereRegistered: "Google Cloud console → APIs & Services → Credentials → OAuth client → Authorized redirect URIs",
  member: "google_refresh_token",
  lifetime:
    "Good until it is left unused for six months; for seven days only while the app's consent screen is in Testing.",
  api: "Google Calendar",
  beforehand:
    "While the app's consent screen is in Testing, Google ends every sign-in after seven days. Publish the app, or make it " +
    "internal, before you rely on the token. Leave every box ticked."
}

const microsoft: ToolWords = {
  account: "Microsoft account whose Outlook calendar",
  purposes: {
    "Calendars.Read": "Read calendar events and the list of calendars",
    "User.Read": "Know the account's name and address",
    offline_access: "Keep reading without you: it is what brings a refresh token"
  },
  register: "in the Azure portal under App registrations, Authentication, Web, Redirect URIs",
  whereRegistered: "Azure Portal → App registrations → Authentication → Redirect URIs",
  member: "microsoft_refresh_token",
  lifetime: "Good until it is left unused for 90 days.",
  api: "Microsoft Graph",
  beforehand: null
}

export const toolWords: { readonly [Provider in SignInProvider]: ToolWords } = { google, microsoft }
