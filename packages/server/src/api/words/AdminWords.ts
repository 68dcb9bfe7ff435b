/**
 * What answers about users, keys and jobs carry, and those of the operator's page.
 */
import type { Words } from "./Word.ts"

const externalId = { description: "Your own name for the user; null where none was given.", example: "crm-4711" }

export const adminWords: Words = {
  // ---- users and keys
  workspace_id: { description: "The id of the user's workspace.", example: "wsp_0c1d2e3f4a5b6c7d8e9f" },
  "launch.workspace_id": {
    description: "The id of the workspace of the user whose bot it is; null where it can't be told.",
    example: "wsp_0c1d2e3f4a5b6c7d8e9f"
  },
  key_id: { description: "The key's id, for revoking it; no secret.", example: "key_9be2d75a3c6e8f4f1c0a" },
  api_key: {
    description: "The key itself. It is shown this once, for only its digest is kept.",
    example: "pk_…"
  },
  "UsersAnswer.users": { description: "The users of this page, by id." },
  name: { description: "The name for people to tell users by; null where none was given.", example: "Jane Smith" },
  "UsersAnswer.external_id": externalId,
  "UserOverview.external_id": externalId,
  created_at: { description: "When it was made: RFC 3339, UTC.", example: "2026-04-01T12:00:00Z" },
  keys: { description: "The user's keys, revoked ones too, without what is secret of them." },
  prefix: { description: "The key's first characters, to recognize it by.", example: "pk_Ab3d" },
  revoked_at: {
    description: "When the key was revoked: RFC 3339, UTC; null while it works.",
    example: "2026-05-01T09:00:00Z"
  },
  revoked: { description: "Always true: the key works no more." },
  erased: { description: "Always true: nothing is kept of the user." },
  "UserErasedAnswer.schedules_cancelled": {
    description: "How many of the user's bots were cancelled: a count.",
    example: 4
  },

  // ---- the operator's page
  "UserOverview.connections": { description: "How each of the user's connections stands; empty without any." },
  calendars_selected: { description: "How many of its calendars are mirrored: a count.", example: 2 },
  calendars_polled: { description: "How many of those the provider does not notify about: a count.", example: 1 },
  calendars_failing: { description: "How many of those could not be read when last tried: a count.", example: 0 },
  workspaces: { description: "Every workspace that has a user." },
  "WorkspacesAnswer.workspaces.users": { description: "How many users the workspace has: a count.", example: 12 },
  jobs: { description: "Each daily job with its latest run that was due." },
  date: { description: "The day of that run in UTC, as `yyyy-mm-dd`.", example: "2026-04-08" },
  due_at: { description: "When that run was due: RFC 3339, UTC.", example: "2026-04-08T00:00:00Z" },
  "JobsAnswer.jobs.status": {
    description: "How far that run is: `waiting`, no process has taken it up; `running`; `done`.",
    example: "done"
  },
  noted_at: {
    description: "When something of the run was written down last: RFC 3339, UTC; null before anything was.",
    example: "2026-04-08T00:00:04Z"
  },
  shares_left: {
    description: "How many users' shares failed and are tried again: a count, 500 at most.",
    example: 0
  },
  since: {
    description: "When the answering process started, of which alone this tells: RFC 3339, UTC.",
    example: "2026-04-08T06:30:00Z"
  },
  hours: { description: "The hours in which bots were handed over, the newest last." },
  hour: { description: "When the hour began: RFC 3339, UTC.", example: "2026-04-08T14:00:00Z" },
  accepted: { description: "How many bots the launcher took: a count.", example: 41 },
  rejected: { description: "How many bots the launcher refused for good: a count.", example: 1 },
  retried: { description: "How many calls were put off and made again later: a count.", example: 2 },
  unconfigured: { description: "How many bots fell due without a launcher to hand them to: a count.", example: 0 },
  late_seconds_max: {
    description: "The longest from a bot's join time to its being taken, of those taken in the hour: seconds.",
    example: 1.9
  },
  late_seconds_mean: { description: "The mean of the same: seconds.", example: 0.4 },
  "JobAnswer.job": { description: "The job that was run.", example: "auto-schedule" },
  "JobsAnswer.jobs.job": { description: "The job's name.", example: "auto-schedule" }
}
