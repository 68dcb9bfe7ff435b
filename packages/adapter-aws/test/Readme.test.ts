/** The README's example, which does what it says. */
import { assert, it } from "@effect/vitest"
import { Effect, Option, Redacted } from "effect"
import { type ConnectionId, Secrets, type UserId } from "@punctual/core"
import { ParameterSecrets } from "@punctual/adapter-aws"
import { inProcess, makeAws, wallTimer } from "@punctual/adapter-aws/fake"

// The fake, without a socket. Leave `connection` out for AWS, as the machine is signed in there.
const aws = makeAws({ timer: wallTimer(), origin: () => "http://127.0.0.1" })
const secrets = ParameterSecrets.layer({
  prefix: "/punctual",
  connection: {
    region: "eu-central-1",
    credentials: { accessKeyId: "fake", secretAccessKey: Redacted.make("fake") },
    requestHandler: inProcess(aws)
  }
})

const program = Effect.gen(function* () {
  const port = yield* Secrets
  const [userId, connectionId] = ["usr_ada" as UserId, "outlook_calendar_usr_ada" as ConnectionId]
  const ref = { userId, connectionId, generation: 1, version: 1 }
  yield* port.put(ref, Redacted.make({ clientId: "app", clientSecret: "s", refreshToken: "r", obtainedAt: 1 }))
  return yield* port.get(ref)
}).pipe(Effect.provide(secrets))

it.live("keeps credentials in Parameter Store", () =>
  Effect.gen(function* () {
    const kept = yield* program
    assert.strictEqual(Redacted.value(Option.getOrThrow(kept)).refreshToken, "r")
    assert.lengthOf([...aws.parameters.values().keys()], 1)
  })
)
