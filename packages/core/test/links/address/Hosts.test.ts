/** Who covers a host: exact names, subdomains on a label boundary, exceptions, and the order of what covers it. */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { hostIndex } from "../../../src/links/address/Hosts.ts"

const covering = hostIndex([
  { hosts: ["zoom.us", "*.zoom.us"], except: ["events.zoom.us"], value: "zoom" },
  { hosts: ["rooms.zoom.us"], value: "rooms" },
  { hosts: ["*.rooms.zoom.us"], value: "below rooms" },
  { hosts: ["*.us"], value: "all" }
])

describe("a host is covered", () => {
  it.each([
    ["zoom.us", ["zoom", "all"]],
    ["us02web.zoom.us", ["zoom", "all"]],
    ["a.b.zoom.us", ["zoom", "all"]],
    ["rooms.zoom.us", ["rooms", "zoom", "all"]],
    ["a.rooms.zoom.us", ["below rooms", "zoom", "all"]],
    ["events.zoom.us", ["all"]],
    ["a.events.zoom.us", ["zoom", "all"]],
    ["notzoom.us", ["all"]],
    ["us", []],
    ["zoom.us.example", []],
    ["", []],
    [".", []],
    ["ZOOM.US", []]
  ])("%s by %j, the narrowest first", (host, values) => {
    assert.deepStrictEqual(covering(host), values)
  })

  it("exactly by its own name and its parent domains", () => {
    const label = fc.constantFrom("a", "b", "zoom", "x-1")
    const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join("."))
    fc.assert(
      fc.property(fc.array(name, { maxLength: 6 }), fc.array(name, { maxLength: 6 }), name, (exact, parents, host) => {
        const hosts = [...exact, ...parents.map((parent) => `*.${parent}`)]
        const found = hostIndex(hosts.map((each) => ({ hosts: [each], value: each })))(host)
        const expected = hosts.filter((each) => each === host || (each.startsWith("*") && host.endsWith(each.slice(1))))
        assert.sameMembers([...found], expected)
        assert.deepStrictEqual(
          [...found],
          found.toSorted((one, other) => other.replace("*", "").length - one.replace("*", "").length || 0)
        )
      })
    )
  })
})
