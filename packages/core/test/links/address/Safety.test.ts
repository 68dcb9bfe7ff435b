/** Addresses built to be misread, app schemes, and the form in which links come back. */
import { assert, describe, it } from "@effect/vitest"
import { findMeetingLink } from "../../../src/links/index.ts"
import { address, html, line, mail } from "../Fields.ts"

const find = (text: string): string | null => findMeetingLink(address(text))?.url ?? null
const everywhere = (link: string): readonly (string | null)[] => {
  const anchor = `<a href="${link.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}">x</a>`
  const events = [address(link), line(link), mail(`Join ${link} now`), html(anchor), html(`<p>${link}</p>`)]
  return events.map((fields) => findMeetingLink(fields)?.url ?? null)
}

describe("an address is refused", () => {
  it.each([
    ["a host that ends alike", "https://notzoom.us/j/81234567890"],
    ["a host that begins alike", "https://zoom.us.evil.example/j/81234567890"],
    ["a host with a hyphen for a dot", "https://zoom-us.example/j/81234567890"],
    ["the platform in the path", "https://evil.example/zoom.us/j/81234567890"],
    ["the platform in the query", "https://evil.example/?u=https://zoom.us/j/81234567890"],
    ["the platform in the fragment", "https://evil.example/#https://zoom.us/j/81234567890"],
    ["the platform as a path", "https://evil.example/https://zoom.us/j/81234567890"],
    ["user info before a foreign host", "https://zoom.us@evil.example/j/81234567890"],
    ["user info before a real host", "https://evil@zoom.us/j/81234567890"],
    ["a password before a real host", "https://a:b@zoom.us/j/81234567890"],
    ["user info before a customer's host", "https://evil@acme.zoom.us/j/81234567890"],
    ["an escape in a customer's host", "https://ac%6De.zoom.us/j/81234567890"],
    ["enclosed letters in a customer's host", "https://ⓐcme.zoom.us/j/81234567890"],
    ["an ideographic full stop before a real host", "https://evil.example。zoom.us/j/81234567890"],
    ["a fraction slash before a real host", "https://evil.example⁄zoom.us/j/81234567890"],
    ["a customer's host that is none", "https://evil.example%2F.zoom.us/j/81234567890"],
    ["a backslash before @", "https://evil.example\\@zoom.us/j/81234567890"],
    ["another port", "https://zoom.us:8443/j/81234567890"],
    ["the other scheme's port", "https://zoom.us:80/j/81234567890"],
    ["an empty port", "https://zoom.us:/j/81234567890"],
    ["a dot after the host", "https://zoom.us./j/81234567890"],
    ["an empty label", "https://a..zoom.us/j/81234567890"],
    ["a leading dot", "https://.zoom.us/j/81234567890"],
    ["an escape in the host", "https://zoom%2eus/j/81234567890"],
    ["an escaped slash", "https://zoom.us%2Fj/81234567890"],
    ["Cyrillic letters", "https://zооm.us/j/81234567890"],
    ["punycode", "https://xn--zm-emca.us/j/81234567890"],
    ["enclosed letters", "https://ⓩoom.us/j/81234567890"],
    ["full-width letters", "https://ｚoom.us/j/81234567890"],
    ["an ideographic full stop", "https://zoom。us/j/81234567890"],
    ["a fraction slash", "https://zoom.us⁄j⁄81234567890.evil.example/"],
    ["a soft hyphen", "https://zo\u00adom.us/j/81234567890"],
    ["a zero-width space", "https://zo\u200bom.us/j/81234567890"],
    ["an IPv4 address", "https://192.0.2.10/j/81234567890"],
    ["an IPv6 address", "https://[2001:db8::1]/j/81234567890"],
    ["a host of 254 characters", `https://${"a.".repeat(124)}zoom.us/j/81234567890`],
    ["more than 8192 characters", `https://zoom.us/j/81234567890?x=${"a".repeat(8192)}`],
    ["a path that climbs out", "https://zoom.us/j/81234567890/../../rec/81234567890"],
    ["an escaped digit", "https://zoom.us/j/8123456789%30"],
    ["an escape that never ends", `https://zoom.us/my/a?b&${"amp;".repeat(99)}c`],
    ["an app scheme on a foreign host", "zoommtg://evil.example/join?confno=81234567890"],
    ["an app scheme with user info", "zoommtg://zoom.us@evil.example/join?confno=81234567890"],
    ["an app scheme without a number", "zoommtg://zoom.us/join?action=join"],
    ["an app scheme with another action", "zoommtg://zoom.us/start?confno=81234567890"],
    ["an app scheme on another platform's host", "zoommtg://meet.google.com/join?confno=81234567890"],
    ["Teams' scheme on a foreign host", "msteams://evil.example/meet/744337110262323"],
    ["Teams' scheme on another platform's host", "msteams://zoom.us/j/81234567890"],
    ["Teams' scheme with an empty host", "msteams:///meet/744337110262323"],
    ["Teams' scheme with a foreign path", "msteams://evil.example\\@teams.microsoft.com/meet/744337110262323"],
    [
      "a Teams page that shows a foreign one",
      "https://teams.microsoft.com/_#https://evil.example/meet/744337110262323"
    ],
    [
      "a Teams launcher with a foreign target",
      "https://teams.microsoft.com/dl/launcher/launcher.html?url=https%3A%2F%2Fevil.example%2Fmeet%2F744337110262323"
    ],
    [
      "a Teams launcher with a protocol-relative target",
      "https://teams.microsoft.com/dl/launcher/launcher.html?url=%2F_%23%2F%2Fevil.example%2Fmeet%2F744337110262323"
    ]
  ])("for %s", (_name, address) => {
    assert.deepStrictEqual(everywhere(address), [null, null, null, null, null])
  })
})

describe("a link comes back", () => {
  it.each([
    ["over https", "http://zoom.us/j/81234567890", "https://zoom.us/j/81234567890"],
    ["with a lower-case host", "HTTPS://US02web.Zoom.US/j/81234567890", "https://us02web.zoom.us/j/81234567890"],
    ["without the default port", "https://zoom.us:443/j/81234567890", "https://zoom.us/j/81234567890"],
    ["without http's default port", "http://zoom.us:80/j/81234567890", "https://zoom.us/j/81234567890"],
    ["without its fragment", "https://zoom.us/j/81234567890#success", "https://zoom.us/j/81234567890"],
    ["with its final slash", "https://zoom.us/j/81234567890/", "https://zoom.us/j/81234567890/"],
    ["with dot segments resolved", "https://zoom.us/x/../j/./81234567890", "https://zoom.us/j/81234567890"],
    [
      "with its query as it was",
      "https://zoom.us/my/a?b=%7e%7E+c&a&=&pwd=x",
      "https://zoom.us/my/a?b=%7e%7E+c&a&=&pwd=x"
    ],
    [
      "settled",
      "https://teams.live.com/_#/meet/744337110262323?p=a.&anon=true",
      "https://teams.live.com/meet/744337110262323?p=a"
    ],
    ["settled, though escaped five times", `https://zoom.us/my/a?b&${"amp;".repeat(5)}c`, "https://zoom.us/my/a?b&c"],
    [
      "out of a client's page with what joins and no more",
      "https://teams.live.com/_#/meet/744337110262323?anon=true&pp=2&prejoin=x&p=a&contexts=y",
      "https://teams.live.com/meet/744337110262323?pp=2&p=a"
    ],
    [
      "with semicolons where they belong",
      "https://zoom.us/j/81234567890?xpwd=a;b&y=c,d",
      "https://zoom.us/j/81234567890?xpwd=a;b&y=c,d"
    ],
    ["on its own host", "https://zoom.com/j/81234567890", "https://zoom.com/j/81234567890"],
    [
      "without text glued to its passcode",
      "https://zoom.us/j/81234567890?pwd=a.1;Passcode=1&x=2",
      "https://zoom.us/j/81234567890?pwd=a.1&x=2"
    ],
    [
      "rebuilt from a Meet code",
      "https://meet.google.com/_meet/ABC-Defg-hij/?authuser=1#x",
      "https://meet.google.com/abc-defg-hij"
    ],
    [
      "out of a Zoom app address",
      "zoommtg://zoom.us/join?action=join&confno=81234567890&zc=0&pwd=x.1&tk=y",
      "https://zoom.us/j/81234567890?pwd=x.1&tk=y"
    ],
    [
      "out of a Teams app address",
      "msteams:/meet/744337110262323?p=a",
      "https://teams.microsoft.com/meet/744337110262323?p=a"
    ],
    [
      "out of a Teams app address with host",
      "msteams://teams.live.com/meet/744337110262323?p=a",
      "https://teams.live.com/meet/744337110262323?p=a"
    ]
  ])("%s", (_name, address, url) => {
    assert.strictEqual(find(address), url)
    assert.strictEqual(find(url), url)
  })
})
