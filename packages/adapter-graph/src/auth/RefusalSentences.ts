/**
 * What a person is told for each of Microsoft's numbers (AADSTS) and words: what happened, and what to do.
 *
 * Decides sentences alone. The number decides wherever there is one, since Microsoft sends the same number with several
 * OAuth words. No sentence holds anything that was sent or received.
 *
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */

export const wrongApp =
  "Microsoft knows no app with this client id that this account may use. Check the Application (client) " +
  "ID, and that the app's supported account types include accounts in any organisation and personal accounts."

export const signInAgain =
  "Microsoft no longer accepts this sign-in. Sign in again to get a new refresh token, and connect again."

const consent = "The permissions Calendars.Read and User.Read have not been granted. Sign in again and accept them."

const adminConsent =
  "The organisation wants an administrator to approve this app. Ask one to choose Grant admin " +
  "consent under API permissions in the Azure portal, then sign in again."

const expired =
  "The refresh token has expired: it was not used for 90 days, or its lifetime has ended. Sign in again " +
  "to get a new one, and connect again."

const revoked =
  "The sign-in was revoked, by a changed password or by an administrator. Sign in again to get a new " +
  "refresh token, and connect again."

const moreProof =
  "The organisation asks for another proof of identity, such as a second factor. Sign in again, " +
  "complete what is asked, and connect again."

const notAllowed = "The organisation's rules do not allow this sign-in. Ask its administrator, then sign in again."

const malformed =
  "This is no refresh token of this app. Copy the whole refresh token that the sign-in showed, and " +
  "check that it was issued to the same client id."

export const wordSentences: ReadonlyMap<string, string> = new Map([
  ["consent_required", consent],
  ["bad_token", signInAgain],
  ["interaction_required", moreProof],
  ["basic_action", moreProof],
  ["additional_action", moreProof],
  ["login_required", signInAgain],
  ["invalid_scope", consent],
  ["invalid_request", malformed],
  ["access_denied", consent]
])

const withdrawn =
  "Microsoft does not accept this refresh token: it was cut short or issued to another client id, or the permissions " +
  "were withdrawn or never given. Sign in again with the same client id, accept the permissions, and copy the whole token."

const oneOrganisation =
  "This app is registered for one organisation only, and was asked for where all sign in. Set its supported account types " +
  "to accounts in any organisation and personal accounts in the Azure portal (Authentication), or sign in at that " +
  "organisation's own tenant."

const workOnly =
  "This app is registered for work and school accounts only. Sign in with such an account at the organisation's own " +
  "tenant, or set the app's supported account types to accounts in any organisation and personal accounts."

const personalOnly =
  "This app is registered for personal Microsoft accounts only. Set its supported account types to accounts in any " +
  "organisation and personal accounts in the Azure portal (Authentication), or sign in with a personal account at the " +
  "tenant for consumers."

const stranger =
  "This account is not known in the organisation that the app belongs to, and signing in again will not change that. Use " +
  "an account of that organisation, have its administrator invite this one, or set the app's supported account types to " +
  "accounts in any organisation and personal accounts."

export const numberSentences: ReadonlyMap<number, string> = new Map([
  [
    7_000_215,
    "The client secret was refused. Copy the secret's Value (not its Secret ID) from Certificates & secrets in the " +
      "Azure portal; a Value is shown only once, so make a new secret if it is lost."
  ],
  [
    7_000_222,
    "The client secret has expired. Make a new one under Certificates & secrets in the Azure portal and connect again."
  ],
  [7_000_218, "No client secret was sent. Enter the secret's Value from Certificates & secrets in the Azure portal."],
  [
    700_025,
    "This app is registered as a public client, which has no secret. Register a Web platform for it in the Azure portal."
  ],
  [700_016, wrongApp],
  [7_000_112, "This app has been disabled in the organisation. Ask its administrator to enable it."],
  [50_194, oneOrganisation],
  [90_130, workOnly],
  [9_002_331, personalOnly],
  [9_002_346, personalOnly],
  [50_020, stranger],
  [700_082, expired],
  [70_008, expired],
  [
    700_084,
    "This refresh token was issued to a single-page app and lives for 24 hours only. Register the redirect address " +
      "under the Web platform in the Azure portal, then sign in again."
  ],
  [50_173, revoked],
  [50_132, revoked],
  [50_133, revoked],
  [54_005, "The sign-in has been used already. Sign in again to get a new refresh token."],
  [65_001, consent],
  [65_004, consent],
  [70_011, consent],
  [90_094, adminConsent],
  [90_095, adminConsent],
  [650_056, adminConsent],
  [50_076, moreProof],
  [50_078, moreProof],
  [50_079, moreProof],
  [50_158, moreProof],
  [53_000, notAllowed],
  [53_001, notAllowed],
  [53_003, notAllowed],
  [530_003, notAllowed],
  [
    50_105,
    "This app must be assigned to the user. Ask the organisation's administrator to assign it, then sign in again."
  ],
  [50_057, "This account has been disabled. Ask the organisation's administrator, then sign in again."],
  [50_034, "Microsoft does not know this account any more. Sign in again with one that exists."],
  [500_011, adminConsent],
  [70_000, withdrawn],
  [9_002_313, malformed],
  [90_014, malformed],
  [900_144, malformed],
  [700_005, "This refresh token belongs to another organisation. Sign in again."]
])
