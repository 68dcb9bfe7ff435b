/** How much of a body is read, however it is cut into chunks. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema, Stream } from "effect"
import { readAtMost } from "../../http/index.ts"

const encoder = new TextEncoder()

const inChunks = (bytes: Uint8Array, size: number): ReadonlyArray<Uint8Array> =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size))

describe("the body of an answer", () => {
  it.effect.prop(
    "is whole up to the limit and cut beyond it, wherever its chunks end, within a letter too",
    {
      text: Schema.String,
      size: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 9 })),
      limit: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 40 })),
      together: Schema.Boolean
    },
    ({ limit, size, text, together }) =>
      Effect.gen(function* () {
        const bytes = encoder.encode(text)
        const chunks = inChunks(bytes, size)
        const body = together ? Stream.fromIterable(chunks) : Stream.fromIterable(chunks).pipe(Stream.rechunk(1))
        const read = yield* readAtMost(body, limit)
        assert.strictEqual(read.isCut, bytes.length > limit)
        assert.strictEqual(read.text, new TextDecoder().decode(bytes.subarray(0, limit)))
      })
  )

  it.effect("is not read on behind the limit, so that one without an end comes to its end", () =>
    Effect.gen(function* () {
      let sent = 0
      const endless = Stream.fromEffectRepeat(
        Effect.sync(() => {
          sent += 1
          return encoder.encode("x".repeat(10))
        })
      )
      assert.deepStrictEqual(yield* readAtMost(endless, 25), { text: "x".repeat(25), isCut: true })
      assert.strictEqual(sent, 3)
    })
  )

  it.effect("fails as the connection does", () =>
    Effect.gen(function* () {
      const broken = Stream.concat(Stream.make(encoder.encode("half")), Stream.fail("gone"))
      assert.strictEqual(yield* Effect.flip(readAtMost(broken, 100)), "gone")
    })
  )
})
