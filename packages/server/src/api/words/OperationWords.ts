/**
 * What each operation does, past its summary, by its id.
 */
export const operationWords: Readonly<Record<string, string>> = {
  "connection.create":
    "Tries the credentials at Microsoft or Google, mirrors every calendar and has the provider notify about changes. Nothing " +
    "is stored unless the provider accepted them. A user has one account of each. A second call for the same provider " +
    "replaces the credentials and keeps calendars, events and bots; the credentials of another account disconnect the one " +
    "before first. With `ics_url` in their place a published calendar is followed beside them: read once before it is " +
    "stored, then at intervals; up to ten, each by its address.",
  "connection.consent":
    "Answers the address of a provider's sign-in page, for servers that have an app of their own there " +
    "(`MICROSOFT_CLIENT_ID`, `GOOGLE_CLIENT_ID`). After consent the calendar is connected as by `create_calendar`.",
  "connection.show":
    "Shows whether the calendar can be read, and of each calendar when it was last read and whether the provider notifies " +
    "about it. Asks nobody: it is what was last seen.",
  "launchesAhead.pause":
    "While paused nothing of the user's is launched. Bots stay scheduled: a pause that ends before the meeting does launches " +
    "then, one that does not ends the bot as `Failed` with `paused`.",
  "launchesAhead.resume": "Launches go on, also of bots whose meetings have begun. Without a pause it does nothing.",
  "launchesAhead.forecast":
    "Says of each coming meeting that should have a bot whether the bot will be there, and what endangers it, as far as can be " +
    "known ahead.",
  "connection.disconnect":
    "Erases the credentials at once, cancels every scheduled bot, and deletes events, bots and the providers' subscriptions. " +
    "Afterwards the user is as new.",
  "calendars.list": "Asks the providers, so that a calendar made a moment ago is there, and is mirrored from now on.",
  "calendars.select":
    "A calendar that is left out is mirrored no more: its events go, with what was scheduled by hand for them. Selected " +
    "again, it is read anew.",
  "calendars.remove":
    "Takes a published calendar out for good, with its events and the bots of meetings that stand in no other calendar. " +
    "The last one takes the connection along. A calendar of an account is left out by selecting it no more.",
  "calendars.resubscribe":
    "Makes the subscription anew, whatever stands, so that the provider tries this server's address now. For when " +
    "`polling_reason` says that nothing arrives and the cause is mended.",
  "events.list":
    "Lists one entry for each meeting that takes place: single events and occurrences, never a series as such. Where " +
    "reading from the provider fails, what was known before is listed, marked `stale`. With `updated_since` it lists what changed " +
    "instead, to keep a copy by; 410 `cursor_expired` once not all that is gone since is known any more.",
  "events.listStored": "As `/calendar/events`, from what is mirrored, at once.",
  "events.explanation":
    "Says whether a bot joins, when and with which configuration, and each step of the decision, also for an event that has " +
    "none and for an occurrence beyond what is mirrored.",
  "bots.schedule":
    "Makes a bot that joins a minute before the start, or now where that has passed. The bot follows its meeting: moved, " +
    "cancelled, given another link. An event with an active bot answers 409 with its id; a bot that auto-scheduling made " +
    "is taken over instead.",
  "bots.unschedule":
    "Cancels the bot of one occurrence, or with the options those of its series. What the user removed stays removed: " +
    "only another schedule call brings a bot back. No bot is no error.",
  "bots.list": "Lists bots whose join time lies ahead, or those of another status, by join time.",
  "bots.show":
    "Shows a bot as lists do, also one that was cancelled, failed or is over, for as long as its history is kept.",
  "changes.list":
    "Tells what changed of the user's bots, connections and calendars: each change once, in order, for 30 days unless configured " +
    "otherwise. `next` is always there: go on with it, and with `wait` the answer is held until there is something. A cursor older " +
    "than what is kept is 410 `cursor_expired`. It needs no connection; after a disconnect it goes on to `connection.disconnected`.",
  "changes.eventTimeline":
    "Tells what happened to a meeting's bots, newest first, each entry with a sentence. It outlives the event's deletion for as " +
    "long as entries are kept; then it is empty.",
  "changes.botTimeline": "Tells what happened to one bot, newest first, each entry with a sentence.",
  "allChanges.list":
    "Tells everybody's changes, for a host's backend: at least once, in order for each user. A cursor may repeat entries, which are " +
    "known by their ids, and skips none.",
  "bots.update":
    "Changes a bot that is still `Scheduled`: its join time, name, attributes or configuration. What is left out stays.",
  "bots.remove": "Cancels one bot. It counts as removed by the user: auto-scheduling does not bring it back.",
  "autoSchedule.enable":
    "From now on every meeting with a supported link gets a bot by itself, looked for now, at midnight UTC and after each " +
    "sync. Passed over: cancelled, ended and all-day events, those the user declined or removed the bot of.",
  "autoSchedule.disable":
    "No further bots are made by themselves. Those that are scheduled stay unless asked otherwise.",
  "autoSchedule.settings":
    "Shows whether auto-scheduling is on, the configuration that its bots get, its rules, and how far it has decided.",
  "autoSchedule.rules":
    "Replaces the user's rules, whether auto-scheduling is on or not, and decides anew at once: bots that a rule now skips go, " +
    "and come back when it does not.",
  "autoSchedule.preview":
    "Says which meetings would get, lose or change their bot if auto-scheduling were enabled with these settings now. Writes " +
    "nothing and asks nobody: it sees what is mirrored.",
  "recurrence.toggle":
    "Follows a series: the next occurrence gets a bot now, and each further one when the one before is launched or over.",
  "recurrence.reschedule":
    "Makes a bot for the occurrence after the one named, and no further. What the request says of rule, time and link " +
    "counts only where the calendar says nothing.",
  "admin.createUser": "Makes a user, in a workspace, with a first API key, which is shown this once.",
  "admin.listUsers": "Lists users a page at a time: pass the last id as `after` for the next page.",
  "admin.deleteUser":
    "Takes down the user's connections as disconnecting does, revokes every key and forgets the user. Done again, it is " +
    "`not_found`.",
  "overview.user": "Shows a user and how each connection stands. Asks nobody: it is what was last seen.",
  "overview.workspaces": "Lists the workspaces with how many users each has.",
  "overview.jobs": "Shows for each daily job whether its latest run was done, by whichever process.",
  "overview.launches":
    "Shows what became of the launches of the process that answers, and how late they were, by hour since it started.",
  "overview.forecast":
    "Adds up the forecasts of a page of users, and shows each user's: pass `next` as `after` until it is null, and add up.",
  "workspace.policy": "Shows what holds for all users of a workspace, and how many of them it has not reached yet.",
  "workspace.setPolicy":
    "Replaces the policy, checks all of it first, and brings every user of the workspace to a new decision: for two seconds " +
    "before it answers, the rest in the background, until `pending_users` is 0.",
  "workspace.previewPolicy":
    "Says which meetings of a page of the workspace's users would get, lose or change their bot if the policy were replaced " +
    "by this one now: pass `next` as `after` until it is null, and add up. Writes nothing and asks nobody.",
  "admin.listKeys": "Lists the keys of a user with their first characters, also those that were revoked.",
  "admin.createKey": "Makes a further key; those there are stay. It is shown this once.",
  "admin.revokeKey": "The key works no more, on every replica within seconds. The user's other keys stay.",
  "admin.runJob":
    "Runs the job to its end and answers what it did. Jobs run by themselves: this is for when waiting is no option.",
  "webhooks.changes":
    "Called by Microsoft Graph when something changed. Each notification is checked against its subscription's secret, " +
    "made durable, and taken as a hint to read the calendar.",
  "webhooks.lifecycle":
    "Called by Microsoft Graph about a subscription itself: that it was removed, wants a new grant, or missed changes.",
  "webhooks.channel":
    "Called by Google Calendar when something changed: headers alone, which name the channel. Its token is checked against the " +
    "subscription's secret; a message that matches is made durable, and taken as a hint to read the calendar.",
  launch:
    "Sent to `PUNCTUAL_LAUNCHER_URL` where the launcher is `webhook`, when a bot is due. It is signed by the Standard " +
    "Webhooks scheme with `PUNCTUAL_LAUNCHER_SECRET`. What is not answered, or not clearly, is sent again with the same " +
    "`webhook-id`, from 1 to 30 seconds apart until the meeting ends: one id is one bot.",
  healthz: "Answers as long as the process does. Asks nothing of storage.",
  readyz: "Answers 200 when storage takes writes, else 503. Warnings name what should not stay as it is.",
  metrics: "Requests, syncs, launches and storage as counters and gauges, for Prometheus to scrape."
}
