/**
 * Law C9: a link that is returned is https, on a host that its platform owns, and canonical (detecting it again returns
 * it); what is launched keeps its passcode, what is compared does not. And C10's half of it: no text makes it throw.
 * That the time is linear is in `LinearTime.test.ts`.
 */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import {
  type LinkSettings,
  type MeetingLink,
  type Platform,
  findMeetingLink,
  meetingLinkKey,
  noLinkReason
} from "../../src/links/index.ts"
import { address, html, line, mail } from "./Fields.ts"
import { linksInText } from "../../src/links/TextLinks.ts"
import { fieldsWith, genuineLink, hostileFields, hostileText, wrapping } from "./Arbitraries.ts"

/** Who owns what, written down a second time and on purpose: a slip in a table must not hide behind itself. */
const domains: Readonly<Record<Platform, readonly string[]>> = {
  teams: ["teams.microsoft.com", "teams.live.com", "teams.cloud.microsoft", "teams.microsoft.us"],
  zoom: ["zoom.us", "zoom.com", "zoomgov.com", "zoom.com.cn", "zoom-x.de"],
  "google-meet": ["meet.google.com"],
  webex: ["webex.com"],
  gotomeeting: ["gotomeeting.com", "meet.goto.com", "app.goto.com", "gotomeet.me"],
  bluejeans: ["bluejeans.com"],
  whereby: ["whereby.com", "appear.in"],
  chime: ["chime.aws"],
  jitsi: ["meet.jit.si"],
  "8x8": ["8x8.vc"],
  slack: ["app.slack.com"],
  discord: ["discord.gg", "discord.com", "discordapp.com"],
  ringcentral: ["ringcentral.com"],
  lark: ["vc.larksuite.com", "vc.feishu.cn"],
  livestorm: ["app.livestorm.co", "app.livestorm.com"],
  around: ["around.co"],
  streamyard: ["streamyard.com"],
  demio: ["event.demio.com"],
  zoho: ["zoho.com", "zoho.eu", "zoho.in", "zoho.com.au"],
  "skype-for-business": ["meet.lync.com"],
  skype: ["join.skype.com"],
  vonage: ["meetings.vonage.com"],
  pexip: ["pexip.me"],
  gotowebinar: ["global.gotowebinar.com"],
  facetime: ["facetime.apple.com"],
  dialpad: ["meetings.dialpad.com"],
  riverside: ["riverside.fm", "riverside.com"],
  gather: ["app.gather.town"],
  "cal-video": ["app.cal.com"],
  "proton-meet": ["meet.proton.me"],
  tencent: ["meeting.tencent.com", "voovmeeting.com"]
}

/** A reader's own, of which hostile text knows the names. */
const settings: LinkSettings = {
  hosts: { jitsi: ["jitsi.example.org"], teams: ["teams.sovereign.example"] },
  gateways: [{ host: "gate.contoso.example", path: "/go", parameter: "to" }]
}

const assertLawful = (link: MeetingLink, { hosts = {} }: LinkSettings = {}): void => {
  const owned: readonly string[] = [...domains[link.platform], ...Object.values(hosts).flat()]
  const url = new URL(link.url)
  assert.strictEqual(url.protocol, "https:")
  assert.strictEqual(`${url.username}${url.password}${url.port}`, "")
  assert.isTrue(
    owned.some((domain) => url.hostname === domain || url.hostname.endsWith(`.${domain}`)),
    `${url.hostname} is not of ${link.platform}`
  )
  assert.strictEqual(url.href, link.url, "serialised as the URL standard does")
  assert.match(link.url, /^[!-~]{1,8192}$/)
  assert.deepStrictEqual(findMeetingLink(address(link.url), { hosts }), link, "detected again")
  // In text an address ends at some characters that an address field allows, and where another one begins.
  const text = `Join ${link.url} now`
  if ([...linksInText(text, false)].join(" ") === link.url)
    assert.deepStrictEqual(findMeetingLink(line(text), { hosts }), link)
  const key = meetingLinkKey(link) ?? ""
  assert.isTrue(key.startsWith(`${link.platform}:`))
  assert.notInclude(key.slice(link.platform.length + 1).split("/"), "", `an empty part in ${key}`)
}

/** Hostile input must really contain links now and then, or the law is about nothing. */
const someAreFound = (found: number, tried: number): void => assert.isAbove(found, tried / 100)

describe("law C9: meeting links", () => {
  it("whatever an event holds: nothing, or a lawful link; it never throws", () => {
    let tried = 0
    let found = 0
    fc.assert(
      fc.property(hostileFields, (fields) => {
        const link = findMeetingLink(fields)
        tried += 1
        if (link === null) return
        found += 1
        assertLawful(link)
      }),
      { numRuns: fewOrMany(1000) }
    )
    someAreFound(found, tried)
  })

  it("the same with hosts and gateways of one's own, and there is a reason just where there is no link", () => {
    let tried = 0
    let found = 0
    let hidden = 0
    fc.assert(
      fc.property(hostileFields, (fields) => {
        const link = findMeetingLink(fields, settings)
        const reason = noLinkReason(fields, settings)
        assert.strictEqual(reason === null, link !== null)
        tried += 1
        if (reason === "link_behind_gateway") hidden += 1
        if (link === null) return
        found += 1
        assertLawful(link, settings)
      }),
      { numRuns: fewOrMany(1000) }
    )
    someAreFound(found, tried)
    assert.isAbove(hidden, 0)
  })

  it("whatever text a body, a target or a field holds", () => {
    let tried = 0
    let found = 0
    fc.assert(
      fc.property(hostileText, (text) => {
        const events = [
          address(text),
          address(`https://${text}`),
          mail(text),
          html(text),
          html(`<a href='${text.replaceAll("'", "")}'>`)
        ]
        for (const fields of events) {
          const link = findMeetingLink(fields)
          tried += 1
          if (link === null) continue
          found += 1
          assertLawful(link)
        }
      }),
      { numRuns: fewOrMany(2000) }
    )
    someAreFound(found, tried)
  })

  it("a genuine link is found as it is, wherever it stands and however often it was wrapped", () => {
    fc.assert(
      fc.property(genuineLink, fieldsWith, fc.array(wrapping, { maxLength: 5 }), ({ link }, fields, wrappings) => {
        const wrapped = wrappings.reduce((url, wrap) => wrap(url), link.url)
        fc.pre(wrapped.length <= 8192)
        assert.deepStrictEqual(findMeetingLink(fields(wrapped)), link)
        assertLawful(link)
      }),
      { numRuns: fewOrMany(500) }
    )
  })

  it("wrapped six times it is not found", () => {
    fc.assert(
      fc.property(genuineLink, fc.array(wrapping, { minLength: 6, maxLength: 7 }), ({ link }, wrappings) => {
        assert.isNull(findMeetingLink(line(wrappings.reduce((url, wrap) => wrap(url), link.url))))
      })
    )
  })

  it("what is launched keeps its passcode, what is compared does not", () => {
    fc.assert(
      fc.property(genuineLink, ({ link, bareUrl, passcode }) => {
        assert.strictEqual(findMeetingLink(line(link.url))?.url, link.url)
        const key = meetingLinkKey(link)
        assert.isNotNull(key)
        assert.strictEqual(meetingLinkKey({ platform: link.platform, url: bareUrl }), key)
        if (passcode !== "") assert.notInclude(key, passcode)
      })
    )
  })

  it("different meetings have different keys", () => {
    fc.assert(
      fc.property(genuineLink, genuineLink, (one, other) => {
        const idOf = ({ bareUrl }: typeof one) => /[^/=]+$/.exec(bareUrl.replace(/\/0$/, ""))?.[0]
        fc.pre(one.link.platform !== other.link.platform || idOf(one) !== idOf(other))
        assert.notStrictEqual(meetingLinkKey(one.link), meetingLinkKey(other.link))
      })
    )
  })

  it("of two meetings the first is chosen, unless the other is the same with a passcode", () => {
    fc.assert(
      fc.property(genuineLink, genuineLink, fieldsWith, (one, other, fields) => {
        fc.pre(meetingLinkKey(one.link) !== meetingLinkKey(other.link))
        const both = line(`${one.link.url} ${other.link.url}`)
        assert.deepStrictEqual(findMeetingLink(both), one.link)
        assert.deepStrictEqual(findMeetingLink([...fields(one.link.url), ...both]), one.link)
      })
    )
  })

  it("on a foreign host no path joins, however the host looks", () => {
    const lookAlike = fc.constantFrom(
      (host: string) => `x${host}`,
      (host: string) => `${host}.evil.example`,
      (host: string) => `${host}@evil.example`,
      (host: string) => `evil.example/${host}`,
      (host: string) => `${host.replaceAll(".", "-")}.example`,
      (host: string) => `${host}.`,
      (host: string) => `${host}:8443`,
      (host: string) => host.replace("o", "о"),
      (host: string) => host.replaceAll(".", "。"),
      (host: string) => `evil.example\\@${host}`
    )
    // "x" before a host is another host only where no subdomain belongs to the platform.
    const links = genuineLink.filter(({ link }) => new URL(link.url).hostname.split(".").length === 2)
    fc.assert(
      fc.property(links, lookAlike, fieldsWith, ({ link }, disguise, fields) => {
        const { hostname } = new URL(link.url)
        fc.pre(disguise(hostname) !== hostname)
        assert.isNull(findMeetingLink(fields(link.url.replace(hostname, disguise(hostname)))))
      })
    )
  })
})

/** `PROVE=1` multiplies what these laws try by ten. */
function fewOrMany(runs: number): number {
  return process.env["PROVE"] === "1" ? runs * 10 : runs
}
