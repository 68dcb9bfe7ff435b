/**
 * One process per data directory: two would each write their own truth into the same files, silently.
 * Decides who holds a directory, by sockets, because the kernel frees them however a process ends. Never trusts what a
 * file says about who is alive.
 */
import { Effect, Schema, type Scope } from "effect"
import { createHash } from "node:crypto"
import { realpath, rm } from "node:fs/promises"
import { connect, createServer, type Server } from "node:net"
import { join } from "node:path"
import { attempt } from "./Database.ts"
import type { DatabaseError } from "./DatabaseError.ts"

/** Another process, or another database of this one, has the directory open. */
export class DirectoryInUse extends Schema.TaggedError<DirectoryInUse>()("DirectoryInUse", {
  directory: Schema.String
}) {
  override get message(): string {
    return `${this.directory} is in use by another process; stop that one first, or set another data directory`
  }
}

/** Longest path of a Unix socket that every system takes, in bytes (`sun_path` less its end). */
const socketPathBytesMax = 100

/** Takers that find a dead socket file at the same moment try in turn. */
const staleSocketTriesMax = 5

/** Held until the scope closes or the process ends. */
export const holdDirectory = Effect.fnUntraced(function* (
  directory: string
): Effect.fn.Return<void, DatabaseError | DirectoryInUse, Scope.Scope> {
  const real = yield* attempt(() => realpath(directory))
  for (const address of addressesOf(real)) {
    yield* Effect.acquireRelease(
      Effect.flatMap(
        attempt(() => listen(address)),
        (server) => (server === null ? Effect.fail(new DirectoryInUse({ directory: real })) : Effect.succeed(server))
      ),
      (server) => Effect.promise(() => new Promise<void>((done) => server.close(() => done())))
    )
  }
})

/**
 * What to listen on, all of it. An abstract socket (Linux) or a named pipe (Windows) leaves nothing behind and has no
 * race. A socket file is seen from other containers that share the directory but not the network; it may outlive its
 * process, and then nobody answers at it.
 */
const addressesOf = (directory: string): ReadonlyArray<Address> => {
  const name = `punctual-${createHash("sha256").update(directory).digest("hex").slice(0, 32)}`
  if (process.platform === "win32") return [{ path: `\\\\.\\pipe\\${name}`, isFile: false }]
  const file = join(directory, "..", "db.lock")
  const files = Buffer.byteLength(file) <= socketPathBytesMax ? [{ path: file, isFile: true }] : []
  return process.platform === "linux" ? [{ path: `\0${name}`, isFile: false }, ...files] : files
}

interface Address {
  readonly path: string
  readonly isFile: boolean
}

/** A server at the address, or null when somebody else's is there. */
const listen = async (address: Address): Promise<Server | null> => {
  for (let tries = 0; tries < staleSocketTriesMax; tries++) {
    const server = await bind(address.path)
    if (server !== null) return server
    if (!address.isFile || (await isAnswered(address.path))) return null
    await rm(address.path, { force: true })
  }
  return null
}

const bind = (path: string): Promise<Server | null> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(null)
      else reject(error)
    })
    // The lock alone keeps no process running.
    server.listen({ path }, () => resolve(server.unref()))
  })

const isAnswered = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ path })
    socket.once("connect", () => {
      socket.destroy()
      resolve(true)
    })
    // Refused: the file outlived its process. Any other answer is somebody's.
    socket.once("error", (error: NodeJS.ErrnoException) =>
      resolve(error.code !== "ECONNREFUSED" && error.code !== "ENOENT")
    )
  })
