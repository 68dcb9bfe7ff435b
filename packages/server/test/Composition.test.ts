/**
 * Who knows what of AWS: one file of the server, and that file only when something is on AWS.
 */
import { assert, describe, it } from "@effect/vitest"
import { globSync, readFileSync } from "node:fs"
import { basename, join } from "node:path"

const folder = join(import.meta.dirname, "../src")
const sources = globSync("**/*.ts", { cwd: folder }).map((path) => ({
  name: basename(path),
  text: readFileSync(join(folder, path), "utf8")
}))

const naming = (pattern: RegExp) => sources.filter(({ text }) => pattern.test(text)).map(({ name }) => name)

describe("the server", () => {
  it("knows the AWS adapter in one file, and no AWS client anywhere", () => {
    assert.deepStrictEqual(naming(/"@punctual\/adapter-aws/), ["AwsStorage.ts"])
    assert.deepStrictEqual(naming(/@aws-sdk\//), [])
  })

  it("loads that file on demand alone: a start without AWS does not pay for it", () => {
    assert.deepStrictEqual(naming(/from "\.\/AwsStorage\.ts"/), [])
    assert.deepStrictEqual(naming(/import\("\.\/AwsStorage\.ts"\)/), ["Storage.ts"])
  })
})
