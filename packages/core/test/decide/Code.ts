/**
 * The code under test, gathered: what the laws are held against. Decides nothing.
 */
import * as Apply from "../../src/decide/Apply.ts"
import * as Decision from "../../src/decide/Decision.ts"
import * as DedupKey from "../../src/decide/DedupKey.ts"
import * as Desired from "../../src/decide/Desired.ts"
import * as Explain from "../../src/decide/Explain.ts"
import * as Mirror from "../../src/decide/Mirror.ts"
import * as Naming from "../../src/decide/Naming.ts"
import * as Parts from "../../src/decide/Parts.ts"
import * as Reconcile from "../../src/decide/Reconcile.ts"
import * as Settle from "../../src/decide/Settle.ts"
import type { Deciding } from "./Laws.ts"

export const code: Deciding = {
  ...Apply,
  ...Decision,
  ...DedupKey,
  ...Desired,
  ...Explain,
  ...Mirror,
  ...Naming,
  ...Parts,
  ...Reconcile,
  ...Settle
}
