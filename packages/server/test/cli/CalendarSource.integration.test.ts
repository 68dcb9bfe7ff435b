/** Where `punctual ics` reads from: what an address may lead to, how much is taken, and that it stays secret. */
import { assert, describe, it } from "@effect/vitest"
import { type RequestListener, createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { readSource } from "../../src/cli/ics/CalendarSource.ts"

/** An address of this machine that `localhost` is not. */
const host = "127.0.0.2"

const serving = async <A>(answer: RequestListener, use: (origin: string) => Promise<A>): Promise<A> => {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  try {
    return await use(`http://${host}:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

const refusalOf = (source: Awaited<ReturnType<typeof readSource>>): string =>
  "refusal" in source ? source.refusal : "none"

const loopback = "127.0.0.0/8"

describe("an address that is read", () => {
  it.each(["127.0.0.0/ 8", "127.0.0.0/8.5", "127.0.0.0/", "127.0.0.1/8/8", "127.0.0.1;10.0.0.1", "localhost"])(
    "is not, while the networks that may be are written as %s",
    (slip) =>
      serving(
        (_, response) => response.end("BEGIN:VCALENDAR\nEND:VCALENDAR\n"),
        async (origin) =>
          assert.strictEqual(
            refusalOf(await readSource(`${origin}/secret.ics`, slip)),
            "PUNCTUAL_WEBHOOK_ALLOW: Expected addresses or networks such as 10.0.0.0/8, parted by commas"
          )
      )
  )

  it("gives its bytes", () =>
    serving(
      (_, response) => response.end("BEGIN:VCALENDAR\nEND:VCALENDAR\n"),
      async (origin) => {
        assert.deepStrictEqual(await readSource(`${origin}/secret.ics`, loopback), {
          bytes: Buffer.from("BEGIN:VCALENDAR\nEND:VCALENDAR\n")
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
        const refusal = refusalOf(await readSource(`${origin}/secret.ics`, `${host}/32`))
        assert.match(refusal, word)
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

describe("a file that is read", () => {
  it.each([
    ["a device", "/dev/null"],
    ["a folder", import.meta.dirname]
  ])("is none where the path is %s's", async (_, path) =>
    assert.strictEqual(refusalOf(await readSource(path, undefined)), `${path} is no file.`)
  )
})
