/** Where `punctual ics` reads from: what an address may lead to, how much is taken, and that it stays secret. */
import { assert, describe, it } from "@effect/vitest"
import { type RequestListener, createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { mayReach, networksOf, readSource } from "../../src/cli/ics/CalendarSource.ts"

const serving = async <A>(answer: RequestListener, use: (origin: string) => Promise<A>): Promise<A> => {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

const refusalOf = (source: Awaited<ReturnType<typeof readSource>>): string =>
  "refusal" in source ? source.refusal : "none"

const loopback = "127.0.0.0/8"

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
  ])("%s is not reached", (address) => assert.isFalse(mayReach(address, null)))

  it.each(["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111"])("%s is", (address) => assert.isTrue(mayReach(address, null)))

  it("of networks that were named are", () => {
    const allowed = networksOf("10.0.0.0/8, fd00::/8")
    assert.isTrue(mayReach("10.1.2.3", allowed))
    assert.isTrue(mayReach("fd00::1", allowed))
    assert.isFalse(mayReach("192.168.1.1", allowed))
  })
})

describe("an address that is read", () => {
  it("gives its text", () =>
    serving(
      (_, response) => response.end("BEGIN:VCALENDAR\nEND:VCALENDAR\n"),
      async (origin) => {
        assert.deepStrictEqual(await readSource(`${origin}/secret.ics`, loopback), {
          text: "BEGIN:VCALENDAR\nEND:VCALENDAR\n"
        })
        assert.match(refusalOf(await readSource(`${origin}/secret.ics`, undefined)), /must begin with https/)
      }
    ))

  it.each([
    ["a private network", "https://10.0.0.1/secret.ics", /10\.0\.0\.1 is not read: it leads to a private network/],
    ["a name of this machine", "https://localhost/secret.ics", /localhost is not read: it leads to a private network/],
    ["http", "http://calendar.example/secret.ics", /must begin with https/],
    ["credentials", "https://me:secret@calendar.example/", /user name or password/]
  ])("is not left for %s", (_, location, word) =>
    serving(
      (_request, response) => response.writeHead(302, { location }).end(),
      async (origin) => {
        const refusal = refusalOf(await readSource(`${origin}/secret.ics`, "127.0.0.1/32"))
        if (location.includes("localhost")) assert.match(refusal, /not read|can't be reached/)
        else assert.match(refusal, word)
        assert.notInclude(refusal, "secret")
      }
    )
  )

  it("ends after five redirects, and where there is nothing", () =>
    serving(
      (request, response) =>
        request.url === "/gone" ? response.writeHead(404).end() : response.writeHead(302, { location: "/again" }).end(),
      async (origin) => {
        assert.match(refusalOf(await readSource(origin, loopback)), /redirects more than 5 times/)
        assert.match(refusalOf(await readSource(`${origin}/gone`, loopback)), /answered with status 404/)
      }
    ))

  it("is read to 20 MiB", () =>
    serving(
      (_, response) => {
        const part = Buffer.alloc(1024 * 1024, "x")
        for (let count = 0; count < 21; count++) response.write(part)
        response.end()
      },
      async (origin) => {
        assert.match(refusalOf(await readSource(origin, loopback)), /more than 20 MiB/)
      }
    ))
})
