/**
 * `punctual policy get | set` and `punctual explain`: what holds for a workspace, and why a meeting has a bot or none.
 * Decides how they are called and what they print. A policy is printed as the admin endpoint answers it, and may be set again so.
 */
import { readFileSync } from "node:fs"
import { Console, Effect, Option, Schema } from "effect"
import { Argument, Command } from "effect/cli"
import type { ExplanationAnswer } from "../api/DecisionSchemas.ts"
import { PolicyAnswer, PolicyBody } from "../api/WorkspaceApi.ts"
import { formatInstant } from "../api/Time.ts"
import { lineOf } from "../config/ConfigFault.ts"
import { undecoded } from "../http/RequestValidation.ts"
import type { PolicyShown } from "../rules/PolicyInput.ts"
import { asking, CommandFailed, failed } from "./AdminCommand.ts"

const workspaceId = Argument.String("workspace").pipe(Argument.withDescription("The workspace's id"))

const noSuchWorkspace = failed("There is no such workspace: no user is of it, and it has no policy.")

const tellPolicy = (policy: PolicyShown) =>
  Console.log(JSON.stringify(Schema.encodeUnknownSync(PolicyAnswer)(policy), null, 2))

const getPolicy = Command.make("get", { workspaceId }, (given) =>
  asking((administrator) => administrator.policy(given.workspaceId)).pipe(
    Effect.flatMap(Option.match({ onNone: () => noSuchWorkspace, onSome: tellPolicy }))
  )
).pipe(Command.withDescription("Print a workspace's policy as JSON"))

const setPolicy = Command.make(
  "set",
  {
    workspaceId,
    file: Argument.String("file").pipe(
      Argument.withDescription("A file with the policy as JSON; standard input if absent"),
      Argument.optional
    )
  },
  (given) =>
    Effect.gen(function* () {
      const written = yield* policyIn(Option.getOrElse(given.file, () => standardInput))
      const policy = yield* asking((administrator) => administrator.setPolicy(given.workspaceId, written))
      yield* Option.match(policy, { onNone: () => noSuchWorkspace, onSome: tellPolicy })
    })
).pipe(Command.withDescription("Replace a workspace's policy; what is left out takes its default"))

const standardInput = "/dev/stdin"

/** Refused as the admin endpoint refuses it. */
const policyIn = Effect.fnUntraced(function* (file: string) {
  const json = yield* Effect.try({
    try: (): unknown => JSON.parse(readFileSync(file === standardInput ? 0 : file, "utf8")),
    catch: (error) => new CommandFailed({ message: `The policy can't be read: ${lineOf(error)}` })
  })
  return yield* decode(json).pipe(
    Effect.catch(({ issue }) => failed(undecoded(issue, "body").detail ?? "The policy is not valid."))
  )
})

const decode = Schema.decodeUnknownEffect(PolicyBody, { onExcessProperty: "error", errors: "all" })

export const policy = Command.make("policy").pipe(
  Command.withDescription("What holds for all users of a workspace"),
  Command.withSubcommands([getPolicy, setPolicy])
)

export const explain = Command.make(
  "explain",
  {
    userId: Argument.String("user").pipe(Argument.withDescription("The user's id")),
    eventId: Argument.String("event").pipe(Argument.withDescription("The event's id"))
  },
  (given) =>
    asking((administrator) => administrator.explain(given.userId, given.eventId)).pipe(
      Effect.flatMap(
        Option.match({
          onNone: () => failed("There is no such user, or no such event of that user."),
          onSome: (explanation) => Console.log(explanationText(explanation))
        })
      )
    )
).pipe(Command.withDescription("Say why a user's event has a bot or none"))

/** The sentence, what was decided, and each step that was asked. */
export const explanationText = (explanation: typeof ExplanationAnswer.Type): string => {
  const { bot_id, code, join_time, outcome, rule_id, sentence, steps } = explanation
  return [
    sentence,
    "",
    `outcome  ${outcome} (${code})`,
    ...(rule_id === null ? [] : [`rule     ${rule_id}`]),
    ...(join_time === null ? [] : [`joins    ${formatInstant(join_time)}`]),
    ...(bot_id === null ? [] : [`bot      ${bot_id}`]),
    "",
    ...steps.map(({ field, passed, rule, rule_name, value }) =>
      [
        passed ? "passed " : "stopped",
        (rule_name === null ? rule : `${rule} “${rule_name}”`).padEnd(stepWidth),
        `${field}: ${JSON.stringify(value)}`
      ].join("  ")
    )
  ].join("\n")
}

const stepWidth = 14
