/**
 * What is past is forgotten in time, and no sooner; and of three years of meetings no more is left than is kept.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import type { UserId } from "../../../src/domain/Ids.ts"
import { defaultPolicy } from "../../../src/domain/Policy.ts"
import { Store } from "../../../src/ports/Store.ts"
import { Punctual } from "../../../src/Punctual.ts"
import { bot, connection, event, listing } from "../../../testing/rows/index.ts"
import { botChange } from "../../../src/domain/BotChange.ts"
import { StoreProbe } from "../../../testing/memory/StoreMemory.ts"
import { host } from "../Host.ts"
