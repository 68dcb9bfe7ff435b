/** Whether the tests of law C9 would notice: each mistake in finding meeting links must turn them red. */
import { assert, describe, it } from "@effect/vitest"
import { type Mistake, colourOf, drawn } from "../MutantProcess.ts"

const tests = ["links/Laws.test.ts", "links/address/Safety.test.ts", "links/Link.test.ts"]

const safety = "links/address/Safety.ts"
const hosts = "links/address/Hosts.ts"
const link = "links/Link.ts"
const canonical = "links/Canonical.ts"
const textLinks = "links/TextLinks.ts"

const mistakes: ReadonlyArray<Mistake> = [
  { name: "a port is let through", file: safety, search: 'url.port !== "" || ', replace: "" },
  {
    name: "user info is let through",
    file: safety,
    search: "^https?:\\/\\/([a-z0-9.-]+)",
    replace: "^https?:\\/\\/(?:[^@/]*@)?([a-z0-9.-]+)"
  },
  {
    name: "any address may be as long as it likes",
    file: safety,
    search: "if (text.length > addressCharactersMax) return null",
    replace: ""
  },
  {
    name: "a host below a platform's is not found",
    file: hosts,
    search: "dot < 0 ? child.itself : child.below",
    replace: "child.itself"
  },
  {
    name: "the first link wins, even where the same comes with a passcode",
    file: link,
    search: "if (meeting.hasPasscode && (first === null || first.key === meeting.key)) return linkOf(meeting)",
    replace: "if (first === null) return linkOf(meeting)"
  },
  {
    name: "a passcode wins over whose meeting it is",
    file: link,
    search: "(first === null || first.key === meeting.key)",
    replace: '(first === null || first.key !== "")'
  },
  {
    name: "links are compared with all that is in them",
    file: link,
    search: "return meeting?.platform === link.platform ? meeting.key : null",
    replace: "return meeting?.platform === link.platform ? `${meeting.platform}:${link.url}` : null"
  },
  {
    name: "wrappers are opened however many there are",
    file: canonical,
    search: "const wrappersMax = 5",
    replace: "const wrappersMax = 50"
  },
  {
    name: "what was written anew is not read again",
    file: canonical,
    search: "else if (step.next === text) return step.meeting",
    replace: "else if (step.next !== null) return { ...step.meeting, url: step.next }"
  },
  {
    name: "what a wrapper leads to need not be an address",
    file: "links/Unwrap.ts",
    search: "if (target !== null && plainAddress.test(target))",
    replace: "if (target !== null)",
    tests: ["links/Unwrap.test.ts"]
  },
  {
    name: "a gateway of one's own is known below its name as well",
    file: "links/LinkSettings.ts",
    search: "const hosts = [host.toLowerCase()]",
    replace: "const hosts = [host.toLowerCase(), `*.${host.toLowerCase()}`]",
    tests: ["links/Unwrap.test.ts"]
  },
  {
    name: "a path of one's own is a pattern",
    file: "links/LinkSettings.ts",
    search: 'path: literally(path.replace(/\\/$/, ""))',
    replace: "path: new RegExp(path)",
    tests: ["links/Unwrap.test.ts"]
  },
  {
    name: "a hidden target ends the search",
    file: link,
    search: 'if (meeting === "hidden") continue',
    replace: 'if (meeting === "hidden") return null',
    tests: ["links/Unwrap.test.ts"]
  },
  {
    name: "an escaped ampersand stays, and the passcode is lost",
    file: "links/Entities.ts",
    search: '["amp", "&"],',
    replace: '["amp", "%26"],'
  },
  {
    name: "what a script holds is an invitation",
    file: "links/Html.ts",
    search: 'new Set(["script", "style",',
    replace: 'new Set(["style",',
    tests: ["links/Html.test.ts"]
  },
  {
    name: "an address inside another one is one",
    file: textLinks,
    search: "return insideAddress.test(text.charAt(at - 1)) ? null : { at",
    replace: "return { at",
    tests: ["links/TextLinks.test.ts"]
  },
  {
    name: "half of a host with foreign letters is a host",
    file: textLinks,
    search: " || endsForeignHost(text, at)",
    replace: "",
    tests: ["links/TextLinks.test.ts", "links/address/Safety.test.ts"]
  },
  {
    name: "the end of a run is looked for again for each address in it",
    file: textLinks,
    search: "if (start.at >= runEnd) runEnd =",
    replace: "runEnd =",
    tests: ["links/LinearTime.test.ts"]
  },
  {
    name: "a bracket that was opened inside an address is taken off it",
    file: "links/Trim.ts",
    search: "if (extra <= 0) return",
    replace: "if (extra < 0) return",
    tests: ["links/TextLinks.test.ts"]
  },
  {
    name: "half a link at the end of a cut text is a link",
    file: textLinks,
    search: "const isWhole = !isCut || end < text.length",
    replace: "const isWhole = isCut || end <= text.length",
    tests: ["links/Link.test.ts"]
  },
  {
    name: "what lies beyond the most that is read is read",
    file: "links/LinkField.ts",
    search: "field.text.length <= fieldCharactersMax",
    replace: "field.text.length > 0",
    tests: ["links/Link.test.ts"]
  },
  {
    name: "what was cut here is taken for whole",
    file: "links/LinkField.ts",
    search: ", isCut: true }",
    replace: " }",
    tests: ["links/Link.test.ts"]
  }
]

describe("the tests of C9 notice", () => {
  it.each(drawn(mistakes, 3))("that $name", (mistake) => {
    assert.strictEqual(colourOf(mistake, mistake.tests ?? tests), "red")
  })

  it("nothing in the code as it stands", () => {
    const none = { name: "nothing", file: link, search: "first ??= meeting", replace: "first = first ?? meeting" }
    assert.strictEqual(colourOf(none, tests.slice(0, 1)), "green")
  })
})
