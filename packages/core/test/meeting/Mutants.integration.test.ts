/** Whether the tests of law C9 would notice: each mistake in finding meeting links must turn them red. */
import { assert, describe, it } from "@effect/vitest"
import { colourOf, drawn, type Mistake } from "../MutantProcess.ts"

const tests = ["meeting/Laws.test.ts", "meeting/Safety.test.ts", "meeting/Corpus.test.ts"]

const safety = "meeting/Safety.ts"
const hosts = "meeting/Hosts.ts"
const link = "meeting/Link.ts"

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
  }
]

describe("the tests of C9 notice", () => {
  it.each(drawn(mistakes, 3))("that $name", { timeout: 60_000 }, (mistake) => {
    assert.strictEqual(colourOf(mistake, tests), "red")
  })

  it("nothing in the code as it stands", { timeout: 60_000 }, () => {
    const none = { name: "nothing", file: link, search: "first ??= meeting", replace: "first = first ?? meeting" }
    assert.strictEqual(colourOf(none, tests.slice(0, 1)), "green")
  })
})
