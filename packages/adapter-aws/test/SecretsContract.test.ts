/**
 * The Secrets port's contract on SSM Parameter Store, against the fake, with an intruder who may write parameters.
 */
import type { ConnectionRef } from "@punctual/core"
import { SecretsContract } from "@punctual/core/testing"
import { Effect } from "effect"
import { namesOf } from "../src/secrets/Entry.ts"
import { FakeAws, layerSecrets, prefix } from "./fake/VirtualAws.ts"

/** The contract does not wait, so nothing may be paced or throttled here: that has tests of its own. */
const unlimited = { putParameterPerSecond: Infinity, readParametersPerSecond: Infinity }

const heldAt = (aws: FakeAws["Service"], ref: ConnectionRef): readonly [string, string] => {
  const values = aws.parameters.values()
  const name = namesOf(prefix, ref).find((each) => values.has(each)) ?? "nothing there"
  return [name, values.get(name) ?? ""]
}

SecretsContract.suite("AWS", layerSecrets(unlimited, { putsPerSecond: Infinity, savedAgainAfterMillis: 0 }), {
  tamper: {
    corrupt: (ref) =>
      Effect.map(FakeAws, (aws) => {
        const [name, value] = heldAt(aws, ref)
        aws.parameters.tamper(name, `${value.slice(0, 40)}${value[40] === "A" ? "B" : "A"}${value.slice(41)}`)
      }),
    transplant: (from, to) =>
      Effect.map(FakeAws, (aws) => aws.parameters.tamper(heldAt(aws, to)[0], heldAt(aws, from)[1]))
  }
})
