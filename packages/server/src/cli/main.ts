#!/usr/bin/env node
/**
 * The command line: `punctual users | keys | jobs | policy | explain | secrets | migrate | backup | doctor | ics`.
 * Decides how commands are called and what they print; what they do is decided where the server decides it too.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Cause, Clock, Console, Effect, Logger, Option, References, Stream } from "effect"
import { Argument, CliError, Command, Flag } from "effect/cli"
import { jobs } from "../api/AdminApi.ts"
import { formatInstant } from "../api/Time.ts"
import { WorkspaceIdField } from "../api/UserFields.ts"
import { load } from "../config/Config.ts"
import { lineOf } from "../config/ConfigFault.ts"
import { icsAllow } from "../config/IcsAllow.ts"
import { type Finding, examine } from "./Doctor.ts"
import { asking, failed } from "./AdminCommand.ts"
import { backupTo } from "./Backup.ts"
import { tellCalendar } from "./ics/TellCalendar.ts"
import { migrate } from "./Migrate.ts"
import { forget, reencrypt } from "./Reencrypt.ts"
import { explain, policy } from "./RuleCommands.ts"
import { version } from "../config/Version.ts"

const noSuchUser = failed("There is no such user.")

/** A key is shown once: only its digest is kept. */
const tellKey = ({
  apiKey,
  keyId,
  userId
}: {
  readonly userId: string
  readonly keyId: string
  readonly apiKey: string
}) => Console.log(`user_id  ${userId}\nkey_id   ${keyId}\napi_key  ${apiKey}\n\nThe key is shown this once.`)

const createUser = Command.make(
  "create",
  {
    name: Flag.String("name").pipe(Flag.withDescription("A name, for people"), Flag.optional),
    workspace: Flag.String("workspace").pipe(
      Flag.withSchema(WorkspaceIdField),
      Flag.withDescription("The workspace's id; a new one if absent"),
      Flag.optional
    ),
    externalId: Flag.String("external-id").pipe(Flag.withDescription("Your own name for the user"), Flag.optional)
  },
  ({ externalId, name, workspace }) =>
    asking((administrator) =>
      administrator.createUser(
        {
          name: Option.getOrNull(name),
          workspace: Option.getOrNull(workspace),
          externalId: Option.getOrNull(externalId)
        },
        { key: null, isRerun: false }
      )
    ).pipe(Effect.flatMap(tellKey))
).pipe(Command.withDescription("Make a user with an API key"))

/** Read at a time. */
const usersPageSize = 100

const listUsers = Command.make("list", {}, () =>
  asking((administrator) =>
    Stream.paginate(null as string | null, (after) =>
      Effect.map(
        administrator.users(after, usersPageSize),
        (users) =>
          [users, users.length < usersPageSize ? Option.none() : Option.fromUndefinedOr(users.at(-1)?.id)] as const
      )
    ).pipe(
      Stream.runForEach((user) =>
        Console.log([user.id, user.workspaceId, formatInstant(user.createdAt), user.name ?? ""].join("  "))
      )
    )
  )
).pipe(Command.withDescription("List users"))

const userId = Argument.String("user").pipe(Argument.withDescription("The user's id"))

const eraseUser = Command.make("erase", { userId }, (given) =>
  asking((administrator) => administrator.eraseUser(given.userId)).pipe(
    Effect.flatMap(
      Option.match({
        onNone: () => noSuchUser,
        onSome: ({ eventsDeleted, schedulesCancelled }) =>
          Console.log(`Erased, with ${eventsDeleted} event(s), ${schedulesCancelled} schedule(s) and every key.`)
      })
    )
  )
).pipe(Command.withDescription("Erase a user with everything: calendar, bots, credentials, keys"))

const createKey = Command.make("create", { userId }, (given) =>
  asking((administrator) => administrator.createKey(given.userId)).pipe(
    Effect.flatMap(Option.match({ onNone: () => noSuchUser, onSome: tellKey }))
  )
).pipe(Command.withDescription("Make another key"))

const listKeys = Command.make("list", { userId }, (given) =>
  asking((administrator) => administrator.keys(given.userId)).pipe(
    Effect.flatMap(
      Option.match({
        onNone: () => noSuchUser,
        onSome: Effect.forEach(({ createdAt, id, prefix, revokedAt }) =>
          Console.log(
            `${id}  ${prefix}…  made ${formatInstant(createdAt)}${revokedAt === null ? "" : `  revoked ${formatInstant(revokedAt)}`}`
          )
        )
      })
    )
  )
).pipe(Command.withDescription("List a user's keys"))

const revokeKey = Command.make(
  "revoke",
  { userId, keyId: Argument.String("key").pipe(Argument.withDescription("The key's id")) },
  (given) =>
    asking((administrator) => administrator.revokeKey(given.userId, given.keyId)).pipe(
      Effect.flatMap((isRevoked) =>
        isRevoked ? Console.log("Revoked.") : failed("There is no such key of that user.")
      )
    )
).pipe(Command.withDescription("Revoke a key"))

const rotateKey = Command.make("rotate", { userId }, (given) =>
  asking((administrator) =>
    Effect.gen(function* () {
      const former = yield* administrator.keys(given.userId)
      const made = yield* administrator.createKey(given.userId)
      if (Option.isNone(former) || Option.isNone(made)) return yield* noSuchUser
      yield* tellKey(made.value)
      const standing = former.value.filter(({ revokedAt }) => revokedAt === null)
      for (const { id } of standing) yield* administrator.revokeKey(given.userId, id)
      yield* Console.log(`Revoked ${standing.length} former key(s).`)
    })
  )
).pipe(Command.withDescription("Make a key and revoke all others"))

const runJob = Command.make(
  "run",
  { job: Argument.Literals("job", jobs).pipe(Argument.withDescription("Which job")) },
  ({ job }) =>
    asking((administrator) => administrator.runJob(job)).pipe(
      Effect.flatMap((counts) =>
        Effect.forEach(Object.entries(counts), ([name, count]) => Console.log(`${name}  ${count}`))
      )
    )
).pipe(Command.withDescription("Run a job now"))

const reencryptSecrets = Command.make("reencrypt", {}, () =>
  Effect.gen(function* () {
    const { failed: lost, isExpiring, keyId, resealed } = yield* Effect.flatMap(load, reencrypt)
    yield* Console.log(`Encrypted ${resealed} secret(s) anew, under key ${keyId}.`)
    if (lost > 0) {
      return yield* failed(`${lost} secret(s) can't be opened by any of the keys: put the key back that made them.`)
    }
    yield* Console.log(
      isExpiring
        ? "The other keys may be taken out of PUNCTUAL_MASTER_KEY a day after every server was started with this one first: " +
            "until then the table may hold answers under them, which go by themselves."
        : "The other keys may be taken out of PUNCTUAL_MASTER_KEY."
    )
  })
).pipe(Command.withDescription("Encrypt everything under the first master key; may be broken off and repeated"))

const forgetSecrets = Command.make(
  "forget",
  { keys: Argument.String("key_id").pipe(Argument.atLeast(1)) },
  ({ keys }) =>
    Effect.gen(function* () {
      const count = yield* Effect.flatMap(load, (config) => forget(config, keys))
      yield* Console.log(`Took out ${count} user(s)' credentials: they connect their calendars again.`)
    })
).pipe(Command.withDescription("Take out what rests under master keys that are lost; it can't be brought back"))

const backup = Command.make(
  "backup",
  { file: Argument.String("file").pipe(Argument.withDescription("Where the copy goes: a new .tar.gz")) },
  ({ file }) =>
    Effect.gen(function* () {
      const config = yield* load
      const { bytes, keyFile } = yield* backupTo(config, file)
      yield* Console.log(`Copied the embedded database to ${file} (${bytes} bytes).`)
      if (keyFile !== null)
        yield* Console.log(`Keep ${keyFile} too, in another place: nothing else opens what is sealed.`)
    })
).pipe(Command.withDescription("Copy the embedded database to a file; the server must be stopped"))

const marks = { fine: "ok  ", warning: "note", wrong: "FAIL" } as const

const doctor = Command.make("doctor", {}, () =>
  Effect.gen(function* () {
    const findings = yield* examine
    for (const { about, grade, text } of findings) yield* Console.log(`${marks[grade]}  ${about.padEnd(10)}  ${text}`)
    const wrong = findings.filter(({ grade }: Finding) => grade === "wrong").length
    if (wrong > 0) return yield* failed(`${wrong} thing(s) to mend.`)
  })
).pipe(Command.withDescription("Look at the configuration and at everything it names"))

const given = (name: string, description: string) =>
  Flag.String(name).pipe(Flag.withDescription(description), Flag.optional, Flag.map(Option.getOrUndefined))

const ics = Command.make(
  "ics",
  {
    place: Argument.String("file").pipe(Argument.withDescription("A calendar file, or the https address of one")),
    isJson: Flag.Boolean("json").pipe(Flag.withDescription("Say so as JSON"), Flag.withDefault(false)),
    from: given("from", "Look from this RFC 3339 instant on; now if absent"),
    days: given("days", "Look so many times 24 hours ahead"),
    zone: given("zone", "The zone of times without one, where the calendar does not say which it means")
  },
  (question) =>
    Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      const allowed = process.env[icsAllow]
      const answer = yield* Effect.promise(() => tellCalendar(question, { allowed, now }))
      process.stdout.write(answer.output)
      process.stderr.write(answer.error)
      process.exitCode = answer.exitCode
    })
).pipe(
  Command.withDescription("Say which meetings of a calendar file would get a bot, when, and why the others would not")
)

const punctual = Command.make("punctual").pipe(
  Command.withDescription("Administers a Punctual server, by its configuration in the environment and in .env"),
  Command.withSubcommands([
    Command.make("users").pipe(
      Command.withDescription("Users"),
      Command.withSubcommands([createUser, listUsers, eraseUser])
    ),
    Command.make("keys").pipe(
      Command.withDescription("API keys"),
      Command.withSubcommands([createKey, listKeys, revokeKey, rotateKey])
    ),
    Command.make("jobs").pipe(Command.withDescription("Jobs"), Command.withSubcommands([runJob])),
    policy,
    explain,
    Command.make("secrets").pipe(
      Command.withDescription("What rests encrypted"),
      Command.withSubcommands([reencryptSecrets, forgetSecrets])
    ),
    migrate,
    backup,
    doctor,
    ics
  ])
)

punctual.pipe(
  Command.run({ version }),
  Effect.tapCause((cause) =>
    // A command that was called wrongly has been told so.
    Cause.hasInterruptsOnly(cause) || CliError.isCliError(Cause.squash(cause))
      ? Effect.void
      : Console.error(`punctual: ${lineOf(Cause.squash(cause))}`)
  ),
  Effect.provideService(References.MinimumLogLevel, "Warn"),
  Effect.provide([NodeServices.layer, Logger.layer([Logger.consoleLogFmt])]),
  NodeRuntime.runMain({ disableErrorReporting: true })
)
