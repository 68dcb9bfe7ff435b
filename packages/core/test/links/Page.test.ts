/** The example of `docs/links.md`, which does what it says. */
import { assert, it } from "@effect/vitest"
import { type Policy, defaultPolicy, findMeetingLink, noLinkReason } from "../../src/index.ts"
import { address } from "./Fields.ts"

const policy: Policy = {
  ...defaultPolicy,
  links: {
    hosts: { jitsi: ["meet.contoso.example"], teams: ["teams.sovereign.example"] },
    gateways: [{ host: "*.gate.contoso.example", path: "/go", parameter: "to" }]
  }
}

it("finds what the page says", () => {
  const room = "https://meet.contoso.example/planning"
  const wrapped = `https://eu.gate.contoso.example/go?to=${encodeURIComponent(room)}`
  assert.deepStrictEqual(findMeetingLink(address(wrapped), policy.links), { platform: "jitsi", url: room })
  assert.strictEqual(noLinkReason(address(wrapped)), "no_meeting_link")
  assert.strictEqual(noLinkReason(address("https://protect-eu.mimecast.com/s/AbC")), "link_behind_gateway")
})
