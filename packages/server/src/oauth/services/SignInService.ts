/**
 * A provider's sign-in as the code flow needs it: where it is, what it is asked for, what its refusals mean.
 * Shapes alone; `Microsoft.ts` and `Google.ts` beside it fill them in.
 */
import type { SignInRefusal } from "@punctual/core/http"
import type { SignInProvider } from "../../api/SignInProvider.ts"

export interface SignInService {
  readonly provider: SignInProvider
  /** What tells its calendars from others'. */
  readonly platform: string
  /** Who is signed in with, in sentences. */
  readonly company: string
  readonly scopes: ReadonlyArray<string>
  /** Where the browser goes, without what each sign-in adds. */
  readonly authorizeUrl: URL
  /** What its page is asked for besides. */
  readonly asked: Readonly<Record<string, string>>
  readonly tokenUrl: URL
  /** What a code is sent with besides. */
  readonly sent: Readonly<Record<string, string>>
  /** For a person, where too little was granted; null: it is enough. */
  readonly tooLittle: (granted: ReadonlyArray<string>) => string | null
  /** The token endpoint's refusal of a code. */
  readonly codeRefusal: (status: number, body: string, secret: string) => SignInRefusal
  /** What came back to the redirect address in the place of a code. */
  readonly pageRefusal: (error: string, description: string | null) => SignInRefusal
  /** For a person, where no refresh token came with the access token. */
  readonly noRefreshToken: string
}

/** Where a provider sends the browser back to. */
export const callbackPathOf = (provider: SignInProvider): `/api/${SignInProvider}/oauth-callback` =>
  `/api/${provider}/oauth-callback`
