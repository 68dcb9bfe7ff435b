/** C: the way out through a proxy, without any switch of Node's. */
import { once } from "node:events"
import { type Server, createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { assert, describe, it } from "@effect/vitest"
import { useProxy } from "../../src/http/client/Proxy.ts"

const answer = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\nproxied"

/** Takes tunnels, and answers in the place of whoever is at their end. */
const withProxy = async (use: (url: string, tunnels: ReadonlyArray<string>) => Promise<void>): Promise<void> => {
  const tunnels: Array<string> = []
  const server: Server = createServer((_, response) => response.end("direct"))
  server.on("connect", (request, socket) => {
    tunnels.push(request.url ?? "")
    socket.write("HTTP/1.1 200 OK\r\n\r\n")
    socket.once("data", () => socket.end(answer))
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, tunnels)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

describe("C: HTTPS_PROXY", () => {
  it("is the way of every request but those to this machine and to NO_PROXY", () =>
    withProxy(async (url, tunnels) => {
      const undo = useProxy({ http_proxy: url, NO_PROXY: "direct.example" })
      if (typeof undo === "string") return assert.fail(undo)
      try {
        assert.strictEqual(await (await fetch("http://graph.example/v1.0/me")).text(), "proxied")
        assert.deepStrictEqual(tunnels, ["graph.example:80"])
        assert.strictEqual(await (await fetch(url)).text(), "direct")
        await fetch("http://direct.example/").catch(() => undefined)
        assert.lengthOf(tunnels, 1)
      } finally {
        undo()
      }
    }))

  it.each(["HTTPS_PROXY", "https_proxy"])("is the way of what is asked by https where it stands as %s", (name) =>
    withProxy(async (url, tunnels) => {
      const undo = useProxy({ [name]: url, NO_PROXY: "direct.example" })
      if (typeof undo === "string") return assert.fail(undo)
      try {
        // At the tunnel's end is nobody who speaks TLS: the way is what is looked at.
        const failed = await fetch("https://graph.example/v1.0/me").then(
          () => false,
          () => true
        )
        assert.isTrue(failed)
        assert.deepStrictEqual(tunnels, ["graph.example:443"])
        await fetch("https://direct.example/").catch(() => undefined)
        await fetch("http://graph.example/").catch(() => undefined)
        assert.lengthOf(tunnels, 1, "HTTP_PROXY is another one")
      } finally {
        undo()
      }
    })
  )

  it("is none where none is named", () => {
    assert.strictEqual(useProxy({ NO_PROXY: "a.example" }), "none")
  })
})
