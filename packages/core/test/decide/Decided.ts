/**
 * Decides for tests: over a change as it stands, or a request as use cases plan it. A refusal is an error here.
 */
import { type DecideOptions, type Decision, decide } from "../../src/decide/Decide.ts"
import type { Change, Request } from "../../src/decide/requests/Change.ts"
import type { Refusal } from "../../src/domain/Refusal.ts"
import type { Slice } from "../../src/domain/Slice.ts"
import type { Deciding } from "./Code.ts"

export const decided = (
  slice: Slice,
  asked: Change | Request<unknown>,
  options: DecideOptions,
  code: Pick<Deciding, "decide"> = { decide }
): Decision => {
  const request: Request<unknown> = typeof asked === "function" ? asked : () => ({ change: asked, answer: null })
  const answer = code.decide(slice, request, options)
  // A copy of the code has a class of refusals of its own.
  if (!("decision" in answer)) throw new Error(answer.message)
  return answer.decision
}

/** Whether an answer is a refusal, also one of a copy of the code. */
export const isRefused = (answer: unknown): answer is Refusal =>
  answer instanceof Error && "_tag" in answer && answer._tag === "Refusal"
