/** Which addresses a feed may be fetched from. */
import { assert, describe, it } from "@effect/vitest"
import { BlockList } from "node:net"
import { mayReach } from "../../src/feed/PublicNetworks.ts"

const nowhere = new BlockList()

describe("addresses", () => {
  it.each([
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "::1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
    "fe80::1",
    "fd00::1",
    "2002:a00:1::",
    "not an address"
  ])("%s is not reached", (address) => assert.isFalse(mayReach(address, nowhere)))

  it.each(["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111"])("%s is", (address) =>
    assert.isTrue(mayReach(address, nowhere))
  )

  it("of networks that were named are", () => {
    const allowed = new BlockList()
    allowed.addSubnet("10.0.0.0", 8, "ipv4")
    allowed.addSubnet("fd00::", 8, "ipv6")
    assert.isTrue(mayReach("10.1.2.3", allowed))
    assert.isTrue(mayReach("fd00::1", allowed))
    assert.isFalse(mayReach("192.168.1.1", allowed))
  })
})
