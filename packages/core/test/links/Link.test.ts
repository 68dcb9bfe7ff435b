/**
 * That fields are believed in their order and read in their form, which of several links wins, what identifies a meeting,
 * and hosts that a reader adds.
 */
import { assert, describe, it } from "@effect/vitest"
import { type LinkField, type MeetingLink, findMeetingLink, meetingLinkKey } from "../../src/links/index.ts"
import { address, html, line, mail } from "./Fields.ts"

/** Distinct meetings by number. */
const zoom = (number: number): string => `https://zoom.us/j/8000000000${number}`
const urlIn = (fields: ReadonlyArray<LinkField>): string | null => findMeetingLink(fields)?.url ?? null

describe("fields", () => {
  it("are believed in the order in which they come, whatever their form", () => {
    const forms = [address, line, mail, html]
    for (const first of forms) {
      for (const then of forms) assert.strictEqual(urlIn([...first(zoom(1)), ...then(zoom(2))]), zoom(1))
    }
    assert.strictEqual(urlIn([...address(""), ...line("Room 12"), ...html("<p>x"), ...mail(zoom(3))]), zoom(3))
  })

  it("hold whole addresses where they are meant for them, and text otherwise", () => {
    const spelledOut = `https://teams.microsoft.com/l/meetup-join/19:x@thread.v2/0?context={"Tid":"t","Oid":"o"}`
    assert.strictEqual(urlIn(address(` ${spelledOut}\r\n`)), spelledOut.replaceAll('"', "%22"))
    assert.strictEqual(urlIn(address(`Join: ${zoom(1)} now`)), zoom(1))
    assert.strictEqual(urlIn(address("meet.google.com/abc-defg-hij")), "https://meet.google.com/abc-defg-hij")
    assert.strictEqual(urlIn(address(`${zoom(1)} (Zoom)`)), zoom(1))
    assert.strictEqual(urlIn(address("https://zoom.us/my/jane&amp;x")), "https://zoom.us/my/jane&x")
  })

  it("are read as they were written: a soft break is one in mail alone, markup is markup in HTML alone", () => {
    const broken = zoom(1).replace("/j/", "/j/=\r\n")
    assert.strictEqual(urlIn(mail(broken)), zoom(1))
    assert.isNull(urlIn(line(broken)))
    assert.isNull(urlIn(html(`<!-- ${zoom(1)} -->`)))
    assert.strictEqual(urlIn(mail(`<!-- ${zoom(1)} -->`)), zoom(1))
  })

  it("decide by links alone, never by words", () => {
    assert.isNull(urlIn([...line("Zoom"), ...line("Microsoft Teams Meeting")]))
  })

  it("may be none, and may come as they are asked for", () => {
    assert.isNull(urlIn([]))
    const asked: Array<string> = []
    function* fields(): Generator<LinkField> {
      for (const text of [`${zoom(1)}?pwd=a`, zoom(2)]) {
        asked.push(text)
        yield* line(text)
      }
    }
    assert.strictEqual(findMeetingLink(fields())?.url, `${zoom(1)}?pwd=a`)
    assert.lengthOf(asked, 1, "nothing is read beyond the answer")
  })

  it.each([
    ["a text", line],
    ["mail", mail],
    ["markup", html]
  ])("drop a link that may be cut: at the end of %s", (_name, field) => {
    const link = "https://teams.microsoft.com/meet/744337110262323?p=BNk0nWtHqTHj"
    assert.isNull(urlIn(field(`Join ${link}`, true)))
    assert.strictEqual(urlIn(field(`Join ${link}`)), link)
    assert.strictEqual(urlIn(field(`Join ${link} `, true)), link, "the link ends before the cut")
    assert.isNull(urlIn(field(`Join ${link}.`, true)), "the dot may be the middle of a passcode")
  })

  it("are read for their first four million characters", () => {
    const filler = "x".repeat(3_999_000)
    assert.strictEqual(urlIn(mail(`${filler} ${zoom(1)} `)), zoom(1))
    assert.isNull(urlIn(mail(`${filler}${" ".repeat(1000)}${zoom(1)}`)))
    // Cut in the middle of a link: what is left would be a meeting of its own.
    for (const field of [mail, line]) {
      assert.isNull(urlIn(field(`${" ".repeat(4_000_000 - zoom(1).length + 1)}${zoom(1)}`)))
    }
    assert.isNull(urlIn(html(`<p>${" ".repeat(4_000_000 - zoom(1).length - 2)}${zoom(1)}</p>`)))
    assert.strictEqual(urlIn(html(`<p>${zoom(1)}</p>${" ".repeat(4_000_000)}`)), zoom(1))
  })

  it("are not changed", () => {
    assert.strictEqual(urlIn(Object.freeze(line(zoom(1)).map((field) => Object.freeze(field)))), zoom(1))
  })
})

describe("of several links", () => {
  it("the first that joins wins, whatever the platform and the length", () => {
    assert.strictEqual(urlIn(mail(`https://discord.gg/pvqJIGx ${zoom(1)}?pwd=abcdefgh`)), "https://discord.gg/pvqJIGx")
    assert.strictEqual(urlIn(mail(`https://zoom.us/rec/play/x ${zoom(1)} ${zoom(2)}`)), zoom(1))
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
    assert.strictEqual(urlIn([...line(bare), ...mail(`${zoom(9)} ${withPasscode} ${bare}`)]), withPasscode)
    assert.strictEqual(urlIn(mail(`${withPasscode} ${bare}`)), withPasscode)
  })

  it("the first of two with passcodes stays, and other meetings never replace it", () => {
    assert.strictEqual(urlIn(mail(`${zoom(1)}?pwd=a ${zoom(1)}?pwd=b`)), `${zoom(1)}?pwd=a`)
    assert.strictEqual(urlIn(mail(`${zoom(1)} ${zoom(2)}?pwd=b`)), zoom(1))
    assert.strictEqual(urlIn(mail(`${zoom(1)}?pwd= ${zoom(2)}?pwd=b`)), `${zoom(1)}?pwd=`)
    assert.strictEqual(
      urlIn(mail("https://whereby.com/acme https://whereby.com/acme?roomKey=x")),
      "https://whereby.com/acme",
      "only where the same meeting is known to appear with and without"
    )
  })

  it("an incomplete context is no passcode", () => {
    const bare = "https://teams.microsoft.com/l/meetup-join/19:a@thread.v2/0?context=%7B%22Tid%22:%221%22%7D"
    const whole = bare.replace("%7D", ",%22Oid%22:%222%22%7D")
    assert.strictEqual(urlIn(mail(`${bare} ${whole}`)), whole)
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
      const platform = findMeetingLink(line(same[0] ?? ""))?.platform ?? assert.fail(same[0])
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
    hosts: {
      jitsi: ["Jitsi.Example.org", "zoom.us"],
      pexip: ["vc.example.org"],
      "skype-for-business": ["meet.fabrikam.example"],
      teams: ["teams.sovereign.example"]
    }
  }

  it.each([
    ["jitsi", "https://jitsi.example.org/planning", "jitsi.example.org/planning"],
    ["pexip", "https://vc.example.org/meet/jane", "vc.example.org/meet/jane"],
    ["jitsi", "https://jitsi.example.org/tenant/planning", "jitsi.example.org/tenant/planning"],
    ["pexip", "https://vc.example.org/webapp/conference/jane", "vc.example.org/webapp/conference/jane"],
    ["pexip", "https://vc.example.org/webapp3/m/jane@example.org/", "vc.example.org/webapp3/m/jane@example.org"],
    ["pexip", "https://vc.example.org/webapp/?conference=jane&role=guest", "vc.example.org/jane"],
    ["skype-for-business", "https://meet.fabrikam.example/alex/ABC12345?sl=1", "meet.fabrikam.example/alex/ABC12345"],
    ["skype-for-business", "https://meet.fabrikam.example/meet/alex/ABC1", "meet.fabrikam.example/meet/alex/ABC1"],
    ["skype-for-business", "https://meet.fabrikam.example/sip.x/alex/A1", "meet.fabrikam.example/sip.x/alex/A1"],
    [
      "skype-for-business",
      "https://meet.fabrikam.example/sip.x/meet/alex/A1",
      "meet.fabrikam.example/sip.x/meet/alex/A1"
    ],
    ["teams", "https://teams.sovereign.example/meet/744337110262323?p=BNk0nWt", "744337110262323"],
    ["teams", "https://teams.sovereign.example/l/meetup-join/19%3ameeting_x%40thread.v2/0", "19:meeting_x@thread.v2"]
  ] as const)("join once they are named: %s", (platform, url, key) => {
    const fields = address(url)
    assert.isNull(findMeetingLink(fields))
    assert.isNull(findMeetingLink(fields, { hosts: {} }))
    assert.deepStrictEqual(findMeetingLink(fields, settings), { platform, url })
    assert.strictEqual(meetingLinkKey({ platform, url }), `${platform}:${key}`)
  })

  it("take the clients' own addresses as well", () => {
    const url = "https://teams.sovereign.example/meet/744337110262323"
    for (const client of [
      "https://teams.sovereign.example/_#/meet/744337110262323",
      "msteams://teams.sovereign.example/meet/744337110262323"
    ]) {
      assert.deepStrictEqual(findMeetingLink(address(client), settings), { platform: "teams", url })
      assert.isNull(findMeetingLink(address(client)))
    }
  })

  it("join only by their exact name and the platform's paths", () => {
    for (const url of [
      "https://x.jitsi.example.org/planning",
      "https://jitsi.example.org.evil.example/planning",
      "https://jitsi.example.org:8443/planning",
      "https://jitsi.example.org/",
      "https://vc.example.org/teams/x",
      "https://vc.example.org/webapp/",
      "https://vc.example.org/webapp/?conference=",
      "https://vc.example.org/webapp9/m/jane",
      "https://teams.sovereign.example.evil.example/meet/744337110262323",
      "https://x.teams.sovereign.example/meet/744337110262323",
      "https://teams.sovereign.example/meetingOptions/?organizerId=1",
      "https://meet.fabrikam.example/sip.x/other/alex/A1",
      "https://meet.fabrikam.example/a/sip.x/meet/alex/A1",
      "https://meet.fabrikam.example/dialin"
    ]) {
      assert.isNull(findMeetingLink(address(url), settings), url)
    }
  })

  it("take nothing from a platform that owns the host", () => {
    assert.isNull(findMeetingLink(line("https://zoom.us/planning"), settings))
    assert.strictEqual(findMeetingLink(line(zoom(1)), settings)?.platform, "zoom")
  })
})
