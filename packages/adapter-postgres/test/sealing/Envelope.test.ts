/**
 * What is sealed opens in its own place, whole, under its own key, and nowhere else.
 */
import { assert, describe, it } from "@effect/vitest"
import { Redacted, Result } from "effect"
import * as fc from "fast-check"
import { type Place, seal, unseal } from "../../src/sealing/Envelope.ts"
import { keysOf } from "../MasterKeys.ts"

const keys = keysOf("a", "b")
const place: Place = ["credentials", "usr_1", 1, 1, 1000]

/** Tries of the properties about tampering; the documentation claims a million with `PROVE=1`. */
const tampersMax = process.env["PROVE"] === "1" ? 1_000_000 : 5_000

const isRefused = (bytes: Uint8Array, at: Place = place, under = keys): boolean =>
  Result.isFailure(unseal(under, at, bytes))

const arbitraryPlace = fc.tuple(
  fc.constantFrom("credentials", "answer"),
  fc.constantFrom("usr_1", "usr_11", "usr_1,1", '"'),
  fc.nat(20),
  fc.nat(20)
)

describe("an envelope", () => {
  it("always opens in its own place, under any of the keys", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), arbitraryPlace, (text, at) => {
        const sealed = seal(keysOf("b"), at, text)
        assert.strictEqual(Redacted.value(Result.getOrThrow(unseal(keys, at, sealed.bytes))), text)
        assert.strictEqual(sealed.keyId, keysOf("b")[0].id)
      })
    )
  })

  it("never opens in another place", () => {
    fc.assert(
      fc.property(arbitraryPlace, arbitraryPlace, (at, other) => {
        fc.pre(JSON.stringify(at) !== JSON.stringify(other))
        assert.isTrue(isRefused(seal(keys, at, "text").bytes, other))
      })
    )
  })

  it("never opens once a byte of it was changed", () => {
    const sealed = seal(keys, place, "refresh token").bytes
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), (index, mask) => {
        const tampered = Uint8Array.from(sealed, (byte, at) => (at === index ? byte ^ mask : byte))
        assert.isTrue(isRefused(tampered))
      }),
      { numRuns: tampersMax }
    )
  })

  it("never opens once it was cut or grown, however short the tag that is left", () => {
    const sealed = seal(keys, place, "refresh token").bytes
    for (let length = 0; length < sealed.length; length++) assert.isTrue(isRefused(sealed.subarray(0, length)))
    assert.isTrue(isRefused(Buffer.concat([sealed, Buffer.of(0)])))
  })

  it("never opens with parts of another one in it", () => {
    const [one, other] = [seal(keys, place, "one").bytes, seal(keys, place, "two").bytes]
    // Header and wrapped key of the one, text of the other: same place, same master key.
    const bodyStart = 1 + 8 + 12 + 32 + 16
    assert.isTrue(isRefused(Buffer.concat([one.subarray(0, bodyStart), other.subarray(bodyStart)])))
  })

  it("never opens under a key that only has the same id", () => {
    const sealed = seal(keysOf("a"), place, "text")
    const [impostor] = keysOf("c")
    assert.isTrue(isRefused(sealed.bytes, place, [{ ...impostor, id: sealed.keyId }]))
    assert.isTrue(isRefused(sealed.bytes, place, keysOf("c")))
    // The id in the bytes turned to another key that is there.
    const turned = Buffer.from(sealed.bytes)
    turned.set(Buffer.from(keysOf("b")[0].id, "hex"), 1)
    assert.isTrue(isRefused(turned))
  })

  it("never is the same twice", () => {
    const seen = new Set(
      Array.from({ length: 200 }, () => Buffer.from(seal(keys, place, "text").bytes).toString("hex"))
    )
    assert.strictEqual(seen.size, 200)
  })
})
