/**
 * Why a sign-in by code failed, in words: captured answers, and every refusal that the simulator knows. No sentence
 * speaks of a refresh token that the person does not have yet, and none holds what was sent.
 */
import { assert, describe, it } from "@effect/vitest"
import { codeRefusal, pageRefusal } from "../../src/auth/SignIn.ts"
import { type EntraErrorName, entraError } from "../../simulator/wire/EntraError.ts"
import { emptyWorld } from "../../simulator/index.ts"
import { payload } from "../fakes/Payloads.ts"

const secret = "a~client~secret"
const answerOf = (name: EntraErrorName) => {
  const { body, status } = entraError(emptyWorld(1), 0, name, "x")
  return codeRefusal(status, JSON.stringify(body), secret)
}

describe("the token endpoint's refusals of a code", () => {
  it.each<readonly [EntraErrorName, RegExp]>([
    ["code_redeemed", /used already/],
    ["code_expired", /took too long/],
    ["code_verifier_wrong", /another sign-in/],
    ["grant_of_another_app", /another sign-in/],
    ["code_redirect_mismatch", /Redirect URIs/],
    ["secret_wrong", /Value \(not its Secret ID\)/],
    ["secret_missing", /client secret/],
    ["secret_expired", /expired\. Make a new one/],
    ["app_unknown", /Application \(client\) ID/],
    ["consent_required", /choose Accept/],
    ["admin_consent", /administrator to approve/],
    ["mfa_required", /second factor/],
    ["scope_invalid", /Calendars\.Read and User\.Read/],
    ["request_malformed", /did not understand/],
    ["refresh_token_malformed", /did not understand/],
    ["grant_type_unsupported", /did not understand/],
    ["temporarily_unavailable", /answered 503/]
  ])("%s", (name, words) => {
    const { message, said } = answerOf(name)
    assert.match(message, words)
    assert.match(said ?? "", /^AADSTS\d+: /)
    assert.notMatch(said ?? "", /Trace ID/)
    assert.notInclude(message, secret)
    assert.notMatch(message, /refresh token/i)
  })

  it.each([
    ["token.error.invalid_client.7000215", /Value \(not its Secret ID\)/],
    ["token.error.invalid_client.7000222", /expired/],
    ["token.error.invalid_grant.700082", /Sign in again/],
    ["token.error.invalid_scope", /Calendars\.Read/]
  ])("as captured: %s", (file, words) => {
    const { message, said } = codeRefusal(400, JSON.stringify(payload(file)), secret)
    assert.match(message, words)
    assert.match(said ?? "", /^AADSTS\d+: [^\r\n]+$/)
  })

  it("tells a Secret ID from a Value", () => {
    const { body } = entraError(emptyWorld(1), 0, "secret_wrong", "x")
    const { message } = codeRefusal(401, JSON.stringify(body), "99999999-8888-7777-6666-555555555555")
    assert.include(message, "looks like the Secret ID")
  })

  it.each([
    [502, "<html>", /answered 502/],
    [200, "[]", /answered 200/],
    [429, "{}", /busy/],
    [400, `{"error": 7}`, /answered 400/]
  ])("%i %s is a sentence too", (status, body, words) => {
    const { message, said } = codeRefusal(status, body, secret)
    assert.match(message, words)
    assert.isNull(said)
  })
})

describe("what comes back in the place of a code", () => {
  it.each([
    ["access_denied", "AADSTS65004: User declined to consent to access the app.", /choose Accept/],
    ["access_denied", null, /Calendars\.Read and User\.Read/],
    ["consent_required", "AADSTS90094: Admin consent is required.", /administrator to approve/],
    ["server_error", null, /Wait a moment/],
    ["temporarily_unavailable", "AADSTS90033: A transient error has occurred.", /Wait a moment/],
    ["invalid_request", "AADSTS9002325: PKCE is required.", /under Web/],
    ["unauthorized_client", "AADSTS50020: User account does not exist in tenant.", /supported account types/],
    ["interaction_required", "AADSTS50105: not assigned", /assigned to the user/]
  ])("%s %s", (error, description, words) => {
    assert.match(pageRefusal(error, description).message, words)
  })

  it("passes on one line of it, without control characters, and not for ever", () => {
    assert.strictEqual(pageRefusal("access_denied", "a\u0007b\r\nTrace ID: 1").said, "ab")
    assert.lengthOf(pageRefusal("access_denied", "x".repeat(5_000)).said ?? "", 400)
  })
})
