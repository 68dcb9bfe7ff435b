/** Plain text: where an address begins and ends, and what clings to it. */
import { assert, describe, it } from "@effect/vitest"
import { findMeetingLink } from "../../src/links/index.ts"
import { line, mail } from "./Fields.ts"
import { linksInText } from "../../src/links/TextLinks.ts"
import { trimAddress } from "../../src/links/Trim.ts"

const url = "https://zoom.us/j/81234567890?pwd=abc.1"
const inMail = (content: string): string | null => findMeetingLink(mail(content))?.url ?? null
const addresses = (text: string): readonly string[] => [...linksInText(text, false)]

describe("an address begins", () => {
  it.each([
    "",
    " ",
    "\n",
    "(",
    "[",
    "{",
    "<",
    ">",
    ",",
    ";",
    ":",
    ".",
    "!",
    "'",
    '"',
    "*",
    "|",
    "`",
    "^",
    "$",
    "“",
    "：",
    "链",
    "\u00a0"
  ])("after %j", (before) => {
    assert.strictEqual(inMail(`x${before === "" ? "\n" : before}${url}`), url)
  })

  it.each([..."a", "Z", "9", ..."/?&#%@=_~+-"])("not after %j: it is a part of another one", (before) => {
    assert.isNull(inMail(`x${before}${url}`))
  })

  it("in any case of the scheme", () => {
    assert.strictEqual(inMail(url.replace("https", "HtTpS")), url)
    assert.strictEqual(inMail(url.replace("https", "HTTP")), url)
  })

  it("not with other schemes or broken ones", () => {
    for (const scheme of ["ftp://", "xhttps://", "https:/", "https:", "https//", "://", "//", "javascript://"]) {
      assert.isNull(inMail(url.replace("https://", scheme)), scheme)
    }
  })
})

describe("a host typed without a scheme", () => {
  const typed = "meet.google.com/abc-defg-hij"

  it.each(["", " ", "(", "<", ",", ";", "'", '"', "|", "!", "*", "会议", "…"])("counts after %j", (before) => {
    assert.strictEqual(inMail(`${before}${typed}`), `https://${typed}`)
  })

  it.each([..."a9_.@/:%?#&=+~\\-"])("does not count after %j", (before) => {
    assert.isNull(inMail(`x${before}${typed}`))
  })

  it("counts with any subdomain, and for no host but those on the list", () => {
    assert.strictEqual(inMail("us02web.zoom.us/j/81234567890"), "https://us02web.zoom.us/j/81234567890")
    assert.strictEqual(inMail("Acme.WebEx.com/meet/jdoe"), "https://acme.webex.com/meet/jdoe")
    for (const foreign of ["notzoom.us", "zoom.us.evil.example", "evil.example", "zoom-us.example", "discord.gg"]) {
      assert.isNull(inMail(`${foreign}/j/81234567890`), foreign)
    }
    assert.isNull(inMail("zoom.us is fine, zoom.us. Or zoom.us:443/j/81234567890"))
  })
})

describe("an address ends", () => {
  it.each([...'<>"`|\\^ \t\r\n', "\0", "\u0007", "\u007f", "\u00a0", "”", "。", "，", "é", "\ud83d"])(
    "before %j",
    (after) => {
      assert.strictEqual(inMail(`${url}${after}x`), url)
    }
  )

  it.each([
    ...".,;:!?'\"*>)]}",
    "%3E",
    "%3e",
    ").",
    ".)",
    "?!...",
    ")))",
    "'>,%3E;",
    "&gt;",
    "&gt;.</p>",
    "&quot;>x",
    "&nbsp;and",
    "&lt;br",
    "&amp;gt;x",
    "**",
    "}.)"
  ])("before %j", (after) => {
    assert.strictEqual(inMail(`see ${url}${after}`), url)
    assert.strictEqual(inMail(`see ${url}${after} and so on`), url)
  })

  it("where the next one begins", () => {
    assert.deepStrictEqual(addresses("https://a.example/1,https://b.example/2;zoom.us/3|x"), [
      "https://a.example/1,",
      "https://b.example/2;",
      "https://zoom.us/3"
    ])
    assert.strictEqual(inMail(`${url},https://evil.example/`), url)
  })

  it("not within itself: dots, balanced brackets and escapes stay", () => {
    for (const inside of ["/my/jane.doe", "/my/jane(doe)", "/my/[a](b)", "/my/a%3Eb", "/my/a'b", "/my/a;b"]) {
      assert.strictEqual(inMail(`(https://zoom.us${inside}).`), `https://zoom.us${inside}`)
    }
  })
})

describe("ampersands", () => {
  it.each([1, 2, 3])("escaped %i times are one ampersand", (layers) => {
    const escaped = `&${"amp;".repeat(layers)}`
    assert.strictEqual(inMail(`${url}${escaped}from=addon`), `${url}&from=addon`)
  })
})

describe("trimming", () => {
  it("takes at most three layers of escapes off an ampersand", () => {
    assert.strictEqual(trimAddress("https://x.example/?a&amp;amp;amp;b"), "https://x.example/?a&b")
    assert.strictEqual(trimAddress("https://x.example/?a&amp;amp;amp;amp;b"), "https://x.example/?a&amp;b")
  })

  it("takes off only what has no partner inside", () => {
    assert.strictEqual(trimAddress("https://x.example/(a)(b))"), "https://x.example/(a)(b)")
    assert.strictEqual(trimAddress("https://x.example/[(a]).)]}"), "https://x.example/[(a])")
    assert.strictEqual(trimAddress(""), "")
    assert.strictEqual(trimAddress(")].%3E'"), "")
    assert.strictEqual(trimAddress("3E"), "3E")
  })
})

describe("mail software", () => {
  const folded = "<https://teams.microsoft.com/meet/7443\r\n   37110262323?p=BN\n\tk0>"
  const unfolded = "https://teams.microsoft.com/meet/744337110262323?p=BNk0"

  it("folds addresses in angle brackets", () => {
    assert.strictEqual(inMail(`Join${folded}`), unfolded)
    assert.strictEqual(inMail(folded.replace("<", "<URL:")), unfolded)
    assert.strictEqual(inMail(folded.replace("<", "<url:")), unfolded)
    assert.strictEqual(findMeetingLink(line(folded))?.url, unfolded)
  })

  it("folds nothing without both brackets, over another bracket, or over 4096 characters", () => {
    assert.isNull(inMail(folded.replace("<", "")))
    assert.isNull(inMail(folded.replace(">", "")))
    assert.isNull(inMail(folded.replace("\r\n", "\r\n<")))
    assert.isNull(inMail(folded.replace("\r\n", `\r\n${" ".repeat(4096)}`)))
    assert.strictEqual(inMail(`<${url}\r\n2 <b>`), url)
  })

  it("does not hide the addresses inside a bracket that holds several", () => {
    assert.strictEqual(inMail(`<https://a.example/\r\n${url}\r\n>`), url)
  })

  it("leaks quoted-printable", () => {
    assert.strictEqual(
      inMail("https://zoom.us/j/812345=\r\n67890?pwd=3Dab=\nc.1\r\n"),
      "https://zoom.us/j/81234567890?pwd=abc.1"
    )
    assert.strictEqual(inMail(`no soft break: https://zoom.us/my/a?b=3Dc\r\n`), "https://zoom.us/my/a?b=3Dc")
  })

  it("draws rulers with =, which are no soft breaks", () => {
    assert.strictEqual(inMail(`=====\r\n${url}\r\n=====`), url)
  })
})
