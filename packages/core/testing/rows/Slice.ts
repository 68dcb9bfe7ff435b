/**
 * What a decision is made from, of a connected user of whom nothing is mirrored yet.
 * Decides default members only.
 */
import type { Slice } from "../../src/domain/Slice.ts"
import { connection } from "./Connection.ts"
import { autoSchedule } from "./Intent.ts"
import { userId } from "./Present.ts"

export const slice = (members: Partial<Slice> = {}): Slice => ({
  userId,
  version: 0,
  mirrorNumber: 0,
  decided: 0,
  decideAt: null,
  judgeMark: null,
  connections: [connection({ userId: members.userId ?? userId })],
  calendars: [],
  auto: autoSchedule(),
  pausedUntil: null,
  workspace: null,
  events: [],
  series: [],
  intents: [],
  overrides: [],
  bots: [],
  ...members
})
