/** What a person is told when Microsoft refuses. */
import { assert, describe, it } from "@effect/vitest"
import { type TokenAnswer, refusalOf } from "../../src/auth/Refusal.ts"
import { payloadNames, payloadObject } from "../fakes/Payloads.ts"

const answer = (status: number, json: TokenAnswer["json"], waitMillis: number | null = null): TokenAnswer => ({
  status,
  json,
  waitMillis
})

const refused = (json: Record<string, unknown>, status = 400, secret = "a~secret") =>
  refusalOf(answer(status, json), secret).reason

const grant = (error: string, code: number, suberror?: string) =>
  refused({ error, error_codes: [code], error_description: "AADSTS", ...(suberror === undefined ? {} : { suberror }) })

describe("C: the number decides the sentence, whatever the OAuth word beside it", () => {
  const numbers: ReadonlyArray<readonly [code: number, says: RegExp]> = [
    [50_194, /one organisation only.*supported account types/],
    [90_130, /work and school accounts only.*supported account types/],
    [9_002_331, /personal Microsoft accounts only.*supported account types/],
    [9_002_346, /personal Microsoft accounts only.*supported account types/],
    [70_000, /withdrawn.*Sign in again with the same client id, accept the permissions/],
    [50_020, /signing in again will not change that.*Use an account of that organisation/]
  ]
  const words = ["invalid_request", "invalid_grant", "unauthorized_client", "invalid_client"]
  it.each(numbers.flatMap(([code, says]) => words.map((word) => [code, word, says] as const)))(
    "AADSTS%i under %s",
    (code, word, says) => {
      const sentence = messageOf(grant(word, code))
      assert.match(sentence, says)
      assert.notInclude(sentence, "This is no refresh token of this app")
    }
  )
})

describe("recorded refusals", () => {
  it("a wrong secret", () => {
    const json = payloadObject("token.error.invalid_client.7000215")
    const reason = refused(json, 401)
    assert.deepInclude(reason, { _tag: "SecretRejected", error: "invalid_client", expired: false })
    assert.deepInclude(reason, { errorCodes: [7_000_215] })
    assert.match(messageOf(reason), /Value \(not its Secret ID\)/)
  })

  it("a secret's id in the place of its value", () => {
    const json = payloadObject("token.error.invalid_client.7000215")
    const reason = refused(json, 401, "396c2760-2fa5-4948-b9d5-9839a7440836")
    assert.match(messageOf(reason), /looks like the Secret ID/)
    assert.notInclude(messageOf(reason), "396c2760")
  })

  it("an expired secret", () => {
    const reason = refused(payloadObject("token.error.invalid_client.7000222"), 401)
    assert.deepInclude(reason, { _tag: "SecretRejected", expired: true })
    assert.match(messageOf(reason), /has expired.*[Mm]ake a new one/)
  })

  it("a refresh token that was not used for 90 days, with and without the newer suberror", () => {
    for (const more of [{}, { suberror: "bad_token" }]) {
      const reason = refused({ ...payloadObject("token.error.invalid_grant.700082"), ...more })
      assert.deepInclude(reason, { _tag: "GrantRevoked", error: "invalid_grant" })
      assert.match(messageOf(reason), /90 days/)
    }
  })

  it("a scope that was not granted", () => {
    assert.match(messageOf(refused(payloadObject("token.error.invalid_scope"))), /Calendars\.Read and User\.Read/)
  })

  it("has a test for each", () => {
    assert.lengthOf(
      payloadNames.filter((name) => name.startsWith("token.error.")),
      4
    )
  })
})

const sentences: ReadonlyArray<readonly [what: string, reason: ReturnType<typeof grant>, sentence: RegExp]> = [
  ["revoked", grant("invalid_grant", 50_173, "bad_token"), /revoked/],
  ["consent missing", grant("invalid_grant", 65_001, "consent_required"), /not been granted/],
  ["admin consent", grant("invalid_grant", 90_094), /administrator/],
  ["single-page app", grant("invalid_grant", 700_084), /Web platform/],
  ["a second factor", grant("interaction_required", 50_076, "basic_action"), /second factor/],
  ["another app's token", grant("invalid_grant", 70_000), /same client id/],
  ["half a token", grant("invalid_request", 900_144), /whole refresh token/],
  ["conditional access", grant("invalid_grant", 53_003), /rules/],
  ["disabled account", grant("invalid_grant", 50_057), /disabled/],
  ["a number nobody knows", grant("invalid_grant", 1_234_567), /Sign in again/],
  ["no number at all", refused({ error: "invalid_grant" }), /Sign in again/],
  ["the number in the text only", refused({ error: "invalid_grant", error_description: "AADSTS50173: x" }), /revoked/],
  ["only a suberror", refused({ suberror: "consent_required" }), /not been granted/]
]

const secretSentences: ReadonlyArray<readonly [what: string, reason: ReturnType<typeof grant>, sentence: RegExp]> = [
  ["wrong app", grant("unauthorized_client", 700_016), /Application \(client\) ID/],
  ["single tenant", grant("invalid_client", 50_194), /supported account types/],
  ["public client", grant("invalid_client", 700_025), /public client/],
  ["no secret", grant("invalid_client", 7_000_218), /No client secret/],
  ["disabled app", grant("unauthorized_client", 7_000_112), /disabled/],
  ["a number nobody knows", grant("invalid_client", 1_234_567), /Check both/]
]

describe("what to do about it", () => {
  it.each(sentences)("%s", (_, reason, sentence) => {
    assert.strictEqual(reason._tag, "GrantRevoked")
    assert.match(messageOf(reason), sentence)
  })

  it.each(secretSentences)("%s", (_, reason, sentence) => {
    assert.strictEqual(reason._tag, "SecretRejected")
    assert.match(messageOf(reason), sentence)
  })

  it("every sentence is for a person: it ends like one and says what to do", () => {
    for (const [, reason] of [...sentences, ...secretSentences]) {
      assert.match(messageOf(reason), /\.$/)
      assert.match(messageOf(reason), /[Ss]ign in|secret|Ask|Check|Copy|Register|Set|[Cc]opy/)
      assert.notMatch(messageOf(reason), /AADSTS|invalid_/)
    }
  })
})

describe("faults that are no refusal", () => {
  it.each([
    ["throttled, and told how long", answer(429, { error: "temporarily_unavailable" }, 9_000), "Throttled"],
    ["throttled, and not told", answer(429, null), "Throttled"],
    ["down for a while", answer(503, null, 5_000), "Throttled"],
    ["down", answer(503, { error: "temporarily_unavailable" }), "Unavailable"],
    ["a gateway's page", answer(502, null), "Unavailable"],
    ["an unknown word", answer(400, { error: "something_new" }), "Unavailable"],
    ["nothing at all", answer(400, {}), "Unavailable"],
    ["asking in circles", answer(400, { error: "invalid_grant", error_codes: [50_196] }), "Throttled"]
  ])("%s", (_, given, tag) => assert.strictEqual(refusalOf(given, "s").reason._tag, tag))

  it("only faults are worth another try", () => {
    assert.isTrue(refusalOf(answer(503, null), "s").mayRepeat)
    assert.isFalse(refusalOf(answer(429, null), "s").mayRepeat)
    assert.isFalse(refusalOf(answer(400, { error: "invalid_grant" }), "s").mayRepeat)
    assert.isFalse(refusalOf(answer(401, { error: "invalid_client" }), "s").mayRepeat)
  })
})

function messageOf(reason: object): string {
  return "message" in reason ? String(reason.message) : ""
}
