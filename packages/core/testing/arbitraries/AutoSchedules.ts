/**
 * Generators of what a user asks of auto-scheduling.
 * Decides that about every second one has rules.
 */
import { Arbitrary } from "effect"
import type { AutoSchedule } from "../../src/domain/Intent.ts"
import { autoSchedule } from "../rows/Intent.ts"
import { rules } from "./Rules.ts"
import { type Frame, anyOf, boolean, instantNear, members, nullable, oneOf } from "./Values.ts"

export const auto = (frame: Frame): Arbitrary.Arbitrary<AutoSchedule> =>
  Arbitrary.map(
    Arbitrary.all({
      enabled: boolean,
      seq: oneOf([1, 2, 3, 4, 5, 6]),
      config: members,
      rules: anyOf([Arbitrary.Constant([]), rules]),
      otherwise: oneOf(["join", "join", "skip"]),
      coveredUntil: nullable(instantNear(frame))
    }),
    autoSchedule
  )
