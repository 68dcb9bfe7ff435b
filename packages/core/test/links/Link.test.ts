/**
 * The order in which an event's fields are believed, which of several links wins, what identifies a meeting, and hosts
 * that a reader adds.
 */
import { assert, describe, it } from "@effect/vitest"
import { type MeetingLink, findMeetingLink, meetingLinkKey } from "../../src/links/index.ts"

/** Distinct meetings by number. */
const zoom = (number: number): string => `https://zoom.us/j/8000000000${number}`
const urlIn = (event: unknown): string | null => findMeetingLink(event)?.url ?? null
const text = (content: string) => ({ body: { contentType: "text", content } })

describe("fields", () => {
  it("are believed in this order", () => {
    const event = {
      onlineMeeting: { joinUrl: zoom(1) },
      onlineMeetingUrl: zoom(2),
      location: { displayName: zoom(3), locationUri: zoom(4), uniqueId: zoom(5) },
      locations: [null, { displayName: zoom(6), locationUri: zoom(7), uniqueId: zoom(8) }],
      ...text(zoom(9)),
      bodyPreview: "https://meet.google.com/abc-defg-hij",
      subject: "https://meet.google.com/klm-nopq-rst"
    }
    const found = [urlIn(event)]
    event.onlineMeeting.joinUrl = ""
    found.push(urlIn(event))
    event.onlineMeetingUrl = ""
    for (const place of [event.location, event.locations[1]]) {
      for (const name of ["displayName", "locationUri", "uniqueId"] as const) {
        found.push(urlIn(event))
        if (place) place[name] = ""
      }
    }
    found.push(urlIn(event))
    event.body.content = ""
    found.push(urlIn(event))
    event.bodyPreview = ""
    found.push(urlIn(event))
    const bySource = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(zoom)
    assert.deepStrictEqual(found, [
      ...bySource,
      "https://meet.google.com/abc-defg-hij",
      "https://meet.google.com/klm-nopq-rst"
    ])
  })

  it("hold whole addresses where they are meant for them, and text otherwise", () => {
    const spelledOut = `https://teams.microsoft.com/l/meetup-join/19:x@thread.v2/0?context={"Tid":"t","Oid":"o"}`
    assert.strictEqual(urlIn({ onlineMeeting: { joinUrl: ` ${spelledOut}\r\n` } }), spelledOut.replaceAll('"', "%22"))
    assert.strictEqual(urlIn({ onlineMeetingUrl: `Join: ${zoom(1)} now` }), zoom(1))
    assert.strictEqual(
      urlIn({ onlineMeetingUrl: "meet.google.com/abc-defg-hij" }),
      "https://meet.google.com/abc-defg-hij"
    )
    assert.strictEqual(urlIn({ onlineMeetingUrl: `${zoom(1)} (Zoom)` }), zoom(1))
    assert.strictEqual(urlIn({ onlineMeetingUrl: "https://zoom.us/my/jane&amp;x" }), "https://zoom.us/my/jane&x")
  })

  it("decide by links alone, never by flags or words", () => {
    const words = {
      isOnlineMeeting: true,
      onlineMeetingProvider: "teamsForBusiness",
      subject: "Microsoft Teams Meeting"
    }
    assert.isNull(findMeetingLink({ ...words, location: { displayName: "Zoom" } }))
    assert.strictEqual(findMeetingLink({ ...words, location: { displayName: zoom(1) } })?.platform, "zoom")
  })

  it.each([
    ["displayName", (value: string) => ({ location: { displayName: value } })],
    ["uniqueId", (value: string) => ({ locations: [{ uniqueId: value }] })],
    ["bodyPreview", (value: string) => ({ bodyPreview: value })]
  ])("drop a link that may be cut: %s of exactly 255 characters", (_name, event) => {
    const link = "https://teams.microsoft.com/meet/744337110262323?p=BNk0nWtHqTHj"
    const padded = (length: number) => link.padStart(length, " ")
    assert.isNull(urlIn(event(padded(255))))
    assert.strictEqual(urlIn(event(padded(254))), link)
    assert.strictEqual(urlIn(event(padded(256))), link)
    assert.strictEqual(urlIn(event(`${padded(254)} `)), link, "the link ends before the cut")
    assert.isNull(urlIn(event(`${padded(254)}.`)), "the dot may be the middle of a passcode")
    assert.strictEqual(urlIn(event(`<${link}>`.padStart(255, " "))), link)
  })

  it("are not cut elsewhere: a subject or a body of 255 characters may end in a link", () => {
    const padded = zoom(1).padStart(255, " ")
    assert.strictEqual(urlIn({ subject: padded }), zoom(1))
    assert.strictEqual(urlIn(text(padded)), zoom(1))
  })

  it("are read for their first four million characters when they are bodies", () => {
    const filler = "x".repeat(3_999_000)
    assert.strictEqual(urlIn(text(`${filler} ${zoom(1)} `)), zoom(1))
    assert.isNull(urlIn(text(`${filler}${" ".repeat(1000)}${zoom(1)}`)))
    // Cut in the middle of a link: what is left would be a meeting of its own.
    assert.isNull(urlIn(text(`${" ".repeat(4_000_000 - zoom(1).length + 1)}${zoom(1)}`)))
    const html = `<p>${" ".repeat(4_000_000 - zoom(1).length - 2)}${zoom(1)}</p>`
    assert.isNull(urlIn({ body: { contentType: "html", content: html } }))
    const earlier = `<p>${zoom(1)}</p>${" ".repeat(4_000_000)}`
    assert.strictEqual(urlIn({ body: { contentType: "html", content: earlier } }), zoom(1))
  })
})

describe("an event of any shape", () => {
  const odd = [undefined, null, true, 0, Number.NaN, "", "x", Symbol("x"), 10n, [], {}, () => 0, Object.create(null)]
  const reading = ["onlineMeeting", "onlineMeetingUrl", "location", "locations", "body", "bodyPreview", "subject"]

  it("gives null where nothing is to be read, and never throws", () => {
    for (const value of odd) assert.isNull(findMeetingLink(value))
    for (const value of odd) {
      for (const name of reading) assert.isNull(findMeetingLink({ [name]: value }))
      for (const name of ["joinUrl", "displayName", "locationUri", "uniqueId", "content", "contentType"]) {
        const each = { [name]: value }
        assert.isNull(findMeetingLink({ onlineMeeting: each, location: each, locations: [each, value], body: each }))
      }
    }
  })

  it("is read past properties that refuse to be read", () => {
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error("no")
        }
      }
    )
    assert.isNull(findMeetingLink(hostile))
    assert.strictEqual(urlIn({ onlineMeeting: hostile, location: hostile, body: hostile, subject: zoom(1) }), zoom(1))
  })

  it("is not changed", () => {
    const event = Object.freeze({ locations: Object.freeze([Object.freeze({ displayName: zoom(1) })]) })
    assert.strictEqual(urlIn(event), zoom(1))
  })
})

describe("of several links", () => {
  it("the first that joins wins, whatever the platform and the length", () => {
    assert.strictEqual(urlIn(text(`https://discord.gg/pvqJIGx ${zoom(1)}?pwd=abcdefgh`)), "https://discord.gg/pvqJIGx")
    assert.strictEqual(urlIn(text(`https://zoom.us/rec/play/x ${zoom(1)} ${zoom(2)}`)), zoom(1))
  })

  it.each([
    ["Zoom, on another host", zoom(1), "https://acme.zoom.com/j/80000000001?pwd=a.1"],
    ["Zoom, by token", zoom(1), `${zoom(1)}?tk=a`],
    [
      "Teams, short",
      "https://teams.microsoft.com/meet/744337110262323",
      "https://teams.live.com/meet/744337110262323?p=a"
    ],
    [
      "Teams, long",
      "https://teams.microsoft.com/l/meetup-join/19%3Aa%40thread.v2/0",
      "https://teams.microsoft.com/l/meetup-join/19:a@thread.v2/0?context=%7B%22Tid%22:%221%22,%22Oid%22:%222%22%7D"
    ],
    ["BlueJeans", "https://bluejeans.com/844211148", "https://acme.bluejeans.com/844211148/3411"]
  ])("the same meeting with its passcode replaces the one without: %s", (_name, bare, withPasscode) => {
    assert.strictEqual(
      urlIn({ location: { displayName: bare }, ...text(`${zoom(9)} ${withPasscode} ${bare}`) }),
      withPasscode
    )
    assert.strictEqual(urlIn(text(`${withPasscode} ${bare}`)), withPasscode)
  })

  it("the first of two with passcodes stays, and other meetings never replace it", () => {
    assert.strictEqual(urlIn(text(`${zoom(1)}?pwd=a ${zoom(1)}?pwd=b`)), `${zoom(1)}?pwd=a`)
    assert.strictEqual(urlIn(text(`${zoom(1)} ${zoom(2)}?pwd=b`)), zoom(1))
    assert.strictEqual(urlIn(text(`${zoom(1)}?pwd= ${zoom(2)}?pwd=b`)), `${zoom(1)}?pwd=`)
    assert.strictEqual(
      urlIn(text("https://whereby.com/acme https://whereby.com/acme?roomKey=x")),
      "https://whereby.com/acme",
      "only where the same meeting is known to appear with and without"
    )
  })

  it("an incomplete context is no passcode", () => {
    const bare = "https://teams.microsoft.com/l/meetup-join/19:a@thread.v2/0?context=%7B%22Tid%22:%221%22%7D"
    const whole = bare.replace("%7D", ",%22Oid%22:%222%22%7D")
    assert.strictEqual(urlIn(text(`${bare} ${whole}`)), whole)
  })
})

describe("the key of a meeting", () => {
  const keyOf = (url: string, platform: MeetingLink["platform"] = "zoom") => meetingLinkKey({ platform, url })

  it("is the same with and without passcode, token, host key and invitee", () => {
    const sames = [
      [
        zoom(1),
        `${zoom(1)}?pwd=secret.1`,
        "https://acme.zoom.us/w/80000000001?tk=secret",
        "https://zoom.us/join?confno=80000000001"
      ],
      ["https://teams.live.com/meet/744337110262323", "https://teams.microsoft.com/meet/744337110262323?p=secret"],
      [
        "https://teams.microsoft.com/l/meetup-join/19%3aa%40thread.v2/0",
        "https://teams.microsoft.com/l/meetup-join/19:a@thread.v2/1699?context=%7B%22Oid%22:%22secret%22%7D"
      ],
      ["https://bluejeans.com/844211148", "https://bluejeans.com/844211148/3411/browser"],
      ["https://whereby.com/acme", "https://whereby.com/acme/?roomKey=secret"],
      ["https://facetime.apple.com/join#v=1&p=id", "https://facetime.apple.com/join#v=1&p=id&k=secret"],
      ["https://meet.google.com/abc-defg-hij", "https://meet.google.com/_meet/ABC-defg-hij?authuser=secret"]
    ]
    for (const same of sames) {
      const platform = findMeetingLink({ subject: same[0] })?.platform ?? assert.fail(same[0])
      const keys = new Set(same.map((url) => keyOf(url, platform)))
      assert.strictEqual(keys.size, 1, same.join(" "))
      for (const key of keys) assert.notInclude(key ?? "", "secret")
    }
  })

  it("sees through wrappers", () => {
    const wrapped = `https://nam02.safelinks.protection.outlook.com/?url=${encodeURIComponent(zoom(1))}&data=x`
    assert.strictEqual(keyOf(wrapped), keyOf(zoom(1)))
  })

  it("is null for what is no link of that platform: nothing is ever keyed by an empty part", () => {
    assert.isNull(keyOf(""))
    assert.isNull(keyOf("https://zoom.us/j/"))
    assert.isNull(keyOf(zoom(1), "teams"))
    assert.isNull(keyOf("https://meet.example.org/x"))
  })
})

describe("hosts of one's own", () => {
  const settings = {
    selfHosted: {
      jitsi: ["Jitsi.Example.org", "zoom.us"],
      pexip: ["vc.example.org"],
      "skype-for-business": ["meet.fabrikam.example"]
    }
  }

  it.each([
    ["jitsi", "https://jitsi.example.org/planning", "jitsi.example.org/planning"],
    ["pexip", "https://vc.example.org/meet/jane", "vc.example.org/meet/jane"],
    ["skype-for-business", "https://meet.fabrikam.example/alex/ABC12345?sl=1", "meet.fabrikam.example/alex/ABC12345"]
  ] as const)("join once they are named: %s", (platform, url, key) => {
    const event = { onlineMeeting: { joinUrl: url } }
    assert.isNull(findMeetingLink(event))
    assert.isNull(findMeetingLink(event, { selfHosted: {} }))
    assert.deepStrictEqual(findMeetingLink(event, settings), { platform, url })
    assert.strictEqual(meetingLinkKey({ platform, url }), `${platform}:${key}`)
  })

  it("join only by their exact name and the platform's paths", () => {
    for (const url of [
      "https://x.jitsi.example.org/planning",
      "https://jitsi.example.org.evil.example/planning",
      "https://jitsi.example.org:8443/planning",
      "https://jitsi.example.org/",
      "https://vc.example.org/teams/x",
      "https://meet.fabrikam.example/dialin"
    ]) {
      assert.isNull(findMeetingLink({ onlineMeeting: { joinUrl: url } }, settings), url)
    }
  })

  it("take nothing from a platform that owns the host", () => {
    assert.isNull(findMeetingLink({ subject: "https://zoom.us/planning" }, settings))
    assert.strictEqual(findMeetingLink({ subject: zoom(1) }, settings)?.platform, "zoom")
  })
})
