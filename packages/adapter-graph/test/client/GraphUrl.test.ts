/** Attack A20: a bearer token leaves for the configured service and for nowhere else. */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { serviceUrl } from "@punctual/core/http"
import { followable, graphUrl } from "../../src/client/GraphUrl.ts"

const graph = new URL("https://graph.microsoft.com")
const local = new URL("http://127.0.0.1:4010")

describe("addresses of a service", () => {
  it.each([
    "https://graph.microsoft.com",
    "https://graph.microsoft.us/",
    "https://microsoftgraph.chinacloudapi.cn",
    "http://127.0.0.1:4010",
    "http://localhost:4010",
    "http://[::1]:4010"
  ])("%s is one", (text) => assert.isNotNull(serviceUrl(text)))

  it.each([
    "http://graph.microsoft.com",
    "http://127.0.0.1.evil.example",
    "https://user:word@graph.microsoft.com",
    "https://graph.microsoft.com/?a=b",
    "ftp://graph.microsoft.com",
    "graph.microsoft.com",
    ""
  ])("%j is none", (text) => assert.isNull(serviceUrl(text)))
})

describe("links", () => {
  it.each([
    "https://graph.microsoft.com/v1.0/me/calendarView/delta?$deltatoken=R0usmcMDNGg0J1E",
    "https://graph.microsoft.com:443/v1.0/me/calendars('A')/calendarView/delta?$skiptoken=x%2By",
    "HTTPS://GRAPH.MICROSOFT.COM/v1.0/me"
  ])("%s is followed", (link) => assert.isNotNull(followable(graph, link)))

  it("is followed verbatim", () => {
    const link = "https://graph.microsoft.com/v1.0/me/calendarView/delta?$skiptoken=a+b%20c/d=="
    assert.strictEqual(followable(graph, link)?.href, link)
  })

  it.each([
    "https://evil.example/v1.0/me",
    "https://graph.microsoft.com.evil.example/v1.0/me",
    "https://graph.microsoft.com@evil.example/v1.0/me",
    "https://evil.example#@graph.microsoft.com/v1.0/me",
    "https://user@graph.microsoft.com/v1.0/me",
    "http://graph.microsoft.com/v1.0/me",
    "https://graph.microsoft.com:8443/v1.0/me",
    "https://graph.microsoft.com/beta/me",
    "https://graph.microsoft.com/v1.0/../beta/me",
    "https://graph.microsoft.com/v1.0/%2e%2e/beta/me",
    "https://graph.microsoft.com/v1.0\\..\\beta",
    "https://graph.microsoft.com/v1.0",
    "//graph.microsoft.com/v1.0/me",
    "/v1.0/me",
    "javascript:alert(1)",
    "https://graph.microsoft.com/v1.0/" + "x".repeat(20_000),
    ""
  ])("%j is not followed", (link) => assert.isNull(followable(graph, link)))

  it("a simulator's links are followed to that simulator alone", () => {
    assert.isNotNull(followable(local, "http://127.0.0.1:4010/v1.0/me"))
    for (const link of [
      "http://127.0.0.1:4011/v1.0/me",
      "http://localhost:4010/v1.0/me",
      "https://127.0.0.1:4010/v1.0/me"
    ]) {
      assert.isNull(followable(local, link))
    }
  })

  it("whatever is followed stays on host, port, scheme and path", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.webUrl(),
          fc.string().map((text) => `https://graph.microsoft.com/v1.0/${text}`)
        ),
        (link) => {
          const url = followable(graph, link)
          if (url === null) return
          assert.strictEqual(url.origin, "https://graph.microsoft.com")
          assert.isTrue(url.pathname.startsWith("/v1.0/"))
        }
      )
    )
  })
})

describe("addresses built", () => {
  it("ids cannot climb out of their segment", () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        fc.pre(id.isWellFormed())
        const url = graphUrl(graph, ["me", "calendars", id, "calendarView", "delta"], { startDateTime: id })
        assert.strictEqual(url.origin, "https://graph.microsoft.com")
        if (!/^\.{1,2}$/.test(id)) assert.match(url.pathname, /^\/v1\.0\/me\/calendars\/[^/]*\/calendarView\/delta$/)
        assert.strictEqual(url.searchParams.get("startDateTime"), id)
      })
    )
  })

  it("writes OData as Graph likes it", () => {
    const url = graphUrl(graph, ["me", "calendars", "AAA="], { $select: "id,name", $top: "5" })
    assert.strictEqual(url.href, "https://graph.microsoft.com/v1.0/me/calendars/AAA%3D?$select=id%2Cname&$top=5")
  })
})
