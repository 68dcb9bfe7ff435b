/**
 * Every variable of ours that there is, so that one which is none is noticed: a mistyped name would be a setting that does
 * nothing.
 *
 * Decides which name was probably meant. Knows what orchestrators set by themselves for a service of our name.
 */

export const knownVariables: ReadonlySet<string> = new Set([
  "PUNCTUAL_ADMIN_KEY",
  "PUNCTUAL_API_KEY",
  "PUNCTUAL_AWS_DEAD_LETTER_ARN",
  "PUNCTUAL_AWS_KMS_KEY_ID",
  "PUNCTUAL_AWS_QUEUE_ARN",
  "PUNCTUAL_AWS_QUEUE_URL",
  "PUNCTUAL_AWS_ROLE_ARN",
  "PUNCTUAL_AWS_SSM_PREFIX",
  "PUNCTUAL_AWS_SSM_PUTS_PER_SECOND",
  "PUNCTUAL_AWS_TABLE",
  "PUNCTUAL_CHANGES_KEPT",
  "PUNCTUAL_DATA_DIR",
  "PUNCTUAL_DOCS",
  "PUNCTUAL_HISTORY_KEPT",
  "PUNCTUAL_HOST",
  "PUNCTUAL_JOIN_LEAD",
  "PUNCTUAL_KEEP_ALIVE",
  "PUNCTUAL_LAUNCHER",
  "PUNCTUAL_LAUNCHER_SECRET",
  "PUNCTUAL_LAUNCHER_URL",
  "PUNCTUAL_LEASE",
  "PUNCTUAL_LOG_LEVEL",
  "PUNCTUAL_MASTER_KEY",
  "PUNCTUAL_POLL_INTERVAL",
  "PUNCTUAL_POOL_SIZE",
  "PUNCTUAL_PORT",
  "PUNCTUAL_PUBLIC_URL",
  "PUNCTUAL_RATE_LIMIT",
  "PUNCTUAL_SAFETY_POLL_INTERVAL",
  "PUNCTUAL_SCHEDULER",
  "PUNCTUAL_SECRETS",
  "PUNCTUAL_STORE",
  "PUNCTUAL_SWEEP_INTERVAL",
  "PUNCTUAL_TRUSTED_PROXIES",
  "PUNCTUAL_WEBHOOK_ALLOW"
])

/** Kubernetes and Docker links tell containers of services so; for one called "punctual" the names begin like ours. */
const ofOrchestrator = /^PUNCTUAL_(\w+_)?(SERVICE_(HOST|PORT)(_\w+)?|PORT_\d+_(TCP|UDP)(_\w+)?|ENV_\w+|NAME)$/

/** Tests against a real tenant take theirs from the same environment. */
const ofTests = /^PUNCTUAL_TEST_\w+$/

/**
 * Whether an orchestrator means a service by it: for one called "punctual" the name is that of our own port, and only the
 * value tells, `tcp://10.0.171.239:8080`.
 */
export const isServiceAddress = (name: string, value: string): boolean =>
  /^PUNCTUAL_(\w+_)?PORT$/.test(name) && /^(tcp|udp|sctp):\/\//.test(value)

/** The first name that is none of ours, and the one it is nearest to; null: all are known. */
export const unknownVariable = (
  names: ReadonlyArray<string>
): { readonly name: string; readonly nearest: string } | null => {
  const name = names.toSorted().find((each) => isUnknown(each))
  if (name === undefined) return null
  const [nearest = ""] = [...knownVariables].toSorted((a, b) => distance(name, a) - distance(name, b))
  return { name, nearest }
}

const isUnknown = (name: string): boolean =>
  name.startsWith("PUNCTUAL_") && !knownVariables.has(name) && !ofOrchestrator.test(name) && !ofTests.test(name)

/** How many letters are to be changed, put in or left out (Levenshtein). */
const distance = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const isSame = one[i - 1] === other[j - 1]
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (isSame ? 0 : 1)))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
