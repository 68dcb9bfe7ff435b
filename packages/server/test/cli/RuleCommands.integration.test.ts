/**
 * `punctual policy` and `punctual explain` on the embedded database, as the page on operations has them.
 */
import { execFileSync } from "node:child_process"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { fillDataDir } from "../../../adapter-postgres/test/PGliteTemplate.ts"
import { explanationText } from "../../src/cli/RuleCommands.ts"
import { bare } from "../e2e/Processes.ts"

const cli = join(import.meta.dirname, "../../src/cli/main.ts")

const policy = {
  internal_domains: ["Contoso.com"],
  rules: [{ name: "No interviews", when: { subject_contains: ["interview"] }, then: "skip", locked: true }]
}

interface Policy {
  readonly internal_domains: ReadonlyArray<string>
  readonly rules: ReadonlyArray<{ readonly id: string }>
}

describe("the commands about rules", () => {
  it("read and replace a workspace's policy, from a file and from standard input", async () => {
    const folder = await mkdtemp(join(tmpdir(), "punctual-policy-"))
    const punctual = (args: ReadonlyArray<string>, input = ""): string =>
      execFileSync(process.execPath, [cli, ...args], {
        cwd: folder,
        encoding: "utf8",
        env: bare({ HOME: folder, PUNCTUAL_PORT: "9" }),
        input,
        stdio: ["pipe", "pipe", "pipe"]
      })
    try {
      await fillDataDir(join(folder, ".punctual"))
      const user = /usr_\w+/.exec(punctual(["users", "create", "--workspace", "acme"]))?.[0] ?? ""
      await writeFile(join(folder, "policy.json"), JSON.stringify(policy))
      const written = JSON.parse(punctual(["policy", "set", "acme", "policy.json"])) as Policy
      assert.deepStrictEqual(written.internal_domains, ["contoso.com"])
      assert.match(written.rules[0]?.id ?? "", /^rule_/)
      const again = JSON.parse(punctual(["policy", "set", "acme"], JSON.stringify(written))) as Policy
      assert.deepStrictEqual(again.rules, written.rules, "what was printed may be set again")
      const wrong = { rules: [{ ...policy.rules[0], then: "join" }] }
      assert.throws(() => punctual(["policy", "set", "acme"], JSON.stringify(wrong)), /rules\.0\.then in the body/)
      assert.throws(() => punctual(["policy", "set", "acme"], '{"colour": 1}'), /no such member, at colour/)
      assert.throws(() => punctual(["policy", "set", "acme"], "{"), /can't be read/)
      assert.throws(() => punctual(["policy", "get", "wsp_nobodys"]), /no such workspace/)
      assert.throws(() => punctual(["explain", user, "evt_nobodys"]), /No calendar is connected/)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }, 240_000)

  it("say why, step by step", () => {
    const text = explanationText({
      event_id: "evt_1",
      will_join: false,
      join_time: null,
      bot_id: "bot_1",
      origin: "auto",
      outcome: "skip",
      code: "skipped_by_rule",
      rule_id: "rule_1",
      rule_name: "No interviews",
      sentence: "No bot: your rule “No interviews” skips it.",
      effective_bot_config: null,
      steps: [
        { rule: "link", passed: true, field: "meeting_url", value: "zoom", code: null, rule_id: null, rule_name: null },
        {
          rule: "rule",
          passed: false,
          field: "subject_contains",
          value: "Interview",
          code: "skipped_by_rule",
          rule_id: "rule_1",
          rule_name: "No interviews"
        }
      ]
    })
    assert.strictEqual(
      text,
      [
        "No bot: your rule “No interviews” skips it.",
        "",
        "outcome  skip (skipped_by_rule)",
        "rule     rule_1",
        "bot      bot_1",
        "",
        'passed   link            meeting_url: "zoom"',
        'stopped  rule “No interviews”  subject_contains: "Interview"'
      ].join("\n")
    )
  })
})
