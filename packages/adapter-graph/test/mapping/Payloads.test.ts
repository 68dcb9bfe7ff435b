/**
 * Every recorded payload decodes and maps to what a reader of it would say. A payload that no test names fails the last
 * test, so that a new capture is never left lying.
 */
import { assert, describe, it } from "@effect/vitest"
import { isDeclined } from "@punctual/core"
import { Redacted, Result } from "effect"
import { readFailure } from "../../src/client/Failure.ts"
import { toChanges } from "../../src/mapping/Change.ts"
import { toEvent } from "../../src/mapping/Event.ts"
import { addressesOf, toListing, toProfile } from "../../src/mapping/Listing.ts"
import { readDateTimeTimeZone } from "../../src/mapping/DateTimeTimeZone.ts"
import { toSeries } from "../../src/mapping/Series.ts"
import { timingOf } from "../../src/mapping/Timing.ts"
import { parseNotifications } from "../../src/notifications/Notifications.ts"
import { toListed } from "../../src/subscriptions/Resource.ts"
import { payload, payloadItems, payloadNames, payloadObject } from "../fakes/Payloads.ts"

const at = (text: string): number => Date.parse(text)

const named = new Set<string>()
const use = (name: string): Record<string, unknown> => {
  named.add(name)
  return payloadObject(name)
}
const useItems = (name: string): ReadonlyArray<unknown> => {
  named.add(name)
  return payloadItems(name)
}

describe("single events", () => {
  const rows: ReadonlyArray<readonly [name: string, start: string, end: string, zone: string, subject: string]> = [
    ["event.single", "2017-04-15T18:00Z", "2017-04-15T19:00Z", "America/Los_Angeles", "Let's go brunch"],
    ["event.get", "2017-04-21T17:00Z", "2017-04-21T19:00Z", "UTC", "Orientation "]
  ]
  it.each(rows)("%s", (name, start, end, zone, subject) => {
    const event = Result.getOrThrow(toEvent(use(name)))
    assert.deepInclude(event, { kind: "single", start: at(start), end: at(end), zone, subject, isCancelled: false })
    assert.isFalse(isDeclined(event))
  })

  it("keeps the item as it came", () => {
    const item = use("event.single")
    assert.deepStrictEqual(Result.getOrThrow(toEvent(item)).raw, item)
  })

  it.each([
    "event.single.multiple-locations",
    "event.online-meeting.teams",
    "event.online-meeting.calendar-post",
    "event.online-meeting.teams.full-body",
    "event.online-meeting.updated",
    "event.online-meeting.subset",
    "event.meeting-proposal.updated"
  ])("%s becomes an event, or is turned down for want of a time", (name) => {
    const item = use(name)
    const event = toEvent(item)
    if ("start" in item && "end" in item && "id" in item) {
      assert.isTrue(Result.isSuccess(event), JSON.stringify(event))
    } else {
      assert.isTrue(Result.isFailure(event))
    }
  })

  it("events.list", () => {
    const { items, rejections } = toChanges(useItems("events.list"))
    assert.deepStrictEqual(rejections, [])
    assert.isNotEmpty(items)
  })
})

describe("series", () => {
  it("weekly on two days, without an end", () => {
    const series = Result.getOrThrow(toSeries(use("event.seriesmaster.weekly-multiday-noEnd")))
    assert.strictEqual(series.ruleText, "FREQ=WEEKLY;BYDAY=TU,TH")
    assert.deepInclude(series.timing, {
      startDate: "2017-08-15",
      startTime: 10.5 * 3_600_000,
      durationMillis: 3_600_000,
      zone: "America/New_York"
    })
    assert.isNull(series.cancelledDates)
    assert.isNull(series.exceptions)
  })

  it("weekly until a date", () => {
    const series = Result.getOrThrow(toSeries(use("event.seriesmaster.weekly-endDate")))
    assert.match(series.ruleText ?? "", /^FREQ=WEEKLY;BYDAY=MO;UNTIL=/)
    assert.strictEqual(series.timing?.rule.kind, "pattern")
  })

  it("daily, a number of times", () => {
    const series = Result.getOrThrow(toSeries(use("event.seriesmaster.daily-numbered.beta")))
    assert.match(series.ruleText ?? "", /^FREQ=DAILY;COUNT=\d+$/)
  })

  it("a list of masters", () => {
    const { items, rejections } = toChanges(useItems("event.seriesmaster.weekly-noEnd.list"))
    assert.deepStrictEqual(rejections, [])
    assert.isTrue(items.some((item) => item.kind === "series" && item.series.timing !== null))
  })

  it("what was cancelled and changed, also where ids hold dots", () => {
    const item = use("event.seriesmaster.exceptions-and-cancelled.beta")
    const recurrence = {
      pattern: { type: "weekly", interval: 1, daysOfWeek: ["thursday"], firstDayOfWeek: "sunday", index: "first" },
      range: { type: "noEnd", startDate: "2020-04-23", recurrenceTimeZone: "UTC" }
    }
    const dotted = (item["cancelledOccurrences"] as Array<string>).map((id) => id.replace("AAMkA", "AA.Mk.A"))
    const master = { ...item, recurrence, type: "seriesMaster", cancelledOccurrences: dotted }
    const series = Result.getOrThrow(toSeries(master))
    assert.deepStrictEqual(series.cancelledDates, ["2020-04-30", "2020-05-07", "2020-05-14"])
    assert.deepInclude(series.exceptions?.[0], {
      kind: "exception",
      seriesProviderId: "AAMkADAGAADDdm4NAAA=",
      originalStart: at("2020-05-21T11:30Z"),
      start: at("2020-05-21T11:30Z")
    })
  })

  it("instances, an exception among them", () => {
    const { items, rejections } = toChanges(useItems("event.instances.list"))
    assert.deepStrictEqual(rejections, [])
    const kinds = items.map((item) => (item.kind === "event" ? item.event.kind : item.kind))
    assert.deepStrictEqual(kinds, ["exception", "occurrence", "occurrence", "occurrence"])
  })

  it("every recurrence seen on the wire has a rule", () => {
    named.add("recurrence.wire-shapes.observed")
    const start = { dateTime: "2022-09-22T13:00:00.0000000", timeZone: "UTC" }
    for (const recurrence of payload("recurrence.wire-shapes.observed") as Array<unknown>) {
      const timing = timingOf({ recurrence, start, end: start })
      assert.strictEqual(timing.series?.zone, "America/New_York")
      assert.match(timing.ruleText ?? "", /^FREQ=/)
      assert.notMatch(timing.ruleText ?? "", /COUNT=0|UNTIL=0001/)
    }
  })

  it("a series invited from Google has no zone of its own: the event's is taken", () => {
    const item = use("recurrence.google-invite.empty-timezone")
    const start = { dateTime: "2020-04-08T14:00:00.0000000", timeZone: "UTC" }
    const timing = timingOf({ ...item, start, end: start, originalStartTimeZone: "Romance Standard Time" })
    assert.strictEqual(timing.series?.zone, "Europe/Paris")
    assert.strictEqual(timingOf({ ...item, start, end: start }).series, null)
    assert.strictEqual(timingOf({ ...item, start, end: start }).ruleText, "FREQ=WEEKLY;BYDAY=WE;COUNT=4")
  })

  it("request fragments of every pattern and range are read in part or turned down, never thrown at", () => {
    named.add("recurrence.patterns-and-ranges.msdocs")
    const fragments = Object.values(payload("recurrence.patterns-and-ranges.msdocs") as object) as Array<unknown>
    assert.isNotEmpty(fragments.map((recurrence) => timingOf({ recurrence })))
  })
})

describe("delta rounds", () => {
  it.each([
    ["calendarview-delta.1-first-page", 2],
    ["calendarview-delta.2-next-page", 2],
    ["calendarview-delta.3-final-page", 1],
    ["calendarview-delta.empty-first-page-with-nextLink", 0]
  ])("%s", (name, count) => {
    const { items, rejections } = toChanges(useItems(name))
    assert.deepStrictEqual(rejections, [])
    assert.lengthOf(items, count)
  })

  it("a removed item is a question with nothing but an id", () => {
    const { items } = toChanges(useItems("calendarview-delta.4-incremental-with-removed"))
    assert.deepStrictEqual(items[0], {
      kind: "removed",
      providerId: "AAMkADk0MGFkODE3LWE4MmYtNDRhOS04OGQLkRkXbBznTvAADb6ytyAAA="
    })
    assert.strictEqual(items[1]?.kind, "event")
  })

  it.each(["calendarview-delta.occurrence-item", "calendarview-delta.occurrence-item.2"])("%s is thin", (name) => {
    const { items } = toChanges([use(name)])
    assert.strictEqual(items[0]?.kind, "occurrence")
  })

  it("the documentation's placeholder is rejected and counted", () => {
    const { items, rejections } = toChanges(useItems("calendarview-delta.placeholder"))
    assert.deepStrictEqual(items, [])
    assert.deepStrictEqual(rejections, [{ reason: "no_id", providerId: null }])
  })

  it("odd dates are no dates", () => {
    named.add("datetimetimezone.odd-values")
    for (const odd of payload("datetimetimezone.odd-values") as Array<unknown>) {
      assert.isNull(readDateTimeTimeZone({ start: odd }, "start"))
    }
  })
})

describe("calendars and people", () => {
  it("calendars.list", () => {
    const listing = toListing(useItems("calendars.list")[0], [], null)
    assert.deepInclude(listing, { summary: "Calendar", accessRole: "owner", color: "#0078d4", isPrimary: false })
  })

  it("calendar.get says which is the default one", () => {
    const listing = toListing(use("calendar.get"), [], "Europe/Berlin")
    assert.strictEqual(listing?.isPrimary, use("calendar.get")["isDefaultCalendar"] === true)
    assert.strictEqual(listing?.timeZone, "Europe/Berlin")
  })

  it("someone else's calendar is read or written, never owned", () => {
    const roles = (name: string) =>
      useItems(name).map((item) => toListing(item, ["adelev@contoso.onmicrosoft.com"], null))
    assert.deepStrictEqual(
      roles("calendars.list.with-shared").map((listing) => listing?.accessRole),
      ["owner", "reader"]
    )
    assert.deepStrictEqual(
      roles("calendars.list.shared-writable").map((listing) => listing?.accessRole),
      ["owner", "writer"]
    )
    assert.strictEqual(roles("calendars.list.with-shared")[1]?.color, "#c19c00")
  })

  it("people", () => {
    const adele = "AdeleV@contoso.onmicrosoft.com"
    const id = "87d349ed-44d7-43e1-9a83-5f2406dee5bd"
    assert.deepStrictEqual(toProfile(use("me")), { accountId: id, email: adele, name: "Adele Vance" })
    assert.strictEqual(toProfile(use("me.minimal-with-context"))?.email, "ChrisG@contoso.onmicrosoft.com")
    assert.deepStrictEqual(addressesOf(use("me.minimal-with-context")), ["chrisg@contoso.onmicrosoft.com"])
  })
})

describe("subscriptions and notifications", () => {
  it.each(["subscription.create.response.201", "subscription.create.response.201.outlook", "subscription.get"])(
    "%s",
    (name) => {
      const item = use(name)
      assert.deepInclude(toListed(item), { id: String(item["id"]), calendarId: null })
    }
  )

  it("subscription.list", () => assert.isNotNull(toListed(useItems("subscription.list")[0])))

  it("the life returned by a renewal", () => {
    const item = use("subscription.renew.response.200")
    assert.strictEqual(toListed(item)?.expiresAt, at(String(item["expirationDateTime"])))
  })

  it.each([
    ["notification.event.shape", "change"],
    ["notification.message.created", "change"],
    ["notification.message.created.with-id", "change"],
    ["notification.outlook.basic", "change"],
    ["notification.outlook.rich", "change"],
    ["lifecycle.missed", "missed"],
    ["lifecycle.reauthorizationRequired", "reauthorizationRequired"],
    ["lifecycle.subscriptionRemoved", "subscriptionRemoved"]
  ])("%s is a %s", (name, kind) => {
    const notifications = parseNotifications(use(name))
    assert.deepStrictEqual(
      notifications?.map((notification) => notification.kind),
      [kind]
    )
    assert.isNotEmpty(Redacted.value(notifications?.[0]?.clientState ?? Redacted.make("")))
  })

  it("one bare notification is no batch", () => assert.isNull(parseNotifications(use("notification.single"))))
})

describe("errors", () => {
  it.each(payloadNames.filter((name) => name.startsWith("error.")))("%s", (name) => {
    const failure = readFailure(use(name))
    if (name === "error.429.subscription-count-reached") {
      assert.isTrue(failure.isLimitReached)
    } else {
      assert.notStrictEqual(failure.word, "")
      assert.notStrictEqual(failure.message, "")
    }
  })
})

/** Named by other tests, or nothing the adapter reads: requests, batches, groups, settings. */
const elsewhere = [
  /^token\./, // auth/Refusal.test.ts, auth/Redeem.test.ts
  /^(?:batch|validation-request|calendargroups)\b/,
  /^subscription\.(?:create|renew)\.request/,
  /^mailboxsettings/
]

describe("all of them", () => {
  it("has a test for every payload", () => {
    const unnamed = payloadNames.filter((name) => !named.has(name) && !elsewhere.some((pattern) => pattern.test(name)))
    assert.deepStrictEqual(unnamed, [])
    assert.isAbove(named.size, 50)
  })
})
