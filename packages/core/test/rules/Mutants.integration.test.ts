/** Whether the tests of rules would notice: each mistake in parsing and matching them must turn the tests about it red. */
import { assert, describe, it } from "@effect/vitest"
import { type Mistake, colourOf, drawn } from "../MutantProcess.ts"

const laws = ["rules/Laws.test.ts"]
const parsing = ["rules/ParseRules.test.ts", "rules/ParseLaws.test.ts"]
const examples = ["rules/Conditions.test.ts"]
const wordsAlone = ["rules/Words.test.ts"]
const nights = ["rules/Hours.test.ts"]

const words = "rules/Words.ts"
const people = "rules/People.ts"
const hours = "rules/Hours.ts"
const conditions = "rules/Conditions.ts"
const matching = "rules/Matches.ts"

const mistakes: ReadonlyArray<Mistake> = [
  {
    name: "words are parts of words at their start",
    file: words,
    search: "!(needsStart && isWordBefore(text, at)) && ",
    replace: ""
  },
  {
    name: "words are parts of words at their end",
    file: words,
    search: " && !(needsEnd && isWordAt(text, at + words.length))",
    replace: ""
  },
  { name: "every value needs the edges of a word", file: words, search: "startsInWord.test(text)", replace: "true" },
  {
    name: "only the first place is looked at",
    file: words,
    search: "if (isWhole) return true",
    replace: "return isWhole"
  },
  { name: "width makes a difference", file: words, search: 'normalize("NFKC")', replace: 'normalize("NFC")' },
  {
    name: "a sigma is lowered by where it stands",
    file: words,
    search: "[\\u03a3\\u0130]/g",
    replace: "[\\u0130]/g",
    tests: examples
  },
  {
    name: "letters of two units are no letters before a word",
    file: words,
    search: "isSecondHalf ? characterAt(text, at - 2) : ",
    replace: ""
  },
  {
    name: "a pair that the text has and the words have not tells a miss",
    file: words,
    search: "(wanted[1] & ~second)",
    replace: "(second & ~wanted[1])",
    tests: wordsAlone
  },
  {
    name: "marks and letters of other scripts take the short way of folding",
    file: words,
    search: "/[^ -~\\u00c0-\\u012f",
    replace: "/(?!)[^ -~\\u00c0-\\u012f"
  },
  {
    name: "any text is read at a glance",
    file: words,
    search: "this.isPlain && !glance",
    replace: "!glance",
    tests: wordsAlone
  },
  { name: "a glance minds the case", file: words, search: 'join("|"), "i")', replace: 'join("|"))', tests: wordsAlone },
  {
    name: "a glance sees one space alone between words",
    file: words,
    search: '.replaceAll(/(?<=.) (?=.)/g, " +")',
    replace: "",
    tests: wordsAlone
  },
  {
    name: "signs mean something to a glance",
    file: words,
    search: '"\\\\$&"',
    replace: '"$&"',
    tests: wordsAlone
  },
  {
    name: "a glance is for one of the words",
    file: words,
    search: 'patterns.join("|")',
    replace: "patterns[0]",
    tests: wordsAlone
  },
  { name: "the user is not counted", file: people, search: "let all = 1", replace: "let all = 0" },
  {
    name: "each address of the user is a person",
    file: people,
    search: "if (address === own || insiders.userAddresses.has(address)) continue",
    replace: ""
  },
  {
    name: "an organizer of another address is somebody else, though the provider says that it is the user",
    file: people,
    search: "facts.isOrganizer ? organizer : null",
    replace: "null"
  },
  {
    name: "people beyond are all external",
    file: people,
    search: "if (!isInternalDomain(insiders, domain)) external",
    replace: "external"
  },
  {
    name: "a domain is its subdomain's ending, dot or not",
    file: people,
    search: " && domain.charCodeAt(domain.length - other.length - 1) === dot",
    replace: ""
  },
  {
    name: "who has an address where anybody may have one is a colleague",
    file: people,
    search: " && !isConsumerDomain(domain)",
    replace: ""
  },
  {
    name: "the user's domain is internal beside those of the workspace",
    file: people,
    search: "if (internalDomains.length > 0) return set",
    replace: "if (internalDomains.length > 0) return [...set, ...[...userAddresses].map(domainOfAddress)]"
  },
  {
    name: "self is the user of whom no address is known",
    file: people,
    search: 'userAddresses.size > 0 ? "self" : "internal"',
    replace: '"self"'
  },
  {
    name: "a span over midnight belongs to each of its days",
    file: hours,
    search: "isOneOf(days, day - 1)",
    replace: "isOneOf(days, day)",
    tests: nights
  },
  {
    name: "the end of a span is in it",
    file: hours,
    search: "time < to && isOneOf(days, day)\n",
    replace: "time <= to && isOneOf(days, day)\n"
  },
  {
    name: "the zone of a rule is not looked at",
    file: conditions,
    search: "wanted.time_zone === undefined ? undefined",
    replace: "true ? undefined"
  },
  {
    name: "the user is not internal",
    file: conditions,
    search: ' || (side === "self" && wanted.includes("internal"))',
    replace: ""
  },
  {
    name: "people beyond match nobody's pattern",
    file: "rules/RuleFacts.ts",
    search: ", ...Object.keys(peopleBeyond)",
    replace: ""
  },
  {
    name: "a pattern of what is below a domain matches the domain",
    file: "rules/AddressPatterns.ts",
    search: "domain.endsWith(ending) &&",
    replace: "`.${domain}`.endsWith(ending) ||"
  },
  {
    name: "what is not known counts before what misses",
    file: matching,
    search: "if (held === null) answer = null",
    replace: "if (held === null) return null"
  },
  {
    name: "what is not known is taken for a miss",
    file: matching,
    search: "if (held === null) answer = null",
    replace: "if (held === null) return false"
  },
  {
    name: "not turns each of its members around",
    file: matching,
    search: "const held = allHold(asked, facts)",
    replace: "const held = asked.some((each) => each.holds(facts) === true)"
  },
  {
    name: "the last that missed is said to have decided",
    file: matching,
    search: "answers.indexOf(false)",
    replace: "answers.lastIndexOf(false)",
    tests: examples
  },
  {
    name: "members are asked in the order they are written in",
    file: matching,
    search: "memberNames.flatMap((member) => {",
    replace:
      "(Object.keys(conditions) as typeof memberNames).filter((each) => memberNames.includes(each)).flatMap((member) => {"
  },
  {
    name: "members that nobody knows are overlooked",
    file: "rules/RulesRejection.ts",
    search: "if (check === undefined) {",
    replace: "if (check === undefined) return null\n      if (check === undefined) {",
    tests: parsing
  },
  {
    name: "members of every object are members of a rule",
    file: "rules/RulesRejection.ts",
    search: "Object.hasOwn(checks, member) ? checks[member] : undefined",
    replace: "checks[member]",
    tests: parsing
  },
  {
    name: "a path ends at the list",
    file: "rules/RulesRejection.ts",
    search: "check(item, `${path}.${index}`)",
    replace: "check(item, path)",
    tests: parsing
  },
  {
    name: "an id of another list is taken over",
    file: "rules/ParseRules.ts",
    search: "if (!knownIds.has(id))",
    replace: "if (knownIds.has(`${id} `))",
    tests: parsing
  },
  {
    name: "an id may stand twice",
    file: "rules/ParseRules.ts",
    search: "    seen.add(id)\n",
    replace: "",
    tests: parsing
  },
  {
    name: "a lock may say join",
    file: "rules/ParseRules.ts",
    search: 'rule.then === "join" && rule.locked === true',
    replace: "rule.locked === undefined && rule.locked",
    tests: parsing
  },
  {
    name: "configuration may be as deep as it likes",
    file: "rules/ParseRules.ts",
    search: "const configDepthMax = 32",
    replace: "const configDepthMax = 1e9",
    tests: parsing
  },
  {
    name: "every single-label end is no public suffix",
    file: "rules/ConsumerDomains.ts",
    search: 'second === undefined ? first !== ""',
    replace: 'second === undefined ? first === "com"',
    tests: ["rules/ConsumerDomains.test.ts"]
  }
]

describe("the tests of rules notice", () => {
  it.each(drawn(mistakes, 3))("that $name", (mistake) => {
    assert.strictEqual(colourOf(mistake, mistake.tests ?? laws), "red")
  })

  it("nothing in the code as it stands", () => {
    const none = { name: "nothing", file: words, search: "let at = text", replace: "let   at = text" }
    assert.strictEqual(colourOf(none, laws), "green")
  })
})
